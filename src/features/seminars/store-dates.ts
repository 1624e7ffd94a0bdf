import { Prisma } from '../../generated/prisma/client.js';
import { type AudienceColumns, toAudience } from '../../people/audience.js';
import type { Db, Tx } from '../../people/db.js';
import type { Organisation } from '../../people/model.js';
import { fromRRule } from './calendar/rhythm.js';
import type { Counts, Requirement, SeminarDate, Series, Track } from './model.js';

/** Columns of `seminar_series s`, as toSeries reads them. */
const SERIES = Prisma.sql`
  s.id AS "seriesId", s.title AS "seriesTitle", s.purpose, s."hostId" AS "seriesHostId", s."audienceKind", s."audienceTarget", s."audiencePeople",
  s.requirement, s.track, s.place AS "seriesPlace", s.link AS "seriesLink", s."preReading", s.capacity AS "seriesCapacity", s.zone,
  s."firstDay"::text AS "firstDay", s."startMinutes", s."lengthMinutes", s.rule, s.exceptions::text[] AS exceptions, s.holidays, s.country,
  s."channelId", s."plannedTo"::text AS "plannedTo", s."endedAt", s."createdById"`;

interface SeriesRow extends AudienceColumns {
  readonly seriesId: string;
  readonly seriesTitle: string;
  readonly purpose: string;
  readonly seriesHostId: string;
  readonly requirement: Requirement;
  readonly track: Track;
  readonly seriesPlace: string;
  readonly seriesLink: string;
  readonly preReading: string;
  readonly seriesCapacity: number | null;
  readonly zone: string;
  readonly firstDay: string;
  readonly startMinutes: number;
  readonly lengthMinutes: number;
  readonly rule: string;
  readonly exceptions: string[];
  readonly holidays: 'ignore' | 'move' | 'skip';
  readonly country: string | null;
  readonly channelId: string | null;
  readonly plannedTo: string;
  readonly endedAt: Date | null;
  readonly createdById: string;
}

