import type { PersonHint } from '../../../core/form.js';
import { findByHint } from '../../../people/find-person.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { Person } from '../../../people/model.js';
import { foldName, normaliseEmail } from '../../../people/names.js';
import type { Problem } from './draft.js';
import type { Piece } from './read-tokens.js';
import { accountName } from './store-accounts.js';

/** Whom a command thanks, and for what. */
export interface ReadPeople {
  readonly people: readonly Person[];
  /** Names that several people have, as they were typed. */
  readonly unsure: readonly string[];
  readonly reason: string;
  /** What has to be asked about the people. */
  readonly problem?: Problem;
  readonly about?: string;
}

/** A typed name has so many words at most. */
const NAME_WORDS = 4;
const AND: ReadonlySet<string> = new Set(['and', 'un', 'plus']);
const TO: ReadonlySet<string> = new Set(['to', 'thanks', 'paldies']);
const FOR: ReadonlySet<string> = new Set(['for', 'par', 'because', 'jo']);

/**
 * Tells people from reason. Those at the beginning get the kudos, by mention, address or typed name ("Ana and Ben Kalns");
 * where none stand there, the first mentions that follow one another. Whoever is mentioned elsewhere belongs to the reason.
 */
export async function readPeople(context: HandlerContext, pieces: readonly Piece[]): Promise<ReadPeople> {
  const reading = new Reading(context, pieces);
  await reading.leading();
  if (reading.isEmpty) await reading.firstMentions();
  return await reading.result();
}

class Reading {
  readonly #context: HandlerContext;
  #pieces: readonly Piece[];
  readonly #people = new Map<string, Person>();
  readonly #unsure: string[] = [];
  #problem: { readonly problem: Problem; readonly about?: string } | undefined;

  constructor(context: HandlerContext, pieces: readonly Piece[]) {
    this.#context = context;
    this.#pieces = pieces;
  }

  get isEmpty(): boolean {
    return this.#people.size === 0 && this.#unsure.length === 0 && !this.#problem;
  }

