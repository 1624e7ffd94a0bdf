import { button, type Card, type Fact } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import type { Block } from '../../../core/rich.js';
import { instant, key, words } from '../../../core/text.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { altOf, findingOf, LEAST_OPINIONS, meanText, SCORE_KEYS } from './opinion-chart.js';
import { within } from './refs.js';
import { type Opinions, SCORES } from './store-opinions.js';
import { opinionsClose } from './times.js';

const titled = (date: SeminarDate) => ({ title: words(date.title), start: instant(date.startsAt) });

/** Asks somebody who came. */
export function askOpinionCard(date: SeminarDate): Card {
  const lead = key('seminars.opinion.lead', titled(date));
  return {
    summary: lead,
    title: words(date.title),
    lead,
    actions: [button(key('seminars.action.say'), to.say(date.id), { style: 'primary' })],
    footer: key('seminars.opinion.anonymous', { until: instant(opinionsClose(date)) }),
  };
}

/** What everybody said, together. @param pictureId undefined where there is no chart: then the figures stand in facts */
export function opinionsCard(date: SeminarDate, opinions: Opinions, pictureId: string | undefined, offset: number): Card {
  if (opinions.count < LEAST_OPINIONS) return tooFewCard(date, opinions.count);
  const shown = opinions.words.slice(offset, offset + ROWS);
  const page = shownOf(offset, shown.length, opinions.words.length);
  const lead = key('seminars.opinions.lead', { finding: findingOf(opinions), mean: meanText(opinions) });
  return {
    summary: key('seminars.opinions.summary', { ...titled(date), count: opinions.count }),
    title: words(date.title),
    lead,
    ...(offset === 0 && pictureId === undefined ? { facts: scoreFacts(opinions) } : {}),
    body: [
      ...(pictureId === undefined ? [] : [{ kind: 'picture', id: pictureId, alt: altOf(opinions) } as const]),
      ...quotes(shown, opinions.words.length),
    ],
    actions: [
      ...turnRows(offset, opinions.words.length, (next) => within.opinions(date.id, next)),
      button(key('seminars.action.details'), to.date(date.id)),
    ],
    footer: page ?? key('seminars.opinions.footer', { count: opinions.count }),
  };
}

function tooFewCard(date: SeminarDate, count: number): Card {
  const lead = key('seminars.opinions.too_few', { count, least: LEAST_OPINIONS });
  return { summary: lead, title: words(date.title), lead, actions: [button(key('seminars.action.details'), to.date(date.id))] };
}

function scoreFacts({ scores }: Opinions): readonly Fact[] {
  return SCORES.toReversed().map((score) => ({
    label: SCORE_KEYS[score],
    value: key('seminars.people.count', { count: scores[score - 1] ?? 0 }),
  }));
}

function quotes(shown: readonly string[], total: number): readonly Block[] {
  if (total === 0) return [{ kind: 'paragraph', text: key('seminars.opinions.no_words') }];
  return [
    { kind: 'heading', text: key('seminars.opinions.change', { count: total }) },
    ...shown.map((typed): Block => ({ kind: 'quote', text: words(typed) })),
  ];
}

/** Somebody has said what they think. */
export function thanksCard(date: SeminarDate): Card {
  const lead = key('seminars.opinion.thanks');
  return { summary: lead, title: words(date.title), lead, footer: key('seminars.opinion.thanks_footer', { least: LEAST_OPINIONS }) };
}
