import type { Db, Tx } from '../../../people/db.js';

/** How somebody checked in; null: Bellhop settled it after the date. */
export type Via = 'button' | 'code' | 'host' | null;

/** Whether somebody was there. */
export interface Attendance {
  readonly personId: string;
  /** False: missed. */
  readonly attended: boolean;
  readonly late: boolean;
  readonly leftEarly: boolean;
  /** Missed, with a reason that the host accepts. */
  readonly excused: boolean;
  readonly via: Via;
  readonly at: Date;
  readonly recordedById: string | null;
}

const COLUMNS = {
  personId: true,
  attended: true,
  late: true,
  leftEarly: true,
  excused: true,
  via: true,
  at: true,
  recordedById: true,
} as const;

/** Who was at a date, and who was found missing, by person: those of whom something is recorded. */
export async function attendanceOf(db: Db | Tx, organisationId: string, dateId: string): Promise<Map<string, Attendance>> {
  const rows = await db.seminarAttendance.findMany({
    where: { organisationId, dateId },
    select: COLUMNS,
    orderBy: [{ at: 'asc' }, { personId: 'asc' }],
  });
  return new Map(rows.map((row) => [row.personId, row]));
}

/** One person's attendance; undefined while nothing is recorded. */
export async function findAttendance(
  db: Db | Tx,
  organisationId: string,
  dateId: string,
  personId: string,
): Promise<Attendance | undefined> {
  const row = await db.seminarAttendance.findUnique({
    where: { organisationId_dateId_personId: { organisationId, dateId, personId } },
    select: COLUMNS,
  });
  return row ?? undefined;
}
