import { BellhopError } from '../../../core/errors.js';
import { type Ref, type RefPayload, ref } from '../../../core/ref.js';
import { open, type Reply } from '../../../core/reply.js';
import { key, type Text } from '../../../core/text.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { caseName } from '../labels.js';
import type { Case } from '../model.js';
import { refreshFeedback } from '../refresh.js';
import { demandCase, mayRead } from '../rights.js';
import { CaseRef, FeedbackRef } from '../schema.js';
import { findCase } from '../store-cases.js';
import { lockFeedback } from '../store-feedback.js';
import { type Act, changeCase, type Standing, whoIs } from './changing.js';
import { openCase } from './open-case.js';
import { resumption } from './pausing.js';
import { checkActive, checkStillOf, checkWorksOn, claim, close, giveBack } from './rules.js';
import { OwnedRef } from './schema.js';
import { orAsItStands, showCase } from './show.js';

/** Does something about a case, and shows it as it is afterwards. */
async function acted(context: HandlerContext, caseId: string, act: Act, lead: (standing: Standing) => Text): Promise<Reply> {
  return await orAsItStands(context, caseId, async () => {
    const changed = await changeCase(context, caseId, act);
    return await showCase(context, changed, changed.changed ? lead(changed) : undefined);
  });
}

const caseAction = action({
  id: 'feedback.case',
  role: 'employee',
  payload: CaseRef,
  run: async (context, { caseId }) => await showCase(context, await demandCase(context, caseId)),
});

const claimAction = action({
  id: 'feedback.claim',
  role: 'employee',
  payload: CaseRef,
  run: async (context, { caseId }) =>
    await acted(
      context,
      caseId,
      (_, { case: it, feedback }, now) => {
        const change = claim(it, whoIs(context), feedback.contactSealed !== null, now);
        return change && { change, events: [{ actorId: context.person.id, kind: 'claimed' }] };
      },
      (standing) => key('feedback.case.yours', { case: caseName(standing.case) }),
    ),
});

const giveBackAction = action({
  id: 'feedback.give_back',
  role: 'employee',
  payload: OwnedRef,
  run: async (context, { caseId, ownerId }) =>
    await acted(
      context,
      caseId,
      (_, { case: it }) => {
        checkStillOf(it, ownerId);
        const change = giveBack(it, whoIs(context));
        const events = [{ actorId: context.person.id, kind: 'given_back', data: { personId: it.ownerId ?? '' } } as const];
        return change && { change, events };
      },
      (standing) => key('feedback.case.given_back', { case: caseName(standing.case) }),
    ),
});

const resumeAction = action({
  id: 'feedback.resume',
  role: 'employee',
  payload: CaseRef,
  run: async (context, { caseId }) =>
    await acted(
      context,
      caseId,
      async (tx, { case: it }, now) => await resumption(context, tx, it, whoIs(context), now),
      (standing) => key('feedback.case.resumed', { case: caseName(standing.case) }),
    ),
});

const closeAction = action({
  id: 'feedback.close',
  role: 'employee',
  payload: CaseRef,
  run: async (context, { caseId }) =>
    await acted(
      context,
      caseId,
      (_, { case: it }, now) => {
        const change = close(it, whoIs(context), now);
        return change && { change, events: [{ actorId: context.person.id, kind: 'closed' }] };
      },
      (standing) => key('feedback.case.closed', { case: caseName(standing.case) }),
    ),
});

/** Makes a case of feedback that has none: somebody wants it followed. */
const openAction = action({
  id: 'feedback.case_open',
  role: 'employee',
  payload: FeedbackRef,
  run: async (context, { feedbackId }) => {
    const { db, organisation, person, clock } = context;
    const now = clock.now();
    const { standing, isNew } = await inTransaction(db, async (tx) => {
      const feedback = await lockFeedback(tx, organisation.id, feedbackId);
      if (!feedback || !(await mayRead({ ...context, db: tx }, feedback))) throw new BellhopError('feedback.gone');
      if (feedback.state !== 'passed' && feedback.state !== 'private') throw new BellhopError('feedback.case_too_early');
      const isNew = feedback.caseId === null;
      const of = { ...feedback, private: feedback.state === 'private', actorId: person.id };
      const caseId = feedback.caseId ?? (await openCase(context, tx, of, now));
      if (isNew) await refreshFeedback(tx, organisation.id, feedbackId, now);
      const opened = await findCase(tx, organisation.id, caseId);
      if (!opened) throw new BellhopError('feedback.case_gone');
      return { standing: { case: opened, feedback }, isNew };
    });
    if (!isNew) return await showCase(context, await demandCase(context, standing.case.id));
    return await showCase(context, standing, key('feedback.case.opened', { case: caseName(standing.case) }));
  },
});

/** Opens a form about a case, as long as what it asks for can be done. */
const opener = (
  id: string,
  form: Ref['id'],
  mayWhile: 'active' | 'ever',
  needs: 'owner' | 'unowned_too' | 'reader',
  asItStands: (it: Case) => RefPayload = () => ({}),
) =>
  action({
    id,
    role: 'employee',
    payload: CaseRef,
    run: async (context, { caseId }) =>
      await orAsItStands(context, caseId, async () => {
        const { case: it } = await demandCase(context, caseId);
        if (mayWhile === 'active') checkActive(it);
        if (needs === 'owner' || (needs === 'unowned_too' && it.ownerId !== null)) checkWorksOn(it, whoIs(context));
        return open(ref(form, { caseId: it.id, ...asItStands(it) }));
      }),
  });

export const caseActions = [
  caseAction,
  claimAction,
  giveBackAction,
  resumeAction,
  closeAction,
  openAction,
  opener('feedback.note_open', 'feedback.note', 'ever', 'reader'),
  opener('feedback.assign_open', 'feedback.assign', 'active', 'unowned_too', ({ ownerId }) => ({ ownerId })),
  opener('feedback.pause_open', 'feedback.pause', 'active', 'owner'),
  opener('feedback.priority_open', 'feedback.priority', 'active', 'owner', ({ priority }) => ({ from: priority })),
  opener('feedback.merge_open', 'feedback.merge', 'active', 'owner'),
  opener('feedback.resolve_open', 'feedback.resolve', 'active', 'owner'),
];
