import { atLocalTime, nextOpening } from '../../../people/hours.js';
import type { Organisation } from '../../../people/model.js';
import { addMonths, monthOf } from '../periods.js';

/** After so many days a recap would tell nobody news: it is left out. */
const LATE_DAYS = 5;
const DAY_MS = 86_400_000;

export interface DueRecap {
  /** The month that it tells of: `2026-10`. */
  readonly month: string;
  /** The month before that one, which it is compared with. */
  readonly before: string;
  /** When the first working day of the present month began, and until when the recap may still go out. */
  readonly from: Date;
  readonly until: Date;
}

/** The recap that is due now; undefined outside working hours, before the month's first working day, and days after it. */
export function dueRecap(now: Date, { zone, hours }: Pick<Organisation, 'zone' | 'hours'>): DueRecap | undefined {
  const present = monthOf(now, zone);
  const from = nextOpening(startOf(present, zone), zone, hours);
  const until = new Date(from.getTime() + LATE_DAYS * DAY_MS);
  if (now < from || now >= until || nextOpening(now, zone, hours) > now) return undefined;
  return { month: addMonths(present, -1), before: addMonths(present, -2), from, until };
}

/** The instant at which a month begins in a zone. */
export function startOf(month: string, zone: string): Date {
  return atLocalTime(`${month}-01`, 0, zone);
}
