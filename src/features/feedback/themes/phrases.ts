import { oneLine } from '../../../core/inputs.js';
import { foldWords } from './fold.js';

/** One word or phrase as managers type it, among a theme's words or in a rule. */
export interface Phrase {
  readonly typed: string;
  /** Folded. */
  readonly wanted: string;
  /** A whole word, not the beginning of one. */
  readonly whole: boolean;
  /** Passed over where it stands, so that nothing in it counts. */
  readonly except: boolean;
}

/** `wait` is the beginning of a word ("waited"), `late.` a whole one, `did not know` several, and `-can't wait` what is passed over. */
export function readPhrase(typed: string): Phrase {
  return { typed, wanted: foldWords(typed), whole: /[\s.]$/.test(typed), except: /^\s*[-–−]/.test(typed) };
}

/** Words and phrases as they were typed, one a line or between commas; of those that mean the same the last one. */
export function readPhrases(typed: string): readonly string[] {
  const phrases = typed
    .split(/[\n,;]/)
    .map((line) => readPhrase(oneLine(line)))
    .filter(({ wanted }) => wanted !== '');
  return [...new Map(phrases.map((phrase) => [`${phrase.except} ${phrase.whole} ${phrase.wanted}`, phrase.typed])).values()];
}

/** Phrases as managers typed them: a rule's, or a theme's by language. */
export type Phrases = readonly string[] | Readonly<Record<string, readonly string[]>>;

interface Compiled {
  readonly phrases: readonly { readonly typed: string; readonly needle: string }[];
  readonly exceptions: readonly RegExp[];
}

/** The same phrases are looked for in every entry of a batch. */
const compiled = new WeakMap<Phrases, Compiled>();

function compile(phrases: Phrases): Compiled {
  const known = compiled.get(phrases);
  if (known) return known;
  const all = Object.values<string | readonly string[]>(phrases)
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
  compiled.set(phrases, made);
  return made;
}

/** Stands between texts, and in place of what is passed over; no folded word has it. */
const BREAK = ' \u0001';

/** Texts made ready for `findPhrase`, each by itself: no phrase begins in one and ends in the next. */
export const foldTexts = (texts: readonly string[]): string =>
  texts
    .map((text) => ` ${foldWords(text)}`)
    .join(BREAK)
    .concat(' ');

/**
 * The first of some phrases that texts have, whatever their case and diacritics; undefined when they have none.
 * @param folded by foldTexts
 * @returns as it was typed
 */
export function findPhrase(phrases: Phrases, folded: string): string | undefined {
  const { phrases: wanted, exceptions } = compile(phrases);
  const left = exceptions.reduce((text, exception) => text.replace(exception, BREAK), folded);
  return wanted.find(({ needle }) => left.includes(needle))?.typed;
}
