import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import { EVIDENCE_SHOWN, type FlagEvidence, type FlagKind, type Spent } from './rules.js';

/** What the searches look at. All begin with the few kudos since `fresh`, by an index, and follow only those through `from` to now. */
export interface Search {
  readonly organisationId: string;
  /** Only what was given since then can have completed a pattern. */
  readonly fresh: Date;
  /** Where the pattern begins. */
  readonly from: Date;
  /** How often at least. */
  readonly least: number;
}

/** Candidates of one look; what is left out is found at the next. */
const MOST_FOUND = 500;

/** Kudos that colleagues gave of their own, and that still stand. `k` is a kudos. */
const OWN = Prisma.sql`k.state = 'given' AND k.source <> 'customer'`;

export interface MutualPair {
  readonly a: string;
  readonly b: string;
  readonly there: number;
  readonly back: number;
}

/** Pairs of people who have given one another at least so often, each. */
export async function findMutual(db: Db | Tx, { organisationId, fresh, from, least }: Search): Promise<readonly MutualPair[]> {
  const count = (giver: Prisma.Sql, receiver: Prisma.Sql) => Prisma.sql`
    SELECT count(*)::int AS count FROM kudos_receiver r
    JOIN kudos k ON k."organisationId" = r."organisationId" AND k.id = r."kudosId" AND ${OWN}
    WHERE r."organisationId" = ${organisationId}::uuid AND r."giverId" = ${giver} AND r."personId" = ${receiver}
      AND r."createdAt" >= ${from}::timestamptz AND r.state = 'given'`;
  return await db.$queryRaw<MutualPair[]>`
    WITH fresh AS MATERIALIZED (
      SELECT DISTINCT LEAST(r."giverId", r."personId") AS a, GREATEST(r."giverId", r."personId") AS b
      FROM kudos k
      JOIN kudos_receiver r ON r."organisationId" = k."organisationId" AND r."kudosId" = k.id AND r.state = 'given'
      WHERE k."organisationId" = ${organisationId}::uuid AND k."createdAt" >= ${fresh}::timestamptz AND ${OWN}
    )
    SELECT f.a, f.b, t.count AS there, b.count AS back
    FROM fresh f
    CROSS JOIN LATERAL (${count(Prisma.sql`f.a`, Prisma.sql`f.b`)}) t
    CROSS JOIN LATERAL (${count(Prisma.sql`f.b`, Prisma.sql`f.a`)}) b
    WHERE t.count >= ${least} AND b.count >= ${least}
    ORDER BY f.a, f.b LIMIT ${MOST_FOUND}`;
}

export interface CopiedReason {
  readonly giverId: string;
  readonly wordsDigest: string;
  readonly count: number;
}

/** Reasons that somebody has given at least so often, for different kudos. */
export async function findCopied(db: Db | Tx, { organisationId, fresh, from, least }: Search): Promise<readonly CopiedReason[]> {
  return await db.$queryRaw<CopiedReason[]>`
    WITH fresh AS MATERIALIZED (
      SELECT DISTINCT k."giverId", k."wordsDigest" FROM kudos k
      WHERE k."organisationId" = ${organisationId}::uuid AND k."createdAt" >= ${fresh}::timestamptz AND k."wordsDigest" <> '' AND ${OWN}
    )
    SELECT f."giverId", f."wordsDigest", c.count
    FROM fresh f
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS count FROM kudos k
      WHERE k."organisationId" = ${organisationId}::uuid AND k."giverId" = f."giverId" AND k."createdAt" >= ${from}::timestamptz
        AND k."wordsDigest" = f."wordsDigest" AND ${OWN}) c
    WHERE c.count >= ${least}
    ORDER BY f."giverId", f."wordsDigest" LIMIT ${MOST_FOUND}`;
}

export interface MonthEndSpending {
  readonly giverId: string;
  /** What was granted for the month. */
  readonly allowance: number;
  readonly spent: readonly Spent[];
}

