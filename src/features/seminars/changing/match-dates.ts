import { addDays, weekday } from '../../../people/hours.js';
import { firstRuleDay } from '../calendar/check.js';
import type { PlannedDate } from '../calendar/dates.js';
import type { Rhythm } from '../calendar/rhythm.js';
import type { Series } from '../model.js';

type SeriesPlan = Series['plan'];

/** What of a plan is another one: nothing, only the time of day (or the length, or the zone), or its days. */
export type PlanChange = 'none' | 'time' | 'days';

/** @param before the plan as it would have gone on */
export function planChange(before: SeriesPlan, after: SeriesPlan): PlanChange {
  if (JSON.stringify(daysOf(before)) !== JSON.stringify(daysOf(after))) return 'days';
  return before.minutes === after.minutes && before.length === after.length && before.zone === after.zone ? 'none' : 'time';
}

/** Everything that decides on the days of a plan; where holidays are ignored, their country doesn't. */
function daysOf({ firstDay, rhythm, ending, exceptions, holidays, country }: SeriesPlan) {
  const parts = Object.entries(rhythm).sort(([a], [b]) => a.localeCompare(b));
  const known = holidays === 'ignore' ? null : country;
  return [firstDay, parts, ending.until ?? null, ending.count ?? null, [...exceptions].sort(), holidays, known];
}

/** A date of the old rule. */
export interface Held {
  readonly id: string;
  /** `YYYY-MM-DD`, not before the first day of the plan as it would have gone on. */
  readonly ruleDay: string;
  /** Whether it is there to be moved; otherwise (cancelled, moved to before) it only stands for its week or month. */
  readonly moves: boolean;
}

/**
 * Which new day belongs to which date. The first day of the old rule becomes the first one of the new, and where both come
 * as often, each date stays in its own week or month from there: one day that falls out takes one date with it, and
 * moves no other. Otherwise the dates follow one another in their order.
 * @returns new dates by the ids of old ones; a date that isn't among them has none
 */
export function matchDates(
  before: SeriesPlan,
  after: SeriesPlan,
  held: readonly Held[],
  planned: readonly PlannedDate[],
): Map<string, PlannedDate> {
  const matched = new Map<string, PlannedDate>();
  const [old, anew] = [periodsOf(before), periodsOf(after)];
  if (!old || !anew || !comesAsOften(before.rhythm, after.rhythm)) {
    const blocked = new Set(held.filter(({ moves }) => !moves).map(({ ruleDay }) => ruleDay));
    const free = planned.filter(({ ruleDay }) => !blocked.has(ruleDay));
    const inOrder = held.filter(({ moves }) => moves).sort((a, b) => (a.ruleDay < b.ruleDay ? -1 : 1));
    for (const [place, { id }] of inOrder.entries()) {
      const next = free[place];
      if (next) matched.set(id, next);
    }
    return matched;
  }
  const places = new Map(planned.map((date) => [anew(date.ruleDay), date]));
  // Those that move come first: one that was cancelled may stand for the same week by an older rule.
  for (const { id, ruleDay } of [...held].sort((a, b) => Number(b.moves) - Number(a.moves))) {
    const place = old(ruleDay);
    const next = places.get(place);
    if (next) matched.set(id, next);
    places.delete(place);
  }
  return matched;
}

/** How many new dates have to be known to match these. */
export function matchedAtMost(before: SeriesPlan, held: readonly Held[]): number {
  const old = periodsOf(before);
  return Math.max(held.length, ...held.map(({ ruleDay }) => (old?.(ruleDay) ?? 0) + 1));
}

function comesAsOften(one: Rhythm, other: Rhythm): boolean {
  if (one.kind === 'once' || other.kind === 'once') return false;
  return one.every === other.every && (one.kind === 'weekly') === (other.kind === 'weekly');
}

/** The number of the week or month in which a day of the rule lies, 0 for the first day's; undefined for one date alone. */
function periodsOf(plan: SeriesPlan): ((day: string) => number) | undefined {
  const { rhythm } = plan;
  if (rhythm.kind === 'once') return undefined;
  const first = firstRuleDay({ ...plan, ending: {} });
  if (first === undefined) return undefined;
  const count = rhythm.kind === 'weekly' ? weekNumber : monthNumber;
  return (day) => Math.floor((count(day) - count(first)) / rhythm.every);
}

const monthNumber = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

const weekNumber = (day: string): number => Date.parse(`${addDays(day, 1 - weekday(day))}T00:00:00Z`) / (7 * 86_400_000);
