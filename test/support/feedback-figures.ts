import fc from 'fast-check';

/** Histories of feedback, and what a report of them has to say: by counting one by one, with nothing of the program in it. */

// --- Months with a change of clocks in them, months without; what came within hours of their ends, and in the middle.

export const zones = ['Europe/Riga', 'America/New_York', 'Pacific/Auckland', 'UTC'] as const;
const months = ['2027-03', '2027-04', '2027-10', '2027-11', '2027-01'] as const;
const states = ['passed', 'passed', 'passed', 'passed', 'held', 'private', 'spam', 'doubtful', 'fresh'] as const;
export const SOURCES = ['page', 'card', 'phone', 'api'] as const;

const anEntry = fc.record({
  /** Month ends from the reported one on, backwards, and hours around them. */
  end: fc.constantFrom(0, 1, 2, 3),
  hours: fc.oneof(fc.integer({ min: -15, max: 15 }), fc.integer({ min: -500, max: 0 })),
  state: fc.constantFrom(...states),
  source: fc.constantFrom(...SOURCES),
  location: fc.option(fc.nat({ max: 8 })),
  overall: fc.option(fc.integer({ min: 1, max: 5 })),
  courtesy: fc.option(fc.integer({ min: 1, max: 5 })),
  recommend: fc.option(fc.integer({ min: 0, max: 10 })),
  themes: fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 3 }),
  case: fc.option(
    fc.record({
      answeredAfter: fc.option(fc.integer({ min: 1, max: 60 })),
      dueAfter: fc.integer({ min: 1, max: 60 }),
      resolvedAfter: fc.option(fc.integer({ min: 1, max: 800 })),
      outcome: fc.constantFrom(null, 'confirmed' as const, 'unconfirmed' as const, 'merged' as const),
      reopenedAfter: fc.option(fc.integer({ min: 1, max: 800 })),
    }),
  ),
});
export type Entry = typeof anEntry extends fc.Arbitrary<infer T> ? T : never;
export const aHistory = fc.record({
  zone: fc.constantFrom(...zones),
  month: fc.constantFrom(...months),
  /** Day of the month that the report is asked for on, at noon; null: when it is long over. */
  day: fc.option(fc.integer({ min: 1, max: 30 })),
  entries: fc.array(anEntry, { maxLength: 60, size: 'max' }),
});

const HOUR = 3_600_000;

/** The wall clock's day and time, by the platform's own calendar: nothing of the program is in it. */
function wall(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/** The first instant of a month, found by trying every quarter of an hour. */
export function monthBegins(month: string, zone: string): Date {
  for (let at = Date.parse(`${month}-01T00:00:00Z`) - 15 * HOUR; ; at += HOUR / 4)
    if (wall(new Date(at), zone).startsWith(month)) return new Date(at);
}

export const shift = (month: string, by: number): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + by, 1)).toISOString().slice(0, 7);

export interface Raw extends Entry {
  readonly id: string;
  readonly at: Date;
}

/** When what happened to an entry's case; undefined without one. */
export function timesOf({ at, case: of }: Raw) {
  if (of === null) return undefined;
  const after = (hours: number | null) => (hours === null ? null : new Date(at.getTime() + hours * HOUR));
  const isClosed = of.outcome !== null && (of.outcome === 'merged' || of.resolvedAfter !== null);
  return {
    answered: after(of.answeredAfter),
    due: new Date(at.getTime() + of.dueAfter * HOUR),
    resolved: of.outcome === 'merged' ? null : after(of.resolvedAfter),
    closed: isClosed ? after((of.resolvedAfter ?? 5) + 3) : null,
    reopened: after(of.reopenedAfter),
    outcome: isClosed ? of.outcome : null,
  };
}

// --- The same figures, counted one by one.

const few = (answers: number, value: number) => ({ answers, value: answers < 5 ? null : value });
const mean = (values: readonly number[]) => few(values.length, values.reduce((sum, value) => sum + value, 0) / values.length);
const shareOf = (values: readonly number[], which: (value: number) => boolean) => values.filter(which).length / values.length;

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

