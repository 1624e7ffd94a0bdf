import { AFTER_NAMES, BEFORE_MONTHS, COMMON, FUNCTION_WORDS, MONTHS, TITLES } from './common-words.js';
import { type Token, tokensOf } from './name-words.js';

/** Somebody whose name may be in a text. */
export interface Candidate {
  readonly id: string;
  /** Of the name, folded: the given name first. */
  readonly words: readonly string[];
  readonly locationId: string | null;
}

/** Candidates by each word of their names. */
export type Candidates = ReadonlyMap<string, readonly Candidate[]>;

export function indexed(candidates: readonly Candidate[]): Candidates {
  const index = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    for (const word of new Set(candidate.words)) {
      const known = index.get(word);
      if (known) known.push(candidate);
      else index.set(word, [candidate]);
    }
  }
  return index;
}

export interface Matched {
  /** Person by id, and whether nobody and nothing else can be meant. */
  readonly hits: ReadonlyMap<string, boolean>;
  /** A name stands there that more people have than anybody would look through. */
  readonly unclear: boolean;
}

/** So many people of one name are shown to a manager to choose from. */
const MOST_OF_A_NAME = 7;

/** People of one name that are looked at one by one. */
const CROWD = 200;

/** Where a text comes from. */
export interface Where {
  /** People of this location are meant rather than others of the same name. */
  readonly locationId: string | null;
  /** An answer to "Who served you?": names, whatever their letters. */
  readonly isName?: boolean;
}

/** The words that people are looked up by, of a text: those that could be a name alone or beside another. */
export function wordsToLookUp(text: string, isName = false): readonly string[] {
  return tokensOf(text)
    .filter(({ folded, capital }) => folded.length >= 2 && (isName || capital || (folded.length >= 3 && !FUNCTION_WORDS.has(folded))))
    .flatMap(({ forms }) => forms);
}

/**
 * Whom a text may name. A whole name is sure. A single name is, when it begins with a capital letter, isn't a common word too, and one
 * person alone has it. Small letters, common words, names that several people have: somebody has to look.
 */
export function matchNames(text: string, people: Candidates, { locationId, isName = false }: Where): Matched {
  const tokens = tokensOf(text);
  const found = tokens.map(({ forms }) => new Set(forms.flatMap((form) => people.get(form) ?? [])));
  const hits = new Map<string, boolean>();
  const hit = (candidates: readonly Candidate[], sure: boolean) => {
    for (const { id } of candidates) hits.set(id, (hits.get(id) ?? false) || (sure && candidates.length === 1));
  };
  const used = new Set<number>();
  const whole = new Set<Candidate>();
  let unclear = false;
  for (const { first, second, candidates } of wholeNames(tokens, found)) {
    const plain = [first, second].every((at) => !isCapital(tokens[at], isName) && COMMON.has(tokens[at]?.folded ?? ''));
    const chosen = near(candidates, locationId);
    if (chosen.length > MOST_OF_A_NAME) unclear = true;
    else hit(chosen, !plain);
    for (const candidate of candidates) whole.add(candidate);
    used.add(first).add(second);
  }
  for (const [at, token] of tokens.entries()) {
    if (used.has(at)) continue;
    const all = [...(found[at] ?? [])];
    // "Ana Ozola was rude. Ana …" still means her.
    if (all.length === 0 || all.some((candidate) => whole.has(candidate))) continue;
    const beside: Beside = { before: tokens[at - 1], after: tokens[at + 1], isName, only: tokens.length <= 2 };
    // Of a crowd a few tell whether it is a name; whom it means, nobody can tell.
    const some = all.length > CROWD && near(byInitial(all, tokens[at + 1]), locationId).length > MOST_OF_A_NAME ? all.slice(0, CROWD) : all;
    const trusted = some.flatMap((candidate) => {
      const sure = trust(token, candidate, beside);
      return sure === undefined ? [] : [{ candidate, sure }];
    });
    if (trusted.length === 0) continue;
    const chosen = near(
      byInitial(
        trusted.map(({ candidate }) => candidate),
        tokens[at + 1],
      ),
      locationId,
    );
    if (chosen.length > MOST_OF_A_NAME || some.length < all.length) unclear = true;
    else
      hit(
        chosen,
        trusted.some(({ candidate, sure }) => sure && candidate === chosen[0]),
      );
  }
  return { hits, unclear };
}

