import type { Db, Tx } from '../../../people/db.js';
import type { CatchUpState } from './store-catch-up.js';

/** A person's seminars in figures. */
export interface Attended {
  readonly came: number;
  readonly missed: number;
  readonly excused: number;
  /** Missed, and the recap was read. */
  readonly caughtUp: number;
}

export interface RecordRow {
  readonly dateId: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly attended: boolean;
  readonly late: boolean;
  readonly leftEarly: boolean;
  readonly excused: boolean;
  readonly hosted: boolean;
  readonly catchUp: CatchUpState | null;
}

/** What is in a person's record of seminars: dates that are over. */
export async function countRecord(db: Db | Tx, organisationId: string, personId: string): Promise<Attended> {
  const [row] = await db.$queryRaw<Attended[]>`
    SELECT count(*) FILTER (WHERE r.attended)::int AS came, count(*) FILTER (WHERE NOT r.attended AND NOT r.excused)::int AS missed,
           count(*) FILTER (WHERE r.excused)::int AS excused,
           count(*) FILTER (WHERE NOT r.attended AND c.state = 'read')::int AS "caughtUp"
    FROM seminar_attendance r
    JOIN seminar_date d ON d."organisationId" = r."organisationId" AND d.id = r."dateId" AND d.state = 'planned' AND d.phase = 'over'
    LEFT JOIN seminar_catch_up c ON c."organisationId" = r."organisationId" AND c."dateId" = r."dateId" AND c."personId" = r."personId"
    WHERE r."organisationId" = ${organisationId}::uuid AND r."personId" = ${personId}::uuid`;
  return row ?? { came: 0, missed: 0, excused: 0, caughtUp: 0 };
}

/** Its rows, the latest first. */
export async function listRecord(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<RecordRow[]> {
  return await db.$queryRaw<RecordRow[]>`
    SELECT d.id AS "dateId", COALESCE(d.title, s.title) AS title, d."startsAt", r.attended, r.late, r."leftEarly", r.excused,
           d."hostId" = r."personId" AS hosted, c.state AS "catchUp"
    FROM seminar_attendance r
    JOIN seminar_date d ON d."organisationId" = r."organisationId" AND d.id = r."dateId" AND d.state = 'planned' AND d.phase = 'over'
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    LEFT JOIN seminar_catch_up c ON c."organisationId" = r."organisationId" AND c."dateId" = r."dateId" AND c."personId" = r."personId"
    WHERE r."organisationId" = ${organisationId}::uuid AND r."personId" = ${personId}::uuid
    ORDER BY d."startsAt" DESC, d.id LIMIT ${page.limit} OFFSET ${page.offset}`;
}
