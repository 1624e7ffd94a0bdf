import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { SeminarDate } from '../model.js';
import { invitedSql, requiredSql } from '../store-invited.js';

export interface Missing {
  readonly personId: string;
  /** Had to come: makes up for it. */
  readonly required: boolean;
}

export interface Page {
  readonly after: string | undefined;
  readonly limit: number;
}

const afterSql = (after: string | undefined) => (after === undefined ? Prisma.empty : Prisma.sql`AND p.id > ${after}::uuid`);

/** Whether this person `p` with the answer `a` had to come. */
function hadToCome(organisation: Organisation, date: SeminarDate): Prisma.Sql {
  if (date.series.requirement === 'voluntary') return Prisma.sql`false`;
  // Whoever joined later was not there to come. Somebody put on it may have been found to have come to another one after all.
  const stillHas = date.series.requirement === 'once' ? Prisma.sql`AND NOT ${madeUpElsewhere(organisation, date)}` : Prisma.empty;
  return Prisma.sql`((a.state = 'going' AND a.source = 'put_on' ${stillHas})
    OR (p."joinedAt" <= ${date.startsAt}::timestamptz AND ${requiredSql(organisation, date)}))`;
}

/** Whether `person p` has come to another date of the series, or read the recap of one. */
const madeUpElsewhere = ({ id }: Organisation, date: SeminarDate): Prisma.Sql => Prisma.sql`EXISTS (
  SELECT 1 FROM seminar_date o
  LEFT JOIN seminar_attendance t ON t."organisationId" = o."organisationId" AND t."dateId" = o.id AND t."personId" = p.id
  LEFT JOIN seminar_catch_up u ON u."organisationId" = o."organisationId" AND u."dateId" = o.id AND u."personId" = p.id
  WHERE o."organisationId" = ${id}::uuid AND o."seriesId" = ${date.series.id}::uuid AND o.id <> ${date.id}::uuid
    AND (t.attended OR u.state = 'read'))`;

/**
 * Records who was expected and of whom nothing is recorded as missing, in the order of their ids; whoever waited for a place is
 * excused: there was none. The host is no guest.
 * @returns those of this page, with those whom the host recorded as missing before the end
 */
export async function recordMissing(tx: Tx, organisation: Organisation, date: SeminarDate, page: Page, now: Date): Promise<Missing[]> {
  return await tx.$queryRaw<Missing[]>`
    WITH expected AS MATERIALIZED (
      SELECT p.id, ${hadToCome(organisation, date)} AS required, COALESCE(a.state = 'waiting', false) AS waited
      FROM person p
      LEFT JOIN seminar_answer a ON a."organisationId" = p."organisationId" AND a."dateId" = ${date.id}::uuid AND a."personId" = p.id
      LEFT JOIN seminar_attendance r ON r."organisationId" = p."organisationId" AND r."dateId" = ${date.id}::uuid AND r."personId" = p.id
      WHERE p."organisationId" = ${organisation.id}::uuid AND p.status = 'active' AND p.id <> ${date.hostId}::uuid ${afterSql(page.after)}
        AND (a.state = 'going' OR ${hadToCome(organisation, date)})
        AND (r."personId" IS NULL OR NOT (r.attended OR r.excused))
      ORDER BY p.id LIMIT ${page.limit}
    ), written AS (
      INSERT INTO seminar_attendance ("organisationId", "dateId", "personId", attended, excused, at)
      SELECT ${organisation.id}::uuid, ${date.id}::uuid, e.id, false, e.waited, ${now}::timestamptz FROM expected e
      ON CONFLICT ("organisationId", "dateId", "personId") DO NOTHING
    )
    SELECT e.id AS "personId", e.required FROM expected e ORDER BY e.id`;
}

