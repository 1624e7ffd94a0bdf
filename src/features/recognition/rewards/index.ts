import type { HomeSection } from '../../../core/feature.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { Part } from '../part.js';
import { rewardActions } from './actions.js';
import { awayActions, awayForm } from './away.js';
import { rewardVerbs } from './commands.js';
import { handOverForm, refuseForm, rewardForm } from './forms.js';
import { waitingFor } from './looking.js';
import { waitingCard } from './messages-redemption.js';
import { rewardMessages } from './outgoing.js';
import { cancelOfLeaver } from './settle.js';
import { forgetWords, openOfLeavers } from './store-redemptions.js';
import { rewardSweeps } from './sweeps.js';

async function home(context: HandlerContext): Promise<readonly HomeSection[]> {
  const waiting = await waitingFor(context);
  return waiting.length > 0 ? [{ slot: 'waiting', card: waitingCard(waiting) }] : [];
}

/** The catalogue of rewards, redemptions from the wish to the handing over, deputies and reports. */
export const rewards: Part = {
  verbs: rewardVerbs,
  actions: [...rewardActions, ...awayActions],
  forms: [rewardForm, refuseForm, handOverForm, awayForm],
  messages: rewardMessages,
  sweeps: rewardSweeps,
  home,
  erase: async (context, personId) => {
    const { tx, organisation } = context;
    for (const id of await openOfLeavers(tx, organisation.id, 1_000, personId)) await cancelOfLeaver(context, tx, id);
    await forgetWords(tx, organisation.id, personId);
  },
};
