import { type Card, notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import type { FileHandle } from '../../../core/form.js';
import { ref } from '../../../core/ref.js';
import { file, open, type Reply, say, update } from '../../../core/reply.js';
import { key, plain, type Text, words } from '../../../core/text.js';
import { enqueue } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { recordEvent } from '../../../people/audit.js';
import { csvWriter } from '../../../people/csv.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext, message, type WorkContext } from '../../../people/handlers.js';
import { showReference } from '../intake/reference.js';
import { subject } from '../model.js';
import { Nothing } from '../schema.js';
import { progressCard, readyCard } from './cards.js';
import type { LineProblem } from './read-line.js';
import { FileInput, ImportRef, StartRef } from './schema.js';
import { readFile } from './start.js';
import {
  findImport,
  type Import,
  type LineResult,
  listResults,
  lockImport,
  removeForgotten,
  removeImport,
  startImport,
} from './store-imports.js';

/** A file that was looked at and left is forgotten after a day, the report of one that was taken after three months. */
const FORGET_MS = { left: 86_400_000, done: 90 * 86_400_000 };

const RESULTS: Readonly<Record<LineProblem | 'repeated', string>> = {
  nothing_said: 'feedback.import.problem_nothing_said',
  too_long: 'feedback.import.problem_too_long',
  rating_unreadable: 'feedback.import.problem_rating_unreadable',
  rating_range: 'feedback.import.problem_rating_range',
  date_unreadable: 'feedback.import.problem_date_unreadable',
  date_ahead: 'feedback.import.problem_date_ahead',
  location_unknown: 'feedback.import.problem_location_unknown',
  source_unknown: 'feedback.import.problem_source_unknown',
  kind_unknown: 'feedback.import.problem_kind_unknown',
  language_unknown: 'feedback.import.problem_language_unknown',
  email_unreadable: 'feedback.import.problem_email_unreadable',
  contact_left_out: 'feedback.import.problem_contact_left_out',
  repeated: 'feedback.import.problem_repeated',
};

function resultText({ problem, column, reference }: LineResult): Text {
  if (problem !== '') return key(RESULTS[problem], { column: words(column || '—') });
  return key(reference === '' ? 'feedback.import.line_refused' : 'feedback.import.line_taken');
}

/** @throws BellhopError `feedback.import_gone` */
async function demandImport({ db, organisation }: WorkContext, importId: string): Promise<Import> {
  const found = await findImport(db, organisation.id, importId);
  if (!found) throw new BellhopError('feedback.import_gone');
  return found;
}

async function begin(context: HandlerContext, files: readonly FileHandle[]): Promise<Reply> {
  return say(readyCard(await demandImport(context, await readFile(context, files))));
}

const openForm = action({
  id: 'feedback.import_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('feedback.import_file')),
});

const fileForm = form({
  id: 'feedback.import_file',
  role: 'manager',
  payload: Nothing,
  input: FileInput,
  build: async () => ({
    title: key('feedback.import.form'),
    submit: key('feedback.import.read'),
    intro: [
      { kind: 'paragraph', text: key('feedback.import.intro') },
      { kind: 'paragraph', text: key('feedback.import.columns') },
    ],
    fields: [
      { kind: 'file', name: 'file', label: key('feedback.import.file'), extensions: ['csv'], elsewhere: key('feedback.import.elsewhere') },
    ],
  }),
  submit: async (context, { input }) => await begin(context, input.file),
});

const start = action({
  id: 'feedback.import_start',
  role: 'manager',
  payload: StartRef,
  run: async (context, { importId, asNew }) => {
    const { db, organisation, person, clock } = context;
    const now = clock.now();
    const started = await inTransaction(db, async (tx) => {
      const found = await lockImport(tx, organisation.id, importId);
      if (!found) throw new BellhopError('feedback.import_gone');
      if (found.state !== 'ready') return undefined;
      await startImport(tx, organisation.id, importId, asNew);
      const to = { organisationId: organisation.id, subjectKey: subject.importing(importId), payload: { importId }, dueAt: now };
      await enqueueJob(tx, { ...to, kind: 'feedback.import' }, now);
      await enqueue(tx, { ...to, message: 'feedback.import', to: { personId: person.id }, priority: 'answer' }, now);
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'feedback.imported', subjectId: importId };
      await recordEvent(tx, { ...act, data: { lines: found.lines, asNew } }, now);
      return found;
    });
    if (!started) return update(progressCard(await demandImport(context, importId)));
    return update(notice(key('feedback.import.started', { lines: started.lines, file: words(started.fileName) })));
  },
});

const drop = action({
  id: 'feedback.import_drop',
  role: 'manager',
  payload: ImportRef,
  run: async (context, { importId }) => {
    const { db, organisation } = context;
    const isLeft = await inTransaction(db, (tx) => removeImport(tx, organisation.id, importId));
    const found = isLeft ? undefined : await findImport(db, organisation.id, importId);
    // Started meanwhile, on an older card.
    return update(found ? progressCard(found) : notice(key('feedback.import.dropped')));
  },
});

const report = action({
  id: 'feedback.import_report',
  role: 'manager',
  payload: ImportRef,
  run: async (context, { importId }) => {
    const found = await demandImport(context, importId);
    const shown = (text: Text) => plain(context.localise(text, context.reader));
    const results = await listResults(context.db, context.organisation.id, importId);
    const writer = csvWriter(context.reader.locale);
    writer.add([
      [key('feedback.import.report_line'), key('feedback.import.report_reference'), key('feedback.import.report_result')].map(shown),
    ]);
    // The same few sentences for thousands of lines: each is put into words once.
    const known = new Map<string, string>();
    const result = (of: LineResult) => {
      const name = `${of.problem} ${of.column} ${of.reference === ''}`;
      const text = known.get(name) ?? shown(resultText(of));
      known.set(name, text);
      return text;
    };
    writer.add(results.map((of) => [String(of.line), of.reference === '' ? '' : showReference(of.reference), result(of)]));
    const name = shown(key('feedback.import.report_name'));
    return file({ name, mime: 'text/csv; charset=utf-8', content: writer.content() }, progressCard(found));
  },
});

const progress = message({
  id: 'feedback.import',
  payload: ImportRef,
  guard: async ({ db, organisation }, { importId }) => ((await findImport(db, organisation.id, importId)) ? null : 'gone'),
  card: async (context, { importId }): Promise<Card> => progressCard(await demandImport(context, importId)),
});

const verb: Verb<HandlerContext> = {
  name: 'import',
  role: 'manager',
  describe: key('feedback.verb.import'),
  run: async (context, { files }) => (files.length > 0 ? await begin(context, files) : open(ref('feedback.import_file'))),
};

const sweep = {
  id: 'feedback.imports_forgotten',
  run: async ({ db, organisation, clock }: WorkContext) => {
    const ago = (ms: number) => new Date(clock.now().getTime() - ms);
    await removeForgotten(db, organisation.id, { left: ago(FORGET_MS.left), done: ago(FORGET_MS.done) });
  },
};

export const importActions = { verb, actions: [openForm, start, drop, report], forms: [fileForm], messages: [progress], sweep };
