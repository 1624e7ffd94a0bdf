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

/** Rows of the index that holds a leaderboard in its order; who has nothing at all is not in it. */
const boardSql = ({ organisationId, period, valueId }: Board, kind: 'person' | 'team') => Prisma.sql`
  t."organisationId" = ${organisationId}::uuid AND t.period = ${period} AND t."subjectKind" = ${kind} AND t."valueId" = ${valueId ?? ''}
  AND t."receivedCount" > 0`;

/** Whoever may be shown: still here, and not one who has left the leaderboards. */
const shownSql = Prisma.sql`EXISTS (
    SELECT 1 FROM person q WHERE q."organisationId" = t."organisationId" AND q.id = t."subjectId" AND q.status = 'active')
  AND NOT EXISTS (
    SELECT 1 FROM recognition_choice c
    WHERE c."organisationId" = t."organisationId" AND c."personId" = t."subjectId" AND c."offLeaderboards")`;

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
    WHERE ${boardSql(board, 'person')} AND c."offLeaderboards" IS NOT TRUE
    ORDER BY t."receivedPoints" DESC, t."subjectId" LIMIT ${limit}`;
}

export type LeadingTeam = Leader & { readonly people: number };

/** The first `limit` teams, by the points that their people received while they belonged to them. */
export async function topTeams(db: Db | Tx, board: Board, limit: number): Promise<readonly LeadingTeam[]> {
  return await db.$queryRaw<LeadingTeam[]>`
    SELECT t."subjectId" AS id, m.name, t."receivedPoints" AS points, t."receivedCount" AS kudos,
           (SELECT count(*)::int FROM person p
            WHERE p."organisationId" = t."organisationId" AND p."teamId" = t."subjectId" AND p.status = 'active') AS people
    FROM kudos_tally t
    JOIN team m ON m."organisationId" = t."organisationId" AND m.id = t."subjectId"
    WHERE ${boardSql(board, 'team')}
    ORDER BY t."receivedPoints" DESC, t."subjectId" LIMIT ${limit}`;
}

export interface OwnPlace {
  readonly points: number;
  /** Null beyond the place that is still counted. */
  readonly rank: number | null;
}

/** Places beyond are not counted: it would read ever more rows to tell somebody nothing kind. */
const LAST_PLACE = 1_000;

/** A person's own place; undefined for whoever received nothing. */
export async function placeOf(db: Db | Tx, board: Board, personId: string): Promise<OwnPlace | undefined> {
  const [own] = await db.$queryRaw<{ points: number }[]>`
    SELECT t."receivedPoints" AS points FROM kudos_tally t WHERE ${boardSql(board, 'person')} AND t."subjectId" = ${personId}::uuid`;
  if (!own) return undefined;
  const [above] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM kudos_tally t
      WHERE ${boardSql(board, 'person')} AND t."receivedPoints" > ${own.points}::int AND ${shownSql}
      LIMIT ${LAST_PLACE}
    ) x`;
  const count = above?.count ?? 0;
  return { points: own.points, rank: count < LAST_PLACE ? count + 1 : null };
}