export function expected(raw: readonly Raw[], zone: string, month: string, now: Date, places: number) {
  const isNow = (at: Date) => wall(at, zone).startsWith(month) && at <= now;
  const running = wall(now, zone).startsWith(month);
  // "Up to the same day and time": of a shorter month all of it.
  const asFar = wall(now, zone).slice(7);
  const isBefore = (at: Date) => wall(at, zone).startsWith(shift(month, -1)) && (!running || wall(at, zone).slice(7) < asFar);
  const counted = raw.filter(({ state }) => state !== 'spam' && state !== 'doubtful');
  const [present, before] = [counted.filter(({ at }) => isNow(at)), counted.filter(({ at }) => isBefore(at))];
  const values = (entries: readonly Raw[], key: 'overall' | 'courtesy' | 'recommend') => entries.flatMap((entry) => entry[key] ?? []);
  const nps = (entries: readonly Raw[]) => {
    const all = values(entries, 'recommend');
    return few(all.length, 100 * (shareOf(all, (value) => value >= 9) - shareOf(all, (value) => value <= 6)));
  };
  const csat = (entries: readonly Raw[]) =>
    few(
      values(entries, 'overall').length,
      shareOf(values(entries, 'overall'), (value) => value >= 4),
    );
  const row = (entries: readonly Raw[]) => (entries.length < 3 ? entries.filter(({ state }) => state !== 'private') : entries).length;
  const about = (entries: readonly Raw[], index: number) => row(entries.filter((entry) => entry.themes.includes(index)));
  const cases = raw.flatMap((entry) => {
    const times = timesOf(entry);
    return times ? [{ ...times, opened: entry.at }] : [];
  });
  const within = (at: Date | null) => at !== null && isNow(at);
  const hours = (from: Date, to: Date | null) => ((to?.getTime() ?? 0) - from.getTime()) / 1_000;
  const opened = cases.filter((of) => within(of.opened) && of.outcome !== 'merged');
  const answered = opened.filter((of) => of.answered !== null);
  const inTime = opened.filter((of) => of.answered !== null && of.answered <= of.due);
  const end = running ? new Date(now.getTime() + 1) : monthBegins(shift(month, 1), zone);
  const late = opened.filter((of) => (of.answered === null ? of.due < end : of.answered > of.due));
  const resolved = cases.filter((of) => within(of.resolved) && of.outcome !== 'merged');
  return {
    total: present.length,
    totalBefore: before.length,
    sources: Object.fromEntries(
      SOURCES.map((source) => [source, present.filter((entry) => entry.source === source).length]).filter(([, count]) => count),
    ),
    overall: mean(values(present, 'overall')),
    courtesy: mean(values(present, 'courtesy')),
    nps: nps(present),
    npsBefore: nps(before),
    csat: csat(present),
    csatBefore: csat(before),
    themes: [0, 1, 2].map((index) => [about(present, index), about(before, index)]),
    trend: [-5, -4, -3, -2, -1, 0].map((by) => {
      const inMonth = counted.filter(({ at }) => wall(at, zone).startsWith(shift(month, by)) && (by < 0 || at <= now));
      return [inMonth.length, values(inMonth, 'overall').length, values(inMonth, 'overall').filter((value) => value >= 4).length];
    }),
    // Where nothing has a location there is nothing to compare.
    locations: ranked(
      [...Array.from({ length: places }, (_, place) => place), null].map((location) =>
        row(present.filter((entry) => entry.location === location)),
      ),
    ),
    cases: {
      opened: cases.filter((of) => within(of.opened)).length,
      openedBefore: cases.filter((of) => isBefore(of.opened)).length,
      confirmed: cases.filter((of) => within(of.closed) && of.outcome === 'confirmed').length,
      unconfirmed: cases.filter((of) => within(of.closed) && of.outcome === 'unconfirmed').length,
      merged: cases.filter((of) => within(of.closed) && of.outcome === 'merged').length,
      reopened: cases.filter((of) => within(of.reopened)).length,
      response: {
        median: median(answered.map((of) => hours(of.opened, of.answered))),
        count: answered.length,
        inTime: inTime.length,
        due: inTime.length + late.length,
      },
      resolution: {
        median: median(resolved.map((of) => hours(of.opened, of.resolved))),
        count: resolved.length,
        inTime: resolved.filter((of) => of.resolved !== null && of.resolved <= of.due).length,
        due: resolved.length,
      },
    },
  };
}

/** @param counts of each location, of none at last */
const ranked = (counts: readonly number[]): readonly number[] =>
  counts.slice(0, -1).some((count) => count > 0) ? counts.filter((count) => count > 0).toSorted((a, b) => b - a) : [];

/** Equal but for the last digits of a division. */
export const alike = (figure: { readonly answers: number; readonly value: number | null }) => ({
  ...figure,
  value: figure.value === null ? null : Number(figure.value.toFixed(9)),
});
