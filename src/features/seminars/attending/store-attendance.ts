import type { Db, Tx } from '../../../people/db.js';
import type { STANDINGS } from './schema.js';

/** How somebody checked in; null: Bellhop settled it after the date. */
export type Via = 'button' | 'code' | 'host' | null;

/** What is recorded of somebody, in one word. */
export type Standing = (typeof STANDINGS)[number];

/** Whether somebody was there. */
export interface Attendance {
  readonly personId: string;
  /** False: missed. */
  readonly attended: boolean;
  readonly late: boolean;
  readonly leftEarly: boolean;
  /** Missed, with a reason that the host accepts, or for want of a place. */
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

/** Whether a person is recorded as being, or having been, at a date. */
export async function isHere(db: Db | Tx, organisationId: string, dateId: string, personId: string): Promise<boolean> {
  return (await findAttendance(db, organisationId, dateId, personId))?.attended ?? false;
}

export function standingOf({
  attended,
  late,
  leftEarly,
  excused,
}: Pick<Attendance, 'attended' | 'late' | 'leftEarly' | 'excused'>): Standing {
  if (!attended) return excused ? 'excused' : 'missed';
  if (late) return leftEarly ? 'late_left_early' : 'late';
  return leftEarly ? 'left_early' : 'present';
}

const MARKS: Readonly<Record<Standing, Pick<Attendance, 'attended' | 'late' | 'leftEarly' | 'excused'>>> = {
  present: { attended: true, late: false, leftEarly: false, excused: false },
  late: { attended: true, late: true, leftEarly: false, excused: false },
  left_early: { attended: true, late: false, leftEarly: true, excused: false },
  late_left_early: { attended: true, late: true, leftEarly: true, excused: false },
  missed: { attended: false, late: false, leftEarly: false, excused: false },
  excused: { attended: false, late: false, leftEarly: false, excused: true },
};

/**
 * Holds a date as it is until the commit: its phase doesn't change meanwhile, so that nobody checks in to what is settled.
 * Others hold it at the same time.
 */
export async function holdDate(
  tx: Tx,
  organisationId: string,
  dateId: string,
): Promise<{ readonly state: 'planned' | 'cancelled'; readonly phase: 'ahead' | 'open' | 'over' } | undefined> {
  const [row] = await tx.$queryRaw<{ state: 'planned' | 'cancelled'; phase: 'ahead' | 'open' | 'over' }[]>`
    SELECT d.state, d.phase FROM seminar_date d WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ${dateId}::uuid FOR SHARE`;
  return row;
}

export interface Arrival {
  readonly organisationId: string;
  readonly dateId: string;
  readonly personId: string;
  readonly via: 'button' | 'code';
  readonly late: boolean;
}

/** Records that somebody is there. What the host recorded stays, except that whoever was excused may come after all. @returns whether it was new */
export async function recordArrival(tx: Tx, { organisationId, dateId, personId, via, late }: Arrival, now: Date): Promise<boolean> {
  const written = await tx.$executeRaw`
    INSERT INTO seminar_attendance AS t ("organisationId", "dateId", "personId", attended, late, via, at)
    VALUES (${organisationId}::uuid, ${dateId}::uuid, ${personId}::uuid, true, ${late}, ${via}::"SeminarAttendanceVia", ${now}::timestamptz)
    ON CONFLICT ("organisationId", "dateId", "personId") DO UPDATE
      SET attended = true, late = EXCLUDED.late, "leftEarly" = false, excused = false, via = EXCLUDED.via, at = EXCLUDED.at, "recordedById" = NULL
      WHERE t.excused`;
  return written === 1;
}

export interface Correction {
  readonly organisationId: string;
  readonly dateId: string;
  readonly personId: string;
  readonly standing: Standing;
  readonly byId: string;
}

/** Records what the host knows better. The instant of a check-in stays. @returns what stood there before; undefined: nothing */
export async function writeCorrection(
  tx: Tx,
  { organisationId, dateId, personId, standing, byId }: Correction,
  now: Date,
): Promise<Attendance | undefined> {
  const id = { organisationId, dateId, personId };
  // One correction of a person at a time, whether there is a row to lock or not.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`seminars.attendance:${dateId}:${personId}`}, 0))`;
  const before = await findAttendance(tx, organisationId, dateId, personId);
  const marks = MARKS[standing];
  const row = { ...marks, via: 'host' as const, at: before?.attended && marks.attended ? before.at : now, recordedById: byId };
  await tx.seminarAttendance.upsert({ where: { organisationId_dateId_personId: id }, create: { ...id, ...row }, update: row });
  return before;
}

/** How many came to a date, without its host. */
export async function countCame(
  db: Db | Tx,
  organisationId: string,
  date: { readonly id: string; readonly hostId: string },
): Promise<number> {
  return await db.seminarAttendance.count({
    where: { organisationId, dateId: date.id, attended: true, personId: { not: date.hostId } },
  });
}
