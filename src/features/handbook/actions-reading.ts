import { ROWS } from '../../core/paging.js';
import { ref } from '../../core/ref.js';
import { open, update } from '../../core/reply.js';
import { inTransaction } from '../../people/db.js';
import { action, type HandlerContext } from '../../people/handlers.js';
import { localDay } from '../../people/hours.js';
import { mineCard, requestCard, standing } from './messages-reading.js';
import { demandSignable, ownAssignment, readPage } from './reading.js';
import { firstStage, stageNotBefore } from './rules.js';
import { AssignmentPage, AssignmentRef, Rows } from './schema.js';
import { listSigned, listWaiting, moveAssignment, refreshCards } from './store-reading.js';

const read = action({
  id: 'handbook.read',
  role: 'employee',
  payload: AssignmentPage,
  run: async (context, { assignmentId, page }) => update(await readPage(context, assignmentId, page)),
});

const sign = action({
  id: 'handbook.sign',
  role: 'employee',
  payload: AssignmentRef,
  run: async (context, { assignmentId }) => {
    const assignment = await ownAssignment(context, assignmentId);
    // Signed on another card meanwhile: show the receipt rather than refuse.
    if (standing(assignment) === 'signed') return update(requestCard(assignment));
    demandSignable(assignment);
    return open(ref('handbook.sign', { assignmentId }));
  },
});

const ask = action({
  id: 'handbook.ask',
  role: 'employee',
  payload: AssignmentPage,
  run: async (context, payload) => {
    await ownAssignment(context, payload.assignmentId);
    return open(ref('handbook.ask', payload));
  },
});

const decline = action({
  id: 'handbook.decline',
  role: 'employee',
  payload: AssignmentRef,
  run: async (context, { assignmentId }) => {
    const assignment = await ownAssignment(context, assignmentId);
    return standing(assignment) === 'open' ? open(ref('handbook.decline', { assignmentId })) : update(requestCard(assignment));
  },
});

const reopen = action({
  id: 'handbook.reopen',
  role: 'employee',
  payload: AssignmentRef,
  run: async (context, { assignmentId }) => {
    const assignment = await ownAssignment(context, assignmentId);
    const { organisation, clock } = context;
    const now = clock.now();
    const stage = firstStage(assignment.dueOn, localDay(now, organisation.zone));
    if (standing(assignment) === 'declined') {
      await inTransaction(context.db, async (tx) => {
        const reopened = await moveAssignment(tx, organisation.id, assignmentId, ['declined'], {
          state: 'open',
          closedAt: null,
          nextStage: stage ?? null,
          nextStageAt: stage === undefined ? null : stageNotBefore(assignment.dueOn, stage),
        });
        if (reopened) await refreshCards(tx, organisation.id, assignment, now);
      });
    }
    return update(requestCard(await ownAssignment(context, assignmentId)));
  },
});

const mine = action({
  id: 'handbook.mine',
  role: 'employee',
  payload: Rows,
  run: async (context, { offset }) => update(await myCard(context, offset)),
});

/** What waits for the actor, and what the actor has signed. */
export async function myCard(context: HandlerContext, offset: number) {
  const { db, organisation, person } = context;
  const waiting = await listWaiting(db, organisation.id, person.id);
  const signed = await listSigned(db, organisation.id, person.id, { offset, limit: ROWS });
  return mineCard(waiting, signed.items, signed.total, offset);
}

export const readingActions = [read, sign, ask, decline, reopen, mine];
