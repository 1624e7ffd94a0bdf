import { Prisma } from '../../../generated/prisma/client.js';
import type { Db } from '../../../people/db.js';
import type { AnswerState } from '../model.js';
import type { Via } from './store-attendance.js';
import type { CatchUpState } from './store-catch-up.js';

/** Which dates a report is about: those that are over. */
export interface Scope {
  readonly organisationId: string;
  /** Not included: `to`. */
  readonly from: Date;
  readonly to: Date;
  /** Of one series; undefined: of all. */
  readonly seriesId: string | undefined;
}

/** The dates of a report: `seminar_date d`. */
function among({ organisationId, from, to, seriesId }: Scope): Prisma.Sql {
  return Prisma.sql`d."organisationId" = ${organisationId}::uuid AND d.state = 'planned' AND d.phase = 'over'
    AND d."startsAt" >= ${from}::timestamptz AND d."startsAt" < ${to}::timestamptz
    ${seriesId === undefined ? Prisma.empty : Prisma.sql`AND d."seriesId" = ${seriesId}::uuid`}`;
}

/** A month in figures, without the hosts. */
export interface MonthRow {
  /** `2027-03`. */
  readonly month: string;
  readonly dates: number;
  /** As the audience was when the date was settled. */
  readonly invited: number;
  readonly going: number;
  readonly came: number;
  readonly missed: number;
}

/** The months that had a seminar, the earliest first. @param zone whose months they are */
export async function reportMonths(db: Db, scope: Scope, zone: string): Promise<MonthRow[]> {
  const { organisationId } = scope;
  return await db.$queryRaw<MonthRow[]>`
    WITH dates AS MATERIALIZED (
      SELECT d.id, d."hostId", to_char(d."startsAt" AT TIME ZONE ${zone}, 'YYYY-MM') AS month FROM seminar_date d WHERE ${among(scope)}
    ), attended AS (
      SELECT r."dateId", count(*) FILTER (WHERE r.attended)::int AS came, count(*) FILTER (WHERE NOT r.attended AND NOT r.excused)::int AS missed
      FROM dates JOIN seminar_attendance r
        ON r."organisationId" = ${organisationId}::uuid AND r."dateId" = dates.id AND r."personId" <> dates."hostId"
      GROUP BY 1
    ), answered AS (
      SELECT a."dateId", count(*)::int AS going
      FROM dates JOIN seminar_answer a
        ON a."organisationId" = ${organisationId}::uuid AND a."dateId" = dates.id AND a.state = 'going' AND a."personId" <> dates."hostId"
      GROUP BY 1
    ), settled AS (
      SELECT e."subjectId" AS "dateId", max((e.data ->> 'invited')::int) AS invited
      FROM dates JOIN audit_event e
        ON e."organisationId" = ${organisationId}::uuid AND e."subjectId" = dates.id AND e.verb = 'seminars.settled'
      GROUP BY 1
    )
    SELECT dates.month, count(*)::int AS dates, COALESCE(sum(s.invited), 0)::int AS invited, COALESCE(sum(a.going), 0)::int AS going,
           COALESCE(sum(r.came), 0)::int AS came, COALESCE(sum(r.missed), 0)::int AS missed
    FROM dates
    LEFT JOIN attended r ON r."dateId" = dates.id
    LEFT JOIN answered a ON a."dateId" = dates.id
    LEFT JOIN settled s ON s."dateId" = dates.id
    GROUP BY dates.month ORDER BY dates.month`;
}

/** A team or location in figures. */
export interface GroupRow {
  /** Null: people without one. */
  readonly name: string | null;
  /** People of whom something is recorded. */
  readonly people: number;
  readonly came: number;
  readonly missed: number;
}

