import { randomBytes } from 'node:crypto';
import { foldName } from '../../../people/names.js';
import { MOST } from '../model.js';
import { isSlug } from '../survey/addresses.js';

/** Latin letters and digits of words, joined: `Vecrīga, 2. stāvs` becomes `vecriga-2-stavs`. Empty when there are none. */
function joined(typed: string, by: string, most: number): string {
  const parts = foldName(typed)
    .split(' ')
    .map((part) => part.replace(/[^a-z0-9]/g, ''))
    .filter((part) => part !== '');
  return parts
    .join(by)
    .slice(0, most)
    .replace(/[-_]+$/, '');
}

/** The end of an address as somebody typed it: capitals, blanks and diacritics are mended; undefined when it can't be one. */
export function readSlug(typed: string): string | undefined {
  const slug = typed
    .replace(/^.*\/f\//, '')
    .trim()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_]+/gu, '-');
  return isSlug(slug) ? slug : undefined;
}

/** Room for what tells two pages of one name apart. */
const ENDING = 5;

/** An address made of a page's name; one that can't be guessed when its name has no Latin letters. */
export const slugOf = (name: string): string => joined(name, '-', MOST.slug - ENDING) || randomBytes(5).toString('hex');

/** The same with an ending of its own. */
export const anotherSlug = (slug: string): string => `${slug.slice(0, MOST.slug - ENDING)}-${randomBytes(2).toString('hex')}`;

/** As `hooks/body` takes them. */
const LONGEST_KEY = 40;

/** The name of a question for machines and files, made of its words: `how_was_breakfast`. None of `taken`. */
export function keyOf(words: string, taken: ReadonlySet<string>): string {
  const base = joined(words, '_', LONGEST_KEY - 4) || 'question';
  for (let number = 1; ; number++) {
    const made = number === 1 ? base : `${base}_${number}`;
    if (!taken.has(made)) return made;
  }
}
