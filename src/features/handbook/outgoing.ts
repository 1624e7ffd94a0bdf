import { notice } from '../../core/card.js';
import { ROWS } from '../../core/paging.js';
import { date, key, words } from '../../core/text.js';
import { message, type WorkContext } from '../../people/handlers.js';
import { addDays, localDay } from '../../people/hours.js';
import { findPerson } from '../../people/people.js';
import { progressCard } from './messages-publish.js';
import { type Occasion, requestCard, requestLine, standing } from './messages-reading.js';
import { answeredCard, declinedCard, overdueCard, questionCard } from './messages-status.js';
import type { Assignment } from './model.js';
import { ESCALATE_AFTER_DAYS, stageOffset } from './rules.js';
import { AssignmentRef, OverdueRef, QuestionRef, ReminderRef, VersionRef } from './schema.js';
import { getVersion, listClauses } from './store.js';
import { fallbackManagers, listOverdue } from './store-ladder.js';
import { findQuestion } from './store-questions.js';
import { findAssignment, listWaiting } from './store-reading.js';
import { countHandedOut } from './store-status.js';

/** Why a request needs no message any more; null while it does. */
async function stillOpen(context: WorkContext, assignmentId: string): Promise<string | null> {
  const assignment = await findAssignment(context.db, context.organisation.id, assignmentId);
  const state = assignment ? standing(assignment) : 'gone';
  return state === 'open' ? null : state;
}

async function load(context: WorkContext, assignmentId: string): Promise<Assignment> {
  const assignment = await findAssignment(context.db, context.organisation.id, assignmentId);
  if (!assignment) throw new Error(`There is no request ${assignmentId}.`);
  return assignment;
}

const request = message({
  id: 'handbook.request',
  payload: AssignmentRef,
  guard: async (context, { assignmentId }) => await stillOpen(context, assignmentId),
  card: async (context, { assignmentId }) => requestCard(await load(context, assignmentId)),
  line: async (context, { assignmentId }) => requestLine(await load(context, assignmentId)),
});

/** What a reminder says depends on the day on which it is read, not on the stage that sent it. */
async function occasionOf(context: WorkContext, assignment: Assignment, stage: number): Promise<Occasion> {
  const owner = await findPerson(context.db, context.organisation.id, assignment.personId);
  const today = localDay(context.clock.now(), owner?.zone ?? context.organisation.zone);
  if (assignment.dueOn < today) return 'overdue';
  if (assignment.dueOn === today) return 'today';
  return stage === 0 || stageOffset(stage) >= 0 ? 'nudge' : 'before';
}

const reminder = message({
  id: 'handbook.reminder',
  payload: ReminderRef,
  guard: async (context, { assignmentId }) => await stillOpen(context, assignmentId),
  card: async (context, { assignmentId, stage }) => {
    const assignment = await load(context, assignmentId);
    return requestCard(assignment, await occasionOf(context, assignment, stage));
  },
  line: async (context, { assignmentId }) => requestLine(await load(context, assignmentId)),
});

const progress = message({
  id: 'handbook.progress',
  payload: VersionRef,
  card: async (context, { versionId }) => {
    const { db, organisation } = context;
    return progressCard(await getVersion(db, organisation.id, versionId), await countHandedOut(db, organisation.id, versionId));
  },
});

const declined = message({
  id: 'handbook.declined',
  payload: AssignmentRef,
  guard: async (context, { assignmentId }) => ((await load(context, assignmentId)).state === 'declined' ? null : 'changed_mind'),
  card: async (context, { assignmentId }) => {
    const assignment = await load(context, assignmentId);
    const owner = await findPerson(context.db, context.organisation.id, assignment.personId);
    return declinedCard(assignment, owner?.name ?? '');
  },
});

const question = message({
  id: 'handbook.question',
  payload: QuestionRef,
  guard: async (context, { questionId }) => {
    const found = await findQuestion(context.db, context.organisation.id, questionId);
    return found?.answer === null ? null : 'answered';
  },
  card: async (context, { questionId }) => {
    const found = await findQuestion(context.db, context.organisation.id, questionId);
    return found ? questionCard(found) : notice(key('handbook.errors.question_gone'));
  },
});

const answered = message({
  id: 'handbook.answered',
  payload: QuestionRef,
  card: async (context, { questionId }) => {
    const { db, organisation } = context;
    const found = await findQuestion(db, organisation.id, questionId);
    if (!found) return notice(key('handbook.errors.question_gone'));
    const waiting = (await listWaiting(db, organisation.id, found.personId)).find(
      (assignment) => assignment.version.id === found.versionId,
    );
    const clauses = waiting ? await listClauses(db, organisation.id, found.versionId) : [];
    const page = clauses.find((clause) => clause.number === found.clauseNumber && clause.heading === found.clauseHeading)?.firstPage ?? 1;
    return answeredCard(found, waiting?.id, page);
  },
});

/** Whoever is overdue by three days or more, of the people that a manager has to hear of. */
async function overdueOf(context: WorkContext, personId: string) {
  const { db, organisation } = context;
  const dueBefore = addDays(localDay(context.clock.now(), organisation.zone), -ESCALATE_AFTER_DAYS);
  const unled = (await fallbackManagers(db, organisation.id)).includes(personId);
  return await listOverdue(db, organisation.id, personId, unled, dueBefore, ROWS);
}

const overdue = message({
  id: 'handbook.overdue',
  payload: OverdueRef,
  guard: async (context, { personId }) => ((await overdueOf(context, personId)).total > 0 ? null : 'nobody_overdue'),
  card: async (context, { personId }) => {
    const { rows, total } = await overdueOf(context, personId);
    return overdueCard(rows, total);
  },
  line: async (context, { personId }) => {
    const { rows, total } = await overdueOf(context, personId);
    const first = rows[0];
    return total === 1 && first
      ? {
          text: key('handbook.overdue.line_one', {
            person: { kind: 'person', name: first.name },
            title: words(first.title),
            due: date(first.dueOn),
          }),
        }
      : { text: key('handbook.overdue.lead', { count: total }) };
  },
});

/** Every message that the handbook sends by itself. */
export const outgoing = [request, reminder, progress, declined, question, answered, overdue];
