import { foldName } from '../../../people/names.js';

/** How words are compared, in every language: small letters without diacritics and punctuation, one blank between words. */
export const foldWords: (text: string) => string = foldName;
