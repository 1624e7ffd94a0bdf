import { refresh } from '../../../delivery/enqueue.js';
import { retryOnConflict, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type SeminarDate, subject } from '../model.js';
import { tellMoved } from './moved.js';
import { writeMoves } from './store-answers.js';
import { noteRefresh, refreshDirect } from './store-posts.js';

export { postCard } from './post-card.js';

/**
 * Has everything composed again that shows a date: its post, and the direct messages that were sent about it. For what
 * changes the date itself; what concerns the post alone (an agenda) calls it with `direct` false.
 */
export async function refreshPost(tx: Tx, organisationId: string, dateId: string, now: Date, direct = true): Promise<void> {
  await refresh(tx, organisationId, [subject.post(dateId)], now);
  if (direct) await refreshDirect(tx, organisationId, dateId, undefined, now);
}

/** The post and the messages of those whose answers changed, in the transaction of the change. */
export async function refreshAnswers(
  tx: Tx,
  organisationId: string,
  dateId: string,
  personIds: readonly string[],
  now: Date,
): Promise<void> {
  await refreshPost(tx, organisationId, dateId, now, false);
  await refreshDirect(tx, organisationId, dateId, personIds, now);
}

/**
 * The same right after the commit. In the transaction, each answer would hold the post's row until its own commit, and
 * thousands would stand in line; after it, whoever finds a refresh noted already leaves the row alone: what is noted is
 * composed later than this commit, and shows this answer too. What a crash cuts off here, the sweep finds.
 */
export async function refreshSoon(context: WorkContext, dateId: string, personIds: readonly string[], now: Date): Promise<void> {
  const { db, organisation, log } = context;
  try {
    await retryOnConflict(() => noteRefresh(db, organisation.id, dateId, personIds, now));
  } catch (error) {
    log.warn({ err: error, dateId }, 'The post of a seminar could not be noted for a refresh; the next sweep does it.');
  }
}

/**
 * Fills places that became free by a raised capacity, from the waiting list. The caller has locked the date.
 * @param date as changed
 * @param tells false where the caller tells them, with what else has changed: everyone hears once
 * @returns who got a place
 */
export async function moveUp(context: WorkContext, tx: Tx, date: SeminarDate, now: Date, tells = true): Promise<readonly string[]> {
  const moved = await writeMoves(tx, context.organisation.id, date.id, date.capacity);
  if (tells) await tellMoved(context, tx, date, moved, now);
  if (moved.length > 0) await refreshAnswers(tx, context.organisation.id, date.id, moved, now);
  return moved;
}
