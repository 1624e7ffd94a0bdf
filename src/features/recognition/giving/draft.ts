import { z } from 'zod';

/** Why a kudos was not given yet: the line that the form begins with. */
export const PROBLEMS = [
  'nobody',
  'unknown',
  'group',
  'mention',
  'unsure',
  'check_names',
  'self',
  'too_many',
  'gone',
  'reason_missing',
  'reason_short',
  'reason_long',
  'value',
  'points',
  'too_few_points',
  'pair_cap',
] as const;
export type Problem = (typeof PROBLEMS)[number];

/** What a form carries of what was understood so far: small enough for every platform's payload. */
export const DraftRef = z.object({
  /** Ids of people, separated by blanks. */
  to: z.string().optional(),
  /** Names that several people have, a line each. */
  unsure: z.string().optional(),
  valueId: z.uuid().optional(),
  /** As typed, where that is no number that can be given. */
  points: z.union([z.number().int(), z.string()]).optional(),
  words: z.string().optional(),
  private: z.boolean().optional(),
  problem: z.enum(PROBLEMS).optional(),
  /** What the problem is about, as it was typed. */
  about: z.string().optional(),
});

/** What is understood of a kudos that somebody is about to give. */
export interface Draft {
  readonly to: readonly string[];
  readonly unsure: readonly string[];
  readonly valueId?: string | undefined;
  readonly points?: number | string | undefined;
  readonly words: string;
  readonly private: boolean;
  readonly problem?: Problem | undefined;
  readonly about?: string | undefined;
}

/** Names to choose from that one form asks about. */
export const MOST_UNSURE = 3;

/** Room in a payload of 1,800 characters, beside twenty ids: so much of a reason always fits, written as JSON. */
const WORDS_ROOM = 750;
const NAMES_ROOM = 120;
const POINTS_ROOM = 19;

/** A draft as a form's payload. A reason that is far too long is cut, with a visible mark. */
export function draftPayload(draft: Draft): z.input<typeof DraftRef> {
  const { to, unsure, valueId, points, words, problem, about } = draft;
  return {
    ...(to.length > 0 && { to: to.join(' ') }),
    ...(unsure.length > 0 && { unsure: beginningOf(unsure.slice(0, MOST_UNSURE).join('\n'), NAMES_ROOM) }),
    ...(valueId !== undefined && { valueId }),
    ...(points !== undefined && { points: typeof points === 'string' ? beginningOf(points, POINTS_ROOM) : points }),
    ...(words !== '' && { words: beginningOf(words, WORDS_ROOM) }),
    ...(draft.private && { private: true }),
    ...(problem !== undefined && { problem }),
    ...(about !== undefined && about !== '' && { about: beginningOf(about, NAMES_ROOM) }),
  };
}

/** A form's payload as a draft. */
export function draftOf(payload: z.output<typeof DraftRef>): Draft {
  const { to = '', unsure = '', words = '', private: hidden = false, valueId, points, problem, about } = payload;
  return {
    to: to.split(' ').filter((id) => id !== ''),
    unsure: unsure.split('\n').filter((name) => name !== ''),
    words,
    private: hidden,
    valueId,
    points,
    problem,
    about,
  };
}

/** The beginning of a text that takes at most so many characters of JSON. */
function beginningOf(text: string, room: number): string {
  if (JSON.stringify(text).length - 2 <= room) return text;
  let kept = '';
  let taken = 1;
  for (const character of text) {
    taken += JSON.stringify(character).length - 2;
    if (taken > room) break;
    kept += character;
  }
  return `${kept}…`;
}
