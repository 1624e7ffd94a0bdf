import type { Doubt, Kind } from '../model.js';

/** A colleague whom words may be about. */
export interface Named {
  readonly personId: string;
  readonly how: 'named' | 'served' | 'chosen';
  /** Nobody else is meant, and no other word: else a manager has to look before anything follows from it. */
  readonly sure: boolean;
}

/** What is known of a piece of feedback when it is sorted. */
export interface Facts {
  readonly kind: Kind;
  readonly stars: number | null;
  /** So many stars or fewer are followed by a case. */
  readonly lowStars: number;
  readonly doubts: readonly Doubt[];
  readonly named: readonly Named[];
  /** A name is in the words that too many have to tell whom it means. */
  readonly unclear: boolean;
  /** From before Bellhop: counted, and told to nobody. */
  readonly quiet: boolean;
}

/** What becomes of it. */
export interface Decision {
  readonly state: 'doubtful' | 'private' | 'held' | 'passed';
  /** A case follows it: of what is passed on it is opened there. */
  readonly follow: 'none' | 'open' | 'private';
  /** The line of whom it is about is asked to talk with them. */
  readonly talks: boolean;
  /** Managers are asked to make kudos of it. */
  readonly celebrates: boolean;
  /** Managers are told that it waits. */
  readonly waits: boolean;
}

/** A complaint, said or shown by the stars. */
export const complains = (kind: Kind, stars: number | null, lowStars: number): boolean =>
  kind === 'complaint' || (stars !== null && stars <= lowStars);

/**
 * What becomes of a piece of feedback. What may be none waits for a manager. A complaint about a colleague is for that person's line,
 * never for a channel. Other words that name one wait for a manager, praise of one is brought to the managers as well. When in doubt
 * whom words mean, a manager looks first; a complaint is followed meanwhile.
 */
export function decide({ kind, stars, lowStars, doubts, named, unclear, quiet }: Facts): Decision {
  const follow = complains(kind, stars, lowStars);
  const sure = !unclear && named.every((one) => one.sure);
  const nothing = { follow: 'none', talks: false, celebrates: false, waits: false } as const;
  // Of what goes to no channel managers alone can read, and nobody looks at it first: a complaint that may be about a colleague is private.
  if (quiet) return { ...nothing, state: follow && named.length > 0 ? 'private' : 'passed' };
  if (doubts.length > 0) return { ...nothing, state: 'doubtful', waits: true };
  if (named.length === 0 && !unclear) return { ...nothing, state: 'passed', follow: follow ? 'open' : 'none' };
  if (follow && sure) return { ...nothing, state: 'private', follow: 'private', talks: true };
  // Nobody sees a case of words that are held, but managers: it is opened up when the words are cleared.
  if (follow) return { ...nothing, state: 'held', follow: 'private', waits: true };
  return { ...nothing, state: 'held', celebrates: kind === 'praise' && sure, waits: true };
}
