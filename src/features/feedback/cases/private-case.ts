import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { dueOf } from '../following/due.js';
import type { Case, Said } from '../model.js';
import { mayReadCase } from '../rights.js';
import { findCase, lockCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { applyChange } from './changing.js';
import { type CaseChange, unowned } from './rules.js';
import { findOwnCases, setCasePrivate } from './store-changes.js';

/**
 * Closes the case that follows a piece of feedback to all but the line of whom it is about, or opens it up. One that went into a case
 * of the other sort goes on by itself again: that one is another customer's. Whoever looked after it and may not read it any more has
 * it no longer.
 * @param actorId who has found what it is about
 */
export async function setPrivate(
  context: WorkContext,
  tx: Tx,
  feedbackId: string,
  isPrivate: boolean,
  actorId: string,
  now: Date,
): Promise<void> {
  const { organisation } = context;
  const caseId = (await findOwnCases(tx, organisation.id, [feedbackId])).get(feedbackId);
  const own = caseId === undefined ? undefined : await lockCase(tx, organisation.id, caseId);
  const feedback = own && (await findFeedback(tx, organisation.id, feedbackId));
  if (!own || !feedback) return;
  const change = { ...(await apart(context, tx, own, isPrivate, now)), ...(await released(context, tx, own, feedback, isPrivate)) };
  if (own.private === isPrivate && Object.keys(change).length === 0) return;
  await setCasePrivate(tx, organisation.id, own.id, isPrivate);
  const event = { actorId, kind: isPrivate ? 'made_private' : 'opened_up' } as const;
  await applyChange(context, tx, { case: { ...own, private: isPrivate }, feedback }, { change, events: [event] }, now);
}

/** What takes a case out of one that it went into and that isn't of its sort. */
async function apart({ organisation }: WorkContext, tx: Tx, own: Case, isPrivate: boolean, now: Date): Promise<CaseChange> {
  const into = own.mergedIntoId === null ? undefined : await findCase(tx, organisation.id, own.mergedIntoId);
  if (!into || into.private === isPrivate) return {};
  const dueAt = await dueOf(tx, organisation, own.locationId, own.priority, now);
  return { ...unowned(), closedAt: null, closedById: null, outcome: null, mergedIntoId: null, dueAt, step: 0 };
}

/** What takes an open case from somebody who may not read it any more. */
async function released({ organisation }: WorkContext, tx: Tx, own: Case, feedback: Said, isPrivate: boolean): Promise<CaseChange> {
  if (!isPrivate || own.state !== 'claimed' || own.ownerId === null) return {};
  const owner = await findPerson(tx, organisation.id, own.ownerId);
  const reads =
    owner && (await mayReadCase({ db: tx, organisation, person: owner, role: owner.role }, feedback, { ...own, private: true }));
  return reads ? {} : unowned();
}