/** Who has given at least a share of the month's allowance between two instants, and to whom. */
export async function findMonthEnd(
  db: Db | Tx,
  organisationId: string,
  { month, from, to, share }: { readonly month: string; readonly from: Date; readonly to: Date; readonly share: number },
): Promise<readonly MonthEndSpending[]> {
  // The movement that grants an allowance has an id that follows from whose it is, and of which month (ledger_grant_allowance).
  return await db.$queryRaw<MonthEndSpending[]>`
    WITH spent AS (
      SELECT k."giverId", r."personId", sum(r.points)::int AS points
      FROM kudos k
      JOIN kudos_receiver r ON r."organisationId" = k."organisationId" AND r."kudosId" = k.id AND r.state = 'given'
      WHERE k."organisationId" = ${organisationId}::uuid AND k."createdAt" >= ${from}::timestamptz AND k."createdAt" < ${to}::timestamptz AND ${OWN}
      GROUP BY k."giverId", r."personId"
    ), givers AS MATERIALIZED (
      SELECT s."giverId", sum(s.points)::int AS points, jsonb_agg(jsonb_build_object('personId', s."personId", 'points', s.points)) AS spent
      FROM spent s GROUP BY s."giverId"
    )
    SELECT g."giverId", e.amount AS allowance, g.spent
    FROM givers g
    JOIN ledger_entry e ON e."organisationId" = ${organisationId}::uuid
      AND e."movementId" = md5('ledger:allowance:' || g."giverId" || ':' || ${month})::uuid AND e.amount > 0
    WHERE g.points >= e.amount * ${share}::float8
    ORDER BY g."giverId" LIMIT ${MOST_FOUND}`;
}

/** A kudos as evidence: which one, and when. */
export interface Instance {
  readonly id: string;
  readonly createdAt: Date;
}

/** The newest kudos between two people, in both directions. */
export async function mutualInstances(db: Db | Tx, organisationId: string, a: string, b: string, from: Date): Promise<readonly Instance[]> {
  const one = (giverId: string, personId: string) => Prisma.sql`
    (SELECT k.id, k."createdAt" FROM kudos_receiver r
     JOIN kudos k ON k."organisationId" = r."organisationId" AND k.id = r."kudosId" AND ${OWN}
     WHERE r."organisationId" = ${organisationId}::uuid AND r."giverId" = ${giverId}::uuid AND r."personId" = ${personId}::uuid
       AND r."createdAt" >= ${from}::timestamptz AND r.state = 'given'
     ORDER BY r."createdAt" DESC, r."kudosId" DESC LIMIT ${EVIDENCE_SHOWN})`;
  return await db.$queryRaw<Instance[]>`
    SELECT * FROM (${one(a, b)} UNION ALL ${one(b, a)}) i ORDER BY i."createdAt" DESC, i.id DESC LIMIT ${EVIDENCE_SHOWN}`;
}

/** Somebody's newest kudos with this reason. */
export async function copiedInstances(
  db: Db | Tx,
  organisationId: string,
  { giverId, wordsDigest }: Pick<CopiedReason, 'giverId' | 'wordsDigest'>,
  from: Date,
): Promise<readonly Instance[]> {
  return await db.$queryRaw<Instance[]>`
    SELECT k.id, k."createdAt" FROM kudos k
    WHERE k."organisationId" = ${organisationId}::uuid AND k."giverId" = ${giverId}::uuid AND k."createdAt" >= ${from}::timestamptz
      AND k."wordsDigest" = ${wordsDigest} AND ${OWN}
    ORDER BY k."createdAt" DESC, k.id DESC LIMIT ${EVIDENCE_SHOWN}`;
}

