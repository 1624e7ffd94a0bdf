import { BellhopError } from '../../../core/errors.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { nextStep } from '../following/due.js';
import type { Case, Said } from '../model.js';
import { refreshFeedback } from '../refresh.js';
import { mayReadCase } from '../rights.js';
import { findCase, lockCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { type NewEvent, note } from './events.js';
import { tellNews } from './news.js';
import { type CaseChange, isFollowed } from './rules.js';
import { writeChange } from './store-changes.js';

/** A case with what it follows. */
export interface Standing {
  readonly case: Case;
  readonly feedback: Said;
}

export interface Happened extends Omit<NewEvent, 'organisationId' | 'caseId'> {
  /** Who gets the case as a message, with this event above it. */
  readonly tell?: readonly string[];
}

/** What an act changes, and what the history tells of it. */
export interface Acted {
  readonly change: CaseChange;
  readonly events: readonly Happened[];
}

/** Decides by the case as it stands, locked until the commit; null when there is nothing to change. */
export type Act = (tx: Tx, standing: Standing, now: Date) => Promise<Acted | null> | Acted | null;

export interface Changed extends Standing {
  /** False: it was so already. */
  readonly changed: boolean;
}

/** Whoever acts, as the rules look at them. */
export const whoIs = ({ person, role }: HandlerContext) => ({ id: person.id, role });

/**
 * An act of somebody upon a case that they may read; of a merged one upon the case that it went into. Acts follow one another:
 * the second one sees what the first has done.
 * @returns the case as it is afterwards
 * @throws BellhopError `feedback.case_gone`, also for a case that isn't theirs to read, and whatever the act throws
 */
export async function changeCase(context: HandlerContext, caseId: string, act: Act): Promise<Changed> {
  const now = context.clock.now();
  return await inTransaction(context.db, async (tx) => {
    const demanded: Act = async (_, standing) => {
      if (!(await mayReadCase({ ...context, db: tx }, standing.feedback, standing.case))) throw new BellhopError('feedback.case_gone');
      return await act(tx, standing, now);
    };
    return await changeCaseIn(context, tx, caseId, demanded, now);
  });
}

/**
 * The same in a transaction that is there already, by the bot or a customer: nobody's rights are asked for.
 * @throws BellhopError `feedback.case_gone`
 */
export async function changeCaseIn(context: WorkContext, tx: Tx, caseId: string, act: Act, now: Date): Promise<Changed> {
  const before = await lockStanding(tx, context.organisation.id, caseId);
  const acted = await act(tx, before, now);
  if (!acted) return { ...before, changed: false };
  return { ...(await applyChange(context, tx, before, acted, now)), changed: true };
}

/**
 * Locks a case; of a merged one the case that it went into.
 * @throws BellhopError `feedback.case_gone`
 */
export async function lockStanding(tx: Tx, organisationId: string, caseId: string): Promise<Standing> {
  const found = await lockCase(tx, organisationId, caseId);
  const led = found?.mergedIntoId ? await lockCase(tx, organisationId, found.mergedIntoId) : found;
  // Between the two locks that one may have been merged too.
  if (led?.mergedIntoId) return await lockStanding(tx, organisationId, led.mergedIntoId);
  const feedback = led && (await findFeedback(tx, organisationId, led.feedbackId));
  if (!led || !feedback) throw new BellhopError('feedback.case_gone');
  return { case: led, feedback };
}

/** Writes a change of a case that is locked, its history and what follows from both. */
export async function applyChange(context: WorkContext, tx: Tx, before: Standing, { change, events }: Acted, now: Date): Promise<Standing> {
  const { organisation } = context;
  const { id: caseId, feedbackId } = before.case;
  const after = { ...before.case, ...change };
  const reckoned = ['dueAt', 'state', 'pausedUntil', 'step', 'closableAt'].some((name) => name in change);
  const nextStepAt = isFollowed(after) ? await nextStep(tx, organisation, after) : closingFrom(after);
  await writeChange(tx, organisation.id, caseId, reckoned ? { ...change, nextStepAt } : change);
  for (const { tell = [], ...event } of events) {
    const eventId = await note(tx, { ...event, organisationId: organisation.id, caseId }, now);
    await tellNews(tx, { organisationId: organisation.id, caseId, eventId, personIds: tell }, now);
  }
  await refreshFeedback(tx, organisation.id, feedbackId, now);
  const written = await findCase(tx, organisation.id, caseId);
  if (!written) throw new BellhopError('feedback.case_gone');
  return { case: written, feedback: before.feedback };
}

/** A resolved case is looked at once more when it may be closed: its card offers that from then on. */
const closingFrom = ({ state, closableAt }: Case): Date | null => (state === 'resolved' ? closableAt : null);
