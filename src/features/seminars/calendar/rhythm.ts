import { date, join, key, select, type Text } from '../../../core/text.js';
import { weekday } from '../../../people/hours.js';

/** ISO weekday: 1 = Monday ... 7 = Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** How a seminar comes again. `every` counts weeks or months from the week or month of the first day. */
export type Rhythm =
  | { readonly kind: 'once' }
  /** On the weekday of the first day. */
  | { readonly kind: 'weekly'; readonly every: number }
  /** A month that has no such day (the 31st of April) has no date, as RFC 5545 says; `last` is there in every month. */
  | { readonly kind: 'month_day'; readonly every: number; readonly day: number | 'last' }
  | { readonly kind: 'month_weekday'; readonly every: number; readonly nth: 1 | 2 | 3 | 4 | 'last'; readonly weekday: Weekday }
  /** The first or last of the month's days from Monday to Friday. */
  | { readonly kind: 'month_workday'; readonly every: number; readonly nth: 'first' | 'last' };

/** One of the two at most: RFC 5545 forbids both. */
export interface Ending {
  /** The last day that the rule may give, `YYYY-MM-DD` in the series' zone. */
  readonly until?: string;
  /** How many days the rule gives, those excepted or skipped among them. */
  readonly count?: number;
}

const codes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

/**
 * The rule as RFC 5545 text (the value of an RRULE), to be stored. It speaks of days, not of instants: its DTSTART is the
 * first day as a DATE, and so is its UNTIL (RFC 5545, 3.3.10: both of one type).
 * @param firstDay `YYYY-MM-DD`; gives the weekday of a weekly rule
 */
export function toRRule(rhythm: Rhythm, ending: Ending, firstDay: string): string {
  const parts = rhythm.kind === 'once' ? ['FREQ=DAILY', 'COUNT=1'] : [...ruleParts(rhythm, firstDay), ...endingParts(ending)];
  return parts.join(';');
}

function ruleParts(rhythm: Exclude<Rhythm, { kind: 'once' }>, firstDay: string): string[] {
  const interval = `INTERVAL=${rhythm.every}`;
  switch (rhythm.kind) {
    case 'weekly':
      return ['FREQ=WEEKLY', interval, `BYDAY=${weekdayCode(weekdayOf(firstDay))}`];
    case 'month_day':
      return ['FREQ=MONTHLY', interval, `BYMONTHDAY=${rhythm.day === 'last' ? -1 : rhythm.day}`];
    case 'month_weekday':
      return ['FREQ=MONTHLY', interval, `BYDAY=${rhythm.nth === 'last' ? -1 : rhythm.nth}${weekdayCode(rhythm.weekday)}`];
    case 'month_workday':
      return ['FREQ=MONTHLY', interval, 'BYDAY=MO,TU,WE,TH,FR', `BYSETPOS=${rhythm.nth === 'last' ? -1 : 1}`];
  }
}

function endingParts(ending: Ending): string[] {
  const parts: string[] = [];
  if (ending.until !== undefined) parts.push(`UNTIL=${ending.until.replaceAll('-', '')}`);
  if (ending.count !== undefined) parts.push(`COUNT=${ending.count}`);
  return parts;
}

/**
 * What `toRRule` wrote, read back.
 * @throws Error when the text is none of its rules: what is stored was written by it.
 */
export function fromRRule(text: string): { rhythm: Rhythm; ending: Ending } {
  const parts = new Map(text.split(';').map((part) => part.split('=', 2) as [string, string]));
  const rhythm = rhythmOf(parts);
  if (!rhythm) throw new Error(`Not a rule of a seminar: ${text}`);
  return { rhythm, ending: rhythm.kind === 'once' ? {} : endingOf(parts) };
}

function rhythmOf(parts: ReadonlyMap<string, string>): Rhythm | null {
  if (parts.get('FREQ') === 'DAILY') return { kind: 'once' };
  const every = Number(parts.get('INTERVAL') ?? 1);
  if (parts.get('FREQ') === 'WEEKLY') return { kind: 'weekly', every };
  if (parts.get('FREQ') !== 'MONTHLY') return null;
  const day = parts.get('BYMONTHDAY');
  if (day !== undefined) return { kind: 'month_day', every, day: day === '-1' ? 'last' : Number(day) };
  const position = parts.get('BYSETPOS');
  if (position !== undefined) return { kind: 'month_workday', every, nth: position === '-1' ? 'last' : 'first' };
  return monthWeekday(every, parts.get('BYDAY') ?? '');
}

function monthWeekday(every: number, byDay: string): Rhythm | null {
  const found = /^(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)$/.exec(byDay);
  if (!found) return null;
  const nth = nths.find((each) => found[1] === String(each)) ?? 'last';
  return { kind: 'month_weekday', every, nth, weekday: weekdays.find((each) => weekdayCode(each) === found[2]) ?? 1 };
}

function endingOf(parts: ReadonlyMap<string, string>): Ending {
  const until = parts.get('UNTIL');
  const count = parts.get('COUNT');
  return {
    ...(until === undefined ? {} : { until: until.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3') }),
    ...(count === undefined ? {} : { count: Number(count) }),
  };
}

const nths = [1, 2, 3, 4] as const;

export const weekdays: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

const weekdayCode = (on: Weekday): string => codes[on - 1] ?? 'MO';

function weekdayOf(day: string): Weekday {
  return weekdays[weekday(day) - 1] ?? 1;
}

/**
 * The rhythm in words: "every 2 months on the second Tuesday".
 * @param firstDay `YYYY-MM-DD`; with it a weekly rhythm names its weekday
 */
export function describeRhythm(rhythm: Rhythm, firstDay?: string): Text {
  switch (rhythm.kind) {
    case 'once':
      return key('seminars.rhythm.once');
    case 'weekly':
      return firstDay === undefined
        ? key('seminars.rhythm.weekly', { every: rhythm.every })
        : key('seminars.rhythm.weekly_on', { every: rhythm.every, weekday: select(String(weekdayOf(firstDay))) });
    case 'month_day':
      return rhythm.day === 'last'
        ? key('seminars.rhythm.month_last_day', { every: rhythm.every })
        : key('seminars.rhythm.month_day', { every: rhythm.every, day: rhythm.day });
    case 'month_weekday':
      return key('seminars.rhythm.month_weekday', {
        every: rhythm.every,
        nth: select(String(rhythm.nth)),
        weekday: select(String(rhythm.weekday)),
      });
    case 'month_workday':
      return key('seminars.rhythm.month_workday', { every: rhythm.every, nth: select(rhythm.nth) });
  }
}

/** Rhythm and ending in words: "every 2 months on the second Tuesday, 6 dates". */
export function describeRule(rhythm: Rhythm, ending: Ending, firstDay?: string): Text {
  const rule = describeRhythm(rhythm, firstDay);
  if (rhythm.kind === 'once') return rule;
  if (ending.until !== undefined) return join([rule, key('seminars.rhythm.until', { day: date(ending.until) })], ', ');
  if (ending.count !== undefined) return join([rule, key('seminars.rhythm.count', { count: ending.count })], ', ');
  return rule;
}
