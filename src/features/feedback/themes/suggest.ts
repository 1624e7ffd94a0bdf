import type { ByLanguage } from '../model.js';
import { findPhrase, foldTexts } from './phrases.js';

/** What suggests a theme, by language: see phrases.ts, `readPhrase`. */
export type Patterns = Readonly<Record<string, readonly string[]>>;

/** A theme with what suggests it. */
export interface ThemeRules {
  readonly id: string;
  readonly key: string | null;
  readonly names: ByLanguage;
  readonly patterns: Patterns;
}

/** A theme that words are about, and what they have that tells so. */
export interface Suggested {
  readonly themeId: string;
  /** As managers typed it. */
  readonly phrase: string;
}

/**
 * Which themes words are about, and because of which of their words: by the rules that managers keep, those of all languages, since
 * nobody has to tell in which one they write. Without a network, and the same every time.
 * @returns in the order of the themes, the first phrase that was found for each
 */
export function explainThemes(themes: readonly ThemeRules[], texts: readonly string[]): readonly Suggested[] {
  const folded = foldTexts(texts);
  return themes.flatMap(({ id, patterns }): Suggested[] => {
    const phrase = findPhrase(patterns, folded);
    return phrase === undefined ? [] : [{ themeId: id, phrase }];
  });
}

/** The same, ids alone. */
export function suggestThemes(themes: readonly ThemeRules[], texts: readonly string[]): readonly string[] {
  return explainThemes(themes, texts).map(({ themeId }) => themeId);
}
