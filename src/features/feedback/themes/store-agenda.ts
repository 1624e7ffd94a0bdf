import { Prisma } from '../../../generated/prisma/client.js';
import type { AgendaPeriod } from '../../../people/agenda.js';
import type { Db, Tx } from '../../../people/db.js';

/** Complaints and low ratings; `f` is the feedback. */
const bad = (lowStars: number): Prisma.Sql => Prisma.sql`(f.kind = 'complaint' OR f.stars <= ${lowStars})`;

/** Themes that came back within a period, those with the most complaints first. What is private, held or doubtful isn't counted. */
export async function recurring(
  db: Db | Tx,
  organisationId: string,
  { from, to }: AgendaPeriod,
  { lowStars, fewest, limit }: { readonly lowStars: number; readonly fewest: number; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ themeId: string }[]>`
    SELECT a."themeId" FROM feedback_about a
    JOIN feedback f ON f."organisationId" = a."organisationId" AND f.id = a."feedbackId"
    JOIN feedback_theme t ON t."organisationId" = a."organisationId" AND t.id = a."themeId" AND t."retiredAt" IS NULL
    WHERE a."organisationId" = ${organisationId}::uuid AND a."receivedAt" >= ${from}::timestamptz AND a."receivedAt" < ${to}::timestamptz
      AND f.state = 'passed' AND f.kind <> 'praise'
    GROUP BY a."themeId", t.position
    HAVING count(*) >= ${fewest} AND count(*) FILTER (WHERE ${bad(lowStars)}) > 0
    ORDER BY count(*) FILTER (WHERE ${bad(lowStars)}) DESC, count(*) DESC, t.position
    LIMIT ${limit}`;
  return rows.map(({ themeId }) => themeId);
}

/** How often a theme came up in a period, and in a time of the same length before it. */
export interface Mentions {
  readonly recent: number;
  readonly before: number;
}

/** How often themes came up, by theme; those that didn't are left out. What is private, held or doubtful isn't counted. */
export async function countMentions(
  db: Db | Tx,
  organisationId: string,
  { from, to }: AgendaPeriod,
  themeIds: readonly string[],
): Promise<ReadonlyMap<string, Mentions>> {
  const start = new Date(2 * from.getTime() - to.getTime());
  const recently = Prisma.sql`a."receivedAt" >= ${from}::timestamptz`;
  const rows = await db.$queryRaw<(Mentions & { themeId: string })[]>`
    SELECT a."themeId", (count(*) FILTER (WHERE ${recently}))::int AS recent, (count(*) FILTER (WHERE NOT ${recently}))::int AS before
    FROM feedback_about a
    JOIN feedback f ON f."organisationId" = a."organisationId" AND f.id = a."feedbackId"
    WHERE a."organisationId" = ${organisationId}::uuid AND a."themeId" = ANY (${[...themeIds]}::uuid[])
      AND a."receivedAt" >= ${start}::timestamptz AND a."receivedAt" < ${to}::timestamptz AND f.state = 'passed' AND f.kind <> 'praise'
    GROUP BY a."themeId"`;
  return new Map(rows.map(({ themeId, recent, before }) => [themeId, { recent, before }]));
}

/**
 * Words that everybody at work could read already: passed on to a channel that is open, about no colleague, not removed since, on no
 * private case.
 */
const QUOTABLE = Prisma.sql`f.state = 'passed' AND f."strippedAt" IS NULL AND jsonb_array_length(f.words) > 0
  AND EXISTS (
    SELECT 1 FROM channel h
    WHERE h."organisationId" = f."organisationId" AND h.id = f."channelId" AND NOT h."isPrivate" AND h.kind = 'channel')
  AND NOT EXISTS (SELECT 1 FROM feedback_concern k WHERE k."organisationId" = f."organisationId" AND k."feedbackId" = f.id)
  AND NOT EXISTS (SELECT 1 FROM feedback_case c WHERE c."organisationId" = f."organisationId" AND c."feedbackId" = f.id AND c.private)`;

/** Feedback about these themes whose words could be quoted, complaints and the latest first; with the theme that comes first. */
export async function quotable(
  db: Db | Tx,
  organisationId: string,
  { from, to }: AgendaPeriod,
  themeIds: readonly string[],
  { lowStars, limit }: { readonly lowStars: number; readonly limit: number },
): Promise<readonly { readonly id: string; readonly themeId: string }[]> {
  if (themeIds.length === 0) return [];
  return await db.$queryRaw<{ id: string; themeId: string }[]>`
    SELECT q.id, q."themeId" FROM (
      SELECT DISTINCT ON (f.id) f.id, a."themeId", array_position(${[...themeIds]}::uuid[], a."themeId") AS place, ${bad(lowStars)} AS bad, f."receivedAt"
      FROM feedback_about a
      JOIN feedback f ON f."organisationId" = a."organisationId" AND f.id = a."feedbackId"
      WHERE a."organisationId" = ${organisationId}::uuid AND a."themeId" = ANY (${[...themeIds]}::uuid[])
        AND a."receivedAt" >= ${from}::timestamptz AND a."receivedAt" < ${to}::timestamptz AND f.kind <> 'praise' AND ${QUOTABLE}
      ORDER BY f.id, array_position(${[...themeIds]}::uuid[], a."themeId")
    ) q
    ORDER BY COALESCE(q.bad, false) DESC, q.place, q."receivedAt" DESC, q.id
    LIMIT ${limit}`;
}

/** Those of these entries whose words could be quoted now. */
export async function stillQuotable(db: Db | Tx, organisationId: string, feedbackIds: readonly string[]): Promise<readonly string[]> {
  if (feedbackIds.length === 0) return [];
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM feedback f
    WHERE f."organisationId" = ${organisationId}::uuid AND f.id = ANY (${[...feedbackIds]}::uuid[]) AND ${QUOTABLE}`;
  return rows.map(({ id }) => id);
}
