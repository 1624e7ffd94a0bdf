import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { SeminarDate } from '../model.js';
import { findDates, loadDates } from '../store-dates.js';
import { invitedHereSql, requiredHereSql } from './store-standing.js';

type Asking = Pick<Organisation, 'id' | 'guestsAllowed'>;

export interface Page<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

interface Window {
  readonly now: Date;
  readonly offset: number;
  readonly limit: number;
}

/** No date is longer than a day, so that the index on the start can be used. */
const LONGEST_MS = 24 * 3_600_000;

/** Planned dates that are not over. */
const aheadSql = (now: Date): Prisma.Sql => Prisma.sql`
  d.state = 'planned' AND d."startsAt" > ${new Date(now.getTime() - LONGEST_MS)}::timestamptz AND d."endsAt" > ${now}::timestamptz`;

const ORDER = Prisma.sql`ORDER BY d."startsAt", d.id`;

/** Ids of what a person has answered: read once for the query, not once for each date. @param which a predicate over `seminar_answer a` */
const answeredSql = (organisationId: string, personId: string, which: Prisma.Sql): Prisma.Sql => Prisma.sql`
  (SELECT a."dateId" FROM seminar_answer a
   WHERE a."organisationId" = ${organisationId}::uuid AND a."personId" = ${personId}::uuid AND ${which})`;

const EVERY = Prisma.sql`true`;

/** Whether a person goes to the date, may come, waits for it or hosts it. */
const mineSql = (organisationId: string, personId: string): Prisma.Sql => Prisma.sql`
  (d."hostId" = ${personId}::uuid OR d.id IN ${answeredSql(organisationId, personId, Prisma.sql`a.state <> 'cant'`)})`;

const isForSql = (organisation: Asking, personId: string): Prisma.Sql => Prisma.sql`
  EXISTS (SELECT 1 FROM person p WHERE p."organisationId" = d."organisationId" AND p.id = ${personId}::uuid AND ${invitedHereSql(organisation)})`;

/**
 * What is planned, the earliest first: for managers everything, for all others what they are invited to, host, or have answered.
 */
export async function listPlanned(
  db: Db | Tx,
  organisation: Asking,
  reader: { readonly personId: string; readonly all: boolean },
  { now, offset, limit }: Window,
): Promise<Page<SeminarDate>> {
  const seen = reader.all
    ? Prisma.sql`true`
    : Prisma.sql`(d."hostId" = ${reader.personId}::uuid OR s."hostId" = ${reader.personId}::uuid
        OR d.id IN ${answeredSql(organisation.id, reader.personId, EVERY)} OR ${isForSql(organisation, reader.personId)})`;
  return await pageOf(db, organisation.id, Prisma.sql`${aheadSql(now)} AND ${seen}`, { offset, limit });
}

/** Dates that a person goes to, may come to, waits for or hosts, the earliest first. */
export async function listMine(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  { now, offset, limit }: Window,
): Promise<Page<SeminarDate>> {
  return await pageOf(db, organisationId, Prisma.sql`${aheadSql(now)} AND ${mineSql(organisationId, personId)}`, { offset, limit });
}

/** Whether whoever has not answered is asked: where one date of the series is enough, only those who still have to come. */
const isAskedSql = (organisation: Asking, personId: string): Prisma.Sql => Prisma.sql`
  EXISTS (
    SELECT 1 FROM person p WHERE p."organisationId" = d."organisationId" AND p.id = ${personId}::uuid AND ${invitedHereSql(organisation)}
      AND (s.requirement <> 'once' OR ${requiredHereSql(organisation)}))`;

/**
 * A person's next dates for App Home: those of `listMine`, and as far as they begin before `until` those that the person is
 * asked to and has not answered.
 */
export async function listComing(
  db: Db | Tx,
  organisation: Asking,
  personId: string,
  { now, until, limit }: { readonly now: Date; readonly until: Date; readonly limit: number },
): Promise<SeminarDate[]> {
  const asked = Prisma.sql`(d."startsAt" < ${until}::timestamptz
    AND d.id NOT IN ${answeredSql(organisation.id, personId, EVERY)} AND ${isAskedSql(organisation, personId)})`;
  const where = Prisma.sql`${aheadSql(now)} AND (${mineSql(organisation.id, personId)} OR ${asked})`;
  return await loadDates(db, organisation.id, where, Prisma.sql`${ORDER} LIMIT ${limit}`);
}

async function pageOf(
  db: Db | Tx,
  organisationId: string,
  where: Prisma.Sql,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<Page<SeminarDate>> {
  const [rows, counted] = await Promise.all([
    loadDates(db, organisationId, where, Prisma.sql`${ORDER} OFFSET ${offset} LIMIT ${limit}`),
    db.$queryRaw<{ total: number }[]>`
      SELECT count(*)::int AS total FROM seminar_date d
      JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
      WHERE d."organisationId" = ${organisationId}::uuid AND ${where}`,
  ]);
  return { rows, total: counted[0]?.total ?? 0 };
}

/** A missed date that a person has to make up for. */
export interface Missed {
  readonly date: SeminarDate;
  /** `waiting`: for the recap; `open`: to be read and confirmed. */
  readonly state: 'waiting' | 'open';
  readonly dueAt: Date;
}

/** What a person still has to catch up on, the most pressing first. */
export async function listMissed(db: Db | Tx, organisationId: string, personId: string): Promise<Missed[]> {
  const rows = await db.seminarCatchUp.findMany({
    where: { organisationId, personId, state: { in: ['waiting', 'open'] } },
    orderBy: [{ dueAt: 'asc' }, { dateId: 'asc' }],
    select: { dateId: true, state: true, dueAt: true },
  });
  if (rows.length === 0) return [];
  const dates = new Map(
    (
      await findDates(
        db,
        organisationId,
        rows.map((row) => row.dateId),
      )
    ).map((date) => [date.id, date]),
  );
  return rows.flatMap(({ dateId, state, dueAt }) => {
    const date = dates.get(dateId);
    return date && (state === 'waiting' || state === 'open') ? [{ date, state, dueAt }] : [];
  });
}

/** How much there is of a date to read afterwards. */
export async function countMaterials(db: Db | Tx, organisationId: string, dateId: string): Promise<number> {
  return await db.seminarMaterial.count({ where: { organisationId, dateId } });
}
