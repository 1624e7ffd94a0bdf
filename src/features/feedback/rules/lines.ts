import { join, key, person as personText, type Text, words } from '../../../core/text.js';
import { kindLabel, languageName, sourceLabel, themeLabel } from '../labels.js';
import type { ThemeName } from '../model.js';
import { shortened } from '../posting/said-parts.js';
import { readPhrase } from '../themes/phrases.js';
import type { Broken, Condition, Conditions, Target } from './match.js';
import type { KeptRule } from './store-rules.js';

/** Names of what rules point to, and whose languages they are told in. */
export interface RuleNames {
  readonly locations: ReadonlyMap<string, string>;
  readonly themes: ReadonlyMap<string, ThemeName>;
  /** Of the channels and people that feedback goes to, by id; channels without #. */
  readonly targets: ReadonlyMap<string, string>;
  readonly locale: string;
  readonly fallback: string;
}

/** What a rule says in one line: "Complaint, 1 to 2 stars, at Riga → #managers". */
export function ruleLine(rule: KeptRule, names: RuleNames): Text {
  return join([conditionsText(rule, names), targetText(rule)], ' → ');
}

/** Most of one sort that a row of a list has room for, and how much of each, in characters; the others are counted. */
const MOST_NAMED = 2;
const MOST_OF_NAME = 20;

/** What feedback has to be for a rule to take it: all conditions in one line, of long ones the beginning. */
function conditionsText(rule: Conditions, names: RuleNames): Text {
  const parts = conditionParts(rule, names, MOST_NAMED);
  return parts.length === 0 ? key('feedback.rules.if.all') : join(parts, ', ');
}

/** The same in full, each by itself. */
export function conditionTexts(rule: Conditions, names: RuleNames): readonly Text[] {
  const parts = conditionParts(rule, names, Number.POSITIVE_INFINITY);
  return parts.length === 0 ? [key('feedback.rules.if.all')] : parts;
}

function conditionParts(rule: Conditions, { locations, themes, locale, fallback }: RuleNames, most: number): readonly Text[] {
  const { kinds, sources, locationIds, themeIds, languages, phrases } = rule;
  const gone = key('feedback.rules.if.gone');
  const short = (name: string): string => (most === MOST_NAMED ? shortened(name, MOST_OF_NAME) : name);
  /** Any of them: "Riga / Jelgava". */
  const either = (items: readonly Text[]): Text =>
    join(items.length > most ? [...items.slice(0, most), key('feedback.rules.if.more', { count: items.length - most })] : items, ' / ');
  const location = (id: string): Text => {
    const name = locations.get(id);
    return name === undefined ? gone : words(short(name));
  };
  const theme = (id: string): Text => {
    const found = themes.get(id);
    return found ? themeLabel(found, locale, fallback) : gone;
  };
  const phrase = (typed: string): Text => {
    const { whole, except } = readPhrase(typed);
    const shown = { phrase: words(short(typed.replace(/^\s*[-–−]\s*|[\s.]+$/gu, ''))) };
    if (except) return key('feedback.rules.if.phrase_except', shown);
    return whole ? key('feedback.rules.if.phrase_whole', shown) : key('feedback.rules.if.phrase', shown);
  };
  return [
    ...(kinds.length > 0 ? [either(kinds.map(kindLabel))] : []),
    ...starsPart(rule),
    ...(locationIds.length > 0 ? [key('feedback.rules.if.locations', { names: either(locationIds.map(location)) })] : []),
    ...(sources.length > 0 ? [key('feedback.rules.if.sources', { names: either(sources.map(sourceLabel)) })] : []),
    ...(themeIds.length > 0 ? [key('feedback.rules.if.themes', { names: either(themeIds.map(theme)) })] : []),
    ...(languages.length > 0
      ? [key('feedback.rules.if.languages', { names: either(languages.map((tag) => words(languageName(tag)))) })]
      : []),
    ...(phrases.length > 0 ? [key('feedback.rules.if.phrases', { words: either(phrases.map(phrase)) })] : []),
  ];
}

function starsPart({ minStars, maxStars }: Conditions): readonly Text[] {
  if (minStars === null && maxStars === null) return [];
  const [from, to] = [minStars ?? 1, maxStars ?? 5];
  return [from === to ? key('feedback.rules.if.stars', { count: from }) : key('feedback.rules.if.stars_range', { from, to })];
}

/** Where a rule sends: "#managers". */
export function targetText({ target, targetName }: Pick<KeptRule, 'target' | 'targetName'>): Text {
  switch (target.kind) {
    case 'channel':
      return targetName === null ? key('feedback.rules.to.channel_gone') : words(`#${targetName}`);
    case 'person':
      return targetName === null ? key('feedback.rules.to.person_gone') : personText(targetName);
    case 'managers':
      return targetName === null
        ? key('feedback.rules.to.managers')
        : key('feedback.rules.to.managers_channel', { channel: words(`#${targetName}`) });
  }
}

/** Where feedback goes in the end, as it is called; null: nowhere. */
export function placeText(to: Target | null, { targets }: RuleNames): Text {
  if (to === null) return key('feedback.rules.to.nowhere');
  if ('personId' in to) return personText(targets.get(to.personId) ?? '');
  return words(`#${targets.get(to.channelId) ?? ''}`);
}

const BROKEN: Readonly<Record<Broken, Text>> = {
  channel: key('feedback.rules.broken.channel'),
  person: key('feedback.rules.broken.person'),
  managers: key('feedback.rules.broken.managers'),
};
export const brokenText = (broken: Broken): Text => BROKEN[broken];

const CONDITIONS: Readonly<Record<Condition, Text>> = {
  stars: key('feedback.rules.condition.stars'),
  kind: key('feedback.rules.condition.kind'),
  source: key('feedback.rules.condition.source'),
  location: key('feedback.rules.condition.location'),
  theme: key('feedback.rules.condition.theme'),
  language: key('feedback.rules.condition.language'),
  words: key('feedback.rules.condition.words'),
};
export const conditionLabel = (condition: Condition): Text => CONDITIONS[condition];
