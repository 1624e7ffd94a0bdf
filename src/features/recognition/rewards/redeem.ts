import { BellhopError } from '../../../core/errors.js';
import { words } from '../../../core/text.js';
import { inAudience } from '../../../people/audience.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { lockAccounts, post } from '../ledger/store-ledger.js';
import { loadDeciders } from './deciders.js';
import type { Redemption, Reward } from './model.js';
import { countOfPerson, createRedemption, findByRequestKey, getRedemption } from './store-redemptions.js';
import { getReward, lockReward, takeOne } from './store-rewards.js';
import { askFor } from './tell.js';

/** What somebody wants, as the card that was pressed showed it. */
export interface Wish {
  readonly personId: string;
  readonly rewardId: string;
  /** In points. */
  readonly price: number;
  /** The same for a repeat of this act, different for every other: a second one redeems nothing. */
  readonly requestKey: string;
}

/** So often it is begun again while managers change the reward in the same moment. */
const MOST_ATTEMPTS = 3;

export type Redeemed = { readonly redemption: Redemption } | { readonly priceChanged: Reward };

/**
 * Redeems a reward: puts its points aside, takes one from the stock, and asks whoever decides or hands over, all in one
 * transaction. A repeat gets the redemption of the first.
 * @returns the redemption, or the reward when it costs something else by now
 * @throws BellhopError `recognition.reward_gone`, `recognition.reward_archived`, `recognition.reward_not_for_you`,
 *   `recognition.reward_sold_out`, `recognition.reward_limit`, `recognition.redeem_too_few`, `recognition.nobody_approves`
 */
export async function redeem(context: WorkContext, wish: Wish): Promise<Redeemed> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await redeemOnce(context, wish);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      if (attempt === MOST_ATTEMPTS) return { priceChanged: error.reward };
    }
  }
}

async function redeemOnce(context: WorkContext, wish: Wish): Promise<Redeemed> {
  const { db, organisation } = context;
  const before = await findByRequestKey(db, organisation.id, wish.requestKey);
  if (before) return { redemption: before };
  // Looked at without a lock first: a crowd that comes too late doesn't queue up for the row.
  const seen = await getReward(db, organisation.id, wish.rewardId);
  checkOffered(seen);
  if (!(await inAudience(db, organisation, seen.audience, wish.personId))) throw new BellhopError('recognition.reward_not_for_you');
  if (seen.price !== wish.price) return { priceChanged: seen };
  return await inTransaction(db, async (tx) => await redeemIn(context, tx, wish, seen));
}

async function redeemIn(context: WorkContext, tx: Tx, wish: Wish, seen: Reward): Promise<Redeemed> {
  const { organisation, clock } = context;
  const now = clock.now();
  const { personId, requestKey } = wish;
  // Locked in this order everywhere: redemption, reward, accounts.
  const id = await createRedemption(tx, organisation.id, { reward: seen, personId, requestKey }, now);
  if (!id) {
    const first = await findByRequestKey(tx, organisation.id, requestKey);
    if (!first) throw new BellhopError('recognition.redemption_gone');
    return { redemption: first };
  }
  const reward = await lockReward(tx, organisation.id, wish.rewardId);
  checkOffered(reward);
  if (!sameOffer(seen, reward)) throw new Overtaken(reward);
  await checkAccount(tx, organisation.id, personId, reward);
  if (!(await takeOne(tx, organisation.id, reward.id))) throw soldOut(reward);
  await post(
    tx,
    {
      organisationId: organisation.id,
      kind: 'redeem',
      actorId: personId,
      redemptionId: id,
      entries: [
        { kind: 'balance', owner: personId, amount: -reward.price },
        { kind: 'reserved', owner: personId, amount: reward.price },
      ],
    },
    now,
  );
  const redemption = await getRedemption(tx, organisation.id, id);
  const deciders = await loadDeciders(tx, organisation, clock);
  if (redemption.state === 'requested' && deciders.approversOf(redemption).length === 0)
    throw new BellhopError('recognition.nobody_approves');
  await askFor(tx, organisation, deciders, redemption, now);
  return { redemption };
}

/** The person's account is locked: nothing else is spent or redeemed from it until the commit. */
async function checkAccount(tx: Tx, organisationId: string, personId: string, reward: Reward): Promise<void> {
  const accounts = await lockAccounts(tx, organisationId, [
    { kind: 'balance', owner: personId },
    { kind: 'reserved', owner: personId },
  ]);
  // The one that was just written down counts too.
  const count = await countOfPerson(tx, organisationId, reward.id, personId);
  if (reward.perPersonLimit !== null && count > reward.perPersonLimit) {
    throw new BellhopError('recognition.reward_limit', { reward: words(reward.name), limit: reward.perPersonLimit });
  }
  const balance = accounts.find((account) => account.kind === 'balance')?.balance ?? 0;
  if (balance < reward.price) {
    throw new BellhopError('recognition.redeem_too_few', {
      reward: words(reward.name),
      price: reward.price,
      balance,
      missing: reward.price - balance,
    });
  }
}

function checkOffered(reward: Reward): void {
  if (reward.archivedAt) throw new BellhopError('recognition.reward_archived', { reward: words(reward.name) });
  if (reward.stock === 0) throw soldOut(reward);
}

const soldOut = (reward: Reward) => new BellhopError('recognition.reward_sold_out', { reward: words(reward.name) });

/** Whether what was written down of the reward still holds. */
function sameOffer(seen: Reward, now: Reward): boolean {
  const offer = ({ name, price, moneyMinor, currency, needsApproval, audience }: Reward) =>
    JSON.stringify([name, price, moneyMinor, currency, needsApproval, audience]);
  return offer(seen) === offer(now);
}

/** A manager changed the reward in the same moment: everything is undone, and done again with what holds now. */
class Overtaken extends Error {
  constructor(readonly reward: Reward) {
    super('The reward was changed meanwhile.');
    this.name = 'Overtaken';
  }
}
