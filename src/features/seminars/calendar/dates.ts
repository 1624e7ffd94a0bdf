import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { instant, key, type Text, words } from '../../../core/text.js';
import { type HolidayCalendar, holidaysOf } from '../../../people/holidays.js';
import { addDays, atLocalTime, weekday, zoneOrUtc } from '../../../people/hours.js';
import { type Ending, type Rhythm, toRRule } from './rhythm.js';

/** Everything that decides the dates of a series. */
export interface Plan {
  /** IANA zone in which the day and the time are meant. */
  readonly zone: string;
  /** `YYYY-MM-DD`: the first day that the rule may give. */
  readonly firstDay: string;
  /** Minutes after midnight on the wall clock of the zone, 0 to 1439. */
  readonly minutes: number;
  /** Minutes. */
  readonly length: number;
  readonly rhythm: Rhythm;
  readonly ending: Ending;
  /** Days without a date, `YYYY-MM-DD`: days of the rule, or days that a date was moved to. */
  readonly exceptions: readonly string[];
  readonly holidays: 'ignore' | 'move' | 'skip';
  /** ISO 3166-1 alpha-2, with a region if wished: `LV`, `US-CA`. Needed for holidays only. */
  readonly country: string | null;
  /** ISO weekdays on which a moved date may fall, 1 = Monday ... 7 = Sunday; none given means Monday to Friday. */
  readonly workDays: readonly number[];
}

export interface PlannedDate {
  /** Identity: the day that the rule gives, `YYYY-MM-DD`. */
  readonly ruleDay: string;
  /** The day it is held, `YYYY-MM-DD`; later than `ruleDay` when it was moved for a holiday. */
  readonly day: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** The holiday for which it was moved, in the window's language. */
  readonly movedFor?: string;
  /** The clock leaves this time out that day (it is taken later), or shows it twice (the first is taken). */
  readonly clock?: 'gap' | 'twice';
}

/** A day of the rule without a date, for the holiday on it. */
export interface SkippedDate {
  readonly day: string;
  /** In the window's language. */
  readonly holiday: string;
}

export interface Planned {
  /** In order of time. */
  readonly dates: readonly PlannedDate[];
  readonly skipped: readonly SkippedDate[];
}

/** Days as `YYYY-MM-DD`, both included; compared with the day a date is held. */
export interface Window {
  readonly from: string;
  readonly to?: string;
  readonly limit: number;
  /** ISO 639-1, of the holidays' names; the country's own without it. */
  readonly language?: string;
}

/** A date is moved by this many days at most; after that it is skipped. */
const furthestMove = 31;
/** How far back of a window moved dates can still decide what is free in it. */
const lookBack = 3 * furthestMove;
/** No rule is followed further than this from its window's beginning, so that none can run for ever. */
const horizonDays = 100 * 366;

/** The dates of a plan within a window, in order of time. The same days come out whatever the window. */
export async function planDates(plan: Plan, window: Window): Promise<PlannedDate[]> {
  return [...(await planWindow(plan, window)).dates];
}

/**
 * The dates of a plan within a window, and the days that holidays took from it.
 * @throws Error of the RFC 5545 library for a plan that `checkPlan` refuses ("every 0 weeks")
 */
export async function planWindow(plan: Plan, window: Window): Promise<Planned> {
  const from = window.from > plan.firstDay ? window.from : plan.firstDay;
  const horizon = earlier(window.to ?? addDays(from, horizonDays), addDays(from, horizonDays));
  const calendar = plan.holidays === 'ignore' ? null : await holidaysOf(plan.country, window.language);
  for (let reach = 366; ; reach *= 3) {
    const to = earlier(addDays(from, reach), horizon);
    const planned = between(plan, calendar, from, to);
    if (planned.dates.length >= window.limit || to >= horizon) return cut(planned, window.limit);
  }
}

const earlier = (one: string, other: string): string => (one < other ? one : other);

function cut(planned: Planned, limit: number): Planned {
  if (planned.dates.length <= limit) return planned;
  const dates = planned.dates.slice(0, limit);
  const last = dates.at(-1)?.day ?? '';
  return { dates, skipped: planned.skipped.filter(({ day }) => day <= last) };
}

