import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type AccountKey, type Entry, lockAccounts, post, type Standing } from '../ledger/store-ledger.js';
import type { Kudos } from '../model.js';
import { monthOf } from '../periods.js';
import { isCounted, membersOf } from './counting.js';
import { refreshCards } from './refresh-cards.js';
import { takeJoinBack } from './store-join.js';
import { closeKudos, lockKudos } from './store-kudos.js';
import { tally } from './store-tally.js';

/**
 * Takes kudos back, or down: receivers pay back what they have not spent, the rest is the organisation's loss; the giver
 * and everybody who added theirs get all of it into the month that it came from. Who may do so, and until when, is for the
 * caller to know.
 * @param by the giver, or the manager who decided
 * @param how `taken_back` by the giver, `removed` after a report
 * @param reason a code for the ledger, never people's words
 * @returns false when it was closed before, or is not there
 */
export async function takeBack(
  context: WorkContext,
  kudosId: string,
  by: { readonly personId: string },
  how: 'taken_back' | 'removed',
  reason: string,
): Promise<boolean> {
  return await inTransaction(context.db, async (tx) => await takeBackWithin(context, tx, kudosId, by, how, reason));
}

/** The same within a transaction of the caller's, which has locked no account yet; see `takeBack`. */
export async function takeBackWithin(
  context: WorkContext,
  tx: Tx,
  kudosId: string,
  by: { readonly personId: string },
  how: 'taken_back' | 'removed',
  reason: string,
): Promise<boolean> {
  const { organisation } = context;
  const now = context.clock.now();
  const kudos = await lockKudos(tx, organisation.id, kudosId);
  if (kudos?.state !== 'given') return false;
  const entries = await returning(context, tx, kudos);
  if (entries.length > 0) {
    await post(tx, { organisationId: organisation.id, kind: 'take_back', actorId: by.personId, kudosId, reason, entries }, now);
  }
  await closeKudos(tx, organisation.id, kudosId, how, now);
  await takeJoinBack(tx, organisation.id, kudosId, undefined, now);
  await uncount(context, tx, kudos);
  await refreshCards(context, tx, kudos);
  return true;
}

/** The entries that bring all points of a kudos back where they came from. */
async function returning(context: WorkContext, tx: Tx, kudos: Kudos): Promise<readonly Entry[]> {
  const { organisation } = context;
  const { receiverIds, joins } = kudos;
  const origin: AccountKey =
    kudos.source === 'customer'
      ? { kind: 'issued', owner: organisation.id }
      : { kind: 'allowance', owner: kudos.giverId, period: monthOf(kudos.createdAt, organisation.zone) };
  const credits: Entry[] = [
    { ...origin, amount: kudos.points * receiverIds.length },
    ...joins.map(
      ({ personId, points, at }): Entry => ({
        kind: 'allowance',
        owner: personId,
        period: monthOf(at, organisation.zone),
        amount: points * receiverIds.length,
      }),
    ),
  ].filter((entry) => entry.amount > 0);
  if (credits.length === 0) return [];
  const standing = await lockAccounts(tx, organisation.id, [
    ...receiverIds.map((owner): AccountKey => ({ kind: 'balance', owner })),
    ...credits.map(({ amount: _, ...account }): AccountKey => account),
  ]);
  const each = kudos.points + joins.reduce((sum, added) => sum + added.points, 0);
  return [...payBack(organisation.id, standing, receiverIds, each), ...credits];
}

/**
 * What receivers pay back of points that they were given: what is left of them; the rest is the organisation's loss.
 * @param standing their accounts, locked
 * @param points for each receiver
 */
export function payBack(
  organisationId: string,
  standing: readonly Standing[],
  receiverIds: readonly string[],
  points: number,
): readonly Entry[] {
  const paid = receiverIds.map((owner): Entry => {
    const balance = standing.find((account) => account.kind === 'balance' && account.owner === owner)?.balance ?? 0;
    return { kind: 'balance', owner, amount: -Math.min(points, balance) };
  });
  const lost = points * receiverIds.length + paid.reduce((sum, entry) => sum + entry.amount, 0);
  return [...paid, { kind: 'loss' as const, owner: organisationId, amount: -lost }].filter((entry) => entry.amount !== 0);
}

async function uncount(context: WorkContext, tx: Tx, kudos: Kudos): Promise<void> {
  if (!isCounted(kudos)) return;
  const { organisation } = context;
  const member = await membersOf(context, tx, [kudos.giverId, ...kudos.receiverIds, ...kudos.joins.map((added) => added.personId)]);
  const base = {
    organisationId: organisation.id,
    valueId: kudos.value?.id ?? null,
    receivers: kudos.receiverIds.map(member),
    sign: -1 as const,
  };
  const { createdAt, points, giverId, joins } = kudos;
  await tally(
    tx,
    { ...base, month: monthOf(createdAt, organisation.zone), giver: member(giverId), points, kudos: -1 },
    ...joins.map((added) => ({
      ...base,
      month: monthOf(added.at, organisation.zone),
      giver: member(added.personId),
      points: added.points,
      kudos: 0 as const,
    })),
  );
}
