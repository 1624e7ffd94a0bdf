import { join, key, type Localise, list, number, percent, person, plain, type Reader, type Text, words } from '../../../core/text.js';
import type { BarChart } from '../../../people/ports.js';
import { valueName } from '../store-settings.js';
import { periodText } from './parts.js';
import { LEAST_PEOPLE } from './rules.js';
import type { MonthFigures } from './store-recap.js';
import type { Leader } from './store-top.js';

/** A month as its recap tells of it. */
export interface Recap extends MonthFigures {
  readonly month: string;
  /** Kudos of the month before. */
  readonly before: number;
  /** Who received the most points, the most first. */
  readonly leaders: readonly Leader[];
}

/** A chart before it is put into a language: the picture and its text alternative are made of the same figures. */
export interface ChartText {
  readonly title: Text;
  readonly subtitle: Text;
  readonly groups: readonly { readonly heading: Text; readonly bars: readonly BarText[] }[];
}

interface BarText {
  readonly label: Text;
  readonly value: number;
  readonly note: Text;
}

/** With fewer kudos no value is said to lead. */
const LEAST_KUDOS = LEAST_PEOPLE;
/** More bars than these are no picture any more; the smallest of them are left out. */
const MOST_VALUES = 12;

/** Which value was thanked for, and who was thanked most. */
export function chartOf(recap: Recap): ChartText {
  const { kudos, givers, receivers, leaders } = recap;
  const named = recap.values.flatMap(({ value, kudos: count }) => (value ? [{ label: valueName(value), value: count }] : []));
  const unnamed = recap.values.find(({ value }) => value === null)?.kudos ?? 0;
  const bars = [
    ...named.toSorted((a, b) => b.value - a.value).slice(0, MOST_VALUES),
    ...(unnamed > 0 ? [{ label: key('recognition.recap.without_value'), value: unnamed }] : []),
  ].map((bar): BarText => ({ ...bar, note: percent(bar.value / Math.max(1, kudos)) }));
  return {
    title: finding(recap, named),
    subtitle: join([periodText(recap.month), key('recognition.recap.counted', { kudos, givers, receivers })], ' · '),
    groups: [
      { heading: key('recognition.recap.by_value'), bars },
      {
        heading: key('recognition.recap.by_person'),
        bars: leaders.map(
          (leader): BarText => ({
            label: person(leader.name),
            value: leader.points,
            note: key('recognition.recap.kudos', { kudos: leader.kudos }),
          }),
        ),
      },
    ].filter((group) => group.bars.length > 0),
  };
}

/** What the picture shows, in one sentence. */
function finding({ kudos }: Recap, named: readonly { readonly label: Text; readonly value: number }[]): Text {
  const valued = named.reduce((sum, { value }) => sum + value, 0);
  if (valued === 0) return key('recognition.recap.finding_total', { kudos });
  if (valued < LEAST_KUDOS) return key('recognition.recap.finding_few', { kudos: valued });
  const most = Math.max(...named.map(({ value }) => value));
  const leading = named.filter(({ value }) => value === most).map(({ label }) => label);
  const [only] = leading;
  return only && leading.length === 1
    ? key('recognition.recap.finding_one', { value: only, kudos: most, total: kudos })
    : key('recognition.recap.finding_several', { values: list(leading), kudos: most });
}

/** The chart in a reader's language, ready to be drawn. */
export function localised({ title, subtitle, groups }: ChartText, localise: Localise, reader: Reader): BarChart {
  const say = (text: Text) => plain(localise(text, reader));
  return {
    title: say(title),
    subtitle: say(subtitle),
    groups: groups.map(({ heading, bars }) => ({
      heading: say(heading),
      bars: bars.map(({ label, value, note }) => ({ label: say(label), value, note: say(note) })),
    })),
    locale: reader.locale,
  };
}

/** All that the picture shows, for whoever can't see it. */
export function altOf({ title, subtitle, groups }: ChartText): Text {
  const figures = groups.map(({ heading, bars }) =>
    join(
      [heading, list(bars.map(({ label, value, note }) => join([label, words(' '), number(value), words(' ('), note, words(')')])))],
      ': ',
    ),
  );
  return join([title, subtitle, ...figures], '. ');
}
