import { Temporal } from 'temporal-polyfill';
import { atLocalTime, localDay, weekday, zoneOrUtc } from './hours.js';
import type { WorkingHours } from './model.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Hours that open on none of so many days (a country where every day is a holiday) are taken as always open from there on. */
const CLOSED_FOR_GOOD = 400;

/** Whether a day (`YYYY-MM-DD`) is a public holiday: `holidayTest` of holidays.ts. */
export type IsHoliday = (day: string) => boolean;

/** Whether anybody is at work on a day (`YYYY-MM-DD`). Hours without days hold for every day. */
export const isWorkday = (day: string, { days }: Pick<WorkingHours, 'days'>, isHoliday: IsHoliday): boolean =>
  (days.length === 0 || days.includes(weekday(day))) && !isHoliday(day);

/**
 * The instant at which so much working time has gone by since another: Friday 16:30 and 60 minutes of an office from 9:00
 * to 17:00 is Monday 9:30; what ends with the working day is due at its close, not at the next opening.
 * A day's hours are one stretch from its opening to its close, so a change of clocks within it makes it longer or shorter.
 * Hours that never open (no day, or an end before the start) are taken as always open, as `nextOpening` takes them.
 * @param minutes of working time; 0 or less: `at` itself
 * @param zone IANA zone of the hours; UTC in place of one that nobody knows
 * @throws RangeError when no calendar reaches so far
 */
export function addWorkingMinutes(at: Date, minutes: number, zone: string, hours: WorkingHours, isHoliday: IsHoliday): Date {
  if (minutes <= 0) return at;
  let left = Math.round(minutes * MINUTE);
  let from = at.getTime();
  if (!everOpen(hours)) return new Date(from + left);
  for (const { opens, closes } of stretches(at, zone, hours, isHoliday)) {
    const start = Math.max(opens, from);
    if (closes <= start) continue;
    if (closes - start >= left) return new Date(start + left);
    left -= closes - start;
    from = closes;
  }
  return new Date(from + left);
}

/**
 * The working time between two instants, in minutes, not rounded: `addWorkingMinutes` the other way round.
 * @returns 0 when `to` is not later than `from`
 */
export function workingMinutesBetween(from: Date, to: Date, zone: string, hours: WorkingHours, isHoliday: IsHoliday): number {
  if (to <= from) return 0;
  if (!everOpen(hours)) return (to.getTime() - from.getTime()) / MINUTE;
  let total = 0;
  let last = from.getTime();
  for (const { opens, closes } of stretches(from, zone, hours, isHoliday)) {
    const start = Math.max(opens, last);
    const end = Math.min(closes, to.getTime());
    if (start >= to.getTime()) return total / MINUTE;
    if (end > start) total += end - start;
    last = Math.max(last, closes);
  }
  return (total + Math.max(0, to.getTime() - last)) / MINUTE;
}

const workDays = (hours: WorkingHours): readonly number[] => hours.days.filter((day) => day >= 1 && day <= 7);

const everOpen = (hours: WorkingHours): boolean => workDays(hours).length > 0 && hours.end > hours.start;

interface Stretch {
  /** Milliseconds since 1970, as Date has them. */
  readonly opens: number;
  readonly closes: number;
}

/** The stretches of working time from an instant's day on, without end unless nothing opens for long. */
function* stretches(from: Date, zone: string, hours: WorkingHours, isHoliday: IsHoliday): Generator<Stretch> {
  const known = zoneOrUtc(zone);
  const days = new Set(workDays(hours));
  let closed = 0;
  for (let day = dayNumber(localDay(from, known)); closed < CLOSED_FOR_GOOD; day++) {
    const name = new Date(day * DAY).toISOString().slice(0, 10);
    const stretch = days.has(weekdayOf(day)) && !isHoliday(name) ? stretchOf(day, name, known, hours) : undefined;
    closed = stretch ? 0 : closed + 1;
    if (stretch) yield stretch;
  }
}

/** Days since 1970-01-01. */
const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY;

/** ISO weekday; 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** A day's hours; undefined where a change of clocks leaves nothing of them. */
function stretchOf(day: number, name: string, zone: string, hours: WorkingHours): Stretch | undefined {
  const offset = steadyOffset(zone, day);
  if (offset !== undefined) {
    const midnight = day * DAY - offset;
    return { opens: midnight + hours.start * MINUTE, closes: midnight + hours.end * MINUTE };
  }
  // A zone that moved across the date line has skipped a day: what would be its hours are those of the next.
  if (localDay(atLocalTime(name, 12 * 60, zone), zone) !== name) return undefined;
  const opens = atLocalTime(name, hours.start, zone).getTime();
  const closes = atLocalTime(name, hours.end, zone).getTime();
  return closes > opens ? { opens, closes } : undefined;
}

/** A time in which a zone's clocks are not changed. */
interface Era {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Local time less UTC, in milliseconds. */
  readonly offset: number;
}

/** What a zone's local time is ahead of UTC on a day, the days beside it included, in milliseconds; undefined when it changes meanwhile. */
function steadyOffset(zone: string, day: number): number | undefined {
  // No zone is further from UTC than 26 hours, so that this holds the whole day wherever it is.
  const before = eraAt(zone, (day - 2) * DAY);
  const after = eraAt(zone, (day + 3) * DAY);
  return before.from === after.from ? before.offset : undefined;
}

function eraAt(zone: string, at: number): Era {
  const eras = erasOf(zone, new Date(at).getUTCFullYear());
  let found = eras[0];
  for (const era of eras) if (era.from <= at) found = era;
  return found ?? { from: at, offset: 0 };
}

const calendar = new Map<string, readonly Era[]>();

/** The eras that a year has something of: asking the zone's rules is slow, and due times are reckoned by the thousand. */
function erasOf(zone: string, year: number): readonly Era[] {
  const name = `${zone} ${year}`;
  const cached = calendar.get(name);
  if (cached) return cached;
  const begin = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime('UTC').withTimeZone(zone);
  const end = begin.add({ years: 1 }).epochMilliseconds;
  // The era that the year begins in has its true beginning, so that it is the same one in the year before.
  const first = begin.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  const eras: Era[] = [first ? eraFrom(first) : { from: Number.NEGATIVE_INFINITY, offset: offsetOf(begin) }];
  for (let at = begin.getTimeZoneTransition('next'); at !== null && at.epochMilliseconds < end; at = at.getTimeZoneTransition('next')) {
    eras.push(eraFrom(at));
  }
  // What people type must not fill the memory.
  if (calendar.size > 5000) calendar.clear();
  calendar.set(name, eras);
  return eras;
}

const offsetOf = (at: Temporal.ZonedDateTime): number => at.offsetNanoseconds / 1_000_000;

const eraFrom = (at: Temporal.ZonedDateTime): Era => ({ from: at.epochMilliseconds, offset: offsetOf(at) });
