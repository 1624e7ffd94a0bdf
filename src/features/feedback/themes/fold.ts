import { foldName } from '../../../people/names.js';

/** How words are compared, in every language: small letters without diacritics and punctuation, one blank between words. */
export const foldWords: (text: string) => string = foldName;

/** Whether what was typed means whole words: it ends with a full stop (or a blank), as in `late.` */
export const isWhole = (phrase: string): boolean => /[\s.]$/.test(phrase);

/**
 * Whether a folded text has a phrase at the beginning of one of its words: `wait` is in "we waited". A phrase that ends with a
 * full stop means whole words: `late.` isn't in "later".
 * @param folded by foldWords
 */
export function hasPhrase(folded: string, phrase: string): boolean {
  const wanted = foldWords(phrase);
  if (wanted === '') return false;
  return ` ${folded} `.includes(isWhole(phrase) ? ` ${wanted} ` : ` ${wanted}`);
}
