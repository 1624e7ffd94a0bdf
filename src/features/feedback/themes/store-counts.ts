import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { readableSql, type Sight } from '../cases/store-sight.js';
import { inRow } from '../reporting/figures.js';

/** Days that a theme's counts compare with as many before them. */
const TREND_DAYS = 30;
const DAY_MS = 86_400_000;

/** How often a theme was mentioned. */
export interface Trend {
  /** In the last 30 days. */
  readonly recent: number;
  /** In the 30 days before. */
  readonly before: number;
}

/** What counts: neither what is still to be looked at nor what was none. */
const COUNTED = Prisma.sql`f.state IN ('passed', 'private', 'held')`;

/** What not everybody may know of; where it stands alone a count would tell of it. */
const SECRET = Prisma.sql`f.state <> 'passed'`;

/**
 * How often themes were mentioned lately, by theme; those that weren't are left out.
 * @param themeIds of these themes alone
 */
export async function countTrends(
  db: Db | Tx,
  organisationId: string,
  now: Date,
  themeIds?: readonly string[],
): Promise<ReadonlyMap<string, Trend>> {
  const middle = new Date(now.getTime() - TREND_DAYS * DAY_MS);
  const from = new Date(now.getTime() - 2 * TREND_DAYS * DAY_MS);
  const among = themeIds ? Prisma.sql`AND a."themeId" = ANY (${[...themeIds]}::uuid[])` : Prisma.empty;
  const recently = Prisma.sql`a."receivedAt" > ${middle}::timestamptz`;
  const rows = await db.$queryRaw<(Trend & { themeId: string; recentSecret: number; beforeSecret: number })[]>`
    SELECT a."themeId", (count(*) FILTER (WHERE ${recently}))::int AS recent, (count(*) FILTER (WHERE NOT ${recently}))::int AS before,
           (count(*) FILTER (WHERE ${recently} AND ${SECRET}))::int AS "recentSecret",
           (count(*) FILTER (WHERE NOT ${recently} AND ${SECRET}))::int AS "beforeSecret"
    FROM feedback_about a
    JOIN feedback f ON f."organisationId" = a."organisationId" AND f.id = a."feedbackId"
    WHERE a."organisationId" = ${organisationId}::uuid AND a."receivedAt" > ${from}::timestamptz AND a."receivedAt" <= ${now}::timestamptz
      AND ${COUNTED} ${among}
    GROUP BY a."themeId"`;
  return new Map(
    rows.map((row) => [row.themeId, { recent: inRow(row.recent, row.recentSecret), before: inRow(row.before, row.beforeSecret) }]),
  );
}

/**
 * How often a theme was mentioned, month by month.
 * @param zone IANA zone in which months begin
 * @returns `YYYY-MM` and its count; months without a mention are left out
 */
export async function countMonths(
  db: Db | Tx,
  organisationId: string,
  themeId: string,
  { from, zone }: { readonly from: Date; readonly zone: string },
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.$queryRaw<{ month: string; count: number; secret: number }[]>`
    SELECT to_char(a."receivedAt" AT TIME ZONE ${zone}, 'YYYY-MM') AS month, count(*)::int AS count, (count(*) FILTER (WHERE ${SECRET}))::int AS secret
    FROM feedback_about a
    JOIN feedback f ON f."organisationId" = a."organisationId" AND f.id = a."feedbackId"
    WHERE a."organisationId" = ${organisationId}::uuid AND a."themeId" = ${themeId}::uuid AND a."receivedAt" >= ${from}::timestamptz
      AND ${COUNTED}
    GROUP BY 1`;
  return new Map(rows.map(({ month, count, secret }) => [month, inRow(count, secret)]));
}

/** Further ones are not counted: of a theme that many mention, that would take longer than finding the latest. */
const MORE_COUNTED = 100;

/**
 * Ids of the feedback about a theme that somebody may read, the latest first.
 * @returns `total`: how much of it there is; when `more`, at least so much
 */
export async function listAbout(
  db: Db | Tx,
  organisationId: string,
  themeId: string,
  sight: Sight,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly ids: readonly string[]; readonly total: number; readonly more: boolean }> {
  const most = offset + limit + MORE_COUNTED;
  const from = Prisma.sql`
    FROM feedback_about a
    JOIN feedback f ON f."organisationId" = a."organisationId" AND f.id = a."feedbackId" AND ${COUNTED}
    LEFT JOIN LATERAL (
      SELECT k.private, k."ownerId" FROM feedback_case k
      WHERE k."organisationId" = f."organisationId" AND k."feedbackId" = f.id ORDER BY k."openedAt" LIMIT 1
    ) c ON true
    WHERE a."organisationId" = ${organisationId}::uuid AND a."themeId" = ${themeId}::uuid AND ${readableSql(sight)}`;
  const [rows, counted] = await Promise.all([
    db.$queryRaw<{ id: string }[]>`SELECT f.id ${from} ORDER BY a."receivedAt" DESC, f.id DESC LIMIT ${limit} OFFSET ${offset}`,
    db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM (SELECT 1 ${from} LIMIT ${most + 1}) k`,
  ]);
  const total = counted[0]?.total ?? 0;
  return { ids: rows.map(({ id }) => id), total: Math.min(total, most), more: total > most };
}
