import type { SeminarDate } from '../model.js';
import { CHECK_IN } from '../model.js';

/** Whoever comes more than so many ms after the start is late. */
const LATE_AFTER = 5 * 60_000;

const DAY_MS = 86_400_000;

/** How long those who came can say what they think, in days after the end. */
export const OPINION_DAYS = 14;
/** From so many days after the end the host gets the summary, as soon as enough have answered. */
export const SUMMARY_DAYS = 3;
/** How long a recap is waited for, and then its reading, in days. */
export const CATCH_UP_DAYS = 7;

type Times = Pick<SeminarDate, 'startsAt' | 'endsAt'>;

export const daysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS);

/** When one can check in to a date: from `opens` until just before `closes`; and when Bellhop settles who was missing. */
export function windowOf({ startsAt, endsAt }: Times): { readonly opens: Date; readonly closes: Date; readonly settles: Date } {
  const closes = new Date(startsAt.getTime() + CHECK_IN.after);
  return { opens: new Date(startsAt.getTime() - CHECK_IN.before), closes, settles: endsAt > closes ? endsAt : closes };
}

/** Whether somebody who arrives at this instant is late. */
export const isLate = ({ startsAt }: Pick<SeminarDate, 'startsAt'>, now: Date): boolean => now.getTime() > startsAt.getTime() + LATE_AFTER;

/** When opinions are taken: from the end, for so many days. */
export const opinionsClose = ({ endsAt }: Pick<SeminarDate, 'endsAt'>): Date => daysAfter(endsAt, OPINION_DAYS);

/** What comes of a date by itself at an instant. */
export type Step = 'ahead' | 'open' | 'closed' | 'over';

/** Where a date stands in time: the check-in isn't open yet, is, is closed although the seminar goes on, or all is over. */
export function stepAt(date: Times, now: Date): Step {
  const { opens, closes, settles } = windowOf(date);
  if (now < opens) return 'ahead';
  if (now < closes) return 'open';
  return now < settles ? 'closed' : 'over';
}