  /** Takes people from the beginning, as long as one follows another. */
  async leading(): Promise<void> {
    let at = 0;
    const first = this.#pieces[0];
    if (first?.kind === 'word' && TO.has(foldName(first.text))) at = 1;
    let taken = 0;
    // A name that was typed follows a comma or an "and"; behind a mention begins the reason.
    let expected = true;
    for (;;) {
      let next = at;
      while (isAnd(this.#pieces[next])) {
        next += 1;
        expected = true;
      }
      const piece = this.#pieces[next];
      const count = await this.#take(next, expected);
      if (piece === undefined || count === 0) break;
      at = next + count;
      taken = at;
      expected = endsWithComma(this.#pieces[at - 1]);
    }
    this.#pieces = this.#pieces.slice(taken);
  }

  /** @returns how many pieces from this one on name somebody */
  async #take(at: number, expected: boolean): Promise<number> {
    const piece = this.#pieces[at];
    if (piece === undefined) return 0;
    if (piece.kind === 'person') {
      await this.#mention(piece.hint);
      return 1;
    }
    const isMarked = piece.text.startsWith('@') && piece.text.length > 1;
    const isAddress = normaliseEmail(trimmed(piece.text)) !== undefined && !isMarked;
    if (!expected && !isMarked && !isAddress) return 0;
    if (isAddress) return await this.#typed(trimmed(piece.text), 1, true);
    return await this.#name(at, isMarked);
  }

  /** The longest run of words from here on that names somebody. */
  async #name(at: number, isMarked: boolean): Promise<number> {
    const run: string[] = [];
    for (const piece of this.#pieces.slice(at, at + NAME_WORDS)) {
      if (piece.kind !== 'word' || isAnd(piece) || FOR.has(foldName(piece.text))) break;
      run.push(trimmed(piece.text));
      if (endsWithComma(piece)) break;
    }
    const followed = this.#pieces[at + run.length];
    const isClosed = followed === undefined || followed.kind === 'person' || isAnd(followed) || FOR.has(foldName(followed.text));
    for (let length = run.length; length > 0; length--) {
      const name = run.slice(0, length).join(' ').replace(/^@/, '');
      // One letter stands for half of the organisation.
      if (foldName(name).length < 2) continue;
      const count = await this.#typed(
        name,
        length,
        isMarked || (isClosed && length === run.length) || endsWithComma(this.#pieces[at + length - 1]),
      );
      if (count > 0) return count;
    }
    if (isMarked) {
      this.#problem ??= { problem: 'group', about: run[0] ?? '' };
      return 1;
    }
    // "Zelda for ..." names somebody, unless a mention tells whom.
    const isNamed = followed?.kind === 'word' && FOR.has(foldName(followed.text)) && this.isEmpty;
    if (run.length === 0 || !isNamed || this.#pieces.some((piece) => piece.kind === 'person')) return 0;
    this.#problem = { problem: 'unknown', about: run.join(' ') };
    return run.length;
  }

  /**
   * @param isName it stands where only a name can stand; else the words may well be the beginning of the reason
   * @returns `length` when they name somebody, 0 otherwise
   */
  async #typed(name: string, length: number, isName: boolean): Promise<number> {
    const found = await findByHint(this.#context, { by: 'typed', typed: name });
    if ('none' in found) {
      if (!isName || normaliseEmail(name) === undefined) return 0;
      this.#problem ??= { problem: 'unknown', about: name };
      return length;
    }
    const candidates = 'person' in found ? [found.person] : found.ambiguous;
    const isWhole = candidates.some((one) => isWholeName(one.name, name) || normaliseEmail(name) !== undefined);
    // "be" is no Ben where a sentence begins with it.
    if (!isWhole && !isName) return 0;
    if ('person' in found) {
      this.#people.set(found.person.id, found.person);
      if (!isWhole) this.#problem ??= { problem: 'check_names', about: name };
      return length;
    }
    this.#unsure.push(name);
    this.#problem ??= { problem: 'unsure', about: name };
    return length;
  }

  async #mention(hint: PersonHint): Promise<void> {
    const found = await findByHint(this.#context, hint);
    if ('person' in found) this.#people.set(found.person.id, found.person);
    else if (hint.by === 'account') {
      const about = await accountName(this.#context, hint.externalId);
      this.#problem ??= { problem: 'mention', ...(about !== undefined && { about }) };
    } else if ('ambiguous' in found) {
      this.#unsure.push(hint.typed);
      this.#problem ??= { problem: 'unsure', about: hint.typed };
    } else this.#problem ??= { problem: 'unknown', about: hint.typed };
  }

  /** Takes the first mentions that follow one another, wherever they stand. */
  async firstMentions(): Promise<void> {
    const from = this.#pieces.findIndex((piece) => piece.kind === 'person');
    if (from < 0) return;
    let to = from;
    for (let at = from; at < this.#pieces.length; at++) {
      const piece = this.#pieces[at];
      if (piece?.kind === 'person') {
        await this.#mention(piece.hint);
        to = at + 1;
      } else if (!isAnd(piece)) break;
    }
    this.#pieces = [...this.#pieces.slice(0, from), ...this.#pieces.slice(to)];
  }

  async result(): Promise<ReadPeople> {
    const rest = await Promise.all(
      this.#pieces.map(async (piece) => (piece.kind === 'word' ? piece.text : await this.#nameOf(piece.hint))),
    );
    const reason = withoutFor(rest.join(' ')).trim();
    const nobody: ReadPeople['problem'] = this.isEmpty ? 'nobody' : undefined;
    return {
      people: [...this.#people.values()],
      unsure: this.#unsure,
      reason,
      ...(this.#problem ?? (nobody && { problem: nobody })),
    };
  }

  async #nameOf(hint: PersonHint): Promise<string> {
    if (hint.by === 'typed') return hint.typed;
    const found = await findByHint(this.#context, hint);
    return 'person' in found ? found.person.name : ((await accountName(this.#context, hint.externalId)) ?? '');
  }
}

/** The reason without the word that leads to it; "par to, ka ..." is one piece of Latvian and stays. */
function withoutFor(reason: string): string {
  const [, first = '', rest = ''] = /^[\s,:–-]*(\S+)\s+(.*)$/s.exec(reason) ?? [];
  return ['for', 'par'].includes(foldName(first)) && !/^to[\s,]/i.test(rest) ? rest : reason.replace(/^[\s,:–-]+/, '');
}

function isAnd(piece: Piece | undefined): boolean {
  return piece?.kind === 'word' && (AND.has(foldName(piece.text)) || /^[,;&+]+$/.test(piece.text));
}

const endsWithComma = (piece: Piece | undefined): boolean => piece?.kind === 'word' && /[,;]$/.test(piece.text);
const trimmed = (text: string): string => text.replace(/[,;:]+$/, '');

function isWholeName(name: string, typed: string): boolean {
  const parts = foldName(name).split(' ');
  return foldName(typed)
    .split(' ')
    .every((word) => parts.includes(word));
}
