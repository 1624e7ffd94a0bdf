import { key, select, type Text, words } from '../../../core/text.js';
import { atLocalTime, localDay, localMinutes } from '../../../people/hours.js';

const MONTH = /^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/;

/** `2027-02`. */
export const isMonth = (typed: string): boolean => MONTH.test(typed);

/** A month as it was typed: `2027-02`, `2027.2`, `02.2027`, `2/2027`; undefined when it is none. */
export function readMonth(typed: string): string | undefined {
  const parts = /^(?:(\d{4})[-./](\d{1,2})|(\d{1,2})[-./](\d{4}))$/.exec(typed.trim());
  if (!parts) return undefined;
  const month = `${parts[1] ?? parts[4]}-${(parts[2] ?? parts[3] ?? '').padStart(2, '0')}`;
  return isMonth(month) ? month : undefined;
}

/** The month of an instant in a zone. */
export const monthOf = (at: Date, zone: string): string => localDay(at, zone).slice(0, 7);

/** The month so many months later, or earlier. */
export function addMonths(month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** So many months up to this one, the latest first. */
export const monthsUpTo = (month: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, back) => addMonths(month, -back));

/** The instant at which a month begins in a zone. */
export const startOf = (month: string, zone: string): Date => atLocalTime(`${month}-01`, 0, zone);

/** From an instant until another, which it doesn't hold. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

export const monthSpan = (month: string, zone: string): Span => ({ from: startOf(month, zone), to: startOf(addMonths(month, 1), zone) });

/** A month, and what it is compared with. */
export interface Compared {
  readonly month: string;
  readonly before: string;
  /** It isn't over: both go as far as the month has come, by the calendar and the clock on the wall. */
  readonly running: boolean;
  readonly span: Span;
  readonly spanBefore: Span;
}

/** @param now the present instant: a running month is told of as far as it has come, and so is the one before it */
export function comparedMonths(month: string, now: Date, zone: string): Compared {
  const before = addMonths(month, -1);
  const span = monthSpan(month, zone);
  const spanBefore = monthSpan(before, zone);
  const running = now < span.to;
  if (!running) return { month, before, running, span, spanBefore };
  const day = localDay(now, zone).slice(8);
  const asFar = Number(day) > lastDay(before) ? spanBefore.to : atLocalTime(`${before}-${day}`, localMinutes(now, zone), zone);
  return {
    month,
    before,
    running,
    // What came this very moment is in it.
    span: { from: span.from, to: new Date(now.getTime() + 1) },
    spanBefore: { from: spanBefore.from, to: asFar < spanBefore.to ? asFar : spanBefore.to },
  };
}

const lastDay = (month: string): number => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();

/** "February 2027". */
export const monthText = (month: string): Text =>
  key('feedback.report.month', { month: select(month.slice(5)), year: words(month.slice(0, 4)) });

/** "Feb ’27". */
export const shortMonth = (month: string): Text =>
  key('feedback.report.month_short', { month: select(month.slice(5)), year: words(month.slice(2, 4)) });
