import type { Sweep } from '../../../core/feature.js';
import { inTransaction } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { loadDeciders } from './deciders.js';
import { cancelOfLeaver } from './settle.js';
import { lockRedemption, openAfter, openOfLeavers } from './store-redemptions.js';
import { askFor } from './tell.js';

const BATCH = 500;
/** Batches of one tick: what is left goes on at the next. */
const MOST_BATCHES = 20;

/** What people who have left had asked for is cancelled, and their points go back. */
const leavers: Sweep<WorkContext> = {
  id: 'recognition.redemptions_of_leavers',
  run: async (context) => {
    const { db, organisation } = context;
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
      const ids = await openOfLeavers(db, organisation.id, BATCH);
      for (const id of ids) await inTransaction(db, async (tx) => await cancelOfLeaver(context, tx, id));
      if (ids.length < BATCH) return;
    }
  },
};

/** Whoever decides or hands over by now, and has no card yet, gets one: deputies, new line managers, managers after a leaver. */
const asking: Sweep<WorkContext> = {
  id: 'recognition.redemptions_asked',
  run: async (context) => {
    const { db, organisation, clock } = context;
    const deciders = await loadDeciders(db, organisation, clock);
    let after: string | undefined;
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
      const open = await openAfter(db, organisation.id, after, BATCH);
      for (const redemption of open) {
        const people = redemption.state === 'requested' ? deciders.approversOf(redemption) : deciders.fulfillersOf(redemption);
        if (people.every((id) => redemption.askedIds.includes(id))) continue;
        await inTransaction(db, async (tx) => {
          await askFor(tx, organisation, deciders, await lockRedemption(tx, organisation.id, redemption.id), clock.now());
        });
      }
      after = open.at(-1)?.id;
      if (open.length < BATCH) return;
    }
  },
};

export const rewardSweeps = [leavers, asking];
