import { type Action, button, type Card, type Fact } from '../../../core/card.js';
import { own } from '../../../core/own.js';
import type { Block } from '../../../core/rich.js';
import { hasRole } from '../../../core/roles.js';
import { join, key, number, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { sightOf } from '../cases/store-sight.js';
import { to } from '../refs.js';
import { monthOf, monthsUpTo, monthText, startOf } from '../reporting/months.js';
import { lastLed, ledRows, saidRows } from './led.js';
import { NO_TREND, namer, trendText } from './lines.js';
import { within } from './refs.js';
import { countMonths, countTrends, listAbout } from './store-counts.js';
import type { Theme } from './store-themes.js';

const MONTHS = 6;
/** Rows of each sort on the theme's own card: all of them are a button away. */
const LED = 2;
const SAID = 3;
/** Most of a theme's words on its card, in characters for each language. */
const MOST_WORDS = 600;

/**
 * One theme: how often it is mentioned, what customers said last, where it led, which words suggest it.
 * @param lead what has just happened; how it goes without it
 */
export async function themeCard(context: HandlerContext, theme: Theme, lead?: Text): Promise<Card> {
  const { db, organisation, reader, role, clock } = context;
  const now = clock.now();
  const months = monthsUpTo(monthOf(now, organisation.zone), MONTHS);
  const from = startOf(months.at(-1) ?? '', organisation.zone);
  const [trends, counts, latest, led] = await Promise.all([
    countTrends(db, organisation.id, now, [theme.id]),
    countMonths(db, organisation.id, theme.id, { from, zone: organisation.zone }),
    sightOf(context).then(async (sight) => await listAbout(db, organisation.id, theme.id, sight, { offset: 0, limit: SAID })),
    lastLed(context, theme.id, LED),
  ]);
  const name = namer(reader.locale, organisation.locale)(theme);
  const trend = trendText(trends.get(theme.id) ?? NO_TREND);
  const manages = hasRole(role, 'manager');
  return {
    summary: join([name, lead ?? trend], ': '),
    title: name,
    lead: lead ? join([lead, trend], '\n') : trend,
    facts: months.map((month): Fact => ({ label: monthText(month), value: number(counts.get(month) ?? 0) })),
    body: [
      ...(theme.retired ? [paragraph(key('feedback.themes.retired_note'))] : []),
      ...wordsBlocks(theme),
      ...(led.total === 0 ? [paragraph(manages ? key('feedback.themes.led_nowhere') : key('feedback.themes.led_not_yet'))] : []),
    ],
    rows: [...ledRows(context, led), ...(await saidRows(context, latest.ids))],
    actions: [
      ...(latest.total > 0 ? [button(key('feedback.themes.said'), within.said(theme.id))] : []),
      ...(led.total > led.dates.length + led.clauses.length ? [button(key('feedback.themes.led_all'), within.led(theme.id))] : []),
      ...(manages ? keeping(theme) : []),
      button(key('feedback.themes.back'), to.themes()),
    ],
  };
}

/** What managers do with a theme. */
function keeping({ id, retired, position }: Theme): readonly Action[] {
  if (retired) return [button(key('feedback.themes.restore'), within.restore(id))];
  return [
    button(key('feedback.themes.change'), within.edit(id)),
    button(key('feedback.themes.apply'), within.apply(id)),
    ...(position > 0 ? [button(key('feedback.themes.up'), within.up(id))] : []),
    button(key('feedback.themes.retire'), within.retire(id), {
      style: 'danger',
      confirm: {
        title: key('feedback.themes.retire_title'),
        text: key('feedback.themes.retire_text'),
        yes: key('feedback.themes.retire'),
        no: key('core.ui.cancel'),
      },
    }),
  ];
}

const LANGUAGES: Readonly<Record<string, Text>> = {
  en: key('feedback.themes.words_en'),
  lv: key('feedback.themes.words_lv'),
};

function wordsBlocks({ patterns }: Pick<Theme, 'patterns'>): readonly Block[] {
  const lines = Object.entries(patterns).filter(([, phrases]) => phrases.length > 0);
  if (lines.length === 0) return [paragraph(key('feedback.themes.words_none'))];
  return lines.map(([language, phrases]) => {
    const typed = shortList(phrases);
    return paragraph(join([own(LANGUAGES, language) ?? words(language), words(typed)], ': '));
  });
}

/** As many as fit, and how many there are besides. */
function shortList(phrases: readonly string[]): string {
  const fits: string[] = [];
  let length = 0;
  for (const phrase of phrases) {
    length += phrase.length + 2;
    if (length > MOST_WORDS) return `${fits.join(', ')}, … (+${phrases.length - fits.length})`;
    fits.push(phrase);
  }
  return fits.join(', ');
}

const paragraph = (text: Text): Block => ({ kind: 'paragraph', text });
