import { BellhopError } from '../../../core/errors.js';
import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { Redemption, RedemptionState, Reward } from './model.js';

const COLUMNS = Prisma.sql`
  d.id, d."rewardId", d."personId", p.name AS "personName", p.status = 'active' AS "personActive", m.id AS "lineManagerId",
  d.state::text AS state, d."rewardName", r.emoji, d.price, d."moneyMinor", d.currency,
  r."fulfillerId", f.name AS "fulfillerName", f.status = 'active' AS "fulfillerActive",
  d."requestedAt", d."decidedAt", b.name AS "decidedByName", d."closedAt", d."closedById", c.name AS "closedByName",
  d.words, d."sealedCode" IS NOT NULL AS "hasCode", d."askedIds"`;

const FROM = Prisma.sql`
  FROM redemption d
  JOIN reward r ON r."organisationId" = d."organisationId" AND r.id = d."rewardId"
  JOIN person p ON p."organisationId" = d."organisationId" AND p.id = d."personId"
  LEFT JOIN person m ON m."organisationId" = p."organisationId" AND m.id = p."lineManagerId" AND m.status = 'active'
  JOIN person f ON f."organisationId" = r."organisationId" AND f.id = r."fulfillerId"
  LEFT JOIN person b ON b."organisationId" = d."organisationId" AND b.id = d."decidedById"
  LEFT JOIN person c ON c."organisationId" = d."organisationId" AND c.id = d."closedById"`;

/** Redemptions with what their cards show. @param where over `d` (redemption), `r`, `p`, `f`; names the organisation */
async function load(db: Db | Tx, where: Prisma.Sql, tail: Prisma.Sql = Prisma.empty): Promise<Redemption[]> {
  return await db.$queryRaw<Redemption[]>`SELECT ${COLUMNS} ${FROM} WHERE ${where} ${tail}`;
}

export async function findRedemption(db: Db | Tx, organisationId: string, id: string): Promise<Redemption | undefined> {
  return (await load(db, Prisma.sql`d."organisationId" = ${organisationId}::uuid AND d.id = ${id}::uuid`))[0];
}

/** Throws BellhopError `recognition.redemption_gone` when there is none of this id. */
export async function getRedemption(db: Db | Tx, organisationId: string, id: string): Promise<Redemption> {
  const found = await findRedemption(db, organisationId, id);
  if (!found) throw new BellhopError('recognition.redemption_gone');
  return found;
}

/** The redemption with its row locked until the commit. Throws BellhopError `recognition.redemption_gone`. */
export async function lockRedemption(tx: Tx, organisationId: string, id: string): Promise<Redemption> {
  await tx.$queryRaw`SELECT 1 FROM redemption WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
  return await getRedemption(tx, organisationId, id);
}

export async function findByRequestKey(db: Db | Tx, organisationId: string, requestKey: string): Promise<Redemption | undefined> {
  return (await load(db, Prisma.sql`d."organisationId" = ${organisationId}::uuid AND d."requestKey" = ${requestKey}`))[0];
}

/**
 * Writes a redemption down. Waits for another transaction that does so with the same key.
 * @returns its id; undefined when this act has redeemed before
 */
export async function createRedemption(
  tx: Tx,
  organisationId: string,
  wish: { readonly reward: Reward; readonly personId: string; readonly requestKey: string },
  now: Date,
): Promise<string | undefined> {
  const { reward, personId, requestKey } = wish;
  const state: RedemptionState = reward.needsApproval ? 'requested' : 'approved';
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO redemption ("organisationId", id, "rewardId", "personId", state, "rewardName", price, "moneyMinor", currency, "requestedAt",
                            "requestKey")
    VALUES (${organisationId}::uuid, ${newId(now)}::uuid, ${reward.id}::uuid, ${personId}::uuid, ${state}::"RedemptionState", ${reward.name},
            ${reward.price}, ${reward.moneyMinor}, ${reward.currency}, ${now}::timestamptz, ${requestKey})
    ON CONFLICT ("organisationId", "requestKey") DO NOTHING RETURNING id`;
  return rows[0]?.id;
}

/** How many of a reward a person has, or has asked for. */
export async function countOfPerson(db: Db | Tx, organisationId: string, rewardId: string, personId: string): Promise<number> {
  return await db.redemption.count({
    where: { organisationId, rewardId, personId, state: { in: ['requested', 'approved', 'fulfilled'] } },
  });
}

/** What a decision changes. */
export interface Change {
  readonly state: RedemptionState;
  /** Null: Bellhop itself. */
  readonly byId: string | null;
  readonly words?: string | null;
  readonly sealedCode?: string | null;
}

/** Writes a decision about a redemption that is locked. `approved` is decided, everything else is closed. */
export async function changeState(tx: Tx, organisationId: string, id: string, change: Change, now: Date): Promise<void> {
  const { state, byId, words, sealedCode } = change;
  const isFirst = state === 'approved' || state === 'rejected';
  await tx.redemption.update({
    where: { organisationId_id: { organisationId, id } },
    data: {
      state,
      ...(isFirst && { decidedAt: now, decidedById: byId }),
      ...(state !== 'approved' && { closedAt: now, closedById: byId }),
      ...(words !== undefined && { words }),
      ...(sealedCode !== undefined && { sealedCode }),
    },
  });
}

