import { z } from 'zod';
import type { Sweep } from '../../../core/feature.js';
import { inTransaction } from '../../../people/db.js';
import { job, type WorkContext } from '../../../people/handlers.js';
import { SORT } from '../intake/wake-sorting.js';
import { BATCH, sortBatch } from './sort.js';
import { hasFresh } from './store-sorting.js';

/** After the last instant at which something may have been accepted for this job, in ms: transactions take a moment to commit. */
const LATE_MS = 100;

/** So many batches, and whatever else is due gets its turn. */
const BATCHES = 20;

/** How long one sweep goes on sorting, in ms. */
const SWEEP_MS = 50_000;

const Cursor = z.object({ batches: z.int().min(0) });

/**
 * Sorts until nothing is left, and once more after the last entry that may have counted on this job. One entry wakes it; others that
 * come in within the same half of a second share it.
 */
export const sortJob = job({
  kind: SORT,
  payload: z.object({ until: z.number() }),
  run: async (context, { until }, cursor) => {
    const batches = (Cursor.safeParse(cursor).data?.batches ?? 0) + 1;
    const taken = await sortBatch(context);
    if (taken === BATCH) return { next: { batches }, ...(batches % BATCHES === 0 && { waitMs: 1 }) };
    const waitMs = until + LATE_MS - context.clock.now().getTime();
    return waitMs > 0 ? { next: { batches }, waitMs } : { done: true };
  },
});

/** What no job has sorted: the net under them. */
export const sortSweep: Sweep<WorkContext> = {
  id: 'feedback.sort',
  run: async (context) => {
    if (!(await hasFresh(context.db, context.organisation.id))) return;
    const end = context.clock.now().getTime() + SWEEP_MS;
    for (let taken = BATCH; taken === BATCH && context.clock.now().getTime() < end; ) {
      taken = await inTransaction(context.db, async (tx) => await sortBatch({ ...context, tx }));
    }
  },
};
