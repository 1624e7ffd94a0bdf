import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { CaseFigures, Counts, EntryRow, RatingRow, ThemeRow, TrendRow } from './figures.js';
import { addMonths, type Compared, monthSpan, type Span } from './months.js';
import { loadNames } from './store-names.js';

/** Months of the picture over time: the one that the report is of, and those before it. */
const TREND_MONTHS = 6;

/** What is no feedback, or isn't known to be any, counts nowhere; what waits for a manager for its words does. */
const COUNTS = Prisma.sql`f.state NOT IN ('spam', 'doubtful')`;
const COUNTS_NOT = Prisma.sql`f.state IN ('spam', 'doubtful')`;

/**
 * Counts what a month's report is made of. Ratings and themes are counted by indexes alone; what isn't to be counted among them is
 * taken off afterwards, since it is little.
 */
export async function countMonth(db: Db | Tx, organisation: Pick<Organisation, 'id' | 'zone'>, when: Compared): Promise<Counts> {
  const { id } = organisation;
  const spans = Prisma.sql`(VALUES (false, ${when.span.from}::timestamptz, ${when.span.to}::timestamptz),
                                   (true, ${when.spanBefore.from}::timestamptz, ${when.spanBefore.to}::timestamptz)) s (before, since, until)`;
  const [entries, ratings, themes, cases, named, locations] = await Promise.all([
    countEntries(db, id, spans),
    countRatings(db, id, spans),
    countThemes(db, id, spans),
    countCases(db, id, when),
    loadNames(db, id),
    db.location.findMany({ where: { organisationId: id }, select: { id: true, name: true } }),
  ]);
  const { questions, themes: knownThemes } = named;
  const overall = questions.find(({ key }) => key === 'overall')?.id ?? null;
  return {
    entries,
    ratings,
    themes,
    cases,
    earlier: await countTrend(db, organisation, when.month, overall),
    questions,
    knownThemes,
    locations: new Map(locations.map((row) => [row.id, row.name])),
  };
}

async function countEntries(db: Db | Tx, organisationId: string, spans: Prisma.Sql): Promise<EntryRow[]> {
  return await db.$queryRaw<EntryRow[]>`
    SELECT s.before, e.source, e."locationId", e.private, e.entries
    FROM ${spans} CROSS JOIN LATERAL (
      SELECT f.source::text AS source, f."locationId", f.state = 'private' AS private, count(*)::int AS entries
      FROM feedback f
      WHERE f."organisationId" = ${organisationId}::uuid AND f."receivedAt" >= s.since AND f."receivedAt" < s.until AND ${COUNTS}
      GROUP BY 1, 2, 3
    ) e`;
}

async function countRatings(db: Db | Tx, organisationId: string, spans: Prisma.Sql): Promise<RatingRow[]> {
  return await db.$queryRaw<RatingRow[]>`
    SELECT s.before, c."questionId", c.value, c."locationId", c.ratings
    FROM ${spans} CROSS JOIN LATERAL (
      SELECT b."questionId", b.value::int AS value, b."locationId", sum(b.ratings)::int AS ratings
      FROM (
        SELECT r."questionId", r.value, r."locationId", count(*) AS ratings
        FROM feedback_rating r
        WHERE r."organisationId" = ${organisationId}::uuid AND r."receivedAt" >= s.since AND r."receivedAt" < s.until
        GROUP BY 1, 2, 3
        UNION ALL
        SELECT r."questionId", r.value, r."locationId", -count(*)
        FROM feedback f JOIN feedback_rating r ON r."organisationId" = f."organisationId" AND r."feedbackId" = f.id
        WHERE f."organisationId" = ${organisationId}::uuid AND f."receivedAt" >= s.since AND f."receivedAt" < s.until AND ${COUNTS_NOT}
        GROUP BY 1, 2, 3
      ) b
      GROUP BY 1, 2, 3 HAVING sum(b.ratings) > 0
    ) c`;
}

