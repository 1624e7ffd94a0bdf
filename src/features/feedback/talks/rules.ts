import { addDays, atLocalTime, localDay } from '../../../people/hours.js';
import type { WorkingHours } from '../../../people/model.js';
import { type IsHoliday, isWorkday } from '../../../people/working-time.js';

/** When whoever is asked is at work. */
export interface AtWork {
  /** IANA zone. */
  readonly zone: string;
  readonly hours: WorkingHours;
  readonly isHoliday: IsHoliday;
}

/**
 * What the n-th message about a talk is: 1 asks for it, 2 reminds on the working day before its day, 3 says that the day has passed,
 * 4 to 6 ask again, and from 7 on the next in line hears of it.
 */
export const ASK = { first: 1, soon: 2, overdue: 3, lastAgain: 6 } as const;

/** Working days between two reminders that it is overdue. */
const AGAIN_DAYS = 3;
/** So far ahead a talk can be put off, in days. */
export const MOST_LATER = 60;
/** Days that a country may rest at a stretch; beyond it every day is taken as a working day. */
const MOST_REST = 60;

/** The nearest working day from one on, in steps of a day forwards or back. */
export function workingDay(work: AtWork, from: string, step: 1 | -1): string {
  for (let ahead = 0; ahead < MOST_REST; ahead++) {
    const day = addDays(from, ahead * step);
    if (isWorkday(day, work.hours, work.isHoliday)) return day;
  }
  return from;
}

function workingDaysAfter(work: AtWork, from: string, count: number): string {
  let day = from;
  for (let passed = 0; passed < count; passed++) day = workingDay(work, addDays(day, 1), 1);
  return day;
}

const opening = (work: AtWork, day: string): Date => atLocalTime(day, work.hours.start, work.zone);

/**
 * When the line is to be asked again.
 * @param asked how often it was asked about this day
 * @param dueOn `YYYY-MM-DD`
 */
export function nextAskAt(work: AtWork, asked: number, dueOn: string, now: Date): Date {
  if (asked < ASK.soon) {
    const before = opening(work, workingDay(work, addDays(dueOn, -1), -1));
    if (before > now) return before;
  }
  if (asked < ASK.overdue) {
    const after = opening(work, workingDay(work, addDays(dueOn, 1), 1));
    if (after > now) return after;
  }
  return opening(work, workingDaysAfter(work, localDay(now, work.zone), AGAIN_DAYS));
}

/** Which message is due now: after a gap only the latest one goes out. @param today `YYYY-MM-DD` */
export function askOf(asked: number, dueOn: string, today: string): number {
  const least = asked === 0 ? ASK.first : today > dueOn ? ASK.overdue : ASK.soon;
  return Math.max(asked + 1, least);
}
