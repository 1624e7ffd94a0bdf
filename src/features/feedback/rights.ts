import { BellhopError } from '../../core/errors.js';
import { hasRole } from '../../core/roles.js';
import type { Db, Tx } from '../../people/db.js';
import type { HandlerContext } from '../../people/handlers.js';
import { isInLineOf } from '../../people/line.js';
import type { Case, Said } from './model.js';
import { findCase } from './store-cases.js';
import { findFeedback } from './store-feedback.js';
import { isMemberOf, isOpenChannel } from './store-rights.js';

type Asker = Pick<HandlerContext, 'organisation' | 'person' | 'role'> & { readonly db: Db | Tx };
type Shown = Pick<Said, 'state' | 'kind' | 'concerns' | 'channelId' | 'personId' | 'loggedById'>;

/**
 * Whether somebody may read a piece of feedback. A complaint about a colleague is for that colleague's line and for owners, never
 * for whom it is about. What waits for a decision is for managers, apart from whom it is about. What was passed on is for those whom
 * it was passed to, for managers and for who works on its case; what went to an open channel is for everyone.
 */
export async function mayRead(asker: Asker, feedback: Shown, ofCase?: Pick<Case, 'ownerId'>): Promise<boolean> {
  const { db, organisation, person, role } = asker;
  const isConcerned = feedback.concerns.some(({ personId }) => personId === person.id);
  if (feedback.state === 'private') {
    if (isConcerned) return false;
    if (role === 'owner') return true;
    for (const { personId } of feedback.concerns) if (await isInLineOf(db, organisation.id, person.id, personId)) return true;
    return false;
  }
  if (feedback.state !== 'passed') return hasRole(role, 'manager') && !isConcerned;
  if (hasRole(role, 'manager') || ofCase?.ownerId === person.id || feedback.personId === person.id) return true;
  if (feedback.channelId === null) return false;
  return (
    (await isOpenChannel(db, organisation.id, feedback.channelId)) || (await isMemberOf(db, organisation.id, feedback.channelId, person.id))
  );
}

/** The same for a case: a private one is for the line and owners whatever waits to be decided about its feedback. */
export async function mayReadCase(asker: Asker, feedback: Shown, of: Pick<Case, 'ownerId' | 'private'>): Promise<boolean> {
  return await mayRead(asker, of.private ? { ...feedback, state: 'private' } : feedback, of);
}

/**
 * A piece of feedback that the actor may read.
 * @throws BellhopError `feedback.gone`: also for what isn't theirs to read, so that nobody learns what there is
 */
export async function demandFeedback(asker: Asker, feedbackId: string): Promise<Said> {
  const found = await findFeedback(asker.db, asker.organisation.id, feedbackId);
  const followed = found?.caseId ? await findCase(asker.db, asker.organisation.id, found.caseId) : undefined;
  if (!found || !(await mayRead(asker, found, followed))) throw new BellhopError('feedback.gone');
  return found;
}

/**
 * A case that the actor may read, with what it follows. Of a merged one the case that it went into.
 * @throws BellhopError `feedback.case_gone`, likewise
 */
export async function demandCase(asker: Asker, caseId: string): Promise<{ readonly case: Case; readonly feedback: Said }> {
  const { db, organisation } = asker;
  const found = await findCase(db, organisation.id, caseId);
  const led = found?.mergedIntoId ? await findCase(db, organisation.id, found.mergedIntoId) : found;
  const feedback = led && (await findFeedback(db, organisation.id, led.feedbackId));
  if (!led || !feedback || !(await mayReadCase(asker, feedback, led))) throw new BellhopError('feedback.case_gone');
  return { case: led, feedback };
}
