import type { Db, Tx } from '../../../people/db.js';
import type { Value } from '../model.js';
import { toValue } from '../store-settings.js';

/** From the first instant up to the second, which is left out. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Line managers, still here, whose people got kudos in this time. */
export async function managersToTell(db: Db | Tx, organisationId: string, { from, to }: Span): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT m.id FROM kudos k
    JOIN kudos_receiver r ON r."organisationId" = k."organisationId" AND r."kudosId" = k.id
    JOIN person p ON p."organisationId" = r."organisationId" AND p.id = r."personId" AND p.status = 'active'
    JOIN person m ON m."organisationId" = p."organisationId" AND m.id = p."lineManagerId" AND m.status = 'active'
    WHERE k."organisationId" = ${organisationId}::uuid AND k."createdAt" >= ${from}::timestamptz AND k."createdAt" < ${to}::timestamptz
      AND k.state = 'given'
    ORDER BY m.id`;
  return rows.map((row) => row.id);
}

export interface DigestRow {
  readonly name: string;
  readonly kudos: number;
  readonly values: readonly Value[];
}

export interface DigestTotals {
  readonly people: number;
  /** Each counted once, however many of the manager's people got it. */
  readonly kudos: number;
}

/** A manager's people who got kudos in this time, those with the most first. */
export async function digestRows(
  db: Db | Tx,
  organisationId: string,
  managerId: string,
  { from, to }: Span,
  page: { readonly offset: number; readonly limit: number },
): Promise<readonly DigestRow[]> {
  const rows = await db.$queryRaw<
    { name: string; kudos: number; values: { id: string; code: string | null; name: string | null; emoji: string; position: number }[] }[]
  >`
    SELECT p.name, count(*)::int AS kudos,
           COALESCE(jsonb_agg(DISTINCT jsonb_build_object('id', v.id, 'code', v.code, 'name', v.name, 'emoji', v.emoji, 'position', v.position))
                    FILTER (WHERE v.id IS NOT NULL), '[]') AS values
    FROM person p
    JOIN kudos_receiver r ON r."organisationId" = p."organisationId" AND r."personId" = p.id AND r.state = 'given'
      AND r."createdAt" >= ${from}::timestamptz AND r."createdAt" < ${to}::timestamptz
    JOIN kudos k ON k."organisationId" = r."organisationId" AND k.id = r."kudosId"
    LEFT JOIN service_value v ON v."organisationId" = k."organisationId" AND v.id = k."valueId"
    WHERE p."organisationId" = ${organisationId}::uuid AND p."lineManagerId" = ${managerId}::uuid AND p.status = 'active'
    GROUP BY p.id, p.name
    ORDER BY count(*) DESC, p.name, p.id LIMIT ${page.limit} OFFSET ${page.offset}`;
  return rows.map((row) => ({ ...row, values: row.values.sort((a, b) => a.position - b.position).map(toValue) }));
}

export async function digestTotals(db: Db | Tx, organisationId: string, managerId: string, { from, to }: Span): Promise<DigestTotals> {
  const [row] = await db.$queryRaw<DigestTotals[]>`
    SELECT count(DISTINCT p.id)::int AS people, count(DISTINCT r."kudosId")::int AS kudos
    FROM person p
    JOIN kudos_receiver r ON r."organisationId" = p."organisationId" AND r."personId" = p.id AND r.state = 'given'
      AND r."createdAt" >= ${from}::timestamptz AND r."createdAt" < ${to}::timestamptz
    WHERE p."organisationId" = ${organisationId}::uuid AND p."lineManagerId" = ${managerId}::uuid AND p.status = 'active'`;
  return row ?? { people: 0, kudos: 0 };
}

export interface DigestQuote {
  readonly words: string;
  /** Null: a customer said so. */
  readonly giver: string | null;
  readonly receiver: string;
}

/** The words of public kudos of this time: of as many people as there are, the newest first. Private ones are never among them. */
export async function digestQuotes(
  db: Db | Tx,
  organisationId: string,
  managerId: string,
  { from, to }: Span,
  limit: number,
): Promise<readonly DigestQuote[]> {
  return await db.$queryRaw<DigestQuote[]>`
    SELECT q.words, q.giver, q.receiver FROM (
      SELECT DISTINCT ON (k.id) k.id, k.words, CASE WHEN k.source = 'customer' THEN NULL ELSE g.name END AS giver, p.name AS receiver,
             k."createdAt", p.id AS person
      FROM person p
      JOIN kudos_receiver r ON r."organisationId" = p."organisationId" AND r."personId" = p.id AND r.state = 'given'
        AND r."createdAt" >= ${from}::timestamptz AND r."createdAt" < ${to}::timestamptz
      JOIN kudos k ON k."organisationId" = r."organisationId" AND k.id = r."kudosId" AND k.public AND k.words <> ''
      LEFT JOIN person g ON g."organisationId" = k."organisationId" AND g.id = k."giverId"
      WHERE p."organisationId" = ${organisationId}::uuid AND p."lineManagerId" = ${managerId}::uuid AND p.status = 'active'
      ORDER BY k.id, p.name
    ) q
    ORDER BY row_number() OVER (PARTITION BY q.person ORDER BY q."createdAt" DESC), q."createdAt" DESC, q.id LIMIT ${limit}`;
}
