import { notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { CommandInput } from '../../../core/feature.js';
import { file, type Reply } from '../../../core/reply.js';
import { commandWords, key, plain, select, type Text, words } from '../../../core/text.js';
import { type CsvWriter, csvWriter } from '../../../people/csv.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { atLocalTime, localDay } from '../../../people/hours.js';
import { addMonths } from '../periods.js';
import { writeMoney } from './money.js';
import {
  countEntries,
  type MovementRow,
  movementPage,
  type RedemptionRow,
  redemptionPage,
  type Span,
  type ValueRow,
  valuesByPerson,
} from './store-reports.js';

/** Movements and redemptions that are read at once. */
const PAGE = 1_000;

/** The most rows of a file: 40 MB that a spreadsheet still opens. */
const MOST_ROWS = 250_000;

interface Report {
  readonly name: string;
  readonly span: Span;
  /** `2027` or `2027-03`, for the name of the file. */
  readonly period: string;
}

/** `/kudos export movements 2027`: a file for spreadsheets, of this year unless a year or a month is named. */
export async function exportCommand(context: HandlerContext, { tokens }: CommandInput): Promise<Reply> {
  const [what = '', when, ...more] = tokens.map((token) => (token.kind === 'word' ? token.text.toLowerCase() : ''));
  const write = WRITERS[what];
  const period = when ?? localDay(context.clock.now(), context.organisation.zone).slice(0, 4);
  const span = spanOf(period, context.organisation.zone);
  if (!write || !span || more.length > 0) {
    throw new BellhopError('recognition.export_how', {
      movements: commandWords(context.actor.platform, 'kudos', 'export movements 2027'),
      redemptions: commandWords(context.actor.platform, 'kudos', 'export redemptions 2027'),
      values: commandWords(context.actor.platform, 'kudos', 'export values 2027'),
    });
  }
  const report: Report = { name: `kudos-${what}-${period}.csv`, span, period };
  const writer = csvWriter(context.reader.locale);
  const rows = await write(context, report, writer);
  return file(
    { name: report.name, mime: 'text/csv; charset=utf-8', content: writer.content() },
    notice(key('recognition.export.ready', { rows, period: words(period) })),
  );
}

type Write = (context: HandlerContext, report: Report, writer: CsvWriter) => Promise<number>;

const WRITERS: Readonly<Record<string, Write>> = { movements: writeMovements, redemptions: writeRedemptions, values: writeValues };

/** A year or a month of the organisation's zone; undefined when it is neither. */
function spanOf(period: string, zone: string): Span | undefined {
  if (!/^(19|20)\d{2}(-(0[1-9]|1[0-2]))?$/.test(period)) return undefined;
  const isMonth = period.length === 7;
  const first = isMonth ? period : `${period}-01`;
  const next = addMonths(first, isMonth ? 1 : 12);
  return { from: atLocalTime(`${first}-01`, 0, zone), to: atLocalTime(`${next}-01`, 0, zone) };
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

/** Instants are in UTC, ISO 8601. */
const at = (when: Date | null) => when?.toISOString() ?? '';

async function writeMovements(context: HandlerContext, { span }: Report, writer: CsvWriter): Promise<number> {
  const { db, organisation } = context;
  if ((await countEntries(db, organisation.id, span)) > MOST_ROWS) {
    throw new BellhopError('recognition.export_too_large', {
      most: MOST_ROWS,
      command: commandWords(context.actor.platform, 'kudos', 'export movements 2027-03'),
    });
  }
  const say = sayer(context);
  writer.add([MOVEMENT_COLUMNS.map((column) => say(key(column)))]);
  let rows = 0;
  for (let page = await movementPage(db, organisation.id, span, undefined, PAGE); page.length > 0; ) {
    writer.add(page.map((row) => movementLine(row, say)));
    rows += page.length;
    page = await movementPage(db, organisation.id, span, page.at(-1), PAGE);
  }
  return rows;
}

// A cell that begins with a minus would be guarded as a formula: what goes and what comes have a column each.
const MOVEMENT_COLUMNS = [
  'recognition.export.at',
  'recognition.export.kind',
  'recognition.export.account',
  'recognition.export.person',
  'recognition.export.taken',
  'recognition.export.added',
  'recognition.export.actor',
  'recognition.export.period',
  'recognition.export.reason',
  'recognition.export.kudos',
  'recognition.export.redemption',
  'recognition.export.movement',
] as const;

function movementLine(row: MovementRow, say: (text: Text) => string): string[] {
  return [
    at(row.at),
    say(key('recognition.export.kind_value', { kind: select(row.kind) })),
    say(key('recognition.export.account_value', { account: select(row.account) })),
    row.person ?? '',
    row.amount < 0 ? String(-row.amount) : '',
    row.amount > 0 ? String(row.amount) : '',
    row.actor ?? '',
    row.period,
    row.reason,
    row.kudosId ?? '',
    row.redemptionId ?? '',
    row.movementId,
  ];
}

async function writeRedemptions(context: HandlerContext, { span }: Report, writer: CsvWriter): Promise<number> {
  const { db, organisation, reader } = context;
  const say = sayer(context);
  const totals = new Map((await valuesByPerson(db, organisation.id, span)).map((row) => [totalKey(row), row.moneyMinor]));
  writer.add([REDEMPTION_COLUMNS.map((column) => say(key(column)))]);
  let rows = 0;
  for (let page = await redemptionPage(db, organisation.id, span, undefined, PAGE); page.length > 0; ) {
    writer.add(page.map((row) => redemptionLine(row, totals.get(totalKey(row)) ?? 0, reader.locale, say)));
    rows += page.length;
    page = await redemptionPage(db, organisation.id, span, page.at(-1)?.id, PAGE);
  }
  return rows;
}

const totalKey = (row: Pick<ValueRow, 'personId' | 'currency'>) => `${row.personId} ${row.currency}`;

const REDEMPTION_COLUMNS = [
  'recognition.export.requested_at',
  'recognition.export.person',
  'recognition.export.team',
  'recognition.export.location',
  'recognition.export.reward',
  'recognition.export.points',
  'recognition.export.money',
  'recognition.export.currency',
  'recognition.export.state',
  'recognition.export.decided_at',
  'recognition.export.decided_by',
  'recognition.export.closed_at',
  'recognition.export.closed_by',
  'recognition.export.person_total',
  'recognition.export.redemption',
] as const;

function redemptionLine(row: RedemptionRow, total: number, locale: string, say: (text: Text) => string): string[] {
  return [
    at(row.requestedAt),
    row.person,
    row.team ?? '',
    row.location ?? '',
    row.reward,
    String(row.price),
    row.moneyMinor === null ? '' : writeMoney(row.moneyMinor, row.currency, locale),
    row.moneyMinor === null ? '' : row.currency,
    say(key('recognition.redemption.state', { state: select(row.state) })),
    at(row.decidedAt),
    row.decidedBy ?? '',
    at(row.closedAt),
    row.closedBy ?? '',
    writeMoney(total, row.currency, locale),
    row.id,
  ];
}

async function writeValues(context: HandlerContext, { span, period }: Report, writer: CsvWriter): Promise<number> {
  const { db, organisation, reader } = context;
  const say = sayer(context);
  const rows = await valuesByPerson(db, organisation.id, span);
  writer.add([
    VALUE_COLUMNS.map((column) => say(key(column))),
    ...rows.map((row) => [
      row.person,
      row.team ?? '',
      row.location ?? '',
      period,
      String(row.count),
      String(row.points),
      writeMoney(row.moneyMinor, row.currency, reader.locale),
      row.currency,
    ]),
  ]);
  return rows.length;
}

const VALUE_COLUMNS = [
  'recognition.export.person',
  'recognition.export.team',
  'recognition.export.location',
  'recognition.export.period',
  'recognition.export.handed_over',
  'recognition.export.points',
  'recognition.export.money',
  'recognition.export.currency',
] as const;
