import { BellhopError } from '../../core/errors.js';
import { formErrors, update } from '../../core/reply.js';
import { date, key, person, words } from '../../core/text.js';
import { enqueue, refresh } from '../../delivery/enqueue.js';
import { enqueueJob } from '../../delivery/jobs.js';
import { recordEvent } from '../../people/audit.js';
import { inTransaction } from '../../people/db.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { addDays, localDay } from '../../people/hours.js';
import { findPerson } from '../../people/people.js';
import { clauseName } from './messages-parts.js';
import { questionCard } from './messages-status.js';
import { subject } from './model.js';
import { dueProblem } from './publish-input.js';
import { AnswerInput, AssignmentRef, ExtendInput, QuestionRef, ReasonInput, VersionRef } from './schema.js';
import { statusOf } from './status.js';
import { getVersion } from './store.js';
import { answerQuestion, findQuestion, questionRecipients } from './store-questions.js';
import { findAssignment, moveAssignment, refreshCards } from './store-reading.js';
import { extendDue, withdraw as withdrawVersion } from './store-versions.js';

const withdraw = form({
  id: 'handbook.withdraw',
  role: 'manager',
  payload: VersionRef,
  input: ReasonInput,
  build: async (context, { versionId }) => {
    const version = await getVersion(context.db, context.organisation.id, versionId);
    return {
      title: key('handbook.withdraw.form_title'),
      submit: key('handbook.action.withdraw'),
      intro: [{ kind: 'paragraph', text: key('handbook.withdraw.intro', { title: words(version.title) }) }],
      fields: [{ kind: 'text', name: 'reason', label: key('handbook.fact.reason'), multiline: true, maxLength: 1000 }],
    };
  },
  submit: async (context, { payload: { versionId }, input }) => {
    const { db, organisation, person: actor } = context;
    const now = context.clock.now();
    await inTransaction(db, async (tx) => {
      if (!(await withdrawVersion(tx, organisation.id, versionId, actor.id, input.reason, now))) return;
      const subjectKey = `handbook.close:${versionId}`;
      await enqueueJob(
        tx,
        { organisationId: organisation.id, subjectKey, kind: 'handbook.close', payload: { versionId }, dueAt: now },
        now,
      );
    });
    return update(await statusOf(context, await getVersion(db, organisation.id, versionId), 0));
  },
});

const extend = form({
  id: 'handbook.extend',
  role: 'manager',
  payload: VersionRef,
  input: ExtendInput,
  build: async (context, { versionId }) => {
    const version = await getVersion(context.db, context.organisation.id, versionId);
    const today = localDay(context.clock.now(), context.organisation.zone);
    const from = version.dueOn > today ? version.dueOn : today;
    return {
      title: key('handbook.extend.form_title'),
      submit: key('handbook.extend.submit'),
      intro: [{ kind: 'paragraph', text: key('handbook.extend.intro', { title: words(version.title), due: date(version.dueOn) }) }],
      fields: [{ kind: 'date', name: 'due', label: key('handbook.fact.due'), initial: addDays(from, 7) }],
    };
  },
  submit: async (context, { payload: { versionId }, input }) => {
    const { db, organisation, person: actor } = context;
    const now = context.clock.now();
    const problem = dueProblem(input.due, localDay(now, organisation.zone));
    if (problem) return formErrors({ due: problem });
    const version = await getVersion(db, organisation.id, versionId);
    if (input.due <= version.dueOn) return formErrors({ due: key('handbook.errors.due_not_later', { due: date(version.dueOn) }) });
    await inTransaction(db, async (tx) => {
      if (!(await extendDue(tx, organisation.id, versionId, actor.id, input.due, now))) return;
      const subjectKey = `handbook.extend:${versionId}:${input.due}`;
      await enqueueJob(
        tx,
        { organisationId: organisation.id, subjectKey, kind: 'handbook.extend', payload: { versionId }, dueAt: now },
        now,
      );
    });
    return update(await statusOf(context, await getVersion(db, organisation.id, versionId), 0, true));
  },
});