/** Every date held from `from` to `to`: rule days after `to` are held after it, so that what is found is complete. */
function between(plan: Plan, calendar: HolidayCalendar | null, from: string, to: string): Planned {
  const days = ruleDays(plan, addDays(from, -lookBack), addDays(to, furthestMove));
  const taken = new Set(days);
  const excepted = new Set(plan.exceptions);
  const dates: PlannedDate[] = [];
  const skipped: SkippedDate[] = [];
  for (const ruleDay of days) {
    const holiday = calendar?.nameOn(ruleDay);
    const day = holiday === undefined ? ruleDay : movedDay(plan, calendar, ruleDay, taken);
    if (day === null) {
      if (ruleDay >= from && ruleDay <= to && !excepted.has(ruleDay)) skipped.push({ day: ruleDay, holiday: holiday ?? '' });
      continue;
    }
    // An excepted date keeps its day, so that excepting one never moves another.
    taken.add(day);
    if (excepted.has(ruleDay) || excepted.has(day) || day < from || day > to) continue;
    dates.push({ ruleDay, ...heldOn(plan, day), ...(holiday === undefined ? {} : { movedFor: holiday }) });
  }
  return { dates: dates.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime()), skipped };
}

/** The next working day that is no holiday and no other date of the plan; null to skip it. */
function movedDay(plan: Plan, calendar: HolidayCalendar | null, ruleDay: string, taken: ReadonlySet<string>): string | null {
  if (plan.holidays !== 'move') return null;
  const workDays = plan.workDays.length > 0 ? plan.workDays : [1, 2, 3, 4, 5];
  for (let ahead = 1; ahead <= furthestMove; ahead++) {
    const day = addDays(ruleDay, ahead);
    if (workDays.includes(weekday(day)) && !taken.has(day) && calendar?.nameOn(day) === undefined) return day;
  }
  return null;
}

/** Day and instants of a date held on a day, at the plan's time; `clock` when that day's change of clocks touches it. */
export function heldOn(plan: Pick<Plan, 'zone' | 'minutes' | 'length'>, day: string): Omit<PlannedDate, 'ruleDay' | 'movedFor'> {
  const startsAt = atLocalTime(day, plan.minutes, plan.zone);
  const clock = clockAt(day, plan.minutes, plan.zone);
  return { day, startsAt, endsAt: new Date(startsAt.getTime() + plan.length * 60_000), ...(clock ? { clock } : {}) };
}

/**
 * Whether a local time is left out (`gap`) or shown twice (`twice`) by the zone's clock that day.
 * @param day `YYYY-MM-DD`
 * @param minutes after midnight, 0 to 1439
 */
export function clockAt(day: string, minutes: number, zone: string): 'gap' | 'twice' | undefined {
  const wall = Temporal.PlainDate.from(day).toPlainDateTime({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
  const first = wall.toZonedDateTime(zoneOrUtc(zone), { disambiguation: 'earlier' });
  const second = wall.toZonedDateTime(zoneOrUtc(zone), { disambiguation: 'later' });
  if (first.epochMilliseconds === second.epochMilliseconds) return undefined;
  return first.toPlainDateTime().equals(wall) ? 'twice' : 'gap';
}

/** Which instant is taken where the clock leaves a time out or shows it twice; null where it does neither. */
export function clockNote(date: PlannedDate, plan: Pick<Plan, 'zone' | 'minutes'>): Text | null {
  if (!date.clock) return null;
  const params = { time: words(wallTime(plan.minutes)), taken: instant(date.startsAt, plan.zone) };
  return date.clock === 'gap' ? key('seminars.clock.gap', params) : key('seminars.clock.twice', params);
}

/** Minutes after midnight as a clock shows them: `09:05`. */
export function wallTime(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The rule's own days from `from` to `to`, `YYYY-MM-DD`, before exceptions and holidays. */
export function ruleDays(plan: Pick<Plan, 'rhythm' | 'ending' | 'firstDay'>, from: string, to: string): string[] {
  const first = from > plan.firstDay ? from : plan.firstDay;
  if (to < first) return [];
  // The rule is followed at midnight UTC, where every day has one: it gives days, and the zone is asked only for their time.
  const rule = new RRuleTemporal({ rruleString: toRRule(plan.rhythm, plan.ending, plan.firstDay), dtstart: midnight(plan.firstDay) });
  return rule.between(midnight(first), midnight(to), true).map((at) => at.toPlainDate().toString());
}

const midnight = (day: string): Temporal.ZonedDateTime => Temporal.PlainDate.from(day).toZonedDateTime('UTC');
