import { foldName } from '../../../people/names.js';

/** A word of a text, as names are looked for in it. */
export interface Token {
  /** Small, without diacritics. */
  readonly folded: string;
  /** Begins with a capital letter, in a text that has small ones too; letters that have no small form count as capital. */
  readonly capital: boolean;
  /** Begins a sentence, where a capital letter tells nothing. */
  readonly start: boolean;
  /** Only a few signs stand between it and the word before, and no digit. */
  readonly joined: boolean;
  /** A digit stands just before it: "5 May". */
  readonly afterDigit: boolean;
  /** What a name may be that stands in the text so: itself, and the nominatives of Latvian endings. */
  readonly forms: readonly string[];
}

const WORD = /\p{L}[\p{L}\p{M}]*/gu;
const SENTENCE_ENDS = /[.!?…:;"“”„«»()\n•*]|^\s*-/u;

/** The most words of a text that are looked at: what is longer is none that anybody wrote by hand. */
const MOST_TOKENS = 2_000;

/** A text's words in their order. */
export function tokensOf(text: string): readonly Token[] {
  const shouts = isShouted(text);
  const tokens: Token[] = [];
  let end = 0;
  for (const { 0: raw, index } of text.matchAll(WORD)) {
    const between = text.slice(end, index);
    const first = tokens.length === 0 && end === 0;
    end = index + raw.length;
    const folded = foldName(raw).replaceAll(' ', '');
    if (folded === '') continue;
    tokens.push({
      folded,
      capital: !shouts && /^[\p{Lu}\p{Lt}\p{Lo}]/u.test(raw),
      start: first || SENTENCE_ENDS.test(between),
      joined: !first && between.length <= 3 && !/[\p{N}\n]/u.test(between),
      afterDigit: /\p{N}\W{0,3}$/u.test(between),
      forms: nominatives(folded),
    });
    if (tokens.length === MOST_TOKENS) break;
  }
  return tokens;
}

/** Whether most letters are capital ones: then they tell nothing. */
function isShouted(text: string): boolean {
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  const small = text.match(/\p{Ll}/gu)?.length ?? 0;
  return capitals > 8 && capitals > small * 1.5;
}

/**
 * Endings of Latvian cases without diacritics, and those of the nominatives that they may come from: "Annai" of Anna, "Jānim" of Jānis,
 * "Ilzi" of Ilze, "Markum" of Markus, "Mazajam" of Mazais; names that end in no vowel get one in Latvian: "Benam" of Ben.
 * The declensions: https://en.wikipedia.org/wiki/Latvian_declension
 */
const ENDINGS: readonly (readonly [string, readonly string[]])[] = [
  ['ajam', ['ais']],
  ['ajai', ['a']],
  ['am', ['s', 'a', '']],
  ['im', ['is']],
  ['um', ['us']],
  ['ai', ['a']],
  ['ei', ['e']],
  ['em', ['e']],
  ['as', ['a']],
  ['es', ['e']],
  ['u', ['s', 'a', 'us', '']],
  ['i', ['is', 'e']],
  ['a', ['s', 'is', '']],
  ['o', ['ais', 'a']],
  ['s', ['']],
  ['', ['s']],
];

const SHORTEST_STEM = 2;
const SHORTEST_NAME = 3;

/** What a name may be that stands in a text so. @param folded by foldName */
export function nominatives(folded: string): readonly string[] {
  const found = new Set([folded]);
  for (const [ending, instead] of ENDINGS) {
    if (!folded.endsWith(ending)) continue;
    const stem = folded.slice(0, folded.length - ending.length);
    if (stem.length < SHORTEST_STEM) continue;
    for (const other of instead) {
      found.add(stem + other);
      if (ending === 'a' && other === 'is') for (const hard of hardened(stem)) found.add(hard + other);
    }
  }
  return [...found].filter((name) => name === folded || name.length >= SHORTEST_NAME);
}

/** The genitive of names in -is softens the consonant before it: Briedis is "Brieža", Zutis "Zuša", Kurbis "Kurbja". */
function hardened(stem: string): readonly string[] {
  if (stem.endsWith('z')) return [`${stem.slice(0, -1)}d`];
  if (stem.endsWith('s')) return [`${stem.slice(0, -1)}t`];
  if (/[bpmv]j$/.test(stem)) return [stem.slice(0, -1)];
  return [];
}
