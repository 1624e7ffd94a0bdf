import type { Sweep } from '../../../core/feature.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { changeCaseIn } from './changing.js';
import { unowned } from './rules.js';
import { lockOfLeavers } from './store-sweeps.js';

/** Cases of one transaction. */
const BATCH = 50;

/** Cases whose owner has left, or may not see them any more, are for somebody else to take: their cards say so. */
export const leavers: Sweep<WorkContext> = {
  id: 'feedback.case_leavers',
  run: async (context) => {
    const { db } = context;
    while ((await inTransaction(db, async (tx) => await releaseBatch(context, tx))) === BATCH);
  },
};

/**
 * @param personId of one person alone
 * @returns how many cases were given back
 */
export async function releaseBatch(context: WorkContext, tx: Tx, personId?: string): Promise<number> {
  const { organisation, clock } = context;
  const ids = await lockOfLeavers(tx, organisation.id, BATCH, personId);
  for (const id of ids) {
    await changeCaseIn(
      context,
      tx,
      id,
      (_, { case: it }) => ({
        change: unowned(),
        events: [{ actorId: null, kind: 'left', ...(it.ownerId !== null && { data: { personId: it.ownerId } }) }],
      }),
      clock.now(),
    );
  }
  return ids.length;
}
