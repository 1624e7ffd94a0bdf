import { z } from 'zod';
import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { file, type Reply, update, whisper } from '../../../core/reply.js';
import { commandWords, instant, key, plain, select, type Text } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { csvWriter } from '../../../people/csv.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { sightOf } from '../cases/store-sight.js';
import { showReference } from '../intake/reference.js';
import { kindLabel, scaleName, sourceLabel, themeLabel } from '../labels.js';
import { Offset } from '../schema.js';
import { addMonths, isMonth, monthOf, monthSpan, monthText, readMonth, type Span } from './months.js';
import { type Cursor, type ExportRow, entrySpan, exportPage } from './store-export.js';
import { loadNames } from './store-names.js';

/** The most bytes of a file for a chat; what is more comes in further files. */
const MOST_BYTES = 5_000_000;
/** Rows that are read at once. */
const PAGE = 500;
const ALL = 'all';

/** `month`: one month, or `all`. `at`, `id`, `part`: where the file before ended, and which one this is. */
const ExportRef = z.object({
  month: z.string().refine((month) => month === ALL || isMonth(month)),
  at: z.iso.datetime().optional(),
  id: z.uuid().optional(),
  part: z.number().int().min(1).optional(),
});
type Wanted = z.output<typeof ExportRef>;

/** Instants are in UTC, ISO 8601. */
const at = (when: Date | null): string => when?.toISOString() ?? '';

const COLUMNS = {
  before: [
    'feedback.export.reference',
    'feedback.export.received',
    'feedback.export.location',
    'feedback.export.page',
    'feedback.export.source',
    'feedback.export.kind',
    'feedback.export.stars',
  ],
  after: [
    'feedback.export.words',
    'feedback.export.themes',
    'feedback.export.language',
    'feedback.export.case',
    'feedback.export.state',
    'feedback.export.outcome',
    'feedback.export.opened',
    'feedback.export.due',
    'feedback.export.responded',
    'feedback.export.resolved',
    'feedback.export.closed',
    'feedback.export.satisfaction',
  ],
} as const;

interface Written {
  readonly content: Uint8Array;
  readonly rows: number;
  /** Where the next file begins; undefined when this one is the last. */
  readonly next: Cursor | undefined;
}

/** Writes rows until the file is full; never more of them in memory than a page. */
async function write(context: HandlerContext, span: Span, after: Cursor | undefined): Promise<Written> {
  const { db, organisation, reader } = context;
  const say = sayer(context);
  const sight = await sightOf(context);
  const { questions, themes } = await loadNames(db, organisation.id);
  const names = new Map(themes.map((theme) => [theme.id, say(themeLabel(theme, reader.locale, organisation.locale))]));
  const lineOf = (row: ExportRow): string[] => [
    showReference(row.reference),
    at(row.receivedAt),
    row.location ?? '',
    row.page ?? '',
    say(sourceLabel(row.source)),
    say(kindLabel(row.kind)),
    row.stars === null ? '' : String(row.stars),
    ...questions.map(({ id }) => String(row.ratings.find(({ questionId }) => questionId === id)?.value ?? '')),
    row.words.map(({ words }) => words).join('\n'),
    row.themeIds.flatMap((id) => names.get(id) ?? []).join(', '),
    row.language === 'und' ? '' : row.language,
    ...caseCells(row, say),
  ];
  const writer = csvWriter(reader.locale);
  writer.add([
    [
      ...COLUMNS.before.map((column) => say(key(column))),
      ...questions.map((question) => say(scaleName(question, reader.locale, organisation.locale))),
      ...COLUMNS.after.map((column) => say(key(column))),
    ],
  ]);
  let [bytes, rows] = [0, 0];
  let last = after;
  for (;;) {
    const page = await exportPage(db, organisation.id, sight, span, last, PAGE);
    const lines: string[][] = [];
    for (const row of page) {
      const line = lineOf(row);
      // Three characters more a cell: its separator, and quotes.
      bytes += line.reduce((sum, cell) => sum + Buffer.byteLength(cell) + 3, 0);
      if (bytes > MOST_BYTES && rows > 0) {
        writer.add(lines);
        return { content: writer.content(), rows, next: last };
      }
      lines.push(line);
      rows += 1;
      last = { at: row.receivedAt, id: row.id };
    }
    writer.add(lines);
    if (page.length < PAGE) return { content: writer.content(), rows, next: undefined };
  }
}

