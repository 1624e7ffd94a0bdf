import type { Kind, Source } from '../model.js';
import { foldWords, hasPhrase } from '../themes/fold.js';

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
  /** Words and phrases, any of them, as beginnings of words whatever their case and diacritics. */
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

/** The primary language of a BCP 47 tag: `lv-LV` is `lv`. */
export const primaryLanguage = (tag: string): string => tag.split(/[-_]/)[0]?.toLowerCase() ?? '';

/** What of a rule's conditions feedback doesn't meet; empty when the rule takes it. */
export function missed(rule: Conditions, facts: RuleFacts): readonly Condition[] {
  const { stars } = facts;
  const language = primaryLanguage(facts.language);
  const meets: Readonly<Record<Condition, boolean>> = {
    stars:
      (rule.minStars === null && rule.maxStars === null) ||
      (stars !== null && stars >= (rule.minStars ?? 1) && stars <= (rule.maxStars ?? 5)),
    kind: among(rule.kinds, facts.kind),
    source: among(rule.sources, facts.source),
    location: rule.locationIds.length === 0 || (facts.locationId !== null && rule.locationIds.includes(facts.locationId)),
    theme: rule.themeIds.length === 0 || rule.themeIds.some((id) => facts.themeIds.includes(id)),
    language: rule.languages.length === 0 || rule.languages.some((tag) => primaryLanguage(tag) === language),
    words: rule.phrases.length === 0 || says(facts.words, rule.phrases),
  };
  return (Object.keys(meets) as Condition[]).filter((condition) => !meets[condition]);
}

/** Whether a rule takes feedback, wherever it would send it. */
export const matches = (rule: Conditions, facts: RuleFacts): boolean => missed(rule, facts).length === 0;

/**
 * The rule that takes feedback: the first one that matches; broken ones are passed over.
 * @param rules in the order that managers gave them
 */
export function firstMatch<R extends Rule>(rules: readonly R[], facts: RuleFacts): (R & { readonly to: Target }) | undefined {
  return rules.find((rule): rule is R & { readonly to: Target } => rule.to !== null && matches(rule, facts));
}

const among = <T>(wanted: readonly T[], value: T): boolean => wanted.length === 0 || wanted.includes(value);

/** Each answer by itself: no phrase begins in one and ends in the next. */
function says(texts: readonly string[], phrases: readonly string[]): boolean {
  return texts.some((text) => {
    const folded = foldWords(text);
    return phrases.some((phrase) => hasPhrase(folded, phrase));
  });
}
