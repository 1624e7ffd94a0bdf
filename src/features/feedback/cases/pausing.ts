import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { dueAfterPause, workingTimeAt } from '../following/due.js';
import type { Case } from '../model.js';
import { type Acted, changeCaseIn, type Happened } from './changing.js';
import { resume, type Who } from './rules.js';
import { lockPausedUntil } from './store-sweeps.js';

/** Cases of one transaction. */
const BATCH = 50;

/** Ends the pauses that are over: their cases go on, due so much later as working time went by, and their owners hear of it. */
export async function resumeDue(context: WorkContext): Promise<void> {
  const { db, organisation, clock } = context;
  const batch = async () =>
    await inTransaction(db, async (tx) => {
      const now = clock.now();
      const ids = await lockPausedUntil(tx, organisation.id, now, BATCH);
      for (const id of ids) {
        await changeCaseIn(context, tx, id, async (_, { case: it }) => await resumption(context, tx, it, null, it.pausedUntil ?? now), now);
      }
      return ids.length;
    });
  while ((await batch()) === BATCH);
}

/**
 * The end of a pause.
 * @param who null: it ends by itself
 * @param until when it ends
 */
export async function resumption(context: WorkContext, tx: Tx, it: Case, who: Who | null, until: Date): Promise<Acted | null> {
  const change = resume(it, who, await dueAfterPause(tx, context.organisation, it, until));
  if (!change) return null;
  const told = who === null && it.ownerId !== null ? [it.ownerId] : [];
  return { change, events: [await endOfPause(context, tx, it, who?.id ?? null, until, told)] };
}

/** What the history tells of the end of a pause. */
export async function endOfPause(
  { organisation }: WorkContext,
  tx: Tx,
  it: Case,
  actorId: string | null,
  until: Date,
  tell: readonly string[] = [],
): Promise<Happened> {
  const time = await workingTimeAt(tx, organisation, it.locationId);
  const minutes = it.pausedAt === null ? 0 : Math.round(time.between(it.pausedAt, until));
  return { actorId, kind: 'resumed', data: { minutes }, tell };
}
