import { BellhopError } from '../../../core/errors.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { lockAccounts, post } from '../ledger/store-ledger.js';
import { type Actor, type Deciders, loadDeciders } from './deciders.js';
import { CODE_PURPOSE, type Redemption, type RedemptionState } from './model.js';
import { type Change, changeState, getRedemption, lockRedemption } from './store-redemptions.js';
import { lockReward, putBackOne } from './store-rewards.js';
import { askFor, refreshRedemption, tellRedeemer } from './tell.js';

/** What became of a redemption. `changed` is false when it had been decided before: the first one wins. */
export interface Settled {
  readonly redemption: Redemption;
  readonly changed: boolean;
}

/**
 * Approves a request: whoever hands it over is asked, whoever redeemed hears of it.
 * @throws BellhopError `recognition.redemption_gone`, `recognition.own_redemption`, `recognition.decide_not_yours`
 */
export async function approve(context: WorkContext, redemptionId: string, actor: Actor): Promise<Settled> {
  return await settle(context, redemptionId, ['requested'], (redemption, deciders) => {
    checkMayDecide(deciders, actor, redemption);
    return { state: 'approved', byId: actor.id };
  });
}

/**
 * Rejects a request, or cancels what was approved: points and stock go back.
 * @param from which of the two: a decision that was made meanwhile stands
 * @param reason shown to the person who redeemed
 * @throws BellhopError as `approve`
 */
export async function refuse(
  context: WorkContext,
  redemptionId: string,
  from: 'requested' | 'approved',
  actor: Actor,
  reason: string,
): Promise<Settled> {
  return await settle(context, redemptionId, [from], (redemption, deciders) => {
    if (from === 'requested' || !deciders.mayHandOver(actor, redemption)) checkMayDecide(deciders, actor, redemption);
    return { state: from === 'requested' ? 'rejected' : 'cancelled', byId: actor.id, words: reason };
  });
}

/**
 * Cancels one's own redemption, as long as it was not handed over.
 * @throws BellhopError `recognition.redemption_gone` for somebody else's
 */
export async function cancelOwn(context: WorkContext, redemptionId: string, personId: string): Promise<Settled> {
  return await settle(context, redemptionId, ['requested', 'approved'], (redemption) => {
    if (redemption.personId !== personId) throw new BellhopError('recognition.redemption_gone');
    return { state: 'cancelled', byId: personId };
  });
}

/**
 * Hands a reward over: its points are spent. The code is sealed, and only its receiver ever gets it to see.
 * @throws BellhopError `recognition.redemption_gone`, `recognition.hand_over_not_yours`
 */
export async function handOver(
  context: WorkContext,
  redemptionId: string,
  actor: Actor,
  given: { readonly note: string; readonly code: string },
): Promise<Settled> {
  const sealedCode = given.code === '' ? null : context.vault.seal(given.code, CODE_PURPOSE);
  return await settle(context, redemptionId, ['approved'], (redemption, deciders) => {
    if (!deciders.mayHandOver(actor, redemption)) throw new BellhopError('recognition.hand_over_not_yours');
    return { state: 'fulfilled', byId: actor.id, words: given.note === '' ? null : given.note, sealedCode };
  });
}

/** Cancels what somebody who has left had asked for. In the given transaction. @returns whether it was still open */
export async function cancelOfLeaver(context: WorkContext, tx: Tx, redemptionId: string): Promise<boolean> {
  const settled = await settleIn(context, tx, redemptionId, ['requested', 'approved'], () => ({ state: 'cancelled', byId: null }));
  return settled.changed;
}

function checkMayDecide(deciders: Deciders, actor: Actor, redemption: Redemption): void {
  if (actor.id === redemption.personId) throw new BellhopError('recognition.own_redemption');
  if (!deciders.mayDecide(actor, redemption)) throw new BellhopError('recognition.decide_not_yours');
}

type Decide = (redemption: Redemption, deciders: Deciders) => Change;

async function settle(context: WorkContext, id: string, from: readonly RedemptionState[], decide: Decide): Promise<Settled> {
  return await inTransaction(context.db, async (tx) => await settleIn(context, tx, id, from, decide));
}

/** One step of a redemption, with its row locked: from one of the given states, or not at all. */
async function settleIn(context: WorkContext, tx: Tx, id: string, from: readonly RedemptionState[], decide: Decide): Promise<Settled> {
  const { organisation, clock } = context;
  const now = clock.now();
  const before = await lockRedemption(tx, organisation.id, id);
  const deciders = await loadDeciders(tx, organisation, clock);
  const change = decide(before, deciders);
  if (!from.includes(before.state)) return { redemption: before, changed: false };
  await changeState(tx, organisation.id, id, change, now);
  await movePoints(tx, organisation.id, before, change, now);
  const after = await getRedemption(tx, organisation.id, id);
  await askFor(tx, organisation, deciders, after, now);
  if (change.byId !== before.personId && before.personActive) await tellRedeemer(tx, organisation, after, now);
  await refreshRedemption(tx, organisation, after, now);
  return { redemption: after, changed: true };
}

/** What was put aside is spent, or goes back together with the piece of the stock. */
async function movePoints(tx: Tx, organisationId: string, redemption: Redemption, change: Change, now: Date): Promise<void> {
  if (change.state === 'approved') return;
  const isSpent = change.state === 'fulfilled';
  if (!isSpent) {
    await lockReward(tx, organisationId, redemption.rewardId);
    await putBackOne(tx, organisationId, redemption.rewardId);
  }
  const { personId: owner, price } = redemption;
  await lockAccounts(tx, organisationId, [
    { kind: 'reserved', owner },
    { kind: 'balance', owner },
  ]);
  await post(
    tx,
    {
      organisationId,
      kind: isSpent ? 'fulfil' : 'refund',
      actorId: change.byId,
      redemptionId: redemption.id,
      reason: isSpent ? '' : change.byId === null ? 'left' : change.state,
      entries: [
        { kind: 'reserved', owner, amount: -price },
        isSpent ? { kind: 'spent', owner: organisationId, amount: price } : { kind: 'balance', owner, amount: price },
      ],
    },
    now,
  );
}
