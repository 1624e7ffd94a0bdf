import type { CommandToken } from '../../../core/interaction.js';
import { foldName } from '../../../people/names.js';
import { MOST_POINTS } from '../model.js';

/** What is left of a command once value, points and "private" are taken out: people and words, in their order. */
export type Piece = Extract<CommandToken, { kind: 'person' | 'word' }>;

export interface ReadTokens {
  readonly pieces: readonly Piece[];
  /** The first `#tag`, without its sign. */
  readonly tag?: string | undefined;
  /** From `+10`: whole and within the limits. */
  readonly points?: number | undefined;
  /** Something with the sign of points that can't be given: `+0`, `-5`, `+1.5`, `+10^12`, or two of them; as it was typed. */
  readonly wrongPoints?: string | undefined;
  readonly private: boolean;
}

const PRIVATE: ReadonlySet<string> = new Set(['private', 'privately', 'privati']);
/** "points" after a number, in the languages that Bellhop speaks, and as people shorten it. */
const UNITS: ReadonlySet<string> = new Set(['point', 'points', 'pt', 'pts', 'punkts', 'punkti', 'punktu', 'punktus', 'p']);

/**
 * Takes value, points and "private" out of a command, wherever they stand.
 * @param channelName the name of a channel that was mentioned: a value of the same name is meant where there is one
 */
export function readTokens(tokens: readonly CommandToken[], channelName: (externalId: string) => string | undefined): ReadTokens {
  const pieces: Piece[] = [];
  const points: string[] = [];
  let tag: string | undefined;
  let isPrivate = false;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'person') {
      pieces.push(token);
      continue;
    }
    const text = token.kind === 'channel' ? `#${channelName(token.externalId) ?? token.externalId}` : token.text;
    const before = tokens[index - 1];
    if (index === 0 && PRIVATE.has(foldName(text))) isPrivate = true;
    else if (isTag(text) && tag === undefined) tag = text.slice(1).replace(/[.,;:!?]+$/, '');
    else if (isPoints(text) || (isNegative(text) && !isAmongWords(tokens, index))) points.push(text);
    else if (before?.kind === 'word' && isPoints(before.text) && UNITS.has(foldName(text))) continue;
    else pieces.push({ kind: 'word', text });
  }
  const amount = points.length === 1 ? readPoints(points[0] ?? '') : undefined;
  const wrongPoints = points.length > 0 && amount === undefined ? points.join(' ') : undefined;
  return { pieces, tag, points: amount, wrongPoints, private: isPrivate };
}

/** `#ownership`, but not `#3`: that is some number of the guest's. */
const isTag = (text: string): boolean => /^#\p{L}/u.test(text);

/** `+10`, and what somebody may try instead: `+0`, `+1.5`, `+1e12`. */
const isPoints = (text: string): boolean => /^[+＋]\d/.test(text);

/** `-5`: tried as points, unless it stands in the middle of a sentence ("at -5 degrees"). */
const isNegative = (text: string): boolean => /^[-−–]\d+([.,]\d+)?[,;]?$/.test(text);

function isAmongWords(tokens: readonly CommandToken[], index: number): boolean {
  return [tokens[index - 1], tokens[index + 1]].every((token) => token?.kind === 'word' && !isTag(token.text) && !isPoints(token.text));
}

function readPoints(text: string): number | undefined {
  const typed = /^[+＋](\d{1,7})(?:p|pt|pts|points?)?[.,;]?$/i.exec(text)?.[1];
  const points = Number(typed);
  return typed !== undefined && points >= 1 && points <= MOST_POINTS ? points : undefined;
}
