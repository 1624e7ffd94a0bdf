import { Prisma } from '../../../generated/prisma/client.js';
import type { Db } from '../../../people/db.js';
import type { AnswerState, SeminarDate } from '../model.js';
import type { Via } from './store-attendance.js';

/** Somebody who answered, was there or was missing. */
export interface PersonRow {
  readonly personId: string;
  readonly name: string;
  readonly answer: AnswerState | null;
  readonly putOn: boolean;
  /** Null: nothing is recorded. */
  readonly attended: boolean | null;
  readonly late: boolean;
  readonly leftEarly: boolean;
  readonly excused: boolean;
  readonly via: Via;
  readonly at: Date | null;
  /** Who put it right, where somebody has. */
  readonly recordedBy: string | null;
}

/** Everybody who answered to a date or of whom something is recorded. */
const concerned = (organisationId: string, dateId: string) => Prisma.sql`(
  SELECT x."personId" AS id FROM seminar_answer x WHERE x."organisationId" = ${organisationId}::uuid AND x."dateId" = ${dateId}::uuid
  UNION
  SELECT y."personId" FROM seminar_attendance y WHERE y."organisationId" = ${organisationId}::uuid AND y."dateId" = ${dateId}::uuid)`;

/** People of a date: who came first, then who is expected, who was missing, who waits, may come, can't come; each by name. */
export async function listPeople(
  db: Db,
  organisationId: string,
  { id }: Pick<SeminarDate, 'id'>,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly PersonRow[]; readonly total: number }> {
  const [rows, [counted]] = await Promise.all([
    db.$queryRaw<PersonRow[]>`
      SELECT p.id AS "personId", p.name, a.state AS answer, COALESCE(a.source = 'put_on', false) AS "putOn", r.attended,
             COALESCE(r.late, false) AS late, COALESCE(r."leftEarly", false) AS "leftEarly", COALESCE(r.excused, false) AS excused, r.via, r.at, w.name AS "recordedBy"
      FROM ${concerned(organisationId, id)} c
      JOIN person p ON p."organisationId" = ${organisationId}::uuid AND p.id = c.id
      LEFT JOIN seminar_answer a ON a."organisationId" = p."organisationId" AND a."dateId" = ${id}::uuid AND a."personId" = p.id
      LEFT JOIN seminar_attendance r ON r."organisationId" = p."organisationId" AND r."dateId" = ${id}::uuid AND r."personId" = p.id
      LEFT JOIN person w ON w."organisationId" = r."organisationId" AND w.id = r."recordedById"
      ORDER BY CASE WHEN r.attended THEN 0 WHEN r."personId" IS NULL AND a.state = 'going' THEN 1 WHEN NOT r.attended THEN 2
                    WHEN a.state = 'waiting' THEN 3 WHEN a.state = 'maybe' THEN 4 ELSE 5 END,
               a."queueNo", p.name, p.id
      LIMIT ${page.limit} OFFSET ${page.offset}`,
    db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM ${concerned(organisationId, id)} c`,
  ]);
  return { rows, total: counted?.total ?? 0 };
}
