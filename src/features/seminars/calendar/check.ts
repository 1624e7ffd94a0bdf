import { date, instant, type KeyText, key, list, words } from '../../../core/text.js';
import { hasHolidays } from '../../../people/holidays.js';
import { addDays, atLocalTime, isDay, isZone } from '../../../people/hours.js';
import { type Plan, ruleDays } from './dates.js';
import type { Rhythm } from './rhythm.js';

/** The part of the form that a problem belongs to. */
export type PlanField = 'zone' | 'firstDay' | 'minutes' | 'length' | 'every' | 'day' | 'until' | 'count' | 'exceptions' | 'country';

export interface PlanProblem {
  readonly field: PlanField;
  /** An `error` stands in the way of saving; a `note` tells what will happen. */
  readonly level: 'error' | 'note';
  readonly text: KeyText;
}

/** The bounds of a plan; lengths in minutes. */
export const planLimits = { every: 60, count: 200, shortest: 5, longest: 24 * 60, exceptions: 100, yearsAhead: 5 } as const;

/** No rule is searched further than this for its first date: 29 February every 60 months may need 40 years. */
const searchDays = 100 * 366;

const error = (field: PlanField, text: KeyText): PlanProblem => ({ field, level: 'error', text });
const note = (field: PlanField, text: KeyText): PlanProblem => ({ field, level: 'note', text });

/** The errors that stand in the way of saving. */
export const planErrors = (problems: readonly PlanProblem[]): PlanProblem[] => problems.filter(({ level }) => level === 'error');

/** What is wrong with a plan, each at its field, and what the manager should know. Nothing thrown, whatever the plan says. */
export function checkPlan(plan: Plan, now: Date): PlanProblem[] {
  const problems = [...startProblems(plan, now), ...ruleProblems(plan.rhythm), ...endingProblems(plan), ...exceptionProblems(plan)];
  problems.push(...holidayProblems(plan));
  // A rule that can't be followed has no dates to speak of.
  return problems.length > 0 ? problems : dateProblems(plan);
}

function startProblems(plan: Plan, now: Date): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (!isZone(plan.zone)) problems.push(error('zone', key('seminars.errors.zone_unknown', { zone: words(plan.zone) })));
  const clock = wholeBetween(plan.minutes, 0, 1439);
  if (!clock) problems.push(error('minutes', key('seminars.errors.time_unknown')));
  if (!wholeBetween(plan.length, planLimits.shortest, planLimits.longest)) {
    problems.push(error('length', key('seminars.errors.length_range')));
  }
  if (!isDay(plan.firstDay)) return [...problems, error('firstDay', noSuchDay(plan.firstDay))];
  // Compared as days first: what is far away must not be asked of a zone that doesn't exist.
  if (plan.firstDay > addDays(now.toISOString().slice(0, 10), planLimits.yearsAhead * 366)) {
    const params = { day: date(plan.firstDay), years: planLimits.yearsAhead };
    problems.push(error('firstDay', key('seminars.errors.start_far', params)));
  }
  if (clock && isZone(plan.zone)) {
    const start = atLocalTime(plan.firstDay, plan.minutes, plan.zone);
    if (start <= now) problems.push(error('firstDay', key('seminars.errors.start_past', { start: instant(start, plan.zone) })));
  }
  return problems;
}

const noSuchDay = (typed: string): KeyText => key('seminars.errors.no_such_day', { typed: words(typed) });

const wholeBetween = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;

function ruleProblems(rhythm: Rhythm): PlanProblem[] {
  if (rhythm.kind === 'once') return [];
  const problems: PlanProblem[] = [];
  if (!wholeBetween(rhythm.every, 1, planLimits.every)) {
    const params = { every: words(String(rhythm.every)), most: planLimits.every };
    problems.push(error('every', key('seminars.errors.every_range', params)));
  }
  if (rhythm.kind === 'month_day' && rhythm.day !== 'last' && !wholeBetween(rhythm.day, 1, 31)) {
    problems.push(error('day', key('seminars.errors.day_of_month')));
  }
  return problems;
}