async function countThemes(db: Db | Tx, organisationId: string, spans: Prisma.Sql): Promise<ThemeRow[]> {
  return await db.$queryRaw<ThemeRow[]>`
    WITH special AS MATERIALIZED (
      SELECT s.before, a."themeId", count(*) FILTER (WHERE f.state = 'private') AS private, count(*) FILTER (WHERE ${COUNTS_NOT}) AS none
      FROM ${spans}
      JOIN feedback f ON f."organisationId" = ${organisationId}::uuid AND f."receivedAt" >= s.since AND f."receivedAt" < s.until
        AND f.state IN ('private', 'spam', 'doubtful')
      JOIN feedback_about a ON a."organisationId" = f."organisationId" AND a."feedbackId" = f.id
      GROUP BY 1, 2
    )
    SELECT s.before, t.id AS "themeId", (c.entries - COALESCE(x.none, 0))::int AS entries, COALESCE(x.private, 0)::int AS private
    FROM feedback_theme t CROSS JOIN ${spans}
    CROSS JOIN LATERAL (
      SELECT count(*) AS entries FROM feedback_about a
      WHERE a."organisationId" = t."organisationId" AND a."themeId" = t.id AND a."receivedAt" >= s.since AND a."receivedAt" < s.until
    ) c
    LEFT JOIN special x ON x.before = s.before AND x."themeId" = t.id
    WHERE t."organisationId" = ${organisationId}::uuid AND c.entries > 0`;
}

/** The months before the one that the report is of: that one has been counted already. */
async function countTrend(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id' | 'zone'>,
  month: string,
  overall: string | null,
): Promise<TrendRow[]> {
  const months = Array.from({ length: TREND_MONTHS - 1 }, (_, index) => addMonths(month, index + 1 - TREND_MONTHS));
  const values = Prisma.join(
    months.map((each) => {
      const { from, to } = monthSpan(each, organisation.zone);
      return Prisma.sql`(${each}::text, ${from}::timestamptz, ${to}::timestamptz)`;
    }),
  );
  return await db.$queryRaw<TrendRow[]>`
    SELECT s.month, e.entries, (r.rated - x.rated)::int AS rated, (r.content - x.content)::int AS content
    FROM (VALUES ${values}) s (month, since, until)
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE ${COUNTS})::int AS entries, array_agg(f.id) FILTER (WHERE ${COUNTS_NOT}) AS none FROM feedback f
      WHERE f."organisationId" = ${organisation.id}::uuid AND f."receivedAt" >= s.since AND f."receivedAt" < s.until
    ) e
    CROSS JOIN LATERAL (
      SELECT count(*) AS rated, count(*) FILTER (WHERE r.value >= 4) AS content FROM feedback_rating r
      WHERE r."organisationId" = ${organisation.id}::uuid AND r."receivedAt" >= s.since AND r."receivedAt" < s.until
        AND r."questionId" = ${overall}::uuid
    ) r
    CROSS JOIN LATERAL (
      SELECT count(*) AS rated, count(*) FILTER (WHERE r.value >= 4) AS content FROM feedback_rating r
      WHERE r."organisationId" = ${organisation.id}::uuid AND r."feedbackId" = ANY (e.none) AND r."questionId" = ${overall}::uuid
    ) x
    ORDER BY s.month`;
}

interface CaseRow extends Omit<CaseFigures, 'response' | 'resolution'> {
  readonly answered: number;
  readonly answeredMedian: number | null;
  readonly answeredInTime: number;
  readonly answeredLate: number;
  readonly resolved: number;
  readonly resolvedMedian: number | null;
  readonly resolvedInTime: number;
}