/** Somebody's request as a manager handles it. Throws BellhopError `handbook.request_gone`. */
async function requestOf(context: HandlerContext, assignmentId: string) {
  const assignment = await findAssignment(context.db, context.organisation.id, assignmentId);
  const owner = assignment && (await findPerson(context.db, context.organisation.id, assignment.personId));
  if (!assignment || !owner) throw new BellhopError('handbook.request_gone');
  return { assignment, owner };
}

const exempt = form({
  id: 'handbook.exempt',
  role: 'manager',
  payload: AssignmentRef,
  input: ReasonInput,
  build: async (context, { assignmentId }) => {
    const { assignment, owner } = await requestOf(context, assignmentId);
    return {
      title: key('handbook.exempt.form_title'),
      submit: key('handbook.action.exempt'),
      intro: [
        { kind: 'paragraph', text: key('handbook.exempt.intro', { person: person(owner.name), title: words(assignment.version.title) }) },
      ],
      fields: [{ kind: 'text', name: 'reason', label: key('handbook.fact.reason'), multiline: true, maxLength: 1000 }],
    };
  },
  submit: async (context, { payload: { assignmentId }, input }) => {
    const { db, organisation, person: actor } = context;
    const now = context.clock.now();
    const { assignment, owner } = await requestOf(context, assignmentId);
    const moved = await inTransaction(db, async (tx) => {
      const done = await moveAssignment(tx, organisation.id, assignmentId, ['open', 'declined'], {
        state: 'exempt',
        closedAt: now,
        exemptReason: input.reason,
        exemptById: actor.id,
        nextStage: null,
        nextStageAt: null,
      });
      if (!done) return false;
      await refreshCards(tx, organisation.id, assignment, now);
      await recordEvent(
        tx,
        { organisationId: organisation.id, actorId: actor.id, verb: 'handbook.exempted', subjectId: owner.id, data: { assignmentId } },
        now,
      );
      return true;
    });
    if (!moved && assignment.state !== 'exempt') throw new BellhopError('handbook.not_waiting', { person: person(owner.name) });
    return update(await statusOf(context, await getVersion(db, organisation.id, assignment.version.id), 0));
  },
});

const answer = form({
  id: 'handbook.answer',
  role: 'manager',
  payload: QuestionRef,
  input: AnswerInput,
  build: async (context, { questionId }) => {
    const question = await findQuestion(context.db, context.organisation.id, questionId);
    if (!question) throw new BellhopError('handbook.question_gone');
    return {
      title: key('handbook.answer.form_title'),
      submit: key('handbook.action.send'),
      intro: [
        { kind: 'paragraph', text: clauseName({ number: question.clauseNumber, heading: question.clauseHeading }) },
        { kind: 'quote', text: words(question.words), by: person(question.personName) },
      ],
      fields: [{ kind: 'text', name: 'answer', label: key('handbook.answer.field'), multiline: true, maxLength: 2000 }],
    };
  },
  submit: async (context, { payload: { questionId }, input }) => {
    const { db, organisation, person: actor } = context;
    const now = context.clock.now();
    const asked = await findQuestion(db, organisation.id, questionId);
    if (!asked) throw new BellhopError('handbook.question_gone');
    const kept = await inTransaction(db, async (tx) => {
      if (!(await answerQuestion(tx, organisation.id, questionId, actor.id, input.answer, now))) return false;
      await enqueue(
        tx,
        {
          organisationId: organisation.id,
          subjectKey: subject.answer(questionId),
          message: 'handbook.answered',
          payload: { questionId },
          to: { personId: asked.personId },
          priority: 'answer',
          dueAt: now,
        },
        now,
      );
      await refresh(tx, organisation.id, await questionRecipients(tx, organisation.id, questionId), now);
      return true;
    });
    const current = await findQuestion(db, organisation.id, questionId);
    if (!kept && current?.answeredByName) throw new BellhopError('handbook.answered_before', { person: person(current.answeredByName) });
    return update(questionCard(current ?? asked));
  },
});

export const statusForms = [withdraw, extend, exempt, answer];
