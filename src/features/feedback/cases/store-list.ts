import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { CaseState, Kind, SaidWords } from '../model.js';
import { SaidWordsColumn } from '../schema.js';
import type { Filter } from './schema.js';
import { readableSql, type Sight } from './store-sight.js';

/** A case as a list tells of it. */
export interface Listed {
  readonly id: string;
  readonly number: number;
  readonly state: CaseState;
  readonly kind: Kind;
  readonly stars: number | null;
  readonly words: readonly SaidWords[];
  readonly locationName: string | null;
  readonly dueAt: Date;
  readonly pausedUntil: Date | null;
  readonly ownerName: string | null;
  readonly closableAt: Date | null;
}

/** Further ones are not counted: nobody reads a hundred thousand rows, and counting them takes longer than finding the first. */
export const COUNTED = 100;

export interface Listing {
  readonly rows: readonly Listed[];
  /** How many there are, from the first on; when `more`, at least so many. */
  readonly total: number;
  readonly more: boolean;
}

interface Asked {
  readonly filter: Filter;
  readonly offset: number;
  readonly limit: number;
  readonly now: Date;
}

/** The cases that a filter lets through and somebody may read: what is due first comes first, what rests comes last. */
export async function listOpen(db: Db | Tx, organisationId: string, sight: Sight, { filter, offset, limit, now }: Asked): Promise<Listing> {
  const end = offset + limit;
  const found = await db.$queryRaw<(Omit<Listed, 'words'> & { readonly words: unknown })[]>`
    SELECT c.id, c.number, c.state::text AS state, f.kind::text AS kind, f.stars::int AS stars, f.words, l.name AS "locationName", c."dueAt",
           c."pausedUntil", o.name AS "ownerName", c."closableAt"
    FROM (SELECT * FROM (${partsSql(organisationId, sight, filter, now, end)}) p ORDER BY rests, at, number LIMIT ${limit} OFFSET ${offset}) k
    JOIN feedback_case c ON c."organisationId" = ${organisationId}::uuid AND c.id = k.id
    JOIN feedback f ON f."organisationId" = c."organisationId" AND f.id = c."feedbackId"
    LEFT JOIN location l ON l."organisationId" = c."organisationId" AND l.id = c."locationId"
    LEFT JOIN person o ON o."organisationId" = c."organisationId" AND o.id = c."ownerId"
    ORDER BY k.rests, k.at, k.number`;
  const rows = found.map((row) => ({ ...row, words: SaidWordsColumn.parse(row.words) }));
  // A page that isn't full is the last one: there is nothing to count, which would mean looking through all of them again.
  if (rows.length < limit && (rows.length > 0 || offset === 0)) return { rows, total: offset + rows.length, more: false };
  return { rows, ...(await countOpen(db, organisationId, sight, { filter, now, most: end + COUNTED })) };
}

/** How many a filter lets through, counted to a bound: 100 beyond what is shown. */
export async function countOpen(
  db: Db | Tx,
  organisationId: string,
  sight: Sight,
  { filter, now, most }: { readonly filter: Filter; readonly now: Date; readonly most: number },
): Promise<{ readonly total: number; readonly more: boolean }> {
  const [row] = await db.$queryRaw<{ total: number }[]>`
    SELECT count(*)::int AS total FROM (SELECT 1 FROM (${partsSql(organisationId, sight, filter, now, most + 1)}) p LIMIT ${most + 1}) k`;
  const total = row?.total ?? 0;
  return { total: Math.min(total, most), more: total > most };
}

/**
 * Those whose time runs by their due time, then those that rest by their day: each part read along an index of its own, and no
 * further than is needed.
 */
function partsSql(organisationId: string, sight: Sight, filter: Filter, now: Date, most: number): Prisma.Sql {
  const from = Prisma.sql`
    FROM feedback_case c JOIN feedback f ON f."organisationId" = c."organisationId" AND f.id = c."feedbackId"
    WHERE c."organisationId" = ${organisationId}::uuid AND ${readableSql(sight)}`;
  if (filter === 'closable') {
    return Prisma.sql`
      (SELECT c.id, c.number, c."closableAt" AS at, 0 AS rests ${from} AND c.state = 'resolved' AND c."closableAt" <= ${now}::timestamptz
         AND c."resolverId" IS DISTINCT FROM ${sight.personId}::uuid
       ORDER BY c."closableAt", c.number LIMIT ${most})`;
  }
  const runs = Prisma.sql`
    (SELECT c.id, c.number, c."dueAt" AS at, 0 AS rests ${from} AND c.state IN ('open', 'claimed') AND c."pausedUntil" IS NULL ${FILTERED[filter](sight, now)}
     ORDER BY c."dueAt", c.number LIMIT ${most})`;
  if (filter === 'overdue') return runs;
  return Prisma.sql`
    ${runs} UNION ALL
    (SELECT c.id, c.number, c."pausedUntil" AS at, 1 AS rests ${from} AND c.state IN ('open', 'claimed') AND c."pausedUntil" IS NOT NULL ${FILTERED[filter](sight, now)}
     ORDER BY c."pausedUntil", c.number LIMIT ${most})`;
}

const FILTERED: Readonly<Record<Exclude<Filter, 'closable'>, (sight: Sight, now: Date) => Prisma.Sql>> = {
  all: () => Prisma.empty,
  unowned: () => Prisma.sql`AND c.state = 'open' AND c."ownerId" IS NULL`,
  overdue: (_, now) => Prisma.sql`AND c."dueAt" < ${now}::timestamptz`,
  mine: ({ personId }) => Prisma.sql`AND c."ownerId" = ${personId}::uuid`,
};

/** Ids of the cases of a customer's reference; undefined for a reference that there is none of. */
export async function caseIdByReference(db: Db | Tx, organisationId: string, reference: string): Promise<string | undefined> {
  const row = await db.feedback.findUnique({
    where: { organisationId_reference: { organisationId, reference } },
    select: { cases: { select: { id: true }, orderBy: { openedAt: 'asc' }, take: 1 } },
  });
  return row?.cases[0]?.id;
}

/**
 * What was written to a customer and back, by the id that the history names: of a case and those that went into it, not of one that
 * has gone its own way since.
 */
export async function findMessages(
  db: Db | Tx,
  organisationId: string,
  caseId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.feedbackMessage.findMany({
    where: { organisationId, id: { in: [...ids] }, case: { OR: [{ id: caseId }, { mergedIntoId: caseId }] } },
    select: { id: true, words: true },
  });
  return new Map(rows.map(({ id, words }) => [id, words]));
}
