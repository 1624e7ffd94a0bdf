import { notice } from '../../../core/card.js';
import type { Sweep, Verb } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { open, say, update } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { action, form, type HandlerContext, message, type WorkContext } from '../../../people/handlers.js';
import { namesOf, reasonBlocks } from '../giving/messages.js';
import { findKudos } from '../giving/store-kudos.js';
import { loadFaces } from '../giving/store-names.js';
import { checkReportable, decide, endReport, involved, loadReported, report } from './reports.js';
import { decidedCard, removedCard, reportCard, reportsCard } from './reports-cards.js';
import { DecideInput, DecideRef, KudosRef, KudosTo, MOST_WORDS, ReportInput, ReportRef, ReportTo, Rows } from './schema.js';
import { findReport, reportedButGone } from './store-reports.js';

const openReport = action({
  id: 'recognition.report',
  role: 'employee',
  payload: KudosRef,
  run: async ({ db, organisation, person }, { kudosId }) => {
    await checkReportable(db, organisation.id, await findKudos(db, organisation.id, kudosId), person.id);
    return open(ref('recognition.report', { kudosId }));
  },
});

const reportForm = form({
  id: 'recognition.report',
  role: 'employee',
  payload: KudosRef,
  input: ReportInput,
  build: async ({ db, organisation }, { kudosId }) => {
    const kudos = await findKudos(db, organisation.id, kudosId);
    const faces = kudos && (await loadFaces(db, organisation.id, [kudos.giverId, ...kudos.receiverIds]));
    // Words that were private by then, or are gone, are not shown.
    const shown = kudos?.public && kudos.state === 'given' && faces ? reasonBlocks(kudos, faces) : [];
    return {
      title: key('recognition.report.form_title'),
      submit: key('recognition.report.send'),
      intro: [{ kind: 'paragraph', text: key('recognition.report.form_intro') }, ...shown],
      fields: [{ kind: 'text', name: 'words', label: key('recognition.report.field_words'), multiline: true, maxLength: MOST_WORDS }],
    };
  },
  submit: async (context, { payload: { kudosId }, input }) => {
    const asked = await report(context, kudosId, input.words);
    const lead = asked > 0 ? key('recognition.report.receipt', { count: asked }) : key('recognition.report.receipt_nobody');
    return say({ ...notice(lead), title: key('recognition.report.receipt_title'), footer: key('recognition.report.receipt_footer') });
  },
});

const showReport = action({
  id: 'recognition.report_show',
  role: 'manager',
  payload: ReportRef,
  run: async (context, { reportId }) => update(await reportCard(context, reportId, context.person.id)),
});

const openDecision = action({
  id: 'recognition.report_decide',
  role: 'manager',
  payload: DecideRef,
  run: async (context, payload) => {
    const reported = await loadReported(context, context.db, payload.reportId);
    const isOpen = reported.reports.some(({ state }) => state === 'open') && !involved(reported).includes(context.person.id);
    // Decided by somebody else, or not this person's to decide: the card tells.
    return isOpen
      ? open(ref('recognition.report_decide', payload))
      : update(await reportCard(context, payload.reportId, context.person.id));
  },
});

const decisionForm = form({
  id: 'recognition.report_decide',
  role: 'manager',
  payload: DecideRef,
  input: DecideInput,
  build: async (context, { reportId, remove }) => {
    const { db, organisation } = context;
    const reported = await loadReported(context, db, reportId);
    const { kudos } = reported;
    const faces = await loadFaces(db, organisation.id, involved(reported));
    const people = namesOf(kudos.receiverIds, faces);
    const intro = remove ? key('recognition.report.remove_intro', { people }) : key('recognition.report.keep_intro', { people });
    return {
      title: remove ? key('recognition.report.remove_title') : key('recognition.report.keep_title'),
      submit: remove ? key('recognition.report.remove') : key('recognition.report.keep'),
      intro: [{ kind: 'paragraph', text: intro }],
      fields: [
        {
          kind: 'text',
          name: 'words',
          label: key('recognition.report.field_answer'),
          hint: key('recognition.report.answer_hint'),
          optional: true,
          multiline: true,
          maxLength: MOST_WORDS,
        },
      ],
    };
  },
  submit: async (context, { payload: { reportId, remove }, input }) => {
    await decide(context, reportId, remove, input.words);
    // Of two decisions the first counts: the card tells whose it was.
    return update(await reportCard(context, reportId, context.person.id));
  },
});

const listReports = action({
  id: 'recognition.reports',
  role: 'manager',
  payload: Rows,
  run: async (context, { offset }) => update(await reportsCard(context, offset)),
});

const verb: Verb<HandlerContext> = {
  name: 'reports',
  role: 'manager',
  describe: key('recognition.verb.reports'),
  run: async (context) => say(await reportsCard(context, 0)),
};

const opened = message({
  id: 'recognition.report_opened',
  payload: ReportTo,
  guard: async (context, { reportId, personId }) => {
    const reported = await loadReported(context, context.db, reportId);
    if (involved(reported).includes(personId)) return 'involved';
    return reported.reports.some(({ state }) => state === 'open') ? null : 'decided';
  },
  card: async (context, { reportId, personId }) => await reportCard(context, reportId, personId),
});

const decided = message({
  id: 'recognition.report_decided',
  payload: ReportRef,
  guard: async ({ db, organisation }, { reportId }) =>
    (await findReport(db, organisation.id, reportId))?.state === 'open' ? 'open' : null,
  card: async (context, { reportId }) => await decidedCard(context, reportId),
});

const removed = message({
  id: 'recognition.removed',
  payload: KudosTo,
  card: async ({ db, organisation }, { kudosId, personId }) => {
    const kudos = await findKudos(db, organisation.id, kudosId);
    if (!kudos) return notice(key('recognition.errors.kudos_gone'));
    return removedCard(kudos, await loadFaces(db, organisation.id, [kudos.giverId, ...kudos.receiverIds]), personId);
  },
});

/** Kudos of one tick whose reports end by themselves. */
const BATCH = 100;

/** What was taken back by its giver needs no decision any more. */
const ended: Sweep<WorkContext> = {
  id: 'recognition.reports_ended',
  run: async (context) => {
    for (const kudosId of await reportedButGone(context.db, context.organisation.id, BATCH)) await endReport(context, kudosId);
  },
};

/** Reports of kudos: made by anybody, decided by managers. */
export const reports = {
  verb,
  actions: [openReport, showReport, openDecision, listReports],
  forms: [reportForm, decisionForm],
  messages: [opened, decided, removed],
  sweeps: [ended],
};
