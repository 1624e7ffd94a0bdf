import { join, key, list, number, percent, select, type Text, words } from '../../../core/text.js';
import { scaleName, sourceLabel, themeLabel } from '../labels.js';
import type { Tongue } from '../posting/said-parts.js';
import {
  type CaseFigures,
  LEAST_ANSWERS,
  type LocationRow,
  type Report,
  type Scale,
  type Score,
  type ThemeCount,
  type Timing,
} from './figures.js';
import { monthText } from './months.js';

/** Themes that are named in a sentence. */
const MOST_NAMED = 3;
/** Shares differ where they are so far apart, in hundredths. */
const DIFFERENT = 3;

/** A figure with one digit behind the point. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

const whole = (share: number): number => Math.round(share * 100);

/** "+45 from 120 answers", or that these are too few. */
export function npsText({ answers, value }: Score): Text {
  if (value === null) return fewText(answers);
  return key('feedback.report.nps_value', { score: scoreText(value), answers });
}

/** "+45": a score of -100 to 100. */
export function scoreText(value: number): Text {
  const rounded = Math.round(value);
  return key('feedback.report.score', { sign: select(rounded > 0 ? 'plus' : rounded < 0 ? 'minus' : 'zero'), size: Math.abs(rounded) });
}

/** "82 % from 120 answers", or that these are too few. */
export const shareText = ({ answers, value }: Score): Text =>
  value === null ? fewText(answers) : key('feedback.report.share_value', { share: percent(whole(value) / 100), answers });

/** "4.3 of 5 from 31 answers", or that these are too few. */
export const averageText = ({ answers, value }: Score): Text =>
  value === null ? fewText(answers) : key('feedback.report.average_value', { average: tenth(value), answers });

const fewText = (answers: number): Text =>
  answers === 0 ? key('feedback.report.no_answers') : key('feedback.report.too_few', { answers });

/** The figure before, behind the present one: nothing where it is too little to compare with. */
export function withBefore(text: Text, now: Score, before: Score, say: (value: number) => Text): Text {
  if (now.value === null || before.value === null) return text;
  return key('feedback.report.against', { now: text, before: say(before.value) });
}

/** Which month is told of: "February 2027", "March 2027, until now". */
export const whenText = ({ when }: Report): Text =>
  when.running ? key('feedback.report.until_now', { month: monthText(when.month) }) : monthText(when.month);

/** What it is compared with: "February 2027", "February 2027 up to the same day". */
export const beforeText = ({ when }: Report): Text =>
  when.running ? key('feedback.report.as_far', { month: monthText(when.before) }) : monthText(when.before);

/** What stands out over time, in one sentence: whether customers are more content, else whether more of them tell something. */
export function findingOf(report: Report): Text {
  const { csat, csatBefore, total, totalBefore } = report;
  const before = beforeText(report);
  if (csat.value !== null && csatBefore.value !== null) {
    const [now, past] = [whole(csat.value), whole(csatBefore.value)];
    const change = now - past >= DIFFERENT ? 'more' : past - now >= DIFFERENT ? 'fewer' : 'same';
    return key('feedback.report.finding_content', { change: select(change), now: percent(now / 100), past: percent(past / 100), before });
  }
  const change = total > totalBefore ? 'more' : total < totalBefore ? 'fewer' : 'same';
  return key('feedback.report.finding_total', { total, change: select(change), difference: Math.abs(total - totalBefore), before });
}

/** What stands out among themes, in one sentence. */
export function themeFinding(report: Report, tongue: Tongue): Text {
  const [rising] = report.rising;
  const [falling] = report.falling;
  const before = beforeText(report);
  const named = ({ theme, entries, before: past }: ThemeCount) => ({ theme: nameOf(theme, tongue), count: entries, past, before });
  if (rising) return key('feedback.report.finding_rising', named(rising));
  if (falling) return key('feedback.report.finding_falling', named(falling));
  const [first, second] = report.themes;
  if (first && first.entries >= LEAST_ANSWERS && first.entries > (second?.entries ?? 0))
    return key('feedback.report.finding_theme', named(first));
  return key('feedback.report.finding_even', { total: report.total });
}

export const nameOf = (theme: ThemeCount['theme'], { locale, fallback }: Tongue): Text => themeLabel(theme, locale, fallback);

export const scaleText = ({ question }: Pick<Scale, 'question'>, { locale, fallback }: Tongue): Text =>
  scaleName(question, locale, fallback);

/** "Waiting 34 (12 in January), price 20 (11)": themes with their counts and those before. */
export const themesText = (themes: readonly ThemeCount[], tongue: Tongue): Text =>
  list(
    themes
      .slice(0, MOST_NAMED)
      .map(({ theme, entries, before }) =>
        key('feedback.report.theme_change', { theme: nameOf(theme, tongue), count: entries, past: before }),
      ),
  );

export const sourcesText = ({ sources }: Report): Text =>
  list(sources.map(({ source, entries }) => join([sourceLabel(source), number(entries)], ' ')));

export const scalesText = ({ scales }: Report, tongue: Tongue): Text =>
  list(
    scales.map(({ question, average }) =>
      key('feedback.report.scale_value', { scale: scaleText({ question }, tongue), value: averageText(average) }),
    ),
  );

export function locationName({ kind, name }: LocationRow): Text {
  if (kind === 'others') return key('feedback.report.other_locations');
  return kind === 'none' ? key('feedback.report.no_location') : words(name);
}

/** A length by the clock, from seconds: minutes below an hour and a half, hours below three days, then days. */
export function lengthText(seconds: number): Text {
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return key('feedback.report.minutes', { count: minutes });
  const hours = Math.round(seconds / 3_600);
  return hours < 72 ? key('feedback.report.hours', { count: hours }) : key('feedback.report.days', { count: Math.round(seconds / 86_400) });
}

/** "12 opened (before: 9); 8 closed: 6 confirmed, 2 unconfirmed; 1 reopened": what there was none of isn't told. */
export function casesText({ opened, openedBefore, confirmed, unconfirmed, merged, reopened }: CaseFigures): Text {
  const ended = confirmed + unconfirmed + merged;
  const how = [
    ...(confirmed > 0 ? [key('feedback.report.cases_confirmed', { count: confirmed })] : []),
    ...(unconfirmed > 0 ? [key('feedback.report.cases_unconfirmed', { count: unconfirmed })] : []),
    ...(merged > 0 ? [key('feedback.report.cases_merged', { count: merged })] : []),
  ];
  const told = [
    key('feedback.report.cases_opened', { count: opened, before: openedBefore }),
    ...(ended > 0 ? [key('feedback.report.cases_ended', { count: ended, how: join(how, ', ') })] : []),
    ...(reopened > 0 ? [key('feedback.report.cases_reopened', { count: reopened })] : []),
  ];
  return join(told, '; ');
}

/** "half of them within 4 hours; 82 % in time (41 of 50)", or that these are too few. */
export function timingText({ median, count, inTime, due }: Timing): Text {
  if (count === 0 && due === 0) return key('feedback.report.no_cases');
  const told: readonly Text[] = [
    ...(median === null
      ? []
      : [
          count < LEAST_ANSWERS
            ? key('feedback.report.timing_few', { count })
            : key('feedback.report.median', { length: lengthText(median) }),
        ]),
    ...(due === 0
      ? []
      : [
          due < LEAST_ANSWERS
            ? key('feedback.report.in_time_few', { inTime, due })
            : key('feedback.report.in_time', { share: percent(whole(inTime / due) / 100), inTime, due }),
        ]),
  ];
  return join(told, '; ');
}
