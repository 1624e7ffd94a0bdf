import { addDays, atLocalTime } from '../../../people/hours.js';
import { addMonths } from '../periods.js';

/** What somebody may want to look at. A flag is a question, never a verdict: honest teams meet these bounds too. */
export type FlagKind = 'mutual_giving' | 'month_end_burst' | 'copied_reasons';

/** A month of habits: long enough for a pattern, short enough that people remember why. Days. */
export const PATTERN_DAYS = 30;

/** Kudos in each direction: two may be chance and good manners, three on both sides within a month is an exchange. */
export const MUTUAL_LEAST = 3;

/** Kudos with the same reason: once may be repeated by mistake or for a whole team; the third time nobody was thinking of it. */
export const COPIED_LEAST = 3;

/** The last days of a month that count as its end: when points that would be lost are given away in a hurry. */
export const BURST_DAYS = 2;

/** Whoever gives to more people than this at the month's end is thanking a team. */
export const BURST_PEOPLE = 2;

/** Of the month's allowance: half is all that the usual cap of a pair lets one person get. */
export const BURST_SHARE = 0.5;

/** Days after the end of a month on which its end is still looked at, should the bot have been down. */
export const BURST_LOOK_DAYS = 3;

/** Kudos that a flag names as evidence: as many as a card has rows. */
export const EVIDENCE_SHOWN = 7;

/** Counts, instants (ISO 8601, UTC) and ids: people's words are read where they still lie. */
export interface FlagEvidence {
  /** Kudos from the first person to the second; of the copied reason; of the burst. */
  readonly count: number;
  /** Mutual giving: from the second to the first. */
  readonly back?: number;
  /** A burst: what was given to these people, of which allowance, of which month. */
  readonly points?: number;
  readonly allowance?: number;
  readonly month?: string;
  readonly from: string;
  readonly to: string;
  readonly kudosIds: readonly string[];
}

/** Whether two people have given one another often enough to be looked at. */
export function isMutual(there: number, back: number): boolean {
  return Math.min(there, back) >= MUTUAL_LEAST;
}

/** Whether one reason was used often enough to be looked at. */
export function isCopied(count: number): boolean {
  return count >= COPIED_LEAST;
}

/** What somebody gave one person in the last days of a month. */
export interface Spent {
  readonly personId: string;
  readonly points: number;
}

/**
 * Those one or two people who got most of an allowance at the end of a month.
 * @returns undefined when nobody did
 */
export function burstOf(
  spent: readonly Spent[],
  allowance: number,
): { readonly personIds: readonly string[]; readonly points: number } | undefined {
  const most = [...spent].sort((a, b) => b.points - a.points || (a.personId < b.personId ? -1 : 1)).slice(0, BURST_PEOPLE);
  const least = allowance * BURST_SHARE;
  // One person alone, where that is enough: nobody else has to be named.
  for (let people = 1; people <= most.length; people++) {
    const these = most.slice(0, people);
    const points = these.reduce((sum, one) => sum + one.points, 0);
    if (allowance > 0 && points > 0 && points >= least) return { personIds: these.map((one) => one.personId), points };
  }
  return undefined;
}

/** The last days of a month, as instants: from the first of them to the beginning of the next month. */
export function monthEnd(month: string, zone: string): { readonly from: Date; readonly to: Date } {
  const next = `${addMonths(month, 1)}-01`;
  return { from: atLocalTime(addDays(next, -BURST_DAYS), 0, zone), to: atLocalTime(next, 0, zone) };
}

/** The month whose end is to be looked at on a day, `YYYY-MM-DD`; undefined on most days. */
export function endedMonth(day: string): string | undefined {
  return Number(day.slice(8)) <= BURST_LOOK_DAYS ? addMonths(day.slice(0, 7), -1) : undefined;
}

/**
 * What a flag is about, whenever it is found: the same people and the same pattern. A flag's key is this with the day on
 * which it was first seen, so that the same pattern may be asked about again when its month is over.
 */
export const about = {
  mutual: (a: string, b: string) => `mutual_giving:${[a, b].sort().join(':')}`,
  burst: (giverId: string, month: string) => `month_end_burst:${giverId}:${month}`,
  copied: (giverId: string, wordsDigest: string) => `copied_reasons:${giverId}:${wordsDigest}`,
} as const;
