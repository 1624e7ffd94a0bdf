import { key, type Localise, list, number, percent, plain, type Reader, type Text } from '../../../core/text.js';
import type { BarChart } from '../../../people/ports.js';
import { type Opinions, SCORES } from './store-opinions.js';

/** With fewer answers nothing is told of them: it could be guessed whose they are. */
export const LEAST_OPINIONS = 5;

/** Whoever says 4 or 5 has found it useful. */
const USEFUL_FROM = 4;

/** What a score means. */
export const SCORE_KEYS = {
  1: key('seminars.opinion.score_1'),
  2: key('seminars.opinion.score_2'),
  3: key('seminars.opinion.score_3'),
  4: key('seminars.opinion.score_4'),
  5: key('seminars.opinion.score_5'),
} as const;

/** The mean score with one decimal, 1 to 5. */
export function meanOf({ scores, count }: Opinions): number {
  const sum = SCORES.reduce((all, score, index) => all + score * (scores[index] ?? 0), 0);
  return Math.round((sum / Math.max(1, count)) * 10) / 10;
}

/** How many found it useful, in one sentence. */
export function findingOf({ scores, count }: Opinions): Text {
  const useful = SCORES.reduce((all, score, index) => all + (score >= USEFUL_FROM ? (scores[index] ?? 0) : 0), 0);
  return key('seminars.opinions.finding', { useful, count });
}

/** The chart in a reader's language, the best score first. */
export function chartOf(opinions: Opinions, localise: Localise, reader: Reader): BarChart {
  const say = (text: Text) => plain(localise(text, reader));
  return {
    title: say(findingOf(opinions)),
    subtitle: say(key('seminars.opinions.counted', { count: opinions.count, mean: meanText(opinions) })),
    groups: [
      {
        bars: SCORES.toReversed().map((score) => {
          const value = opinions.scores[score - 1] ?? 0;
          return { label: say(SCORE_KEYS[score]), value, note: say(percent(value / Math.max(1, opinions.count))) };
        }),
      },
    ],
    locale: reader.locale,
  };
}

export const meanText = (opinions: Opinions): Text => number(meanOf(opinions));

/** All that the picture shows, for whoever can't see it. */
export function altOf(opinions: Opinions): Text {
  return key('seminars.opinions.alt', {
    finding: findingOf(opinions),
    scores: list(
      SCORES.toReversed().map((score) =>
        key('seminars.opinions.alt_score', { score: SCORE_KEYS[score], count: opinions.scores[score - 1] ?? 0 }),
      ),
    ),
    mean: meanText(opinions),
  });
}
