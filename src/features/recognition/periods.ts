import { localDay } from '../../people/hours.js';

/** The month of an instant in a zone: `2026-11`. Allowances and caps are counted by it. */
export function monthOf(at: Date, zone: string): string {
  return localDay(at, zone).slice(0, 7);
}

/** The quarter of a month: `2026-Q4`. */
export function quarterOf(month: string): string {
  return `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5, 7)) / 3)}`;
}

/** The year of a month: `2026`. */
export function yearOf(month: string): string {
  return month.slice(0, 4);
}

/** The periods that leaderboards are kept for, of a month: itself, its quarter, its year. */
export function periodsOf(month: string): readonly [string, string, string] {
  return [month, quarterOf(month), yearOf(month)];
}

/** The month so many months later, or earlier. */
export function addMonths(month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}
