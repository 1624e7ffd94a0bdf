import { BellhopError } from '../../../core/errors.js';
import { list, person } from '../../../core/text.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { atLocalTime } from '../../../people/hours.js';
import { findPeople } from '../../../people/people.js';
import { balanceOf, grantAllowance, lockAccounts } from '../ledger/store-ledger.js';
import type { Settings } from '../model.js';
import { addMonths, monthOf } from '../periods.js';
import { loadSettings } from '../store-settings.js';
import { allowanceFor, findGiver, type Giver, pointsTo } from './store-giving.js';

/** What somebody is about to give out of this month's allowance. */
export interface Spending {
  readonly giver: Giver;
  readonly receiverIds: readonly string[];
  /** For each receiver. */
  readonly points: number;
  /** `2026-11`. */
  readonly month: string;
}

/**
 * Grants the month's allowance, locks all accounts that the movement touches, and checks what is left and what the pair
 * may exchange. Nothing of it can change until the commit.
 * @throws BellhopError `recognition.too_few_points`, `recognition.pair_cap`
 */
export async function checkSpending(context: WorkContext, tx: Tx, settings: Settings, spending: Spending): Promise<void> {
  const { organisation } = context;
  const { giver, receiverIds, points, month } = spending;
  if (points === 0) return;
  await grantAllowance(tx, organisation.id, giver.id, month, allowanceFor(giver, settings), context.clock.now());
  const accounts = await lockAccounts(tx, organisation.id, [
    { kind: 'allowance', owner: giver.id, period: month },
    ...receiverIds.map((owner) => ({ kind: 'balance' as const, owner })),
  ]);
  const left = accounts.find(({ kind }) => kind === 'allowance')?.balance ?? 0;
  const needed = points * receiverIds.length;
  if (left < needed) throw new BellhopError('recognition.too_few_points', { left, needed });
  const [from, to] = [month, addMonths(month, 1)].map((first) => atLocalTime(`${first}-01`, 0, organisation.zone)) as [Date, Date];
  const given = await pointsTo(tx, organisation.id, giver.id, receiverIds, from, to);
  const over = receiverIds.filter((id) => (given.get(id) ?? 0) + points > settings.pairCap);
  if (over.length === 0) return;
  const names = await findPeople(tx, organisation.id, over);
  // Nothing negative is said where the organisation has lowered its cap meanwhile.
  const room = Math.max(0, Math.min(...over.map((id) => settings.pairCap - (given.get(id) ?? 0))));
  throw new BellhopError('recognition.pair_cap', {
    people: list(over.map((id) => person(names.get(id)?.name ?? ''))),
    cap: settings.pairCap,
    room,
  });
}

/** Points that somebody may still give this month: the whole allowance where nothing was given yet. */
export async function allowanceLeft(context: WorkContext, personId: string): Promise<number> {
  const { db, organisation } = context;
  const period = monthOf(context.clock.now(), organisation.zone);
  const left = await balanceOf(db, organisation.id, { kind: 'allowance', owner: personId, period });
  if (left !== undefined) return left;
  const giver = await findGiver(db, organisation.id, personId);
  return giver ? allowanceFor(giver, await loadSettings(db, organisation)) : 0;
}
