import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { readableSql, type Sight } from '../cases/store-sight.js';
import type { CaseState, Kind, Outcome, Rating, SaidWords, Source } from '../model.js';
import { SaidWordsColumn } from '../schema.js';
import type { Span } from './months.js';

/** One line of the file. */
export interface ExportRow {
  readonly id: string;
  readonly reference: string;
  readonly receivedAt: Date;
  readonly location: string | null;
  readonly page: string | null;
  readonly source: Source;
  readonly kind: Kind;
  readonly stars: number | null;
  readonly language: string;
  readonly words: readonly SaidWords[];
  readonly ratings: readonly Rating[];
  readonly themeIds: readonly string[];
  readonly case: ExportedCase | null;
}

export interface ExportedCase {
  readonly number: number;
  readonly state: CaseState;
  readonly outcome: Outcome | null;
  readonly openedAt: Date;
  readonly respondedAt: Date | null;
  readonly dueAt: Date;
  readonly resolvedAt: Date | null;
  readonly closedAt: Date | null;
  readonly satisfaction: number | null;
}

/** Where the rows before ended. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

/** The case `c` that follows the feedback `f`. */
const FOLLOWED_BY = Prisma.sql`LEFT JOIN LATERAL (
  SELECT x.* FROM feedback_case x WHERE x."organisationId" = f."organisationId" AND x."feedbackId" = f.id ORDER BY x."openedAt" LIMIT 1
) c ON true`;

type Found = Omit<ExportRow, 'words' | 'case'> & ExportedCase & { readonly words: unknown };

/** Rows that somebody may read, in the order in which they came, after those before. */
export async function exportPage(
  db: Db | Tx,
  organisationId: string,
  sight: Sight,
  { from, to }: Span,
  after: Cursor | undefined,
  limit: number,
): Promise<ExportRow[]> {
  const rows = await db.$queryRaw<Found[]>`
    WITH page AS MATERIALIZED (
      SELECT f.* FROM feedback f ${FOLLOWED_BY}
      WHERE f."organisationId" = ${organisationId}::uuid AND f."receivedAt" >= ${from}::timestamptz AND f."receivedAt" < ${to}::timestamptz
        ${after ? Prisma.sql`AND f."receivedAt" >= ${after.at}::timestamptz AND (f."receivedAt", f.id) > (${after.at}::timestamptz, ${after.id}::uuid)` : Prisma.empty}
        AND f.state NOT IN ('fresh', 'spam', 'doubtful') AND ${readableSql(sight)}
      ORDER BY f."receivedAt", f.id LIMIT ${limit}
    )
    SELECT f.id, f.reference, f."receivedAt", l.name AS location, g.name AS page, f.source::text AS source, f.kind::text AS kind, f.stars::int AS stars,
           f.language, f.words, r.ratings, t."themeIds", c.number, c.state::text AS state, c.outcome::text AS outcome, c."openedAt", c."respondedAt",
           c."dueAt", c."resolvedAt", c."closedAt", c.satisfaction::int AS satisfaction
    FROM page f
    LEFT JOIN location l ON l."organisationId" = f."organisationId" AND l.id = f."locationId"
    LEFT JOIN feedback_page g ON g."organisationId" = f."organisationId" AND g.id = f."pageId"
    CROSS JOIN LATERAL (
      SELECT COALESCE(json_agg(json_build_object('questionId', x."questionId", 'value', x.value)), '[]') AS ratings FROM feedback_rating x
      WHERE x."organisationId" = f."organisationId" AND x."feedbackId" = f.id
    ) r
    CROSS JOIN LATERAL (
      SELECT COALESCE(array_agg(x."themeId"::text), '{}') AS "themeIds" FROM feedback_about x
      WHERE x."organisationId" = f."organisationId" AND x."feedbackId" = f.id
    ) t
    ${FOLLOWED_BY}
    ORDER BY f."receivedAt", f.id`;
  return rows.map(({ number, state, outcome, openedAt, respondedAt, dueAt, resolvedAt, closedAt, satisfaction, words, ...row }) => ({
    ...row,
    words: SaidWordsColumn.parse(words),
    case: number === null ? null : { number, state, outcome, openedAt, respondedAt, dueAt, resolvedAt, closedAt, satisfaction },
  }));
}

/** When the first and the last feedback came; undefined without any. */
export async function entrySpan(db: Db | Tx, organisationId: string): Promise<{ readonly first: Date; readonly last: Date } | undefined> {
  const [row] = await db.$queryRaw<{ first: Date | null; last: Date | null }[]>`
    SELECT min("receivedAt") AS first, max("receivedAt") AS last FROM feedback WHERE "organisationId" = ${organisationId}::uuid`;
  return row?.first && row.last ? { first: row.first, last: row.last } : undefined;
}
