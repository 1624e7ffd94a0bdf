import type { Sweep } from '../../../core/feature.js';
import { enqueue } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { refreshPost } from '../answering/post.js';
import type { SeminarDate } from '../model.js';
import { findDates } from '../store-dates.js';
import { checkInJob, hostCheckIn } from './check-in-messages.js';
import { settleJob } from './settle.js';
import { dropEarlierArrivals, lockDuePhases, setPhase } from './store-phases.js';
import { stepAt, windowOf } from './times.js';

const BATCH = 50;
/** Batches of one tick: what is left goes on at the next, so that a sweep never holds up the others for long. */
const MOST_BATCHES = 100;

/** Opens and closes the check-in, and has what is over settled. What has passed meanwhile is not announced any more. */
const phases: Sweep<WorkContext> = {
  id: 'seminars.phases',
  run: async (context) => {
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await advanceDue(context)) < BATCH) break;
  },
};

/** @returns how many there were */
async function advanceDue(context: WorkContext): Promise<number> {
  const { db, organisation, clock } = context;
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    const ids = await lockDuePhases(tx, organisation.id, BATCH, now);
    for (const date of await findDates(tx, organisation.id, ids)) await advance(context, tx, date, now);
    return ids.length;
  });
}

async function advance({ organisation }: WorkContext, tx: Tx, date: SeminarDate, now: Date): Promise<void> {
  const set = async (phase: SeminarDate['phase'], phaseAt: Date | null) => await setPhase(tx, organisation.id, date.id, { phase, phaseAt });
  if (date.state === 'cancelled') return await set(date.phase, null);
  const { opens, closes, settles } = windowOf(date);
  switch (stepAt(date, now)) {
    case 'ahead':
      return await set('ahead', opens);
    case 'open':
      await set('open', closes);
      if (date.phase === 'ahead') {
        await dropEarlierArrivals(tx, organisation.id, date.id, opens);
        await enqueueJob(tx, checkInJob(organisation.id, date, now), now);
        await enqueue(tx, hostCheckIn(organisation.id, date, now), now);
      }
      break;
    case 'closed':
      await set('open', settles);
      break;
    case 'over':
      await set('over', null);
      await enqueueJob(tx, settleJob(organisation.id, date.id, now), now);
      break;
  }
  // Each person has a message of their own about the check-in: the earlier ones stay as they are.
  await refreshPost(tx, organisation.id, date.id, now, false);
}

export const phaseSweeps = [phases];