interface Whole {
  readonly first: number;
  readonly second: number;
  readonly candidates: readonly Candidate[];
}

/** Two different words of one person's name beside each other, or with one word between, in either order. */
function wholeNames(tokens: readonly Token[], found: readonly ReadonlySet<Candidate>[]): readonly Whole[] {
  const names: Whole[] = [];
  for (let first = 0; first < tokens.length - 1; first++) {
    const here = found[first];
    if (!here || here.size === 0) continue;
    for (const second of [first + 1, first + 2]) {
      if (!tokens[second]?.joined || !tokens[first + 1]?.joined) break;
      const there = found[second];
      if (!there || there.size === 0) continue;
      // "Front Desk" is an account, and the place as well.
      if ([first, second].every((at) => FUNCTION_WORDS.has(tokens[at]?.folded ?? ''))) continue;
      const [fewer, more] = here.size <= there.size ? [here, there] : [there, here];
      const candidates = [...fewer].filter((one) => more.has(one) && areTwo(one, tokens[first], tokens[second]));
      if (candidates.length === 0) continue;
      names.push({ first, second, candidates });
      break;
    }
  }
  return names;
}

/** Whether two tokens stand for two words of the name, not both for one. */
function areTwo({ words }: Candidate, one: Token | undefined, other: Token | undefined): boolean {
  const places = (token: Token | undefined) => words.flatMap((word, place) => (token?.forms.includes(word) ? [place] : []));
  return places(one).some((place) => places(other).some((another) => another !== place));
}

/** Those of the location, where anybody is. */
function near(candidates: readonly Candidate[], locationId: string | null): readonly Candidate[] {
  if (candidates.length < 2 || locationId === null) return candidates;
  const there = candidates.filter((candidate) => candidate.locationId === locationId);
  return there.length > 0 ? there : candidates;
}

/** "Ana O.": those whose surname begins so, where there are any. */
function byInitial(candidates: readonly Candidate[], after: Token | undefined): readonly Candidate[] {
  if (!after?.joined || !after.capital || after.folded.length !== 1) return candidates;
  const fitting = candidates.filter(({ words }) => words.at(-1)?.startsWith(after.folded));
  return fitting.length > 0 ? fitting : candidates;
}

const isCapital = (token: Token | undefined, isName: boolean): boolean => isName || token?.capital === true;

interface Beside {
  readonly before: Token | undefined;
  readonly after: Token | undefined;
  readonly isName: boolean;
  /** Nothing else was written. */
  readonly only: boolean;
}

/** Whether one word is somebody's name: surely, perhaps (false), or not (undefined). */
function trust(token: Token, { words }: Candidate, { before, after, isName, only }: Beside): boolean | undefined {
  const { folded, forms } = token;
  const given = forms.includes(words[0] ?? '');
  const isCommon = COMMON.has(folded) || words.some((word) => forms.includes(word) && COMMON.has(word));
  if (folded.length < 2 || (!isName && FUNCTION_WORDS.has(folded))) return undefined;
  // So short a name is taken as it stands or not at all.
  if (folded.length === 2 && (!words.includes(folded) || COMMON.has(folded))) return undefined;
  if (isName) return isCommon ? (only ? true : token.capital ? false : undefined) : true;
  if (!token.capital) return given && folded.length >= 4 && !isCommon ? false : undefined;
  if (isCommon) return commonAsName(token, before, after) ? false : undefined;
  if (folded.length === 2) return false;
  // "Ana Berzina" and "Juris Ozols" are other people than Ana Ozola.
  const beside = given ? (after?.start ? undefined : after) : token.start ? undefined : before;
  return !isOtherName(beside, words);
}

/** Whether a common word is a name where it stands. */
function commonAsName(token: Token, before: Token | undefined, after: Token | undefined): boolean {
  if (MONTHS.has(token.folded) && (token.afterDigit || BEFORE_MONTHS.has(before?.folded ?? ''))) return false;
  return !token.start || (after !== undefined && AFTER_NAMES.has(after.folded));
}

/** Whether the word beside a name looks like the rest of another person's name. */
function isOtherName(beside: Token | undefined, words: readonly string[]): boolean {
  if (!beside?.capital || beside.folded.length < 3) return false;
  return !FUNCTION_WORDS.has(beside.folded) && !TITLES.has(beside.folded) && !beside.forms.some((form) => words.includes(form));
}
