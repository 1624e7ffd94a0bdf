import { Temporal } from 'temporal-polyfill';
import type { WorkingHours } from './model.js';

const known = new Map<string, boolean>();

/** Whether this is an IANA zone that this machine knows. Offsets such as `+02:00` are none: they have no changes of clocks. */
export function isZone(zone: string): boolean {
  const cached = known.get(zone);
  if (cached !== undefined) return cached;
  const valid = /^[A-Za-z][A-Za-z0-9_+\-/]{1,60}$/.test(zone) && accepts(zone);
  // What people type must not fill the memory.
  if (known.size < 2000) known.set(zone, valid);
  return valid;
}

function accepts(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

let spellings: ReadonlyMap<string, string> | undefined;

/** A zone as IANA spells it: `europe/riga` is `Europe/Riga`. One that is in no list stays as it was typed. */
export function spellZone(zone: string): string {
  spellings ??= new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]));
  return spellings.get(zone.toLowerCase()) ?? zone;
}

/** The zone itself when it is one, UTC otherwise: a wrong setting must never stop what is due. */
export const zoneOrUtc = (zone: string): string => (isZone(zone) ? zone : 'UTC');

/** The calendar day of an instant in a zone, `YYYY-MM-DD`. */
export function localDay(at: Date, zone: string): string {
  return zoned(at, zone).toPlainDate().toString();
}

/**
 * The instant at which a day's wall clock shows a time. A time that a change of clocks leaves out is taken
 * as much later as the clocks jumped; one that comes twice is taken the first time (RFC 5545, as Temporal's "compatible").
 * @param day `YYYY-MM-DD`
 * @param minutes after midnight, 0 to 1440
 */
export function atLocalTime(day: string, minutes: number, zone: string): Date {
  const date = Temporal.PlainDate.from(day).add({ days: Math.floor(minutes / 1440) });
  const rest = minutes % 1440;
  const time = new Temporal.PlainTime(Math.floor(rest / 60), rest % 60);
  return new Date(date.toZonedDateTime({ timeZone: zoneOrUtc(zone), plainTime: time }).epochMilliseconds);
}

/** Minutes after midnight that a zone's wall clock shows at an instant. */
export function localMinutes(at: Date, zone: string): number {
  const { hour, minute } = zoned(at, zone);
  return hour * 60 + minute;
}

/** The day `days` later (earlier when negative), `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** Days from one to another, `YYYY-MM-DD` both; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' }).days;
}

/** Whether this is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  try {
    return Temporal.PlainDate.from(day, { overflow: 'reject' }).toString() === day;
  } catch {
    return false;
  }
}

/** ISO weekday of a day: 1 = Monday ... 7 = Sunday. */
export function weekday(day: string): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/**
 * The first instant from `at` on that lies within working hours: `at` itself inside them, else their next opening.
 * Hours that never open (no day, or an end before the start) are taken as always open, so that nothing is held back for ever.
 */
export function nextOpening(at: Date, zone: string, hours: WorkingHours): Date {
  const days = hours.days.filter((day) => day >= 1 && day <= 7);
  if (days.length === 0 || hours.end <= hours.start) return at;
  const today = localDay(at, zone);
  // Eight days: today's hours may be over, and a week has seven others at most.
  for (let ahead = 0; ahead <= 8; ahead++) {
    const day = addDays(today, ahead);
    if (!days.includes(weekday(day))) continue;
    const opens = atLocalTime(day, hours.start, zone);
    const closes = atLocalTime(day, hours.end, zone);
    if (at < opens) return opens;
    if (at < closes) return at;
  }
  return at;
}

function zoned(at: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zoneOrUtc(zone));
}
