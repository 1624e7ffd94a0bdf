import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';

/** From one instant on, before another. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** So many are looked at for one whose people are all still known. */
const CANDIDATES = 20;

/** What may be told to everybody: public, in words, and free of an open report. A predicate over `kudos k`. */
const tellable = Prisma.sql`k.state = 'given' AND k.public AND k.source <> 'reaction' AND k.words <> ''
  AND NOT EXISTS (
    SELECT 1 FROM kudos_report r WHERE r."organisationId" = k."organisationId" AND r."kudosId" = k.id AND r.state = 'open')`;

/** Of a row with the columns of `kudos`, `c`: nobody it names was erased. */
const known = Prisma.sql`NOT EXISTS (
  SELECT 1 FROM person p
  WHERE p."organisationId" = c."organisationId" AND p."erasedAt" IS NOT NULL AND (p.id = c."giverId" OR p.id IN (
    SELECT r."personId" FROM kudos_receiver r WHERE r."organisationId" = c."organisationId" AND r."kudosId" = c.id)))`;

/**
 * The kudos of a time that most colleagues joined, the newest of equals first: public, in words, and free of an open
 * report and of people who were erased.
 * @returns their ids
 */
export async function bestStories(db: Db | Tx, organisationId: string, { from, to }: Span, limit: number): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM (
      SELECT k."organisationId", k.id, k."giverId", k."createdAt", count(j."personId") AS joins
      FROM kudos k
      LEFT JOIN kudos_join j ON j."organisationId" = k."organisationId" AND j."kudosId" = k.id AND j."takenBackAt" IS NULL
      WHERE k."organisationId" = ${organisationId}::uuid AND k."createdAt" >= ${from}::timestamptz AND k."createdAt" < ${to}::timestamptz
        AND ${tellable}
      GROUP BY k."organisationId", k.id
      ORDER BY joins DESC, k."createdAt" DESC, k.id
      LIMIT ${CANDIDATES}
    ) c
    WHERE ${known}
    ORDER BY c.joins DESC, c."createdAt" DESC, c.id
    LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/** Those of the given kudos that may still be told. */
export async function stillTold(db: Db | Tx, organisationId: string, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM (
      SELECT k."organisationId", k.id, k."giverId" FROM kudos k
      WHERE k."organisationId" = ${organisationId}::uuid AND k.id = ANY (${[...ids]}::uuid[]) AND ${tellable}
    ) c
    WHERE ${known}`;
  return rows.map((row) => row.id);
}