/** Notes who got a card of it. */
export async function noteAsked(tx: Tx, organisationId: string, id: string, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return;
  await tx.$executeRaw`
    UPDATE redemption SET "askedIds" = ARRAY(SELECT DISTINCT unnest("askedIds" || ${[...personIds]}::uuid[]))
    WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid`;
}

/** The sealed code of a redemption, for its receiver alone. */
export async function sealedCodeOf(db: Db | Tx, organisationId: string, id: string, personId: string): Promise<string | undefined> {
  const row = await db.redemption.findFirst({ where: { organisationId, id, personId }, select: { sealedCode: true } });
  return row?.sealedCode ?? undefined;
}

export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/** A person's redemptions, the newest first, and how many there are. */
export async function listOfPerson(db: Db | Tx, organisationId: string, personId: string, { offset, limit }: Slice) {
  const where = Prisma.sql`d."organisationId" = ${organisationId}::uuid AND d."personId" = ${personId}::uuid`;
  const rows = await load(db, where, Prisma.sql`ORDER BY d."requestedAt" DESC, d.id DESC LIMIT ${limit} OFFSET ${offset}`);
  return { rows, total: await db.redemption.count({ where: { organisationId, personId } }) };
}

/** What waits for a decision or to be handed over, the oldest first, and how much there is. */
export async function listOpen(db: Db | Tx, organisationId: string, { offset, limit }: Slice) {
  const where = Prisma.sql`d."organisationId" = ${organisationId}::uuid AND d.state IN ('requested', 'approved')`;
  const rows = await load(db, where, Prisma.sql`ORDER BY d."requestedAt", d.id LIMIT ${limit} OFFSET ${offset}`);
  return { rows, total: await db.redemption.count({ where: { organisationId, state: { in: ['requested', 'approved'] } } }) };
}

/** Those who may be meant by an open redemption. */
export interface Concerned {
  /** The person, and everyone whose deputy the person is. */
  readonly principalIds: readonly string[];
  /** Whether the person decides where there is no line manager. */
  readonly manages: boolean;
  /** Whoever is away, and may have left their part to the managers. */
  readonly awayIds: readonly string[];
}

/** Open redemptions that may wait for somebody: at most 500, the oldest first. Who is really meant is up to deciders.ts. */
export async function listConcerning(db: Db | Tx, organisationId: string, concerned: Concerned): Promise<Redemption[]> {
  const principals = [...concerned.principalIds];
  const away = [...concerned.awayIds];
  const { manages } = concerned;
  return await load(
    db,
    Prisma.sql`d."organisationId" = ${organisationId}::uuid AND (
      (d.state = 'requested' AND (m.id = ANY (${principals}::uuid[])
        OR (${manages}::boolean AND (m.id IS NULL OR m.id = ANY (${away}::uuid[])))))
      OR (d.state = 'approved' AND (f.id = ANY (${principals}::uuid[])
        OR (${manages}::boolean AND (f.status <> 'active' OR f.id = ANY (${away}::uuid[]))))))`,
    Prisma.sql`ORDER BY d."requestedAt", d.id LIMIT 500`,
  );
}

/** Open redemptions of people who are here, page by page in the order of their ids. */
export async function openAfter(db: Db | Tx, organisationId: string, after: string | undefined, limit: number): Promise<Redemption[]> {
  const next = after ? Prisma.sql`AND d.id > ${after}::uuid` : Prisma.empty;
  return await load(
    db,
    Prisma.sql`d."organisationId" = ${organisationId}::uuid AND d.state IN ('requested', 'approved') AND p.status = 'active' ${next}`,
    Prisma.sql`ORDER BY d.id LIMIT ${limit}`,
  );
}

/** Ids of open redemptions of people who have left, or of one person. */
export async function openOfLeavers(db: Db | Tx, organisationId: string, limit: number, personId?: string): Promise<readonly string[]> {
  const one = personId ? Prisma.sql`AND d."personId" = ${personId}::uuid` : Prisma.empty;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM redemption d
    JOIN person p ON p."organisationId" = d."organisationId" AND p.id = d."personId" AND p.status = 'left'
    WHERE d."organisationId" = ${organisationId}::uuid AND d.state IN ('requested', 'approved') ${one}
    ORDER BY d.id LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/** Takes away words and codes of somebody's redemptions, and the words that this person wrote to others. */
export async function forgetWords(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.redemption.updateMany({ where: { organisationId, personId }, data: { words: null, sealedCode: null } });
  await tx.redemption.updateMany({ where: { organisationId, closedById: personId }, data: { words: null } });
  await tx.recognitionChoice.updateMany({ where: { organisationId, deputyId: personId }, data: { deputyId: null } });
  await tx.recognitionChoice.updateMany({ where: { organisationId, personId }, data: { deputyId: null, awayUntil: null } });
}
