import type { Db } from '../../../people/db.js';
import type { SeminarDate } from '../model.js';

/** The last time that a date was moved: from when, and why; undefined: it begins as it was planned. */
export async function lastMove(
  db: Db,
  organisationId: string,
  date: SeminarDate,
): Promise<{ readonly from: Date; readonly words: string } | undefined> {
  // A date that calendars have heard of once only was never changed.
  if (date.sequence === 0) return undefined;
  const [row] = await db.$queryRaw<{ from: Date; words: string }[]>`
    SELECT (m.change #>> '{before,startsAt}')::timestamptz AS "from", c.words
    FROM seminar_change c, LATERAL jsonb_array_elements(c.data -> 'dates') AS m (change)
    WHERE c."organisationId" = ${organisationId}::uuid AND c."seriesId" = ${date.series.id}::uuid
      AND m.change ->> 'dateId' = ${date.id} AND (m.change #>> '{after,startsAt}')::timestamptz = ${date.startsAt}::timestamptz
      AND (m.change #>> '{before,startsAt}')::timestamptz <> ${date.startsAt}::timestamptz
    ORDER BY c.at DESC LIMIT 1`;
  return row;
}

/** What there is to tell of a date once it is over; its host is no guest. */
export async function shownAfterwards(
  db: Db,
  organisationId: string,
  dateId: string,
): Promise<{ readonly came: number; readonly materials: number }> {
  const [row] = await db.$queryRaw<{ came: number; materials: number }[]>`
    SELECT
      (SELECT count(*)::int FROM seminar_attendance t
       JOIN seminar_date d ON d."organisationId" = t."organisationId" AND d.id = t."dateId" AND d."hostId" <> t."personId"
       WHERE t."organisationId" = ${organisationId}::uuid AND t."dateId" = ${dateId}::uuid AND t.attended) AS came,
      (SELECT count(*)::int FROM seminar_material m
       WHERE m."organisationId" = ${organisationId}::uuid AND m."dateId" = ${dateId}::uuid) AS materials`;
  return row ?? { came: 0, materials: 0 };
}
