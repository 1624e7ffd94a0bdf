import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';

/** Whose digest: a channel's, or one person's own. */
export type DigestOf = { readonly channelId: string } | { readonly personId: string };

/** What it is counted by: all of today is due today. */
export interface DigestDay {
  readonly now: Date;
  /** When the day ends. */
  readonly endsAt: Date;
}

/** How a case stands in a digest. */
export type DigestStanding = 'overdue' | 'today' | 'closable';

export interface DigestCounts {
  readonly overdue: number;
  readonly today: number;
  /** Resolved, and may be closed as unconfirmed by now. */
  readonly closable: number;
}

export interface DigestRow {
  readonly caseId: string;
  readonly feedbackId: string;
  readonly number: number;
  readonly standing: DigestStanding;
  readonly dueAt: Date;
  readonly ownerName: string | null;
}

/** Cases that somebody has to do something about today, as `c` with their feedback `f`. */
const TABLES = Prisma.sql`feedback_case c JOIN feedback f ON f."organisationId" = c."organisationId" AND f.id = c."feedbackId"`;

/** What was posted in a channel is told there, unless it became private since; everything else is its owner's alone. */
const CHANNEL = Prisma.sql`CASE WHEN NOT c.private AND f.state = 'passed' THEN f."channelId" END`;

// Two arms, so that each is read by its partial index.
const dueSql = (organisationId: string, { endsAt }: DigestDay) => Prisma.sql`
  c."organisationId" = ${organisationId}::uuid AND c.state IN ('open', 'claimed') AND c."pausedUntil" IS NULL AND c."dueAt" < ${endsAt}::timestamptz`;
const closableSql = (organisationId: string, { now }: DigestDay) => Prisma.sql`
  c."organisationId" = ${organisationId}::uuid AND c.state = 'resolved' AND c."closableAt" <= ${now}::timestamptz`;

/** Everybody whose digest has something in it. */
export async function findDigests(db: Db | Tx, organisationId: string, day: DigestDay): Promise<DigestOf[]> {
  const rows = await db.$queryRaw<{ channelId: string | null; personId: string | null }[]>`
    SELECT DISTINCT x."channelId", CASE WHEN x."channelId" IS NULL THEN x."ownerId" END AS "personId" FROM (
      SELECT ${CHANNEL} AS "channelId", c."ownerId" FROM ${TABLES} WHERE ${dueSql(organisationId, day)}
      UNION ALL
      SELECT ${CHANNEL} AS "channelId", c."ownerId" FROM ${TABLES} WHERE ${closableSql(organisationId, day)}
    ) x`;
  return rows.flatMap(({ channelId, personId }): DigestOf[] => {
    if (channelId !== null) return [{ channelId }];
    return personId === null ? [] : [{ personId }];
  });
}

/** Of a person's own digest: theirs, posted in no channel, and not about themselves. */
const inDigest = (of: DigestOf): Prisma.Sql =>
  'channelId' in of
    ? Prisma.sql`${CHANNEL} = ${of.channelId}::uuid`
    : Prisma.sql`${CHANNEL} IS NULL AND c."ownerId" = ${of.personId}::uuid AND NOT (c.private AND EXISTS (
        SELECT 1 FROM feedback_concern fc
        WHERE fc."organisationId" = c."organisationId" AND fc."feedbackId" = c."feedbackId" AND fc."personId" = ${of.personId}::uuid))`;

/** What a digest counts, and its first rows: overdue ones first, each sort with the oldest before. */
export async function readDigest(
  db: Db | Tx,
  organisationId: string,
  of: DigestOf,
  day: DigestDay,
  most: number,
): Promise<{ readonly counts: DigestCounts; readonly rows: readonly DigestRow[] }> {
  const rows = await db.$queryRaw<(DigestRow & { overdue: number; today: number; closable: number })[]>`
    SELECT x.*, o.name AS "ownerName",
           (count(*) FILTER (WHERE x.standing = 'overdue') OVER ())::int AS overdue,
           (count(*) FILTER (WHERE x.standing = 'today') OVER ())::int AS today,
           (count(*) FILTER (WHERE x.standing = 'closable') OVER ())::int AS closable
    FROM (
      SELECT c.id AS "caseId", c."feedbackId", c.number, c."dueAt", c."ownerId", c."dueAt" AS at,
             CASE WHEN c."dueAt" < ${day.now}::timestamptz THEN 'overdue' ELSE 'today' END AS standing
      FROM ${TABLES} WHERE ${dueSql(organisationId, day)} AND ${inDigest(of)}
      UNION ALL
      SELECT c.id, c."feedbackId", c.number, c."dueAt", c."ownerId", c."closableAt", 'closable'
      FROM ${TABLES} WHERE ${closableSql(organisationId, day)} AND ${inDigest(of)}
    ) x
    LEFT JOIN person o ON o."organisationId" = ${organisationId}::uuid AND o.id = x."ownerId"
    ORDER BY x.standing = 'closable', x.at, x.number
    LIMIT ${most}`;
  const { overdue = 0, today = 0, closable = 0 } = rows[0] ?? {};
  return { counts: { overdue, today, closable }, rows };
}
