import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';

/** Whose leaderboard: of a period, for one value or all of them. */
export interface Board {
  readonly organisationId: string;
  /** `2026-11`, `2026-Q4`, `2026`. */
  readonly period: string;
  /** Null: all values together. */
  readonly valueId: string | null;
}

export interface Leader {
  readonly id: string;
  readonly name: string;
  readonly points: number;
  readonly kudos: number;
}

/** Rows of the index that holds a leaderboard in its order. */
const boardSql = ({ organisationId, period, valueId }: Board, kind: 'person' | 'team') => Prisma.sql`
  t."organisationId" = ${organisationId}::uuid AND t.period = ${period} AND t."subjectKind" = ${kind} AND t."valueId" = ${valueId ?? ''}`;

/** Whoever has something at all: what was taken back leaves rows of zero; a month may hold points that were added to an older kudos alone. */
const receivedSql = Prisma.sql`(t."receivedCount" > 0 OR t."receivedPoints" > 0)`;

/** The first `limit` people of a leaderboard, the most points first. */
export async function topPeople(db: Db | Tx, board: Board, limit: number): Promise<readonly Leader[]> {
  return await db.$queryRaw<Leader[]>`
    SELECT t."subjectId" AS id, p.name, t."receivedPoints" AS points, t."receivedCount" AS kudos
    FROM kudos_tally t
    CROSS JOIN LATERAL (
      SELECT q.name FROM person q WHERE q."organisationId" = t."organisationId" AND q.id = t."subjectId" AND q.status = 'active' OFFSET 0
    ) p
    LEFT JOIN LATERAL (
      SELECT c."offLeaderboards" FROM recognition_choice c
      WHERE c."organisationId" = t."organisationId" AND c."personId" = t."subjectId" OFFSET 0
    ) c ON true
    WHERE ${boardSql(board, 'person')} AND ${receivedSql} AND c."offLeaderboards" IS NOT TRUE
    ORDER BY t."receivedPoints" DESC, t."subjectId" LIMIT ${limit}`;
}

/** The first `limit` teams, by the points that their people received while they belonged to them. */
export async function topTeams(db: Db | Tx, board: Board, limit: number): Promise<readonly Leader[]> {
  return await db.$queryRaw<Leader[]>`
    SELECT t."subjectId" AS id, m.name, t."receivedPoints" AS points, t."receivedCount" AS kudos
    FROM kudos_tally t
    JOIN team m ON m."organisationId" = t."organisationId" AND m.id = t."subjectId"
    WHERE ${boardSql(board, 'team')} AND ${receivedSql}
    ORDER BY t."receivedPoints" DESC, t."subjectId" LIMIT ${limit}`;
}

export interface OwnPlace {
  readonly points: number;
  /** Null beyond the place that is still counted. */
  readonly rank: number | null;
}

/** Places beyond are not counted: it would read ever more rows to tell somebody nothing kind. */
const LAST_PLACE = 500;

/** A person's own place; undefined for whoever received nothing. */
export async function placeOf(db: Db | Tx, board: Board, personId: string): Promise<OwnPlace | undefined> {
  const [own] = await db.$queryRaw<{ points: number }[]>`
    SELECT t."receivedPoints" AS points FROM kudos_tally t
    WHERE ${boardSql(board, 'person')} AND ${receivedSql} AND t."subjectId" = ${personId}::uuid`;
  if (!own) return undefined;
  // In the index's order and from it alone, so that no plan reads a whole leaderboard to find the few who are above.
  const [above] = await db.$queryRaw<{ all: number; shown: number }[]>`
    WITH above AS MATERIALIZED (
      SELECT t."organisationId", t."subjectId" FROM kudos_tally t
      WHERE ${boardSql(board, 'person')} AND t."receivedPoints" > ${own.points}::int
      ORDER BY t."receivedPoints" DESC, t."subjectId" LIMIT ${LAST_PLACE}
    )
    SELECT count(*)::int AS all, (count(*) FILTER (WHERE
      EXISTS (SELECT 1 FROM person q WHERE q."organisationId" = a."organisationId" AND q.id = a."subjectId" AND q.status = 'active')
      AND NOT EXISTS (
        SELECT 1 FROM recognition_choice c
        WHERE c."organisationId" = a."organisationId" AND c."personId" = a."subjectId" AND c."offLeaderboards")))::int AS shown
    FROM above a`;
  return { points: own.points, rank: above && above.all < LAST_PLACE ? above.shown + 1 : null };
}
