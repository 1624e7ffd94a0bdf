import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';

/** A date whose agenda is wanted, and what that begins with. */
export interface AgendaDue {
  readonly id: string;
  readonly startsAt: Date;
  /** The start of the date before; null: there was none. */
  readonly heldAt: Date | null;
  /** IANA zone in which that was held. */
  readonly heldZone: string;
  /** Nothing of its series that comes before it is still to be held. */
  readonly isNext: boolean;
}

/**
 * Dates with what their agendas begin with: the latest date of the series that began before both it and `now`; of a series that has
 * none, the latest of another one for the same people.
 * @param where a predicate over `seminar_date d`
 */
const loadDue = async (db: Db | Tx, organisationId: string, now: Date, where: Prisma.Sql): Promise<AgendaDue[]> => {
  const held = Prisma.sql`b."organisationId" = d."organisationId" AND b.state = 'planned' AND b."startsAt" < d."startsAt" AND b."startsAt" <= ${now}::timestamptz`;
  return await db.$queryRaw<AgendaDue[]>`
    SELECT d.id, d."startsAt", COALESCE(own."startsAt", other."startsAt") AS "heldAt", COALESCE(other.zone, s.zone) AS "heldZone",
           NOT EXISTS (
             SELECT 1 FROM seminar_date n
             WHERE n."organisationId" = d."organisationId" AND n."seriesId" = d."seriesId" AND n.state = 'planned'
               AND n."startsAt" < d."startsAt" AND n."startsAt" > ${now}::timestamptz) AS "isNext"
    FROM seminar_date d
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    LEFT JOIN LATERAL (
      SELECT b."startsAt" FROM seminar_date b WHERE ${held} AND b."seriesId" = d."seriesId"
      ORDER BY b."startsAt" DESC LIMIT 1
    ) own ON true
    LEFT JOIN LATERAL (
      SELECT b."startsAt", o.zone FROM seminar_date b
      JOIN seminar_series o ON o."organisationId" = b."organisationId" AND o.id = b."seriesId"
      WHERE own."startsAt" IS NULL AND ${held} AND o."audienceKind" = s."audienceKind"
        AND o."audienceTarget" IS NOT DISTINCT FROM s."audienceTarget" AND o."audiencePeople" = s."audiencePeople"
      ORDER BY b."startsAt" DESC LIMIT 1
    ) other ON true
    WHERE d."organisationId" = ${organisationId}::uuid AND ${where}`;
};

/** What a date's agenda begins with; undefined when there is no such date. */
export async function findDue(db: Db | Tx, organisationId: string, dateId: string, now: Date): Promise<AgendaDue | undefined> {
  const [found] = await loadDue(db, organisationId, now, Prisma.sql`d.id = ${dateId}::uuid`);
  return found;
}

/**
 * Dates that are announced by then and have nothing of other features on their agenda yet, and dates that are reminded of by then, in
 * the order of their ids.
 * @param after the id that the page before ended with
 */
export async function datesToPrepare(
  db: Db | Tx,
  organisationId: string,
  { now, by, after, limit }: { readonly now: Date; readonly by: Date; readonly after?: string | undefined; readonly limit: number },
): Promise<AgendaDue[]> {
  const due = (column: Prisma.Sql) => Prisma.sql`
    SELECT w.id FROM seminar_date w WHERE w."organisationId" = ${organisationId}::uuid AND ${column} IS NOT NULL AND ${column} <= ${by}::timestamptz`;
  // Where there is no channel yet, an announcement stays due for days.
  const unprepared = Prisma.sql`NOT EXISTS (
    SELECT 1 FROM seminar_agenda_item i WHERE i."organisationId" = w."organisationId" AND i."dateId" = w.id AND i.source IS NOT NULL)`;
  return await loadDue(
    db,
    organisationId,
    now,
    Prisma.sql`d.state = 'planned' AND d.id IN (${due(Prisma.sql`w."postAt"`)} AND ${unprepared} UNION ALL ${due(Prisma.sql`w."nextStageAt"`)})
      ${after ? Prisma.sql`AND d.id > ${after}::uuid` : Prisma.empty}
      ORDER BY d.id LIMIT ${limit}`,
  );
}
