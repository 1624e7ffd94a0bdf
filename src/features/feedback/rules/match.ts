import { primaryLanguage } from '../../../core/language.js';
import type { Kind, Source } from '../model.js';
import { findPhrase, foldTexts } from '../themes/phrases.js';

/** Where feedback goes: a channel (id in Bellhop) or a person. */
export type Target = { readonly channelId: string } | { readonly personId: string };

/** What feedback has to be for a rule to take it; an empty condition takes all. */
export interface Conditions {
  /** Stars from 1 to 5; feedback without stars meets neither. */
  readonly minStars: number | null;
  readonly maxStars: number | null;
  readonly kinds: readonly Kind[];
  readonly sources: readonly Source[];
  readonly locationIds: readonly string[];
  /** Any of them. */
  readonly themeIds: readonly string[];
  /** Primary languages: `lv`. */
  readonly languages: readonly string[];
  /** Words and phrases, any of them, as themes have them: themes/phrases.ts, `readPhrase`. */
  readonly phrases: readonly string[];
}

/** Why a rule sends nothing: its channel is archived or the bot isn't in it, its person has left, there is no managers' channel. */
export type Broken = 'channel' | 'person' | 'managers';

/** A rule as matching needs it. `to` is null while it is broken. */
export interface Rule extends Conditions {
  readonly id: string;
  readonly to: Target | null;
}

/** What rules look at. */
export interface RuleFacts {
  readonly stars: number | null;
  readonly kind: Kind;
  readonly source: Source;
  readonly locationId: string | null;
  /** BCP 47; `und` when nobody told. */
  readonly language: string;
  readonly themeIds: readonly string[];
  /** What the customer said. */
  readonly words: readonly string[];
}

/** Conditions of which every one that is set has to hold. */
export type Condition = 'stars' | 'kind' | 'source' | 'location' | 'theme' | 'language' | 'words';

/** Each condition by itself; words last, since they take the longest. */
const MEETS: Readonly<Record<Condition, (rule: Conditions, facts: RuleFacts) => boolean>> = {
  stars: ({ minStars, maxStars }, { stars }) =>
    (minStars === null && maxStars === null) || (stars !== null && stars >= (minStars ?? 1) && stars <= (maxStars ?? 5)),
  kind: ({ kinds }, { kind }) => among(kinds, kind),
  source: ({ sources }, { source }) => among(sources, source),
  location: ({ locationIds }, { locationId }) => among<string | null>(locationIds, locationId),
  theme: (rule, { themeIds }) => rule.themeIds.length === 0 || rule.themeIds.some((id) => themeIds.includes(id)),
  language: ({ languages }, { language }) => among(languages.map(primaryLanguage), primaryLanguage(language)),
  words: ({ phrases }, { words }) => phrases.length === 0 || findPhrase(phrases, foldTexts(words)) !== undefined,
};
const CONDITIONS = Object.keys(MEETS) as readonly Condition[];

/** What of a rule's conditions feedback doesn't meet; empty when the rule takes it. */
export const missed = (rule: Conditions, facts: RuleFacts): readonly Condition[] =>
  CONDITIONS.filter((condition) => !MEETS[condition](rule, facts));

/** Whether a rule takes feedback, wherever it would send it. */
export const matches = (rule: Conditions, facts: RuleFacts): boolean => CONDITIONS.every((condition) => MEETS[condition](rule, facts));

/**
 * The rule that takes feedback: the first one that matches; broken ones are passed over.
 * @param rules in the order that managers gave them
 */
export function firstMatch<R extends Rule>(rules: readonly R[], facts: RuleFacts): (R & { readonly to: Target }) | undefined {
  return rules.find((rule): rule is R & { readonly to: Target } => rule.to !== null && matches(rule, facts));
}

const among = <T>(wanted: readonly T[], value: T): boolean => wanted.length === 0 || wanted.includes(value);
