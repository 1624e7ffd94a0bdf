import { notice } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import { ref } from '../../core/ref.js';
import { file, open, update } from '../../core/reply.js';
import { instant, key, plain, select, type Text, words } from '../../core/text.js';
import { enqueueJob } from '../../delivery/jobs.js';
import { inTransaction } from '../../people/db.js';
import { action, type HandlerContext } from '../../people/handlers.js';
import { localDay } from '../../people/hours.js';
import { csvFile } from './csv.js';
import { questionCard } from './messages-status.js';
import { AssignmentRef, DocumentRows, QuestionRef, Rows, VersionRef, VersionRows } from './schema.js';
import { declinesOf, documentList, questionsOverview, statusOf, statusOverview } from './status.js';
import { getVersion } from './store.js';
import { findQuestion } from './store-questions.js';
import { countVersion, reportRows } from './store-status.js';
import { claimManualReminder } from './store-versions.js';

const status = action({
  id: 'handbook.status',
  role: 'manager',
  payload: VersionRef,
  run: async (context, { versionId }) =>
    update(await statusOf(context, await getVersion(context.db, context.organisation.id, versionId), 0)),
});

const statusList = action({
  id: 'handbook.status_list',
  role: 'manager',
  payload: DocumentRows,
  run: async (context, { offset, all }) => update(all ? await documentList(context, offset) : await statusOverview(context)),
});

const outstanding = action({
  id: 'handbook.outstanding',
  role: 'manager',
  payload: VersionRows,
  run: async (context, { versionId, offset }) =>
    update(await statusOf(context, await getVersion(context.db, context.organisation.id, versionId), offset)),
});

const declines = action({
  id: 'handbook.declines',
  role: 'manager',
  payload: VersionRows,
  run: async (context, { versionId, offset }) =>
    update(await declinesOf(context, await getVersion(context.db, context.organisation.id, versionId), offset)),
});

const remindNow = action({
  id: 'handbook.remind_now',
  role: 'manager',
  payload: VersionRef,
  run: async (context, { versionId }) => {
    const { db, organisation, clock } = context;
    const now = clock.now();
    const day = localDay(now, organisation.zone);
    const version = await getVersion(db, organisation.id, versionId);
    if (version.state !== 'published') return update(await statusOf(context, version, 0));
    const { waiting } = await countVersion(db, organisation.id, versionId, day);
    if (waiting === 0) return update(await statusOf(context, version, 0));
    const claimed = await inTransaction(db, async (tx) => {
      if (!(await claimManualReminder(tx, organisation.id, versionId, day))) return false;
      const subjectKey = `handbook.remind:${versionId}:${day}`;
      await enqueueJob(
        tx,
        { organisationId: organisation.id, subjectKey, kind: 'handbook.remind', payload: { versionId, day }, dueAt: now },
        now,
      );
      return true;
    });
    if (!claimed) throw new BellhopError('handbook.reminded_today');
    // On the card itself, so that its question "remind everyone?" is answered by the press.
    const lead = key('handbook.status.reminded', { count: waiting });
    return update({ ...(await statusOf(context, version, 0)), summary: lead, lead });
  },
});

const csv = action({
  id: 'handbook.csv',
  role: 'manager',
  payload: VersionRef,
  run: async (context, { versionId }) => {
    const version = await getVersion(context.db, context.organisation.id, versionId);
    const rows = await reportRows(context.db, context.organisation.id, versionId);
    const say = (text: Text) => plain(context.localise(text, context.reader));
    const at = (when: Date | null) => (when ? when.toISOString() : '');
    const content = csvFile(
      CSV_COLUMNS.map((column) => say(key(column))),
      rows.map((row) => [
        row.name,
        row.team ?? '',
        row.location ?? '',
        say(key('handbook.csv.state_value', { state: select(row.state) })),
        row.dueOn,
        at(row.askedAt),
        at(row.lastViewedAt),
        at(row.signedAt),
        row.typedName ?? '',
        row.seq === null ? '' : String(row.seq),
        row.hash ?? '',
        row.reason ?? '',
      ]),
    );
    const name = `handbook-${version.number ?? 'draft'}-${localDay(context.clock.now(), context.organisation.zone)}.csv`;
    return file(
      { name, mime: 'text/csv; charset=utf-8', content },
      notice(key('handbook.csv.ready', { title: words(version.title), rows: rows.length, at: instant(context.clock.now()) })),
    );
  },
});

/** The file's columns; instants are in UTC, ISO 8601. */
const CSV_COLUMNS = [
  'handbook.csv.name',
  'handbook.csv.team',
  'handbook.csv.location',
  'handbook.csv.state',
  'handbook.csv.due',
  'handbook.csv.asked_at',
  'handbook.csv.viewed_at',
  'handbook.csv.signed_at',
  'handbook.csv.typed_name',
  'handbook.csv.record',
  'handbook.csv.hash',
  'handbook.csv.reason',
] as const;

const openVersionForm = (id: 'handbook.extend' | 'handbook.withdraw') =>
  action({
    id,
    role: 'manager',
    payload: VersionRef,
    run: async (context: HandlerContext, { versionId }) => {
      const version = await getVersion(context.db, context.organisation.id, versionId);
      return version.state === 'published' ? open(ref(id, { versionId })) : update(await statusOf(context, version, 0));
    },
  });

const exempt = action({
  id: 'handbook.exempt',
  role: 'manager',
  payload: AssignmentRef,
  run: async (_context, payload) => open(ref('handbook.exempt', payload)),
});

const questions = action({
  id: 'handbook.questions',
  role: 'manager',
  payload: Rows,
  run: async (context, { offset }) => update(await questionsOverview(context, offset)),
});

const question = action({
  id: 'handbook.question',
  role: 'manager',
  payload: QuestionRef,
  run: async (context, { questionId }) => {
    const found = await findQuestion(context.db, context.organisation.id, questionId);
    if (!found) throw new BellhopError('handbook.question_gone');
    return update(questionCard(found));
  },
});

const answer = action({
  id: 'handbook.answer',
  role: 'manager',
  payload: QuestionRef,
  run: async (context, payload) => {
    const found = await findQuestion(context.db, context.organisation.id, payload.questionId);
    if (!found) throw new BellhopError('handbook.question_gone');
    // Answered by another manager meanwhile: show it.
    return found.answer === null ? open(ref('handbook.answer', payload)) : update(questionCard(found));
  },
});

export const statusActions = [
  status,
  statusList,
  outstanding,
  declines,
  remindNow,
  csv,
  openVersionForm('handbook.extend'),
  openVersionForm('handbook.withdraw'),
  exempt,
  questions,
  question,
  answer,
];
