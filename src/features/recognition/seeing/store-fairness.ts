import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';

/** Two times of equal length, one after the other: what is told of, and what it is compared with. Up to now. */
export interface Window {
  readonly before: Date;
  readonly since: Date;
}

export interface GroupCounts {
  /** Null: those who belong to none; for the whole organisation too. */
  readonly id: string | null;
  /** Empty where there is none. */
  readonly name: string;
  readonly people: number;
  /** Those among them who received at least one kudos. */
  readonly reached: number;
  readonly kudos: number;
  /** Those who were here in the time before, and those of them who received one then. */
  readonly peopleBefore: number;
  readonly reachedBefore: number;
  /** Here all the time, and received nothing. */
  readonly silent: number;
}

type Row = GroupCounts & { readonly kind: 'all' | 'team' | 'location' };

export interface Spread {
  readonly all: GroupCounts;
  readonly teams: readonly GroupCounts[];
  readonly locations: readonly GroupCounts[];
}

const NOBODY: GroupCounts = { id: null, name: '', people: 0, reached: 0, kudos: 0, peopleBefore: 0, reachedBefore: 0, silent: 0 };

/** How kudos spread over everybody who is here now, private ones counted too: by person through an index, then by group. */
export async function spreadOf(db: Db | Tx, organisation: Organisation, { before, since }: Window): Promise<Spread> {
  const rows = await db.$queryRaw<Row[]>`
    WITH people AS MATERIALIZED (
      SELECT p."teamId", p."locationId", p."joinedAt" < ${since}::timestamptz AS "wasHere", g.kudos, g."kudosBefore"
      FROM person p
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE r."createdAt" >= ${since}::timestamptz) AS kudos,
               count(*) FILTER (WHERE r."createdAt" < ${since}::timestamptz) AS "kudosBefore"
        FROM kudos_receiver r
        WHERE r."organisationId" = p."organisationId" AND r."personId" = p.id AND r."createdAt" >= ${before}::timestamptz AND r.state = 'given'
      ) g
      WHERE ${presentSql(organisation)}
    ), groups AS (
      SELECT CASE WHEN GROUPING("teamId") = 0 THEN 'team' WHEN GROUPING("locationId") = 0 THEN 'location' ELSE 'all' END AS kind,
             CASE WHEN GROUPING("teamId") = 0 THEN "teamId" WHEN GROUPING("locationId") = 0 THEN "locationId" END AS id,
             count(*)::int AS people, (count(*) FILTER (WHERE kudos > 0))::int AS reached, COALESCE(sum(kudos), 0)::int AS kudos,
             (count(*) FILTER (WHERE "wasHere"))::int AS "peopleBefore",
             (count(*) FILTER (WHERE "wasHere" AND "kudosBefore" > 0))::int AS "reachedBefore",
             (count(*) FILTER (WHERE "wasHere" AND kudos = 0))::int AS silent
      FROM people GROUP BY GROUPING SETS ((), ("teamId"), ("locationId"))
    )
    SELECT g.*, COALESCE(t.name, l.name, '') AS name FROM groups g
    LEFT JOIN team t ON g.kind = 'team' AND t."organisationId" = ${organisation.id}::uuid AND t.id = g.id
    LEFT JOIN location l ON g.kind = 'location' AND l."organisationId" = ${organisation.id}::uuid AND l.id = g.id
    ORDER BY g.kind, name, g.id`;
  const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind);
  return { all: of('all')[0] ?? NOBODY, teams: of('team'), locations: of('location') };
}

export interface SilentRow {
  readonly name: string;
  readonly team: string | null;
  /** Reports to whoever looks. */
  readonly own: boolean;
  /** The last kudos of all; null: none ever. */
  readonly last: Date | null;
}

/** Who is here since before `since` and has received nothing from then on: the reader's own line first, then by name. */
export async function silentPeople(
  db: Db | Tx,
  organisation: Organisation,
  since: Date,
  readerId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly SilentRow[]; readonly total: number; readonly own: number }> {
  const rows = await db.$queryRaw<(Omit<SilentRow, 'name'> & { name: string | null; total: number; ofReader: number })[]>`
    WITH silent AS MATERIALIZED (
      SELECT p.id, p.name, p."teamId", p."lineManagerId" IS NOT DISTINCT FROM ${readerId}::uuid AS own
      FROM person p
      WHERE ${presentSql(organisation)} AND p."joinedAt" < ${since}::timestamptz AND NOT EXISTS (
        SELECT 1 FROM kudos_receiver r
        WHERE r."organisationId" = p."organisationId" AND r."personId" = p.id AND r."createdAt" >= ${since}::timestamptz AND r.state = 'given')
    ), page AS (
      SELECT s.* FROM silent s ORDER BY s.own DESC, s.name, s.id LIMIT ${page.limit} OFFSET ${page.offset}
    )
    SELECT c.total, c."ofReader", s.name, t.name AS team, s.own, (
      SELECT max(r."createdAt") FROM kudos_receiver r
      WHERE r."organisationId" = ${organisation.id}::uuid AND r."personId" = s.id AND r.state = 'given') AS last
    FROM (SELECT count(*)::int AS total, (count(*) FILTER (WHERE own))::int AS "ofReader" FROM silent) c
    LEFT JOIN page s ON true
    LEFT JOIN team t ON t."organisationId" = ${organisation.id}::uuid AND t.id = s."teamId"
    ORDER BY s.own DESC, s.name, s.id`;
  const [first] = rows;
  // A page beyond the end is the counts alone.
  const shown = rows.flatMap(({ name, team, own, last }) => (name === null ? [] : [{ name, team, own, last }]));
  return { rows: shown, total: first?.total ?? 0, own: first?.ofReader ?? 0 };
}

/** Names of teams and locations. */
export async function groupNames(
  db: Db | Tx,
  organisationId: string,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = ids.filter((id): id is string => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, name FROM team WHERE "organisationId" = ${organisationId}::uuid AND id = ANY (${wanted}::uuid[])
    UNION ALL
    SELECT id, name FROM location WHERE "organisationId" = ${organisationId}::uuid AND id = ANY (${wanted}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Whether anybody gave kudos since then: an organisation that doesn't is not told how it does. */
export async function isUsed(db: Db | Tx, organisationId: string, since: Date): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM kudos k WHERE k."organisationId" = ${organisationId}::uuid AND k."createdAt" >= ${since}::timestamptz AND k.state = 'given' LIMIT 1`;
  return rows.length > 0;
}

/** Managers and owners who are here. */
export async function managerIds(db: Db | Tx, organisation: Organisation): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p WHERE ${presentSql(organisation)} AND p.role IN ('manager', 'owner') ORDER BY p.id`;
  return rows.map((row) => row.id);
}
