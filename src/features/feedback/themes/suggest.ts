import type { ByLanguage } from '../model.js';
import { foldWords, isWhole } from './fold.js';

/** What suggests a theme, by language: see `readPhrase`. */
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

/** One line of a theme's words, as managers type it. */
interface Phrase {
  readonly typed: string;
  /** Folded. */
  readonly wanted: string;
  readonly whole: boolean;
  /** Where this stands the theme isn't meant. */
  readonly except: boolean;
}

/**
 * `wait` is the beginning of a word ("waited"), `late.` a whole one, `did not know` several, and `-can't wait` what is passed over
 * wherever it stands, so that nothing in it counts.
 */
export function readPhrase(typed: string): Phrase {
  const except = /^\s*[-–−]/.test(typed);
  return { typed, wanted: foldWords(typed), whole: isWhole(typed), except };
}

interface Compiled {
  readonly phrases: readonly { readonly typed: string; readonly needle: string }[];
  readonly exceptions: readonly RegExp[];
}

/** Themes are read for every batch, and compared with every entry of it. */
const compiled = new WeakMap<Patterns, Compiled>();

function compile(patterns: Patterns): Compiled {
  const known = compiled.get(patterns);
  if (known) return known;
  const all = Object.values(patterns)
    .flat()
    .map(readPhrase)
    .filter(({ wanted }) => wanted !== '');
  const made: Compiled = {
    phrases: all
      .filter(({ except }) => !except)
      .map(({ typed, wanted, whole }) => ({ typed, needle: whole ? ` ${wanted} ` : ` ${wanted}` })),
    // Folded words are letters, figures and blanks: nothing in them means anything to a regular expression.
    exceptions: all.filter(({ except }) => except).map(({ wanted, whole }) => new RegExp(` ${wanted}${whole ? '(?= )' : '[^ ]*'}`, 'gu')),
  };
  compiled.set(patterns, made);
  return made;
}

/** Stands in place of what is passed over; no folded word has it. */
const PASSED_OVER = ' \u0001';

/**
 * Which themes words are about, and because of which of their words: by the rules that managers keep, those of all languages, since
 * nobody has to tell in which one they write. Without a network, and the same every time.
 * @returns in the order of the themes, the first phrase that was found for each
 */
export function explainThemes(themes: readonly ThemeRules[], texts: readonly string[]): readonly Suggested[] {
  const folded = foldWords(texts.join(' \n '));
  if (folded === '') return [];
  return themes.flatMap(({ id, patterns }): Suggested[] => {
    const { phrases, exceptions } = compile(patterns);
    const text = exceptions.reduce((left, exception) => left.replace(exception, PASSED_OVER), ` ${folded} `);
    const found = phrases.find(({ needle }) => text.includes(needle));
    return found ? [{ themeId: id, phrase: found.typed }] : [];
  });
}

/** The same, ids alone. */
export function suggestThemes(themes: readonly ThemeRules[], texts: readonly string[]): readonly string[] {
  return explainThemes(themes, texts).map(({ themeId }) => themeId);
}
