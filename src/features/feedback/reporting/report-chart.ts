import { join, key, type Localise, list, number, percent, plain, type Reader, type Text } from '../../../core/text.js';
import type { BarChart, ColumnChart } from '../../../people/ports.js';
import { sourceLabel } from '../labels.js';
import type { Tongue } from '../posting/said-parts.js';
import { LEAST_ANSWERS, type Report, type TrendRow } from './figures.js';
import { monthText, shortMonth } from './months.js';
import { findingOf, locationName, nameOf, scaleText, tenth, themeFinding, whenText } from './texts.js';

/** More bars of one sort are no picture any more. */
const MOST_BARS = 7;

/** Share of those content, in hundredths; null where too few were asked. */
const contentOf = ({ rated, content }: TrendRow): number | null =>
  rated < LEAST_ANSWERS ? null : Math.round((100 * content) / rated) / 100;

/** The months up to the report's: how much came, and how content customers were. */
export function columnsOf(report: Report, localise: Localise, reader: Reader): ColumnChart {
  const say = (text: Text) => plain(localise(text, reader));
  return {
    title: say(findingOf(report)),
    subtitle: say(join([whenText(report), key('feedback.report.counted', { total: report.total, answers: report.csat.answers })], ' · ')),
    periods: report.trend.map(({ month }) => say(shortMonth(month))),
    series: [
      { name: say(key('feedback.report.entries')), values: report.trend.map(({ entries }) => entries) },
      { name: say(key('feedback.report.csat')), values: report.trend.map(contentOf), style: 'percent' },
    ],
    locale: reader.locale,
  };
}

/** All that the columns show. */
export function columnsAlt(report: Report): Text {
  const months = report.trend.map((row) => {
    const content = contentOf(row);
    return content === null
      ? key('feedback.report.alt_month_few', { month: monthText(row.month), total: row.entries, answers: row.rated })
      : key('feedback.report.alt_month', {
          month: monthText(row.month),
          total: row.entries,
          content: percent(content),
          answers: row.rated,
        });
  });
  return key('feedback.report.alt', { finding: findingOf(report), figures: list(months) });
}

interface Group {
  readonly heading: Text;
  readonly bars: readonly { readonly label: Text; readonly value: number; readonly note: Text }[];
}

/** What the month was about: themes, scales, locations, sources. The picture and its words are made of the same figures. */
function groupsOf(report: Report, tongue: Tongue): readonly Group[] {
  const { themes, scales, locations, sources, total } = report;
  const entries = (count: number) =>
    key('feedback.report.share_of', { share: percent(Math.round((100 * count) / Math.max(1, total)) / 100) });
  return [
    {
      heading: key('feedback.report.by_theme'),
      bars: themes
        .filter((each) => each.entries > 0)
        .slice(0, MOST_BARS)
        .map((each) => ({
          label: nameOf(each.theme, tongue),
          value: each.entries,
          note: key('feedback.report.after', { before: number(each.before) }),
        })),
    },
    {
      heading: key('feedback.report.by_scale'),
      bars: scales.slice(0, MOST_BARS).flatMap(({ question, average }) =>
        average.value === null
          ? []
          : [
              {
                label: scaleText({ question }, tongue),
                value: tenth(average.value),
                note: key('feedback.report.answers', { answers: average.answers }),
              },
            ],
      ),
    },
    {
      heading: key('feedback.report.by_location'),
      bars: locations.map((row) => ({ label: locationName(row), value: row.entries, note: entries(row.entries) })),
    },
    {
      heading: key('feedback.report.by_source'),
      bars: sources.slice(0, MOST_BARS).map((row) => ({ label: sourceLabel(row.source), value: row.entries, note: entries(row.entries) })),
    },
  ].filter(({ bars }) => bars.length > 0);
}

export function barsOf(report: Report, tongue: Tongue, localise: Localise, reader: Reader): BarChart {
  const say = (text: Text) => plain(localise(text, reader));
  return {
    title: say(themeFinding(report, tongue)),
    subtitle: say(whenText(report)),
    groups: groupsOf(report, tongue).map(({ heading, bars }) => ({
      heading: say(heading),
      bars: bars.map(({ label, value, note }) => ({ label: say(label), value, note: say(note) })),
    })),
    locale: reader.locale,
  };
}

/** All that the bars show. */
export function barsAlt(report: Report, tongue: Tongue): Text {
  const figures = groupsOf(report, tongue).map(({ heading, bars }) =>
    key('feedback.report.alt_group', {
      heading,
      figures: list(bars.map(({ label, value, note }) => key('feedback.report.alt_bar', { label, value: number(value), note }))),
    }),
  );
  return key('feedback.report.alt', { finding: themeFinding(report, tongue), figures: join(figures, '. ') });
}
