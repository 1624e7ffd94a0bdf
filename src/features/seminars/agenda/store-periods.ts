import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';

/** A date whose agenda is wanted, and when its series met before. */
export interface AgendaDue {
  readonly id: string;
  /** The start of the series' date before it; null: there is none. */
  readonly before: Date | null;
}

const BEFORE = Prisma.sql`(
  SELECT max(b."startsAt") FROM seminar_date b
  WHERE b."organisationId" = d."organisationId" AND b."seriesId" = d."seriesId" AND b.state = 'planned' AND b."startsAt" < d."startsAt")`;

/** The start of the series' date before this one. */
export async function startBefore(db: Db | Tx, organisationId: string, dateId: string): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ before: Date | null }[]>`
    SELECT ${BEFORE} AS before FROM seminar_date d WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ${dateId}::uuid`;
  return row?.before ?? null;
}

/**
 * Dates that are announced or reminded of by then and have nothing of other features on their agenda yet, in the order
 * of their ids.
 * @param after the id that the page before ended with
 */
export async function datesToPrepare(
  db: Db | Tx,
  organisationId: string,
  by: Date,
  after: string | undefined,
  limit: number,
): Promise<AgendaDue[]> {
  const due = (column: Prisma.Sql) => Prisma.sql`
    SELECT w.id FROM seminar_date w WHERE w."organisationId" = ${organisationId}::uuid AND ${column} IS NOT NULL AND ${column} <= ${by}::timestamptz`;
  return await db.$queryRaw<AgendaDue[]>`
    SELECT d.id, ${BEFORE} AS before FROM seminar_date d
    WHERE d."organisationId" = ${organisationId}::uuid AND d.state = 'planned'
      AND d.id IN (${due(Prisma.sql`w."postAt"`)} UNION ALL ${due(Prisma.sql`w."nextStageAt"`)})
      ${after ? Prisma.sql`AND d.id > ${after}::uuid` : Prisma.empty}
      AND NOT EXISTS (
        SELECT 1 FROM seminar_agenda_item i
        WHERE i."organisationId" = d."organisationId" AND i."dateId" = d.id AND i.source IS NOT NULL)
    ORDER BY d.id LIMIT ${limit}`;
}