function endingProblems(plan: Plan): PlanProblem[] {
  const { until, count } = plan.ending;
  if (plan.rhythm.kind === 'once') return [];
  const problems: PlanProblem[] = [];
  if (until !== undefined && !isDay(until)) problems.push(error('until', noSuchDay(until)));
  else if (until !== undefined && isDay(plan.firstDay) && until < plan.firstDay) {
    const params = { until: date(until), start: date(plan.firstDay) };
    problems.push(error('until', key('seminars.errors.until_before_start', params)));
  }
  if (count !== undefined && !wholeBetween(count, 1, planLimits.count)) {
    problems.push(error('count', key('seminars.errors.count_range', { most: planLimits.count })));
  }
  if (until !== undefined && count !== undefined) problems.push(error('count', key('seminars.errors.ending_twice')));
  return problems;
}

function exceptionProblems(plan: Plan): PlanProblem[] {
  const wrong = plan.exceptions.find((day) => !isDay(day));
  if (wrong !== undefined) return [error('exceptions', noSuchDay(wrong))];
  if (plan.exceptions.length <= planLimits.exceptions) return [];
  const params = { count: plan.exceptions.length, most: planLimits.exceptions };
  return [error('exceptions', key('seminars.errors.too_many_exceptions', params))];
}

function holidayProblems(plan: Plan): PlanProblem[] {
  if (plan.holidays === 'ignore') return [];
  if (plan.country === null || plan.country === '') return [error('country', key('seminars.errors.country_missing'))];
  if (hasHolidays(plan.country)) return [];
  return [error('country', key('seminars.errors.country_unknown', { country: words(plan.country) }))];
}

/** What the rule's own days tell. */
function dateProblems(plan: Plan): PlanProblem[] {
  const first = firstRuleDay({ ...plan, ending: {} });
  if (first === undefined) return [error('day', neverText(plan.rhythm))];
  const { until } = plan.ending;
  if (plan.rhythm.kind !== 'once' && until !== undefined && first > until) {
    return [error('until', key('seminars.errors.no_dates', { first: date(first), until: date(until) }))];
  }
  if (allExcepted(plan)) return [error('exceptions', key('seminars.errors.no_dates_left'))];
  const notes: PlanProblem[] = [];
  if (first !== plan.firstDay) notes.push(note('firstDay', key('seminars.notes.first_date', { day: date(first) })));
  if (plan.rhythm.kind === 'month_day' && plan.rhythm.day !== 'last' && plan.rhythm.day > 28) {
    notes.push(note('day', key('seminars.notes.short_months', { day: plan.rhythm.day })));
  }
  const unused = unusedExceptions(plan);
  if (unused.length > 0) notes.push(note('exceptions', key('seminars.notes.exceptions_unused', { days: list(unused.map(date)) })));
  return notes;
}

/** The first day that the rule gives, whatever its ending; undefined when it never gives one. */
export function firstRuleDay(plan: Pick<Plan, 'rhythm' | 'ending' | 'firstDay'>): string | undefined {
  for (const reach of [100, 2200, searchDays]) {
    const [first] = ruleDays(plan, plan.firstDay, addDays(plan.firstDay, reach));
    if (first !== undefined) return first;
  }
  return undefined;
}

/** Only the 29th to 31st can be missing from every month of a rule. */
function neverText(rhythm: Rhythm): KeyText {
  const day = rhythm.kind === 'month_day' && rhythm.day !== 'last' ? rhythm.day : 31;
  return key('seminars.errors.never', { day });
}

/** Whether the exceptions take every day of a rule: then there are as few days as exceptions, at most. */
function allExcepted(plan: Plan): boolean {
  const last = [...plan.exceptions].sort().at(-1);
  if (last === undefined) return false;
  const end = plan.rhythm.kind !== 'once' && endless(plan) ? undefined : addDays(plan.firstDay, searchDays);
  if (end === undefined) return false;
  const excepted = new Set(plan.exceptions);
  const beyond = ruleDays(plan, addDays(last, 1), end < last ? last : end);
  return beyond.length === 0 && ruleDays(plan, plan.firstDay, last).every((day) => excepted.has(day));
}

const endless = (plan: Plan): boolean => plan.ending.until === undefined && plan.ending.count === undefined;

/** Exceptions that are no day of the rule. Where dates are moved for holidays they may be moved dates, so nothing is said. */
function unusedExceptions(plan: Plan): string[] {
  const asked = [...plan.exceptions].sort();
  const last = asked.at(-1);
  if (last === undefined || plan.holidays === 'move') return [];
  const horizon = addDays(plan.firstDay, searchDays);
  const days = new Set(ruleDays(plan, plan.firstDay, last < horizon ? last : horizon));
  return asked.filter((day) => !days.has(day)).slice(0, 5);
}