/** Teams or locations as people belong to them now, by name; those without one last. */
export async function reportGroups(db: Db, scope: Scope, by: 'team' | 'location'): Promise<GroupRow[]> {
  const group =
    by === 'team'
      ? Prisma.sql`LEFT JOIN team g ON g."organisationId" = p."organisationId" AND g.id = p."teamId"`
      : Prisma.sql`LEFT JOIN location g ON g."organisationId" = p."organisationId" AND g.id = p."locationId"`;
  return await db.$queryRaw<GroupRow[]>`
    SELECT g.name, count(*)::int AS people, sum(t.came)::int AS came, sum(t.missed)::int AS missed
    FROM (
      SELECT r."personId", count(*) FILTER (WHERE r.attended) AS came, count(*) FILTER (WHERE NOT r.attended AND NOT r.excused) AS missed
      FROM seminar_date d
      JOIN seminar_attendance r ON r."organisationId" = d."organisationId" AND r."dateId" = d.id AND r."personId" <> d."hostId"
      WHERE ${among(scope)}
      GROUP BY 1
    ) t
    JOIN person p ON p."organisationId" = ${scope.organisationId}::uuid AND p.id = t."personId"
    ${group}
    GROUP BY g.id, g.name ORDER BY g.name NULLS LAST`;
}

/** A line of the file. */
export interface AttendanceLine {
  readonly dateId: string;
  readonly startsAt: Date;
  readonly title: string;
  readonly host: string | null;
  readonly personId: string;
  readonly person: string;
  readonly team: string | null;
  readonly location: string | null;
  readonly answer: AnswerState | null;
  readonly attended: boolean;
  readonly late: boolean;
  readonly leftEarly: boolean;
  readonly excused: boolean;
  readonly via: Via;
  readonly at: Date;
  readonly catchUp: CatchUpState | null;
}

export async function countLines(db: Db, scope: Scope): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM seminar_date d
    JOIN seminar_attendance r ON r."organisationId" = d."organisationId" AND r."dateId" = d.id
    WHERE ${among(scope)}`;
  return row?.count ?? 0;
}

/** Lines of the file in the order of the dates, some at a time. @param after the last one of those before */
export async function reportLines(db: Db, scope: Scope, after: AttendanceLine | undefined, limit: number): Promise<AttendanceLine[]> {
  const following = after
    ? Prisma.sql`AND (d."startsAt", d.id, r."personId") > (${after.startsAt}::timestamptz, ${after.dateId}::uuid, ${after.personId}::uuid)`
    : Prisma.empty;
  return await db.$queryRaw<AttendanceLine[]>`
    SELECT d.id AS "dateId", d."startsAt", COALESCE(d.title, s.title) AS title, h.name AS host, p.id AS "personId", p.name AS person,
           t.name AS team, l.name AS location, a.state AS answer, r.attended, r.late, r."leftEarly", r.excused, r.via, r.at, c.state AS "catchUp"
    FROM seminar_date d
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    JOIN seminar_attendance r ON r."organisationId" = d."organisationId" AND r."dateId" = d.id
    JOIN person p ON p."organisationId" = r."organisationId" AND p.id = r."personId"
    LEFT JOIN person h ON h."organisationId" = d."organisationId" AND h.id = d."hostId"
    LEFT JOIN team t ON t."organisationId" = p."organisationId" AND t.id = p."teamId"
    LEFT JOIN location l ON l."organisationId" = p."organisationId" AND l.id = p."locationId"
    LEFT JOIN seminar_answer a ON a."organisationId" = r."organisationId" AND a."dateId" = r."dateId" AND a."personId" = r."personId"
    LEFT JOIN seminar_catch_up c ON c."organisationId" = r."organisationId" AND c."dateId" = r."dateId" AND c."personId" = r."personId"
    WHERE ${among(scope)} ${following}
    ORDER BY d."startsAt", d.id, r."personId" LIMIT ${limit}`;
}

/** Series that have had a date, by title. @param titled only those whose title holds these words */
export async function reportSeries(
  db: Db,
  organisationId: string,
  titled?: string,
): Promise<{ readonly id: string; readonly title: string }[]> {
  const rows = await db.$queryRaw<{ id: string; title: string }[]>`
    SELECT s.id, s.title FROM seminar_series s
    WHERE s."organisationId" = ${organisationId}::uuid AND EXISTS (
      SELECT 1 FROM seminar_date d WHERE d."organisationId" = s."organisationId" AND d."seriesId" = s.id AND d.phase = 'over')
    ORDER BY s.title, s.id`;
  return titled === undefined ? rows : rows.filter(({ title }) => fold(title).includes(fold(titled)));
}

const fold = (typed: string) => typed.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
