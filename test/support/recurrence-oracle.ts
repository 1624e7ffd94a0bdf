import ICAL from 'ical.js';
import { IANAZone } from 'luxon';

/**
 * A second opinion on the dates of a series: ical.js gives the days, luxon the zones. It shares nothing with the program,
 * neither code nor rule text nor library.
 */
export interface SaidSeries {
  readonly zone: string;
  /** `YYYY-MM-DD` */
  readonly starts: string;
  /** `HH:MM` */
  readonly at: string;
  readonly repeats: SaidRule;
  readonly times?: number;
  /** `YYYY-MM-DD`, included. */
  readonly lastDay?: string;
  readonly except?: readonly string[];
}

export type SaidRule =
  | { readonly each: 'week'; readonly step: number }
  | { readonly each: 'month'; readonly step: number; readonly on: SaidDay };

/** `{ date: 31 }`, `{ date: -1 }` from the end; `{ position: 2, of: ['TU'] }`, `{ position: -1, of: ['MO', ..., 'FR'] }`. */
export type SaidDay = { readonly date: number } | { readonly position: number; readonly of: readonly string[] };

export interface OracleDate {
  readonly day: string;
  readonly startsAt: Date;
  readonly clock: 'gap' | 'twice' | undefined;
}

/** Every date of a series up to and including a day. */
export function oracleDates(series: SaidSeries, until: string): OracleDate[] {
  const end = series.lastDay !== undefined && series.lastDay < until ? series.lastDay : until;
  const days: string[] = [];
  const rule = ICAL.Recur.fromString(ruleText(series.repeats)).iterator(ICAL.Time.fromDateString(anchorOf(series)));
  for (let next = rule.next(); next && days.length !== series.times; next = rule.next()) {
    const day = next.toString().slice(0, 10);
    if (day > end) break;
    if (day >= series.starts) days.push(day);
  }
  return days.filter((day) => !series.except?.includes(day)).map((day) => ({ day, ...instantOf(day, series.at, series.zone) }));
}

/**
 * Where ical.js sets out from. It takes its DTSTART for a date of a rule with BYSETPOS although the rule doesn't give it, so
 * monthly rules set out from one step before the month in which the series starts; what comes before the start isn't counted.
 */
function anchorOf({ starts, repeats }: SaidSeries): string {
  if (repeats.each === 'week') return starts;
  const [year = 0, month = 0] = starts.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - repeats.step, 1)).toISOString().slice(0, 10);
}

function ruleText(repeats: SaidRule): string {
  return repeats.each === 'week' ? `FREQ=WEEKLY;INTERVAL=${repeats.step}` : `FREQ=MONTHLY;INTERVAL=${repeats.step};${dayText(repeats.on)}`;
}

function dayText(on: SaidDay): string {
  if ('date' in on) return `BYMONTHDAY=${on.date}`;
  const [only] = on.of;
  return on.of.length === 1 ? `BYDAY=${on.position}${only}` : `BYDAY=${on.of.join(',')};BYSETPOS=${on.position}`;
}

/** RFC 5545, 3.3.5: a local time that comes twice is the first of the two; one that is left out is read with the offset before the gap. */
export function instantOf(day: string, at: string, zone: string): { startsAt: Date; clock: 'gap' | 'twice' | undefined } {
  const iana = IANAZone.create(zone);
  const wall = Date.parse(`${day}T${at}:00Z`);
  const day24 = 24 * 60 * 60 * 1000;
  const minute = 60 * 1000;
  const before = iana.offset(wall - day24) * minute;
  const after = iana.offset(wall + day24) * minute;
  const fitting = [...new Set([before, after])].map((offset) => wall - offset).filter((ms) => ms + iana.offset(ms) * minute === wall);
  if (fitting.length === 0) return { startsAt: new Date(wall - before), clock: 'gap' };
  return { startsAt: new Date(Math.min(...fitting)), clock: fitting.length > 1 ? 'twice' : undefined };
}