function caseCells({ case: of }: ExportRow, say: (text: Text) => string): string[] {
  if (of === null) return Array.from({ length: 9 }, () => '');
  return [
    String(of.number),
    say(key('feedback.export.case_state', { state: select(of.state) })),
    of.outcome === null ? '' : say(key('feedback.export.case_outcome', { outcome: select(of.outcome) })),
    at(of.openedAt),
    at(of.dueAt),
    at(of.respondedAt),
    at(of.resolvedAt),
    at(of.closedAt),
    of.satisfaction === null ? '' : String(of.satisfaction),
  ];
}

/** Says a text in the reader's language. Few texts stand in many rows: each is put into words once. */
function sayer({ localise, reader }: HandlerContext): (text: Text) => string {
  const said = new Map<string, string>();
  return (text) => {
    const name = JSON.stringify(text);
    const known = said.get(name) ?? plain(localise(text, reader));
    said.set(name, known);
    return known;
  };
}

async function exported(context: HandlerContext, wanted: Wanted): Promise<Reply> {
  const { db, organisation, person, clock } = context;
  const { month, part = 1 } = wanted;
  const found = await entrySpan(db, organisation.id);
  const span = month === ALL ? found && { from: found.first, to: new Date(found.last.getTime() + 1) } : monthSpan(month, organisation.zone);
  if (!span) throw new BellhopError('feedback.export_empty');
  const after = wanted.at !== undefined && wanted.id !== undefined ? { at: new Date(wanted.at), id: wanted.id } : undefined;
  const { content, rows, next } = await write(context, span, after);
  if (rows === 0) throw new BellhopError('feedback.export_empty');
  if (month === ALL && next) return whisper(await monthsCard(context, 0));
  const act = { organisationId: organisation.id, actorId: person.id, verb: 'feedback.exported', data: { month, part, rows } };
  await inTransaction(db, (tx) => recordEvent(tx, act, clock.now()));
  const isWhole = part === 1 && !next;
  const name = isWhole ? `feedback-${month}.csv` : `feedback-${month}-${part}.csv`;
  return file({ name, mime: 'text/csv; charset=utf-8', content }, readyCard(wanted, rows, part, next));
}

function readyCard({ month }: Wanted, rows: number, part: number, next: Cursor | undefined): Card {
  const lead = next
    ? key('feedback.export.part', { part, rows, until: instant(next.at) })
    : part > 1
      ? key('feedback.export.last_part', { part, rows })
      : key('feedback.export.ready', { rows });
  return {
    summary: lead,
    lead,
    actions: next
      ? [
          button(key('feedback.export.next'), ref('feedback.export', { month, at: next.at.toISOString(), id: next.id, part: part + 1 }), {
            style: 'primary',
          }),
        ]
      : [],
    footer: key('feedback.export.footer'),
  };
}

/** Everything at once is too much: each month is a file of its own. */
async function monthsCard(context: HandlerContext, offset: number): Promise<Card> {
  const { db, organisation } = context;
  const found = await entrySpan(db, organisation.id);
  if (!found) throw new BellhopError('feedback.export_empty');
  const first = monthOf(found.first, organisation.zone);
  const months: string[] = [];
  for (let month = monthOf(found.last, organisation.zone); month >= first; month = addMonths(month, -1)) months.push(month);
  const shown = months.slice(offset, offset + ROWS);
  const lead = key('feedback.export.too_large');
  return {
    summary: lead,
    title: key('feedback.export.title'),
    lead,
    rows: shown.map((month) => ({
      text: monthText(month),
      action: button(key('feedback.export.month'), ref('feedback.export', { month })),
    })),
    actions: turnRows(offset, months.length, (to) => ref('feedback.export_months', { offset: to })),
    ...shownFooter(offset, shown.length, months.length),
  };
}

const exportAction = action({
  id: 'feedback.export',
  role: 'manager',
  payload: ExportRef,
  run: async (context, wanted) => await exported(context, wanted),
});

const monthsAction = action({
  id: 'feedback.export_months',
  role: 'manager',
  payload: Offset,
  run: async (context, { offset }) => update(await monthsCard(context, offset)),
});

/** `/customer export [2027-02|all]`: the present month without either. */
const verb: Verb<HandlerContext> = {
  name: 'export',
  role: 'manager',
  describe: key('feedback.export.describe'),
  usage: '[2027-02|all]',
  run: async (context, { text }) => {
    const typed = text.trim().toLowerCase();
    const present = monthOf(context.clock.now(), context.organisation.zone);
    const month = typed === '' ? present : typed === ALL ? ALL : readMonth(typed);
    if (month === undefined) {
      throw new BellhopError('feedback.export_how', {
        month: commandWords(context.actor.platform, 'customer', `export ${present}`),
        all: commandWords(context.actor.platform, 'customer', 'export all'),
      });
    }
    return await exported(context, { month });
  },
};

export const exportActions = [exportAction, monthsAction];
export const exportVerbs = [verb];
