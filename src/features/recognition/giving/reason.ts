import { key, type Text } from '../../../core/text.js';
import { MOST_POINTS, REASON_CHARACTERS } from '../model.js';

/** Points as they are typed in a form; nothing typed is none. Undefined when that is no number that can be given. */
export function readPoints(typed: string): number | undefined {
  const text = typed.trim().replace(/^\+/, '');
  if (text === '') return 0;
  if (!/^\d{1,6}$/.test(text)) return undefined;
  const points = Number(text);
  return points >= 1 && points <= MOST_POINTS ? points : undefined;
}

/** A reason as it is kept: without control characters and runs of blanks; its lines stay. */
export function cleanReason(typed: string): string {
  return typed
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/\s*\n\s*\n\s*/g, '\n\n')
    .trim();
}

/** What is wrong with a reason; undefined when nothing is. */
export function reasonProblem(typed: string): Text | undefined {
  const { least, most } = REASON_CHARACTERS;
  const length = lengthOf(cleanReason(typed));
  if (length === 0) return key('recognition.errors.reason_missing');
  if (length < least) return key('recognition.errors.reason_short', { least });
  return length > most ? key('recognition.errors.reason_long', { most }) : undefined;
}

/** Characters as people count them; what nobody can see doesn't count. */
export function lengthOf(text: string): number {
  const visible = text
    .replace(/[\p{Cf}\p{Mn}\u115f\u1160\u2800\u3164\uffa0]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return [...visible].length;
}
