import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { targetHereSql } from '../looking/store-standing.js';

export type CatchUpState = 'waiting' | 'open' | 'read' | 'put_on' | 'closed';

/** What somebody who missed a required date does about it. */
export interface CatchUp {
  readonly dateId: string;
  readonly personId: string;
  readonly state: CatchUpState;
  readonly dueAt: Date;
  readonly settledAt: Date | null;
  readonly nextDateId: string | null;
}

const COLUMNS = { dateId: true, personId: true, state: true, dueAt: true, settledAt: true, nextDateId: true } as const;

export async function findCatchUp(db: Db | Tx, organisationId: string, dateId: string, personId: string): Promise<CatchUp | undefined> {
  const row = await db.seminarCatchUp.findUnique({
    where: { organisationId_dateId_personId: { organisationId, dateId, personId } },
    select: COLUMNS,
  });
  return row ?? undefined;
}

/** Whether a date has its recap; it gets none until the commit, so that nobody is left waiting for one that is there. */
export async function hasRecap(tx: Tx, organisationId: string, dateId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ recap: string }[]>`
    SELECT d.recap FROM seminar_date d WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ${dateId}::uuid FOR SHARE`;
  return rows.some(({ recap }) => recap !== '');
}

export interface NewCatchUps {
  readonly organisationId: string;
  readonly dateId: string;
  readonly personIds: readonly string[];
  readonly state: 'waiting' | 'open';
  readonly dueAt: Date;
}

/** Begins what is to be made up for, anew where it was closed. @returns those for whom it begins now */
export async function insertCatchUps(
  tx: Tx,
  { organisationId, dateId, personIds, state, dueAt }: NewCatchUps,
  now: Date,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ personId: string }[]>`
    INSERT INTO seminar_catch_up AS c ("organisationId", "dateId", "personId", state, "createdAt", "dueAt")
    SELECT ${organisationId}::uuid, ${dateId}::uuid, m.id, ${state}::"SeminarCatchUpState", ${now}::timestamptz, ${dueAt}::timestamptz
    FROM unnest(${[...personIds]}::uuid[]) AS m (id) ORDER BY m.id
    ON CONFLICT ("organisationId", "dateId", "personId") DO UPDATE
      SET state = EXCLUDED.state, "createdAt" = EXCLUDED."createdAt", "dueAt" = EXCLUDED."dueAt", "settledAt" = NULL, "nextDateId" = NULL
      WHERE c.state = 'closed'
    RETURNING "personId"`;
  return rows.map((row) => row.personId);
}

/** Opens those of a date that waited for its recap, some at a time. @returns whom they are of */
export async function openWaiting(tx: Tx, organisationId: string, dateId: string, dueAt: Date, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ personId: string }[]>`
    WITH chosen AS MATERIALIZED (
      SELECT c."personId" FROM seminar_catch_up c
      WHERE c."organisationId" = ${organisationId}::uuid AND c."dateId" = ${dateId}::uuid AND c.state = 'waiting'
      ORDER BY c."personId" LIMIT ${limit} FOR UPDATE
    )
    UPDATE seminar_catch_up c SET state = 'open', "dueAt" = ${dueAt}::timestamptz
    FROM chosen WHERE c."organisationId" = ${organisationId}::uuid AND c."dateId" = ${dateId}::uuid AND c."personId" = chosen."personId"
    RETURNING c."personId"`;
  return rows.map((row) => row.personId).sort();
}

/** Who has the recap of a date to read. */
export async function openOf(tx: Tx, organisationId: string, dateId: string, limit: number): Promise<string[]> {
  const rows = await tx.seminarCatchUp.findMany({
    where: { organisationId, dateId, state: 'open' },
    select: { personId: true },
    orderBy: { personId: 'asc' },
    take: limit,
  });
  return rows.map((row) => row.personId);
}

/** Whose time is up, locked; those that another process is at are left to it. `ended`: for who has left, or the audience, or has come to a later date. */
export async function lockDueCatchUps(
  tx: Tx,
  organisation: Pick<Organisation, 'id' | 'guestsAllowed'>,
  limit: number,
  now: Date,
): Promise<{ readonly dateId: string; readonly personId: string; readonly createdAt: Date; readonly ended: boolean }[]> {
  return await tx.$queryRaw`
    SELECT c."dateId", c."personId", c."createdAt", p.status <> 'active' OR NOT ${targetHereSql(organisation)} OR EXISTS (
             SELECT 1 FROM seminar_date o
             JOIN seminar_attendance t ON t."organisationId" = o."organisationId" AND t."dateId" = o.id AND t."personId" = c."personId"
             WHERE o."organisationId" = d."organisationId" AND o."seriesId" = d."seriesId" AND o."startsAt" > d."startsAt" AND t.attended) AS ended
    FROM seminar_catch_up c
    JOIN person p ON p."organisationId" = c."organisationId" AND p.id = c."personId"
    JOIN seminar_date d ON d."organisationId" = c."organisationId" AND d.id = c."dateId"
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    WHERE c."organisationId" = ${organisation.id}::uuid AND c.state IN ('waiting', 'open') AND c."dueAt" <= ${now}::timestamptz
    ORDER BY c."dueAt", c."dateId", c."personId" LIMIT ${limit} FOR UPDATE OF c SKIP LOCKED`;
}

