import { z } from 'zod';

/** What buttons, forms, messages and jobs of fair play carry, and what the forms take. Messages are catalogue keys. */

const id = z.uuid();
export const Nothing = z.object({});
export const Rows = z.object({ offset: z.int().min(0).max(1_000_000) });
export const KudosRef = z.object({ kudosId: id });
export const ReportRef = z.object({ reportId: id });
export const DecideRef = z.object({ reportId: id, remove: z.boolean() });
export const FlagRef = z.object({ flagId: id });
/** A message to one of several people: which of them decides what it may show. */
export const ReportTo = z.object({ reportId: id, personId: id });
export const FlagTo = z.object({ flagId: id, personId: id });
export const KudosTo = z.object({ kudosId: id, personId: id });
export const CorrectionTo = z.object({ movementId: id, personId: id, amount: z.int() });

/** Characters of a report, of a word to whoever reported, of the reason of a correction. */
export const MOST_WORDS = 1_000;

/** What people wrote: without blanks around it, and without the one character that PostgreSQL can't keep. */
const written = (message: string) => z.string(message).transform((typed) => typed.replaceAll('\u0000', '').trim());
const isShort = (text: string) => text.length <= MOST_WORDS;
/** Words with something to read in them. */
export const saysSomething = (text: string) => /[\p{L}\p{N}]/u.test(text);

/** Words that have to be there. */
export const reason = (missing: string) => written(missing).refine(saysSomething, missing).refine(isShort, 'recognition.errors.words_long');

export const ReportInput = z.object({ words: reason('recognition.errors.report_words') });
export const DecideInput = z.object({
  words: written('recognition.errors.words_long').refine(isShort, 'recognition.errors.words_long').optional().default(''),
});
