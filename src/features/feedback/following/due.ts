import { hoursOfLocation } from '../../../people/business-hours.js';
import type { Db, Tx } from '../../../people/db.js';
import { holidayTest } from '../../../people/holidays.js';
import { atLocalTime, localDay } from '../../../people/hours.js';
import type { Organisation } from '../../../people/model.js';
import { addWorkingMinutes, workingMinutesBetween } from '../../../people/working-time.js';
import type { Case, LadderStep, Priority } from '../model.js';
import { loadSettings } from '../store-settings.js';

/** Reckons with the working time of one place: its zone, hours and public holidays. */
export interface WorkingTime {
  /** The instant at which so many working minutes have gone by since another. */
  add(at: Date, minutes: number): Date;
  /** Working minutes between two instants; 0 when `to` is not later. */
  between(from: Date, to: Date): number;
  /** A day (`YYYY-MM-DD`) on which the place is at work, else the next one. */
  workingDay(day: string): string;
}

/** The working time of a location; the organisation's without one, or where the location is gone. */
export async function workingTimeAt(db: Db | Tx, organisation: Organisation, locationId: string | null): Promise<WorkingTime> {
  const { zone, hours, country } = await hoursOfLocation(db, organisation, locationId);
  const isHoliday = await holidayTest(country);
  return {
    add: (at, minutes) => addWorkingMinutes(at, minutes, zone, hours, isHoliday),
    between: (from, to) => workingMinutesBetween(from, to, zone, hours, isHoliday),
    workingDay: (day) => localDay(addWorkingMinutes(atLocalTime(day, 0, zone), 1, zone, hours, isHoliday), zone),
  };
}

/**
 * When a case is due: so much working time of its location after an instant as its priority has.
 * @param from when it was opened, reopened or given this priority
 */
export async function dueOf(
  db: Db | Tx,
  organisation: Organisation,
  locationId: string | null,
  priority: Priority,
  from: Date,
): Promise<Date> {
  const [settings, time] = [await loadSettings(db, organisation), await workingTimeAt(db, organisation, locationId)];
  return time.add(from, settings.dueMinutes[priority]);
}

/**
 * When a case is due after a pause: the working time of the pause is added.
 * @param until the pause's end
 * @returns the due time as it was for a case that isn't paused
 */
export async function dueAfterPause(
  db: Db | Tx,
  organisation: Organisation,
  of: Pick<Case, 'locationId' | 'dueAt' | 'pausedAt'>,
  until: Date,
): Promise<Date> {
  if (of.pausedAt === null) return of.dueAt;
  const time = await workingTimeAt(db, organisation, of.locationId);
  return time.add(of.dueAt, time.between(of.pausedAt, until));
}

/**
 * When the next step of the escalation list is due for a case, for its column `nextStepAt`: whoever opens, reopens or resumes
 * one, or moves its due time, writes it there; whoever pauses, resolves or closes one writes null.
 * @param of `step`: how many steps were taken already (0 for one that was just opened or reopened)
 * @returns null after the last step
 */
export async function nextStep(
  db: Db | Tx,
  organisation: Organisation,
  of: Pick<Case, 'locationId' | 'dueAt' | 'step'>,
): Promise<Date | null> {
  const { ladder } = await loadSettings(db, organisation);
  const step = ladder[of.step];
  if (!step) return null;
  return stepAt(await workingTimeAt(db, organisation, of.locationId), of.dueAt, step);
}

/** When a step is due for a case that is due at an instant. */
export const stepAt = (time: WorkingTime, dueAt: Date, step: LadderStep): Date => time.add(dueAt, step.after);
