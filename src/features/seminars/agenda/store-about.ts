import type { Db, Tx } from '../../../people/db.js';

/** A date on whose agenda something stands, or stood. */
export interface DateAbout {
  readonly dateId: string;
  readonly title: string;
  readonly startsAt: Date;
  /** IANA zone that the date is planned in. */
  readonly zone: string;
  readonly state: 'planned' | 'cancelled';
  /** How many were there, the host included; 0 before the date. */
  readonly attended: number;
}

/**
 * The dates on whose agenda something of another feature was taken up, the latest first: what follows from it, for that
 * feature to show. Proposals that were not taken up, or were taken off again, don't count.
 * @param source the feature's name, as its AgendaSource has it
 * @param key of the suggestion: `theme:<uuid>`
 * @returns a page of them, and how many there are
 */
export async function datesAbout(
  db: Db | Tx,
  organisationId: string,
  source: string,
  key: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly DateAbout[]; readonly total: number }> {
  const [rows, total] = await Promise.all([
    db.$queryRaw<DateAbout[]>`
      SELECT d.id AS "dateId", COALESCE(d.title, s.title) AS title, d."startsAt", s.zone, d.state::text AS state,
             (SELECT count(*)::int FROM seminar_attendance a
              WHERE a."organisationId" = d."organisationId" AND a."dateId" = d.id AND a.attended) AS attended
      FROM seminar_agenda_item i
      JOIN seminar_date d ON d."organisationId" = i."organisationId" AND d.id = i."dateId"
      JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
      WHERE i."organisationId" = ${organisationId}::uuid AND i.source = ${source} AND i."sourceKey" = ${key} AND i.state = 'accepted'
      ORDER BY d."startsAt" DESC, d.id DESC OFFSET ${offset} LIMIT ${limit}`,
    db.seminarAgendaItem.count({ where: { organisationId, source, sourceKey: key, state: 'accepted' } }),
  ]);
  return { rows, total };
}
