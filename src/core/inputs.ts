import { z } from 'zod';
import type { PersonHint } from './form.js';

/** Text without control characters and half characters, its line ends alike; empty when there is nothing in it that anybody sees. */
export const paragraph = (typed: string): string => {
  // A lone surrogate can't be stored as UTF-8.
  const clean = Buffer.from(typed, 'utf8')
    .toString('utf8')
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .normalize('NFC')
    .trim();
  return VISIBLE.test(clean) ? clean : '';
};

/** Neither blanks nor marks of direction and joining, nor the letters that are drawn as blanks. */
const VISIBLE = /[^\s\p{Cf}\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u;

/** One line: no control characters, no blanks around or doubled. */
export const oneLine = (typed: string): string => paragraph(typed).replace(/\s+/gu, ' ').trim();

/** What a form's schema reads of a text field: one line, empty when nothing was typed. */
export const lineInput = z.string().default('').transform(oneLine);

/** The same for text of several lines. */
export const paragraphInput = z.string().default('').transform(paragraph);

/** What a form's schema reads of a people field; empty when nobody was named. */
export const peopleInput = z
  .custom<readonly PersonHint[]>((value) => value === undefined || Array.isArray(value))
  .optional()
  .transform((hints) => (hints ?? []).filter((hint) => hint.by === 'account' || hint.typed.trim() !== ''));
