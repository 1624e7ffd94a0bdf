import { date, join, key, type Text, words } from '../../../core/text.js';
import {
  AGENDA_DAYS,
  type AgendaPeriod,
  type AgendaSource,
  type AgendaSuggestion,
  agendaDaysBefore,
  idsOfKeys,
} from '../../../people/agenda.js';
import type { WorkContext } from '../../../people/handlers.js';
import { starsText } from '../labels.js';
import type { Said } from '../model.js';
import { shortened } from '../posting/said-parts.js';
import { namedInEach } from '../sorting/names.js';
import { findManyFeedback } from '../store-feedback.js';
import { loadSettings } from '../store-settings.js';
import { AGENDA_NAME, QUOTE, quoteKey, THEME, themeKey } from './agenda-keys.js';
import { namer } from './lines.js';
import { countMentions, type Mentions, quotable, recurring, stillQuotable } from './store-agenda.js';
import { loadAllThemes } from './store-themes.js';

/** What an agenda gets at most. */
const THEMES = 5;
const QUOTES = 3;
/** Said once, it isn't recurring. */
const FEWEST = 2;
/** Quotes that are looked at, since some may name a colleague. */
const CANDIDATES = 20;
/** Characters of a quote. */
const LONGEST = 300;

/**
 * What feedback brings to an agenda: what customers keep coming back to, the most complained about first, and what some of them said,
 * which a manager has to tick. Nothing of what is private, held, doubtful or removed, and no words that name a colleague.
 */
export const feedbackAgenda: AgendaSource = {
  name: AGENDA_NAME,
  heading: ({ since }) =>
    since === undefined
      ? key('feedback.agenda.heading', { days: AGENDA_DAYS })
      : key('feedback.agenda.heading_since', { day: date(since) }),
  suggest: async (context, period) => {
    const { db, organisation } = context;
    const { lowStars } = await loadSettings(db, organisation);
    const themeIds = await recurring(db, organisation.id, period, { lowStars, fewest: FEWEST, limit: THEMES });
    const candidates = await quotable(db, organisation.id, period, themeIds, { lowStars, limit: CANDIDATES });
    const quotes = await quotesOf(
      context,
      candidates.map(({ id }) => id),
    );
    const themes = await themesOf(context, themeIds, period);
    return [...themes.values(), ...varied(candidates, quotes)];
  },
  find: async (context, keys, period = agendaDaysBefore(context.clock.now())) => {
    const { db, organisation } = context;
    const ids = await stillQuotable(db, organisation.id, idsOfKeys(keys, QUOTE));
    return new Map([...(await themesOf(context, idsOfKeys(keys, THEME), period)), ...(await quotesOf(context, ids))]);
  },
};

/** Themes as lines of an agenda, by key, in the order of their ids. One that is retired by now still says what was talked about. */
async function themesOf(
  { db, organisation }: WorkContext,
  themeIds: readonly string[],
  period: AgendaPeriod,
): Promise<Map<string, AgendaSuggestion>> {
  if (themeIds.length === 0) return new Map();
  const [themes, mentions] = await Promise.all([loadAllThemes(db, organisation.id), countMentions(db, organisation.id, period, themeIds)]);
  const name = namer(organisation.locale, organisation.locale);
  const found = themeIds.flatMap((id): [string, AgendaSuggestion][] => {
    const theme = themes.find((one) => one.id === id);
    if (!theme) return [];
    const suggestion = { key: themeKey(id), text: name(theme), detail: timesText(mentions.get(id)), quote: false };
    return [[suggestion.key, suggestion]];
  });
  return new Map(found);
}

/** "7 times, 2 in an equally long time before"; the section's heading says since when. */
const timesText = ({ recent, before }: Mentions = { recent: 0, before: 0 }): Text =>
  recent === 0 && before === 0 ? key('feedback.agenda.quiet') : key('feedback.agenda.times', { recent, before });

/** Customers' words by key, without those that may name a colleague: also one who has come since. */
async function quotesOf({ db, organisation }: WorkContext, feedbackIds: readonly string[]): Promise<Map<string, AgendaSuggestion>> {
  const found = await findManyFeedback(db, organisation.id, feedbackIds);
  const entries = feedbackIds.flatMap((id) => found.get(id) ?? []);
  const names = await namedInEach(
    db,
    organisation,
    entries.map(({ words: spoken, locationId }) => ({ words: spoken, servedBy: '', locationId })),
  );
  const quotes = entries.flatMap((said, index): [string, AgendaSuggestion][] => {
    const named = names[index];
    const text = quoteText(said);
    if (text === '' || !named || named.named.length > 0 || named.unclear) return [];
    const suggestion = { key: quoteKey(said.id), text: words(text), detail: quoteBy(said), quote: true };
    return [[suggestion.key, suggestion]];
  });
  return new Map(quotes);
}

/** As one line, since it stands among others. */
function quoteText({ words: spoken }: Said): string {
  const line = spoken
    .map((one) => one.words)
    .join(' · ')
    .replace(/\s+/gu, ' ')
    .trim();
  return shortened(line, LONGEST);
}

/** "A customer · ★★☆☆☆ 2 of 5 · Old Town": nobody's name. */
function quoteBy({ stars, locationName }: Said): Text {
  return join(
    [
      key('feedback.agenda.customer'),
      ...(stars === null ? [] : [starsText(stars)]),
      ...(locationName === null ? [] : [words(locationName)]),
    ],
    ' · ',
  );
}

/** A few quotes, at first one of each theme. */
function varied(
  candidates: readonly { readonly id: string; readonly themeId: string }[],
  quotes: ReadonlyMap<string, AgendaSuggestion>,
): readonly AgendaSuggestion[] {
  const told = candidates.flatMap(({ id, themeId }) => {
    const quote = quotes.get(quoteKey(id));
    return quote ? [{ themeId, quote }] : [];
  });
  const firsts = told.filter(({ themeId }, index) => told.findIndex((one) => one.themeId === themeId) === index);
  const others = told.filter((one) => !firsts.includes(one));
  return [...firsts, ...others].slice(0, QUOTES).map(({ quote }) => quote);
}