interface DateRow extends SeriesRow {
  readonly id: string;
  readonly ruleDay: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly title: string | null;
  readonly place: string;
  readonly link: string;
  readonly hostId: string;
  readonly hostName: string | null;
  readonly capacity: number | null;
  readonly state: 'planned' | 'cancelled';
  readonly cancelWords: string;
  readonly sequence: number;
  readonly phase: 'ahead' | 'open' | 'over';
  readonly notes: string;
  readonly recap: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

/**
 * Dates with their series.
 * @param where a predicate over `seminar_date d` and `seminar_series s`; the organisation is named already
 * @param tail order and limit
 */
export async function loadDates(db: Db | Tx, organisationId: string, where: Prisma.Sql, tail: Prisma.Sql): Promise<SeminarDate[]> {
  const rows = await db.$queryRaw<DateRow[]>`
    SELECT d.id, d."ruleDay"::text AS "ruleDay", d."startsAt", d."endsAt", d.title, d.place, d.link, d."hostId", h.name AS "hostName", d.capacity,
           d.state, d."cancelWords", d.sequence, d.phase, d.notes, d.recap, d."createdAt", d."changedAt", ${SERIES}
    FROM seminar_date d
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    LEFT JOIN person h ON h."organisationId" = d."organisationId" AND h.id = d."hostId" AND h."erasedAt" IS NULL
    WHERE d."organisationId" = ${organisationId}::uuid AND ${where} ${tail}`;
  return rows.map(toDate);
}

export async function findDate(db: Db | Tx, organisationId: string, id: string): Promise<SeminarDate | undefined> {
  const [found] = await loadDates(db, organisationId, Prisma.sql`d.id = ${id}::uuid`, Prisma.empty);
  return found;
}

/** Dates by id, in the order of their start. */
export async function findDates(db: Db | Tx, organisationId: string, ids: readonly string[]): Promise<SeminarDate[]> {
  return await loadDates(db, organisationId, Prisma.sql`d.id = ANY (${[...ids]}::uuid[])`, Prisma.sql`ORDER BY d."startsAt", d.id`);
}

/** A series' planned dates that begin at `from` or later, the earliest first. */
export async function listFollowing(db: Db | Tx, organisationId: string, seriesId: string, from: Date): Promise<SeminarDate[]> {
  return await loadDates(
    db,
    organisationId,
    Prisma.sql`d."seriesId" = ${seriesId}::uuid AND d.state = 'planned' AND d."startsAt" >= ${from}::timestamptz`,
    Prisma.sql`ORDER BY d."startsAt", d.id`,
  );
}

/** Locks dates against other changes until the commit, in one order; answers to them wait. @returns those that are there */
export async function lockDates(tx: Tx, organisationId: string, ids: readonly string[]): Promise<SeminarDate[]> {
  await tx.$queryRaw`
    SELECT d.id FROM seminar_date d WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ANY (${[...ids]}::uuid[])
    ORDER BY d.id FOR NO KEY UPDATE`;
  return await findDates(tx, organisationId, ids);
}

/** A series, whether it has dates or not. */
export async function findSeries(db: Db | Tx, organisation: Pick<Organisation, 'id'>, id: string): Promise<Series | undefined> {
  const [row] = await db.$queryRaw<SeriesRow[]>`
    SELECT ${SERIES} FROM seminar_series s WHERE s."organisationId" = ${organisation.id}::uuid AND s.id = ${id}::uuid`;
  return row && toSeries(row);
}

/** Series that a predicate over `seminar_series s` takes. */
export async function loadSeries(db: Db | Tx, organisationId: string, where: Prisma.Sql, tail: Prisma.Sql): Promise<Series[]> {
  const rows = await db.$queryRaw<SeriesRow[]>`
    SELECT ${SERIES} FROM seminar_series s WHERE s."organisationId" = ${organisationId}::uuid AND ${where} ${tail}`;
  return rows.map(toSeries);
}

/** How many answered what to a date. */
export async function countAnswers(db: Db | Tx, organisationId: string, dateId: string): Promise<Counts> {
  const rows = await db.$queryRaw<{ state: keyof Counts; count: number }[]>`
    SELECT state, count(*)::int AS count FROM seminar_answer
    WHERE "organisationId" = ${organisationId}::uuid AND "dateId" = ${dateId}::uuid GROUP BY state`;
  return { going: 0, maybe: 0, cant: 0, waiting: 0, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
}

function toSeries(row: SeriesRow): Series {
  const { rhythm, ending } = fromRRule(row.rule);
  return {
    id: row.seriesId,
    title: row.seriesTitle,
    purpose: row.purpose,
    hostId: row.seriesHostId,
    audience: toAudience(row),
    requirement: row.requirement,
    track: row.track,
    place: row.seriesPlace,
    link: row.seriesLink,
    preReading: row.preReading,
    capacity: row.seriesCapacity,
    channelId: row.channelId,
    plannedTo: row.plannedTo,
    endedAt: row.endedAt,
    createdById: row.createdById,
    plan: {
      zone: row.zone,
      firstDay: row.firstDay,
      minutes: row.startMinutes,
      length: row.lengthMinutes,
      rhythm,
      ending,
      exceptions: row.exceptions,
      holidays: row.holidays,
      country: row.country,
    },
  };
}

function toDate(row: DateRow): SeminarDate {
  return {
    id: row.id,
    series: toSeries(row),
    ruleDay: row.ruleDay,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    title: row.title ?? row.seriesTitle,
    ownTitle: row.title !== null,
    place: row.place,
    link: row.link,
    hostId: row.hostId,
    hostName: row.hostName ?? '',
    capacity: row.capacity,
    state: row.state,
    cancelWords: row.cancelWords,
    sequence: row.sequence,
    phase: row.phase,
    notes: row.notes,
    recap: row.recap,
    createdAt: row.createdAt,
    changedAt: row.changedAt,
  };
}
