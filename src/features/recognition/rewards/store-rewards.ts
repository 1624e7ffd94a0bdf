import { BellhopError } from '../../../core/errors.js';
import type { Reward as RewardRow } from '../../../generated/prisma/client.js';
import { audienceColumns, inAudience, toAudience } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { Organisation } from '../../../people/model.js';
import { foldName } from '../../../people/names.js';
import type { Reward, RewardDraft } from './model.js';

function toReward(row: RewardRow): Reward {
  const { id, name, description, emoji, pictureId, price, stock, perPersonLimit, moneyMinor, currency } = row;
  const { fulfillerId, needsApproval, archivedAt } = row;
  return {
    ...{ id, name, description, emoji, pictureId, price, stock, perPersonLimit, moneyMinor, currency },
    ...{ fulfillerId, needsApproval, archivedAt, audience: toAudience(row) },
  };
}

/** All rewards, archived ones last, the cheapest first. */
export async function listRewards(db: Db | Tx, organisationId: string): Promise<readonly Reward[]> {
  const rows = await db.reward.findMany({
    where: { organisationId },
    orderBy: [{ archivedAt: { sort: 'desc', nulls: 'first' } }, { price: 'asc' }, { name: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toReward);
}

/** The rewards that a person can have now or later, the cheapest first; those that are sold out included. */
export async function listRewardsFor(db: Db | Tx, organisation: Organisation, personId: string): Promise<readonly Reward[]> {
  const rewards = (await listRewards(db, organisation.id)).filter((reward) => reward.archivedAt === null);
  const belongs = new Map<string, boolean>();
  for (const { audience } of rewards) {
    const asked = JSON.stringify(audience);
    if (!belongs.has(asked)) belongs.set(asked, await inAudience(db, organisation, audience, personId));
  }
  return rewards.filter(({ audience }) => belongs.get(JSON.stringify(audience)));
}

/** Throws BellhopError `recognition.reward_gone` when there is none of this id. */
export async function getReward(db: Db | Tx, organisationId: string, id: string): Promise<Reward> {
  const row = await db.reward.findUnique({ where: { organisationId_id: { organisationId, id } } });
  if (!row) throw new BellhopError('recognition.reward_gone');
  return toReward(row);
}

/** The reward with its row locked until the commit: stock and price stay. Throws BellhopError `recognition.reward_gone`. */
export async function lockReward(tx: Tx, organisationId: string, id: string): Promise<Reward> {
  // Not FOR UPDATE: redemptions that are written at the same time refer to this row.
  await tx.$queryRaw`SELECT 1 FROM reward WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
  return await getReward(tx, organisationId, id);
}

/** Rewards of this name, whatever its case and diacritics, those in use first. */
export async function findRewardsByName(db: Db | Tx, organisationId: string, name: string): Promise<readonly Reward[]> {
  const wanted = foldName(name);
  return (await listRewards(db, organisationId)).filter((reward) => foldName(reward.name) === wanted);
}

/** @returns the new reward's id */
export async function createReward(tx: Tx, organisationId: string, actorId: string, draft: RewardDraft, now: Date): Promise<string> {
  const id = newId(now);
  const { audience, ...rest } = draft;
  await tx.reward.create({ data: { organisationId, id, ...rest, ...audienceColumns(audience), createdAt: now, createdById: actorId } });
  return id;
}

export async function changeReward(tx: Tx, organisationId: string, id: string, draft: RewardDraft): Promise<void> {
  const { audience, ...rest } = draft;
  await tx.reward.update({ where: { organisationId_id: { organisationId, id } }, data: { ...rest, ...audienceColumns(audience) } });
}

export async function setPicture(tx: Tx, organisationId: string, id: string, pictureId: string): Promise<void> {
  await tx.reward.update({ where: { organisationId_id: { organisationId, id } }, data: { pictureId } });
}

/** @param at when it was taken out of the catalogue; null puts it back */
export async function setArchived(tx: Tx, organisationId: string, id: string, at: Date | null): Promise<void> {
  await tx.reward.updateMany({ where: { organisationId, id, archivedAt: at ? null : { not: null } }, data: { archivedAt: at } });
}

/** One less, of a reward whose stock is counted. @returns false when there was none left */
export async function takeOne(tx: Tx, organisationId: string, id: string): Promise<boolean> {
  const taken = await tx.$executeRaw`
    UPDATE reward SET stock = stock - 1
    WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid AND (stock IS NULL OR stock > 0)`;
  return taken === 1;
}

/** One more, of a reward whose stock is counted. */
export async function putBackOne(tx: Tx, organisationId: string, id: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE reward SET stock = stock + 1
    WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid AND stock IS NOT NULL`;
}
