import { addDays, atLocalTime, localDay, nextOpening, weekday } from '../../../people/hours.js';
import type { WorkingHours } from '../../../people/model.js';
import { addMonths, quarterOf, yearOf } from '../periods.js';
import type { Findings } from './schema.js';

/** Fewer people say nothing about a group. */
export const LEAST_PEOPLE = 5;
/** Shares of two groups that lie so far apart are worth a word. */
const UNEVEN_GAP = 0.25;
/** What "for a long time" means in the fairness report. */
export const SILENT_DAYS = 90;
/** Leaderboards go no deeper: further down they praise nobody. */
export const DEEPEST = 70;

export type Span = 'month' | 'quarter' | 'year';

export function spanOf(period: string): Span {
  if (period.length === 4) return 'year';
  return period.includes('Q') ? 'quarter' : 'month';
}

/** The period of this length that a month lies in. */
export function periodOf(span: Span, month: string): string {
  return span === 'month' ? month : span === 'quarter' ? quarterOf(month) : yearOf(month);
}

/** The period of the same length before. */
export function periodBefore(period: string): string {
  const year = Number(period.slice(0, 4));
  const yearBefore = String(year - 1).padStart(4, '0');
  switch (spanOf(period)) {
    case 'year':
      return yearBefore;
    case 'month':
      return addMonths(period, -1);
    case 'quarter': {
      const quarter = Number(period.slice(6));
      return quarter === 1 ? `${yearBefore}-Q4` : `${period.slice(0, 4)}-Q${quarter - 1}`;
    }
  }
}

/**
 * Places of a list that is in the order of its points, the most first: who has as many shares the place, and the next
 * one's place counts everybody before (1, 2, 2, 4).
 */
export function ranked<T extends { readonly points: number }>(rows: readonly T[]): readonly (T & { readonly rank: number })[] {
  const placed: (T & { readonly rank: number })[] = [];
  for (const [position, row] of rows.entries()) {
    const before = placed[position - 1];
    placed.push({ ...row, rank: before?.points === row.points ? before.rank : position + 1 });
  }
  return placed;
}

/** The Monday of a day's week, `YYYY-MM-DD`. */
export function mondayOf(day: string): string {
  return addDays(day, 1 - weekday(day));
}

/** Where each day begins first (UTC+14) and last (UTC-12). */
const FIRST_ZONE = 'Pacific/Kiritimati';
const LAST_ZONE = 'Etc/GMT+12';

/** The Monday whose digests are the latest: it has begun somewhere. */
export function latestWeek(now: Date): string {
  return mondayOf(localDay(now, FIRST_ZONE));
}

/** The Monday has begun everywhere: nobody's digest is still to come. */
export function begunEverywhere(week: string, now: Date): boolean {
  return now >= atLocalTime(week, 0, LAST_ZONE);
}

/** The seven days that end with a Monday's midnight, in somebody's zone: over a change of clocks an hour longer or shorter. */
export function weekBefore(week: string, zone: string): { readonly from: Date; readonly to: Date } {
  return { from: atLocalTime(addDays(week, -7), 0, zone), to: atLocalTime(week, 0, zone) };
}

/** The same for whoever is ahead of or behind everybody. */
export function weekAnywhere(week: string): { readonly from: Date; readonly to: Date } {
  return { from: weekBefore(week, FIRST_ZONE).from, to: weekBefore(week, LAST_ZONE).to };
}

/** When a digest goes out: at the first opening from Monday on, or at once when that has passed. */
export function digestDue(week: string, reader: { readonly zone: string; readonly hours: WorkingHours }, now: Date): Date {
  const opening = nextOpening(atLocalTime(week, 0, reader.zone), reader.zone, reader.hours);
  return opening > now ? opening : now;
}

export interface GroupShare {
  /** Null: those who belong to none. */
  readonly id: string | null;
  readonly people: number;
  readonly reached: number;
}

/** Groups that something can be said of: the one where the fewest received kudos, and the one where the most did. */
export function extremes(groups: readonly GroupShare[]): { readonly low: GroupShare; readonly high: GroupShare } | undefined {
  const told = groups.filter(({ id, people }) => id !== null && people >= LEAST_PEOPLE).sort((a, b) => shareOf(a) - shareOf(b));
  const [low, high] = [told[0], told.at(-1)];
  return low && high && told.length > 1 ? { low, high } : undefined;
}

export const shareOf = ({ people, reached }: Pick<GroupShare, 'people' | 'reached'>): number => (people === 0 ? 0 : reached / people);

export const isUneven = (low: number, high: number): boolean => high - low >= UNEVEN_GAP;

export type Trend = 'up' | 'down' | 'same' | 'unknown';

/** How the share of people who received kudos has changed; two points in a hundred are no change. */
export function trendOf({ people, reached, peopleBefore, reachedBefore }: Findings): Trend {
  if (people < LEAST_PEOPLE || peopleBefore < LEAST_PEOPLE) return 'unknown';
  const change = reached / people - reachedBefore / peopleBefore;
  if (Math.abs(change) < 0.02) return 'same';
  return change > 0 ? 'up' : 'down';
}
