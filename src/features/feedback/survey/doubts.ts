import type { Submission } from '../../../core/web.js';
import type { Doubt } from '../model.js';

/** Whoever sends so many characters within so many seconds hasn't written them into this form. */
const QUICK = { seconds: 3, characters: 200 } as const;
/** With so many addresses words are advertising. */
const MANY_ADDRESSES = 3;

/** A word that leads to another site. An e-mail address and a name such as "booking.com" alone don't. */
const ADDRESS = /:\/\/|^\W*www\.|[\p{L}\p{N}]\.\p{L}{2,}\/[^\s/]|\[url|href=/iu;

/**
 * Why what came through a page may be spam: nothing is refused for it, it waits for a manager. Whoever's browser did the proof of work
 * may be quick, and so may a few words: one tap on a star is an answer, too.
 * @param typed every text that somebody typed
 */
export function doubtsOf({ honeypot, seconds, proof }: Submission, typed: readonly string[]): readonly Doubt[] {
  const length = typed.reduce((sum, text) => sum + text.length, 0);
  const isQuick = seconds !== undefined && seconds < QUICK.seconds && length > QUICK.characters;
  const all = typed.flatMap((text) => text.split(/\s+/u)).filter((word) => word !== '');
  const addresses = all.filter((word) => ADDRESS.test(word)).length;
  return [
    ...(honeypot ? (['hidden_field'] as const) : []),
    ...(proof !== 'solved' && isQuick ? (['too_quick'] as const) : []),
    // Without a good ticket nothing proves anything: the form didn't come from our page, or lay open for more than a day.
    ...(proof === 'wrong' || seconds === undefined ? (['wrong_proof'] as const) : []),
    ...(proof === 'none' && addresses > 0 ? (['unproven_links'] as const) : []),
    ...(addresses >= MANY_ADDRESSES || addresses > all.length - addresses ? (['many_links'] as const) : []),
  ];
}
