import type { JobContext } from '../../../people/handlers.js';
import { payBack } from '../giving/close.js';
import { lockAccounts, post } from '../ledger/store-ledger.js';
import { type AwardReason, noteAwards, noteTakenBack } from './store.js';

export interface Award {
  readonly personIds: readonly string[];
  /** For each of them; whole, at least 1. */
  readonly points: number;
  readonly reasonCode: AwardReason;
  /** The act that it is for: `seminar:<id of its date>:attended`. A person is awarded once for it. */
  readonly originKey: string;
}

/** What awards need of whoever gives them: everything is written in the caller's transaction. */
export type AwardContext = Pick<JobContext, 'tx' | 'organisation' | 'clock'>;

/**
 * Gives people points that nobody pays for, in one movement of the ledger. A repeat gives nothing; whose award was taken
 * back is awarded again. Locks accounts: once in a transaction, and after what else it locks.
 * @returns those who got points now; whoever left the organisation gets none
 * @throws RangeError for points that aren't a whole number from 1 on
 */
export async function award(context: AwardContext, { personIds, points, reasonCode, originKey }: Award): Promise<readonly string[]> {
  if (!Number.isInteger(points) || points < 1) throw new RangeError(`${points} points can't be awarded.`);
  const { tx, organisation, clock } = context;
  if (personIds.length === 0) return [];
  const now = clock.now();
  const awarded = await noteAwards(tx, { organisationId: organisation.id, originKey, personIds, reason: reasonCode, points }, now);
  if (awarded.length === 0) return [];
  const entries = [
    ...awarded.map((owner) => ({ kind: 'balance' as const, owner, amount: points })),
    { kind: 'issued' as const, owner: organisation.id, amount: -points * awarded.length },
  ];
  await post(tx, { organisationId: organisation.id, kind: 'award', actorId: null, reason: reasonCode, entries }, now);
  return awarded;
}

/**
 * Takes one person's award back: what is left of the points goes back, the rest is the organisation's loss. As `award`
 * it locks accounts.
 * @param byId who corrected; null: Bellhop itself
 * @returns false when there is none, or it was taken back before
 */
export async function takeBackAward(
  context: AwardContext,
  { originKey, personId, byId }: { readonly originKey: string; readonly personId: string; readonly byId: string | null },
): Promise<boolean> {
  const { tx, organisation, clock } = context;
  const now = clock.now();
  const points = await noteTakenBack(tx, organisation.id, { originKey, personId }, now);
  if (points === undefined) return false;
  const standing = await lockAccounts(tx, organisation.id, [
    { kind: 'balance', owner: personId },
    { kind: 'issued', owner: organisation.id },
    { kind: 'loss', owner: organisation.id },
  ]);
  const entries = [
    ...payBack(organisation.id, standing, [personId], points),
    { kind: 'issued' as const, owner: organisation.id, amount: points },
  ];
  await post(tx, { organisationId: organisation.id, kind: 'take_back', actorId: byId, reason: 'award_taken_back', entries }, now);
  return true;
}
