import { z } from 'zod';
import { MAX_PAYLOAD_CHARACTERS, type RefPayload } from '../../../core/ref.js';

/** What the form is opened with: its own id, so that it saves once, and what stood in the message it was opened at. */
export const LogRef = z.object({
  id: z.uuid(),
  words: z.string().max(MAX_PAYLOAD_CHARACTERS).optional(),
  /** The message was longer: only its beginning stands in the form. */
  cut: z.boolean().optional(),
});
export type LogRef = z.output<typeof LogRef>;

/** Room for everything else that a payload carries. */
const SPARE = 120;

/** A payload with as much of a message as it can carry, ended between words. */
export function draftOf(id: string, message: string | undefined): RefPayload {
  if (message === undefined || message === '') return { id };
  const room = MAX_PAYLOAD_CHARACTERS - SPARE;
  // What JSON writes with a backslash takes two characters.
  const fits = (text: string) => JSON.stringify(text).length <= room;
  if (fits(message)) return { id, words: message };
  const characters = [...message];
  let most = Math.min(characters.length, room);
  while (most > 0 && !fits(characters.slice(0, most).join(''))) most = Math.floor(most * 0.9);
  const beginning = characters.slice(0, most).join('');
  return { id, words: `${beginning.replace(/\s+\S*$/u, '')} …`, cut: true };
}