/** The newest kudos that somebody gave any of these people between two instants. @returns at most as many as a card shows, and how many there are */
export async function burstInstances(
  db: Db | Tx,
  organisationId: string,
  giverId: string,
  personIds: readonly string[],
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<{ readonly instances: readonly Instance[]; readonly count: number }> {
  const rows = await db.$queryRaw<(Instance & { readonly count: number })[]>`
    SELECT k.id, k."createdAt", count(*) OVER ()::int AS count FROM kudos k
    WHERE k."organisationId" = ${organisationId}::uuid AND k."giverId" = ${giverId}::uuid
      AND k."createdAt" >= ${from}::timestamptz AND k."createdAt" < ${to}::timestamptz AND ${OWN}
      AND EXISTS (SELECT 1 FROM kudos_receiver r
        WHERE r."organisationId" = k."organisationId" AND r."kudosId" = k.id AND r."personId" = ANY (${[...personIds]}::uuid[]))
    ORDER BY k."createdAt" DESC, k.id DESC LIMIT ${EVIDENCE_SHOWN}`;
  return { instances: rows.map(({ id, createdAt }) => ({ id, createdAt })), count: rows[0]?.count ?? 0 };
}

/** A flag as it is kept. */
export interface Flag {
  readonly id: string;
  readonly kind: FlagKind;
  readonly flagKey: string;
  /** The giver first. */
  readonly personIds: readonly string[];
  readonly evidence: FlagEvidence;
  readonly createdAt: Date;
  readonly seenById: string | null;
  readonly seenAt: Date | null;
}

export async function findFlag(db: Db | Tx, organisationId: string, id: string): Promise<Flag | undefined> {
  const row = await db.recognitionFlag.findUnique({ where: { organisationId_id: { organisationId, id } } });
  return row ? toFlag(row) : undefined;
}

/** The newest flag whose key begins so, made since then; locked until the commit. */
export async function lockFlagAbout(tx: Tx, organisationId: string, about: string, since: Date): Promise<Flag | undefined> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM recognition_flag f
    WHERE f."organisationId" = ${organisationId}::uuid AND starts_with(f."flagKey", ${`${about}@`}) AND f."createdAt" >= ${since}::timestamptz
    ORDER BY f."createdAt" DESC LIMIT 1 FOR UPDATE`;
  return row && (await findFlag(tx, organisationId, row.id));
}

/** @returns the new flag's id; undefined when its key is there already */
export async function addFlag(
  tx: Tx,
  organisationId: string,
  flag: Pick<Flag, 'kind' | 'flagKey' | 'personIds' | 'evidence'>,
  now: Date,
): Promise<string | undefined> {
  const id = newId(now);
  const { kind, flagKey, personIds, evidence } = flag;
  const { count } = await tx.recognitionFlag.createMany({
    data: {
      organisationId,
      id,
      kind,
      flagKey,
      personIds: [...personIds],
      evidence: { ...evidence, kudosIds: [...evidence.kudosIds] },
      createdAt: now,
    },
    skipDuplicates: true,
  });
  return count > 0 ? id : undefined;
}

/** What has been found since, of a flag that nobody has seen yet. */
export async function renewFlag(
  tx: Tx,
  organisationId: string,
  id: string,
  { personIds, evidence }: Pick<Flag, 'personIds' | 'evidence'>,
): Promise<void> {
  const data = { personIds: [...personIds], evidence: { ...evidence, kudosIds: [...evidence.kudosIds] } };
  await tx.recognitionFlag.updateMany({ where: { organisationId, id, seenAt: null }, data });
}

/** @returns whether this was the first to see it */
export async function seeFlag(tx: Tx, organisationId: string, id: string, seenById: string, now: Date): Promise<boolean> {
  const { count } = await tx.recognitionFlag.updateMany({ where: { organisationId, id, seenAt: null }, data: { seenById, seenAt: now } });
  return count > 0;
}

/** Flags that nobody has seen, without those that are about this manager, the newest first. */
export async function listFlags(
  db: Db | Tx,
  organisationId: string,
  managerId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly Flag[]; readonly total: number }> {
  const where = { organisationId, seenAt: null, NOT: { personIds: { has: managerId } } };
  const rows = await db.recognitionFlag.findMany({
    where,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip: page.offset,
    take: page.limit,
  });
  return { rows: rows.map(toFlag), total: await db.recognitionFlag.count({ where }) };
}

/** How many flags wait for this manager. */
export async function countFlags(db: Db | Tx, organisationId: string, managerId: string): Promise<number> {
  return await db.recognitionFlag.count({ where: { organisationId, seenAt: null, NOT: { personIds: { has: managerId } } } });
}

type Row = Omit<Flag, 'evidence'> & { readonly evidence: Prisma.JsonValue };

function toFlag({ id, kind, flagKey, personIds, evidence, createdAt, seenById, seenAt }: Row): Flag {
  // Written by `addFlag` and `renewFlag` alone.
  return { id, kind, flagKey, personIds, evidence: evidence as unknown as FlagEvidence, createdAt, seenById, seenAt };
}