/** One pass over the cases: there is no index for every end that a case can come to, and a case is one entry in seven at most. */
async function countCases(db: Db | Tx, organisationId: string, { span, spanBefore }: Compared): Promise<CaseFigures> {
  const within = (column: Prisma.Sql, { from, to }: Span) =>
    Prisma.sql`(${column} >= ${from}::timestamptz AND ${column} < ${to}::timestamptz)`;
  const opened = within(Prisma.sql`c."openedAt"`, span);
  const closed = within(Prisma.sql`c."closedAt"`, span);
  const resolved = within(Prisma.sql`c."resolvedAt"`, span);
  const followed = Prisma.sql`c.outcome IS DISTINCT FROM 'merged'`;
  const seconds = (until: Prisma.Sql) => Prisma.sql`extract(epoch FROM ${until} - c."openedAt")`;
  const [row] = await db.$queryRaw<CaseRow[]>`
    SELECT count(*) FILTER (WHERE ${opened})::int AS opened,
           count(*) FILTER (WHERE ${within(Prisma.sql`c."openedAt"`, spanBefore)})::int AS "openedBefore",
           count(*) FILTER (WHERE ${closed} AND c.outcome = 'confirmed')::int AS confirmed,
           count(*) FILTER (WHERE ${closed} AND c.outcome = 'unconfirmed')::int AS unconfirmed,
           count(*) FILTER (WHERE ${closed} AND c.outcome = 'merged')::int AS merged,
           count(*) FILTER (WHERE ${within(Prisma.sql`c."reopenedAt"`, span)})::int AS reopened,
           count(*) FILTER (WHERE ${opened} AND ${followed} AND c."respondedAt" IS NOT NULL)::int AS answered,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY ${seconds(Prisma.sql`c."respondedAt"`)})
             FILTER (WHERE ${opened} AND ${followed} AND c."respondedAt" IS NOT NULL)::float8 AS "answeredMedian",
           count(*) FILTER (WHERE ${opened} AND ${followed} AND c."respondedAt" <= c."dueAt")::int AS "answeredInTime",
           count(*) FILTER (WHERE ${opened} AND ${followed}
             AND (c."respondedAt" > c."dueAt" OR (c."respondedAt" IS NULL AND c."dueAt" < ${span.to}::timestamptz)))::int AS "answeredLate",
           count(*) FILTER (WHERE ${resolved} AND ${followed})::int AS resolved,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY ${seconds(Prisma.sql`c."resolvedAt"`)})
             FILTER (WHERE ${resolved} AND ${followed})::float8 AS "resolvedMedian",
           count(*) FILTER (WHERE ${resolved} AND ${followed} AND c."resolvedAt" <= c."dueAt")::int AS "resolvedInTime"
    FROM feedback_case c
    WHERE c."organisationId" = ${organisationId}::uuid
      AND (c."openedAt" >= ${spanBefore.from}::timestamptz OR c."closedAt" >= ${span.from}::timestamptz OR c."resolvedAt" >= ${span.from}::timestamptz
           OR c."reopenedAt" >= ${span.from}::timestamptz)`;
  // An aggregate without groups has one row always.
  if (!row) throw new Error('Cases were not counted.');
  const { opened: count, openedBefore, confirmed, unconfirmed, merged, reopened, ...times } = row;
  return {
    opened: count,
    openedBefore,
    confirmed,
    unconfirmed,
    merged,
    reopened,
    response: {
      median: times.answeredMedian,
      count: times.answered,
      inTime: times.answeredInTime,
      due: times.answeredInTime + times.answeredLate,
    },
    resolution: { median: times.resolvedMedian, count: times.resolved, inTime: times.resolvedInTime, due: times.resolved },
  };
}

/** Whether anything came in within a span. */
export async function hasEntries(db: Db | Tx, organisationId: string, { from, to }: Span): Promise<boolean> {
  const found = await db.feedback.findFirst({
    where: { organisationId, receivedAt: { gte: from, lt: to }, state: { notIn: ['spam', 'doubtful'] } },
    select: { id: true },
  });
  return found !== null;
}

/** Whether a message is on its way already, or went out. */
export async function isOnItsWay(db: Db | Tx, organisationId: string, subjectKey: string): Promise<boolean> {
  const found = await db.delivery.findUnique({
    where: { organisationId_subjectKey: { organisationId, subjectKey } },
    select: { id: true },
  });
  return found !== null;
}

/** Whether these pictures are all still kept. */
export async function arePicturesKept(db: Db | Tx, organisationId: string, ids: readonly (string | null)[]): Promise<boolean> {
  const wanted = ids.filter((id): id is string => id !== null);
  return wanted.length === ids.length && (await db.picture.count({ where: { organisationId, id: { in: wanted } } })) === wanted.length;
}