/** Ends what is still to be made up for. @returns whether it was */
export async function settleCatchUp(
  tx: Tx,
  { organisationId, dateId, personId }: { readonly organisationId: string; readonly dateId: string; readonly personId: string },
  end: { readonly state: 'read' | 'put_on' | 'closed'; readonly nextDateId?: string },
  now: Date,
): Promise<boolean> {
  const from: CatchUpState[] =
    end.state === 'read' ? ['open'] : end.state === 'closed' ? ['waiting', 'open', 'put_on'] : ['waiting', 'open'];
  const { count } = await tx.seminarCatchUp.updateMany({
    where: { organisationId, dateId, personId, state: { in: from } },
    data: { ...end, settledAt: now },
  });
  return count === 1;
}

/** What was put on a date longer ago, in days, is not looked at again: even a seminar of every other month has been held by then. */
const PUT_ON_DAYS = 130;

/** Begins anew, and due at once, what ended with a place on a date that was cancelled since, unless it was to begin before `from`. */
export async function reopenCancelled(tx: Tx, organisationId: string, from: Date, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE seminar_catch_up c
    SET state = CASE WHEN m.recap = '' THEN 'waiting'::"SeminarCatchUpState" ELSE 'open' END, "dueAt" = ${now}::timestamptz,
        "settledAt" = NULL, "nextDateId" = NULL
    FROM seminar_date n, seminar_date m
    WHERE c."organisationId" = ${organisationId}::uuid AND c.state = 'put_on'
      AND c."dueAt" > ${new Date(now.getTime() - PUT_ON_DAYS * 86_400_000)}::timestamptz
      AND n."organisationId" = c."organisationId" AND n.id = c."nextDateId" AND n.state = 'cancelled' AND n."startsAt" > ${from}::timestamptz
      AND m."organisationId" = c."organisationId" AND m.id = c."dateId"
      AND EXISTS (
        SELECT 1 FROM seminar_answer a
        WHERE a."organisationId" = c."organisationId" AND a."dateId" = n.id AND a."personId" = c."personId" AND a.state = 'going')`;
}

export interface Ended {
  readonly dateId: string;
  readonly personId: string;
  /** The date to come that the person was put on; null: none. */
  readonly nextDateId: string | null;
}

/** Ends what people had to make up for at other dates of a series, since they have come to this one. @returns what it was */
export async function settleElsewhere(
  tx: Tx,
  organisationId: string,
  at: { readonly seriesId: string; readonly dateId: string },
  personIds: readonly string[],
  now: Date,
): Promise<readonly Ended[]> {
  return await tx.$queryRaw<Ended[]>`
    UPDATE seminar_catch_up c SET state = 'closed', "settledAt" = ${now}::timestamptz FROM seminar_date d
    WHERE c."organisationId" = ${organisationId}::uuid AND c."personId" = ANY (${[...personIds]}::uuid[])
      AND d."organisationId" = c."organisationId" AND d.id = c."dateId" AND d."seriesId" = ${at.seriesId}::uuid AND d.id <> ${at.dateId}::uuid
      AND (c.state IN ('waiting', 'open') OR (c.state = 'put_on' AND EXISTS (
        SELECT 1 FROM seminar_date n
        WHERE n."organisationId" = c."organisationId" AND n.id = c."nextDateId" AND n."startsAt" > ${now}::timestamptz)))
    RETURNING c."dateId", c."personId", c."nextDateId"`;
}

/** Waits on: no date of the series has room yet. */
export async function prolongCatchUp(
  tx: Tx,
  { organisationId, dateId, personId }: { readonly organisationId: string; readonly dateId: string; readonly personId: string },
  dueAt: Date,
): Promise<void> {
  await tx.seminarCatchUp.updateMany({ where: { organisationId, dateId, personId, state: { in: ['waiting', 'open'] } }, data: { dueAt } });
}

/** What a person has to read, the oldest first. */
export async function openFor(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  limit: number,
): Promise<{ readonly dateIds: readonly string[]; readonly total: number }> {
  const where = { organisationId, personId, state: 'open' as const };
  const [rows, total] = await Promise.all([
    db.seminarCatchUp.findMany({ where, select: { dateId: true }, orderBy: [{ dueAt: 'asc' }, { dateId: 'asc' }], take: limit }),
    db.seminarCatchUp.count({ where }),
  ]);
  return { dateIds: rows.map((row) => row.dateId), total };
}

/** What was put beside a date, by its titles in their order. */
export async function materialTitles(db: Db | Tx, organisationId: string, dateId: string, limit: number): Promise<string[]> {
  const rows = await db.seminarMaterial.findMany({
    where: { organisationId, dateId },
    select: { title: true },
    orderBy: [{ addedAt: 'asc' }, { id: 'asc' }],
    take: limit,
  });
  return rows.map((row) => row.title);
}

/** Nothing is to be made up for any more by somebody who has left. */
export async function settleCatchUpsOf(tx: Tx, organisationId: string, personId: string, now: Date): Promise<void> {
  await tx.seminarCatchUp.updateMany({
    where: { organisationId, personId, state: { in: ['waiting', 'open'] } },
    data: { state: 'closed', settledAt: now },
  });
}
