import type { Sweep } from '../../../core/feature.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { ask, askPresentLine, refreshTalk } from './ask.js';
import { changeTalk, lockDueTalks, lockElsewhere, lockOver, type Talk } from './store-talks.js';

const BATCH = 100;
/** Batches of one tick: what is left goes on at the next. */
const MOST_BATCHES = 20;

/** Follows talks until they were held: drops those that are over, has the present line hear of them, asks again. */
export const talkSweep: Sweep<WorkContext> = {
  id: 'feedback.talks',
  run: async (context) => {
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await dropBatch(context)) < BATCH) break;
    await batchOf(context, lockElsewhere, async (tx, talk, now) => await askPresentLine(context, tx, talk, now));
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await askBatch(context)) < BATCH) break;
  },
};

type Lock = (tx: Tx, organisationId: string, limit: number) => Promise<readonly Talk[]>;

async function batchOf(
  { db, organisation, clock }: WorkContext,
  lock: Lock,
  act: (tx: Tx, talk: Talk, now: Date) => Promise<void>,
): Promise<number> {
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    const talks = await lock(tx, organisation.id, BATCH);
    for (const talk of talks) await act(tx, talk, now);
    return talks.length;
  });
}

const dropBatch = async (context: WorkContext): Promise<number> =>
  await batchOf(context, lockOver, async (tx, { id }, now) => {
    await changeTalk(tx, context.organisation.id, id, { state: 'dropped', nextAskAt: null });
    await refreshTalk(context, tx, id, now);
  });

const askBatch = async (context: WorkContext): Promise<number> =>
  await batchOf(
    context,
    async (tx, organisationId, limit) => await lockDueTalks(tx, organisationId, context.clock.now(), limit),
    async (tx, talk, now) => {
      if (talk.state === 'open') await ask(context, tx, talk, now);
      else await changeTalk(tx, context.organisation.id, talk.id, { nextAskAt: null });
    },
  );
