import { z } from 'zod';
import { lineInput, paragraph } from '../../../core/inputs.js';
import { FeedbackRef } from '../schema.js';

const offset = z.number().int().min(0).default(0);

export const ThemeRef = z.object({ themeId: z.uuid() });
export const ThemeRows = ThemeRef.extend({ offset });
/** Without a theme: a new one. */
export const ThemeOrNone = z.object({ themeId: z.uuid().optional() });
/** A card that is already in chats has no offset. */
export const AboutRef = FeedbackRef.extend({ offset });
export const AboutSet = AboutRef.extend({ themeId: z.uuid(), on: z.boolean() });

/** One word or phrase a line; a comma parts them too. */
const phrasesInput = z.string().default('').transform(paragraph);
export const ThemeInput = z.object({ nameEn: lineInput, nameLv: lineInput, wordsEn: phrasesInput, wordsLv: phrasesInput });
export type ThemeInput = z.output<typeof ThemeInput>;
export const TryInput = z.object({ text: phrasesInput });

export const ApplyJob = z.object({ themeId: z.uuid(), until: z.iso.datetime() });
export const ApplyCursor = z.object({ at: z.iso.datetime(), id: z.uuid() }).optional();
