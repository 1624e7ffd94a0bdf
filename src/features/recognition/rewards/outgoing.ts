import { message, type WorkContext } from '../../../people/handlers.js';
import { loadDeciders } from './deciders.js';
import { ownCard, staffCard } from './messages-redemption.js';
import type { Redemption } from './model.js';
import { AskedRef, RedemptionRef } from './schema.js';
import { findRedemption } from './store-redemptions.js';

async function load({ db, organisation }: WorkContext, redemptionId: string): Promise<Redemption> {
  const found = await findRedemption(db, organisation.id, redemptionId);
  if (!found) throw new Error(`There is no redemption ${redemptionId}.`);
  return found;
}

/** To whoever decides: the buttons are there as long as it waits for a decision. */
const approval = message({
  id: 'recognition.approval',
  payload: AskedRef,
  guard: async (context, { redemptionId, personId }) => {
    const redemption = await load(context, redemptionId);
    if (redemption.state !== 'requested') return redemption.state;
    const deciders = await loadDeciders(context.db, context.organisation, context.clock);
    return deciders.approversOf(redemption).includes(personId) ? null : 'others_decide';
  },
  card: async (context, { redemptionId }) => {
    const redemption = await load(context, redemptionId);
    // Once it is decided, what follows is up to whoever hands it over.
    return staffCard(redemption, { decide: redemption.state === 'requested', handOver: false });
  },
});

/** To whoever hands it over. */
const fulfilment = message({
  id: 'recognition.fulfilment',
  payload: AskedRef,
  guard: async (context, { redemptionId }) => {
    const { state } = await load(context, redemptionId);
    return state === 'approved' ? null : state;
  },
  card: async (context, { redemptionId }) => staffCard(await load(context, redemptionId), { decide: false, handOver: true }),
});

/** To whoever redeemed: how it stands. It never holds the code, only the button that shows it. */
const redemption = message({
  id: 'recognition.redemption',
  payload: RedemptionRef,
  card: async (context, { redemptionId }) => ownCard(await load(context, redemptionId)),
});

export const rewardMessages = [approval, fulfilment, redemption];