/** Whether a person had to come to a date. */
export async function wasRequired(db: Db | Tx, organisation: Organisation, date: SeminarDate, personId: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ required: boolean }[]>`
    SELECT ${hadToCome(organisation, date)} AS required
    FROM person p
    LEFT JOIN seminar_answer a ON a."organisationId" = p."organisationId" AND a."dateId" = ${date.id}::uuid AND a."personId" = p.id
    WHERE p."organisationId" = ${organisation.id}::uuid AND p.id = ${personId}::uuid AND p.status = 'active' AND p.id <> ${date.hostId}::uuid`;
  return row?.required ?? false;
}

/** The host was there, unless the host's own attendance or answer says otherwise. */
export async function recordHost(tx: Tx, organisationId: string, { id, hostId }: SeminarDate, now: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO seminar_attendance ("organisationId", "dateId", "personId", attended, at)
    SELECT p."organisationId", ${id}::uuid, p.id, true, ${now}::timestamptz FROM person p
    WHERE p."organisationId" = ${organisationId}::uuid AND p.id = ${hostId}::uuid AND p.status = 'active'
      AND NOT EXISTS (
        SELECT 1 FROM seminar_answer a
        WHERE a."organisationId" = p."organisationId" AND a."dateId" = ${id}::uuid AND a."personId" = p.id AND a.state = 'cant')
    ON CONFLICT ("organisationId", "dateId", "personId") DO NOTHING`;
}

/** Who came to a date, without its host, page by page in the order of their ids; whoever left is left out. */
export async function peopleWhoCame(tx: Tx, organisationId: string, { id, hostId }: SeminarDate, page: Page): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM seminar_attendance r
    JOIN person p ON p."organisationId" = r."organisationId" AND p.id = r."personId" AND p.status = 'active'
    WHERE r."organisationId" = ${organisationId}::uuid AND r."dateId" = ${id}::uuid AND r.attended AND p.id <> ${hostId}::uuid
      ${afterSql(page.after)}
    ORDER BY p.id LIMIT ${page.limit}`;
  return rows.map((row) => row.id);
}

/** The figures of a date, without its host. */
export interface DateFigures {
  readonly invited: number;
  readonly going: number;
  readonly came: number;
  readonly missed: number;
  readonly excused: number;
  /** Came without having said so. */
  readonly walkIns: number;
  /** Missed it although they had to come, and have not made up for it yet. */
  readonly catchingUp: number;
}

/** @returns the figures as things stand now */
export async function figuresOf(db: Db | Tx, organisation: Organisation, date: SeminarDate): Promise<DateFigures> {
  const [row] = await db.$queryRaw<DateFigures[]>`
    SELECT
      (SELECT count(*)::int FROM person p WHERE ${invitedSql(organisation, date.series, date.startsAt)} AND p.id <> ${date.hostId}::uuid) AS invited,
      (SELECT count(*)::int FROM seminar_answer a
        WHERE a."organisationId" = ${organisation.id}::uuid AND a."dateId" = ${date.id}::uuid AND a.state = 'going'
          AND a."personId" <> ${date.hostId}::uuid) AS going,
      (SELECT count(*)::int FROM seminar_catch_up c
        WHERE c."organisationId" = ${organisation.id}::uuid AND c."dateId" = ${date.id}::uuid AND c.state IN ('waiting', 'open')) AS "catchingUp",
      r.*
    FROM (
      SELECT count(*) FILTER (WHERE r.attended)::int AS came,
             count(*) FILTER (WHERE NOT r.attended AND NOT r.excused)::int AS missed,
             count(*) FILTER (WHERE r.excused)::int AS excused,
             count(*) FILTER (WHERE r.attended AND a.state IS DISTINCT FROM 'going')::int AS "walkIns"
      FROM seminar_attendance r
      LEFT JOIN seminar_answer a ON a."organisationId" = r."organisationId" AND a."dateId" = r."dateId" AND a."personId" = r."personId"
      WHERE r."organisationId" = ${organisation.id}::uuid AND r."dateId" = ${date.id}::uuid AND r."personId" <> ${date.hostId}::uuid
    ) r`;
  return row ?? { invited: 0, going: 0, came: 0, missed: 0, excused: 0, walkIns: 0, catchingUp: 0 };
}
