import { BellhopError } from '../../../core/errors.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type Entry, lockAccounts, post } from '../ledger/store-ledger.js';
import { type Kudos, UNREACT_MS } from '../model.js';
import { monthOf } from '../periods.js';
import { loadSettings } from '../store-settings.js';
import { payBack } from './close.js';
import { isCounted, membersOf } from './counting.js';
import { refreshCards } from './refresh-cards.js';
import { checkSpending } from './spend.js';
import { findGiver } from './store-giving.js';
import { putJoin, takeJoinBack } from './store-join.js';
import { lockKudos } from './store-kudos.js';
import { tally } from './store-tally.js';

/** What became of an "add yours": the points that each receiver got, or that it had been done before. */
export type Joined = { readonly points: number } | 'before';

/**
 * Adds a colleague's own points to somebody's public kudos, once a person. Its cards tell of it; nobody gets a message.
 * @throws BellhopError `recognition.kudos_gone`, `recognition.kudos_closed`, `recognition.own_kudos`, `recognition.joined_nothing`,
 *   `recognition.too_few_points`, `recognition.pair_cap`
 */
export async function join(context: WorkContext, kudosId: string, personId: string): Promise<Joined> {
  return await inTransaction(context.db, async (tx) => await joinWithin(context, tx, kudosId, personId));
}

/** The same within a transaction of the caller's; see `join`. */
export async function joinWithin(context: WorkContext, tx: Tx, kudosId: string, personId: string): Promise<Joined> {
  const { organisation } = context;
  const now = context.clock.now();
  const kudos = await lockKudos(tx, organisation.id, kudosId);
  // A private one is seen by nobody else: whoever guesses its id is told what everybody is told.
  if (!kudos?.public) throw new BellhopError('recognition.kudos_gone');
  if (kudos.state !== 'given') throw new BellhopError('recognition.kudos_closed');
  if (kudos.giverId === personId || kudos.receiverIds.includes(personId)) throw new BellhopError('recognition.own_kudos');
  if (kudos.joins.some((added) => added.personId === personId)) return 'before';
  const settings = await loadSettings(tx, organisation);
  const points = settings.joinPoints;
  if (points <= 0) throw new BellhopError('recognition.joined_nothing');
  const giver = await findGiver(tx, organisation.id, personId);
  if (!giver) throw new BellhopError('people.person_gone');
  const month = monthOf(now, organisation.zone);
  const { receiverIds } = kudos;
  await checkSpending(context, tx, settings, { giver, receiverIds, points, month });
  await putJoin(tx, { organisationId: organisation.id, kudosId, personId, points, createdAt: now });
  const movement = {
    organisationId: organisation.id,
    kind: 'join' as const,
    actorId: personId,
    kudosId,
    entries: [
      { kind: 'allowance' as const, owner: personId, period: month, amount: -points * receiverIds.length },
      ...receiverIds.map((owner): Entry => ({ kind: 'balance', owner, amount: points })),
    ],
  };
  await post(tx, movement, now);
  await countJoin(context, tx, kudos, { personId, points, month, sign: 1 });
  await refreshCards(context, tx, kudos);
  return { points };
}

/**
 * Takes back what somebody added, within 5 minutes; later, or when there is nothing, it does nothing.
 * @returns whether it was taken back
 */
export async function leave(context: WorkContext, kudosId: string, personId: string): Promise<boolean> {
  const { organisation } = context;
  const now = context.clock.now();
  return await inTransaction(context.db, async (tx) => {
    const kudos = await lockKudos(tx, organisation.id, kudosId);
    const added = kudos?.joins.find((one) => one.personId === personId);
    if (!kudos || !added || kudos.state !== 'given' || added.at.getTime() + UNREACT_MS < now.getTime()) return false;
    const month = monthOf(added.at, organisation.zone);
    const { receiverIds } = kudos;
    const { points } = added;
    const standing = await lockAccounts(tx, organisation.id, [
      ...receiverIds.map((owner) => ({ kind: 'balance' as const, owner })),
      { kind: 'allowance', owner: personId, period: month },
    ]);
    const entries = [
      ...payBack(organisation.id, standing, receiverIds, points),
      { kind: 'allowance' as const, owner: personId, period: month, amount: points * receiverIds.length },
    ];
    await post(
      tx,
      { organisationId: organisation.id, kind: 'take_back', actorId: personId, kudosId, reason: 'join_taken_back', entries },
      now,
    );
    await takeJoinBack(tx, organisation.id, kudosId, personId, now);
    await countJoin(context, tx, kudos, { personId, points, month, sign: -1 });
    await refreshCards(context, tx, kudos);
    return true;
  });
}

interface Change {
  readonly personId: string;
  readonly points: number;
  readonly month: string;
  readonly sign: 1 | -1;
}

async function countJoin(context: WorkContext, tx: Tx, kudos: Kudos, { personId, points, month, sign }: Change): Promise<void> {
  if (!isCounted(kudos)) return;
  const member = await membersOf(context, tx, [personId, ...kudos.receiverIds]);
  await tally(tx, {
    organisationId: context.organisation.id,
    month,
    valueId: kudos.value?.id ?? null,
    giver: member(personId),
    receivers: kudos.receiverIds.map(member),
    points,
    kudos: 0,
    sign,
  });
}
