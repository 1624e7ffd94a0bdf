import type { Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ROWS } from '../../../core/paging.js';
import { hasRole } from '../../../core/roles.js';
import { key, select, words } from '../../../core/text.js';
import { inAudience } from '../../../people/audience.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { balanceOf } from '../ledger/store-ledger.js';
import { loadDeciders } from './deciders.js';
import { catalogueCard, manageCard, type Obstacle, rewardCard } from './messages.js';
import { mineCard, openCard, staffCard } from './messages-redemption.js';
import type { Redemption, Reward } from './model.js';
import { countOfPerson, listConcerning, listOfPerson, listOpen } from './store-redemptions.js';
import { listRewards, listRewardsFor } from './store-rewards.js';

/** The points that a person can spend. */
async function balanceFor({ db, organisation, person }: HandlerContext): Promise<number> {
  return (await balanceOf(db, organisation.id, { kind: 'balance', owner: person.id })) ?? 0;
}

/** The rewards that the actor can have. */
export async function catalogue(context: HandlerContext, offset: number): Promise<Card> {
  const { db, organisation, person } = context;
  const rewards = await listRewardsFor(db, organisation, person.id);
  return catalogueCard(rewards, offset, await balanceFor(context), hasRole(context.role, 'manager'));
}

/** One reward, before it is redeemed. @param priceChanged it costs something else than the card that was pressed said */
export async function rewardView(context: HandlerContext, reward: Reward, priceChanged = false): Promise<Card> {
  const balance = await balanceFor(context);
  return rewardCard(reward, {
    balance,
    priceChanged,
    nonce: newId(context.clock.now()),
    obstacle: await obstacleOf(context, reward, balance),
  });
}

async function obstacleOf(context: HandlerContext, reward: Reward, balance: number): Promise<Obstacle> {
  const { db, organisation, person } = context;
  const params = { reward: words(reward.name) };
  if (reward.archivedAt) return { text: key('recognition.errors.reward_archived', params) };
  if (!(await inAudience(db, organisation, reward.audience, person.id))) return { text: key('recognition.errors.reward_not_for_you') };
  if (reward.stock === 0) return { text: key('recognition.errors.reward_sold_out', params) };
  if (reward.perPersonLimit !== null && (await countOfPerson(db, organisation.id, reward.id, person.id)) >= reward.perPersonLimit) {
    return { text: key('recognition.errors.reward_limit', { ...params, limit: reward.perPersonLimit }) };
  }
  if (balance >= reward.price) return undefined;
  return {
    text: key('recognition.errors.redeem_too_few', { ...params, price: reward.price, balance, missing: reward.price - balance }),
  };
}

/** What the actor has redeemed. */
export async function mine({ db, organisation, person }: HandlerContext, offset: number): Promise<Card> {
  const { rows, total } = await listOfPerson(db, organisation.id, person.id, { offset, limit: ROWS });
  return mineCard(rows, offset, total);
}

/** All rewards, for managers. */
export async function managed({ db, organisation }: HandlerContext, offset: number): Promise<Card> {
  const { total } = await listOpen(db, organisation.id, { offset: 0, limit: 1 });
  return manageCard(await listRewards(db, organisation.id), offset, total);
}

/** What of the organisation's open redemptions waits for the actor, the oldest first. */
export async function waitingFor(context: HandlerContext): Promise<readonly Redemption[]> {
  const { db, organisation, person, clock } = context;
  const deciders = await loadDeciders(db, organisation, clock);
  const concerned = {
    principalIds: deciders.principalsOf(person.id),
    manages: deciders.manages(person.id),
    awayIds: deciders.awayIds,
  };
  const rows = await listConcerning(db, organisation.id, concerned);
  return rows.filter((row) => (row.state === 'requested' ? deciders.approversOf(row) : deciders.fulfillersOf(row)).includes(person.id));
}

/**
 * What is open: everything for managers, what waits for the actor for everybody else.
 * @throws BellhopError `core.role_needed` for somebody for whom nothing waits
 */
export async function open(context: HandlerContext, offset: number): Promise<Card> {
  if (hasRole(context.role, 'manager')) {
    const { rows, total } = await listOpen(context.db, context.organisation.id, { offset, limit: ROWS });
    return openCard(rows, offset, total);
  }
  const waiting = await waitingFor(context);
  if (waiting.length === 0) throw new BellhopError('core.role_needed', { role: select('manager') });
  return openCard(waiting.slice(offset, offset + ROWS), offset, waiting.length);
}

/** A redemption as the actor may handle it. @throws BellhopError `recognition.decide_not_yours` for somebody who may not */
export async function staffView(context: HandlerContext, redemption: Redemption): Promise<Card> {
  const { db, organisation, person, role, clock } = context;
  const deciders = await loadDeciders(db, organisation, clock);
  const actor = { id: person.id, role };
  const may = { decide: deciders.mayDecide(actor, redemption), handOver: deciders.mayHandOver(actor, redemption) };
  const knows = may.decide || may.handOver || hasRole(role, 'manager') || redemption.askedIds.includes(person.id);
  if (!knows) throw new BellhopError('recognition.decide_not_yours');
  return staffCard(redemption, may);
}
