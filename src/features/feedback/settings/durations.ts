import { key, type Text } from '../../../core/text.js';
import type { WorkingHours } from '../../../people/model.js';

/** Minutes of a working day: what "2 d" of working time is. Hours that never open are a whole day long. */
export function minutesOfDay({ start, end, days }: WorkingHours): number {
  return end > start && days.length > 0 ? end - start : 1_440;
}

const MINUTES = /^(?:m|min|mins|minutes?|minūt\p{L}*)\.?$/u;
const HOURS = /^(?:|h|hrs?|hours?|st|stund\p{L}*)\.?$/u;
const DAYS = /^(?:d|days?|dien\p{L}*)\.?$/u;

/**
 * Working minutes as people type them: "90 min", "8 h", "2 d", "1,5 h", in English or Latvian; a number alone stands for hours.
 * @returns undefined for anything else
 */
export function readDuration(typed: string, hours: WorkingHours): number | undefined {
  const found = /^(\d{1,5}(?:[.,]\d{1,2})?)\s*(\p{L}*\.?)$/u.exec(typed.trim().toLowerCase());
  if (!found) return undefined;
  const [amount, unit] = [Number((found[1] ?? '').replace(',', '.')), found[2] ?? ''];
  const factor = MINUTES.test(unit) ? 1 : HOURS.test(unit) ? 60 : DAYS.test(unit) ? minutesOfDay(hours) : undefined;
  return factor === undefined ? undefined : Math.round(amount * factor);
}

/** The same as it stands in a field at first, to be typed over. */
export function writeDuration(minutes: number, hours: WorkingHours): string {
  const day = minutesOfDay(hours);
  if (minutes >= day && minutes % day === 0) return `${minutes / day} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** "2 working days", "8 hours", "90 minutes". */
export function durationText(minutes: number, hours: WorkingHours): Text {
  const day = minutesOfDay(hours);
  if (minutes >= day && minutes % day === 0) return key('feedback.settings.days', { count: minutes / day });
  return minutes % 60 === 0
    ? key('feedback.settings.hours', { count: minutes / 60 })
    : key('feedback.settings.minutes', { count: minutes });
}
