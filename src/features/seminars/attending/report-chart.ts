import { key, type Localise, list, percent, plain, type Reader, select, type Text, words } from '../../../core/text.js';
import type { ColumnChart } from '../../../people/ports.js';
import type { MonthRow } from './store-report.js';

/** With fewer people no share is told: it could name somebody. */
export const LEAST_PEOPLE = 5;

/** Shares differ where they are so far apart, in hundredths. */
const DIFFERENT = 3;
/** Months that are compared with as many before them. */
const COMPARED = 3;

/** "March 2027". */
export const monthText = (month: string): Text =>
  key('seminars.report.month', { month: select(month.slice(5)), year: words(month.slice(0, 4)) });

const shortMonth = (month: string): Text =>
  key('seminars.report.month_short', { month: select(month.slice(5)), year: words(month.slice(2, 4)) });

const sumOf = (months: readonly MonthRow[], of: (row: MonthRow) => number): number => months.reduce((sum, row) => sum + of(row), 0);

export interface Totals {
  readonly dates: number;
  readonly came: number;
  readonly missed: number;
}

export function totalsOf(months: readonly MonthRow[]): Totals {
  return { dates: sumOf(months, (row) => row.dates), came: sumOf(months, (row) => row.came), missed: sumOf(months, (row) => row.missed) };
}

/** What the figures say, in one sentence: whether more of those expected come than before. */
export function findingOf(months: readonly MonthRow[]): Text {
  const [late, early] = [months.slice(-COMPARED), months.slice(-2 * COMPARED, -COMPARED)].map(totalsOf);
  const { dates, came } = totalsOf(months);
  if (!late || !early || Math.min(late.came + late.missed, early.came + early.missed) < LEAST_PEOPLE) {
    return key('seminars.report.finding_total', { came, dates });
  }
  const share = (of: Totals) => Math.round((of.came / (of.came + of.missed)) * 100);
  const [now, before] = [share(late), share(early)];
  const change = now - before >= DIFFERENT ? 'more' : before - now >= DIFFERENT ? 'fewer' : 'same';
  return key('seminars.report.finding', { change: select(change), now: percent(now / 100), before: percent(before / 100) });
}

/** The chart in a reader's language. */
export function chartOf(months: readonly MonthRow[], localise: Localise, reader: Reader): ColumnChart {
  const say = (text: Text) => plain(localise(text, reader));
  return {
    title: say(findingOf(months)),
    subtitle: say(key('seminars.report.counted', { ...totalsOf(months) })),
    periods: months.map(({ month }) => say(shortMonth(month))),
    series: [
      { name: say(key('seminars.report.came')), values: months.map((row) => row.came) },
      { name: say(key('seminars.report.going')), values: months.map((row) => row.going) },
      { name: say(key('seminars.report.invited')), values: months.map((row) => row.invited) },
    ],
    locale: reader.locale,
  };
}

/** All that the picture shows, for whoever can't see it. */
export function altOf(months: readonly MonthRow[]): Text {
  return key('seminars.report.alt', {
    finding: findingOf(months),
    months: list(
      months.map(({ month, invited, going, came }) => key('seminars.report.alt_month', { month: monthText(month), invited, going, came })),
    ),
  });
}
