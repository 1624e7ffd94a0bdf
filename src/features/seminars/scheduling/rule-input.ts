import { addDays, isDay, weekday } from '../../../people/hours.js';
import type { Rhythm, Weekday } from '../calendar/rhythm.js';
import { weekdays } from '../calendar/rhythm.js';
import type { Repeats, ScheduleInput } from './schema.js';

type RuleInput = Pick<ScheduleInput, 'repeats' | 'every' | 'nth' | 'weekday' | 'day'>;

/** A whole number as typed; NaN for anything else. */
export const wholeNumber = (typed: string): number => (/^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN);

/**
 * The rule that somebody filled in; what was left empty comes from the first day. A number that is none is NaN, and told
 * of by checkPlan.
 * @param firstDay `YYYY-MM-DD`; where it is no day, what depends on it is 1
 */
export function readRhythm(input: RuleInput, firstDay: string): Rhythm {
  const first = isDay(firstDay) ? firstDay : '2027-01-04';
  const every = input.every === '' ? 1 : wholeNumber(input.every);
  const on = weekdayOf(input.weekday) ?? weekdays[weekday(first) - 1] ?? 1;
  const dayOfMonth = Number(first.slice(8));
  switch (input.repeats) {
    case 'once':
      return { kind: 'once' };
    case 'weeks':
      return { kind: 'weekly', every };
    case 'month_day':
      return { kind: 'month_day', every, day: input.day === '' ? dayOfMonth : wholeNumber(input.day) };
    case 'month_last_day':
      return { kind: 'month_day', every, day: 'last' };
    case 'month_weekday':
      return { kind: 'month_weekday', every, nth: input.nth === undefined ? nthOf(dayOfMonth) : NTH[input.nth], weekday: on };
    case 'month_first_workday':
      return { kind: 'month_workday', every, nth: 'first' };
    case 'month_last_workday':
      return { kind: 'month_workday', every, nth: 'last' };
  }
}

/** A weekly rule falls on its first day's weekday: where another one was chosen, it begins on the next such day. */
export function firstOn({ repeats, weekday: wanted }: Pick<RuleInput, 'repeats' | 'weekday'>, firstDay: string): string {
  if (repeats !== 'weeks' || wanted === undefined || !isDay(firstDay)) return firstDay;
  return addDays(firstDay, (Number(wanted) - weekday(firstDay) + 7) % 7);
}

const weekdayOf = (chosen: string | undefined): Weekday | undefined => weekdays.find((each) => String(each) === chosen);

const NTH = { '1': 1, '2': 2, '3': 3, '4': 4, last: 'last' } as const;

/** Which of its weekdays a day of a month is; a fifth one is the last. */
function nthOf(dayOfMonth: number): 1 | 2 | 3 | 4 | 'last' {
  return ([1, 2, 3, 4] as const).find((nth) => dayOfMonth <= nth * 7) ?? 'last';
}

/** What stands in the form's fields for a rule. */
export interface RuleValues {
  readonly repeats: Repeats;
  readonly every: string;
  readonly nth: string;
  readonly weekday: string;
  readonly day: string;
}

const NOTHING = { nth: '', weekday: '', day: '' } as const;

export function ruleValues(rhythm: Rhythm): RuleValues {
  switch (rhythm.kind) {
    case 'once':
      return { repeats: 'once', every: '1', ...NOTHING };
    case 'weekly':
      return { repeats: 'weeks', every: String(rhythm.every), ...NOTHING };
    case 'month_day':
      return rhythm.day === 'last'
        ? { repeats: 'month_last_day', every: String(rhythm.every), ...NOTHING }
        : { repeats: 'month_day', every: String(rhythm.every), ...NOTHING, day: String(rhythm.day) };
    case 'month_weekday':
      return {
        ...NOTHING,
        repeats: 'month_weekday',
        every: String(rhythm.every),
        nth: String(rhythm.nth),
        weekday: String(rhythm.weekday),
      };
    case 'month_workday':
      return { ...NOTHING, repeats: rhythm.nth === 'first' ? 'month_first_workday' : 'month_last_workday', every: String(rhythm.every) };
  }
}
