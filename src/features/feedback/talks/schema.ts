import { z } from 'zod';
import { lineInput, paragraphInput } from '../../../core/inputs.js';

export const TalkRef = z.object({ talkId: z.uuid() });
/** To one person; `asked`: the how-manieth message it is. */
export const TalkTold = TalkRef.extend({ personId: z.uuid(), asked: z.number().int().min(1) });
export const TalkTo = TalkRef.extend({ personId: z.uuid() });

export const DoneInput = z.object({ agreed: paragraphInput, shows: z.boolean().default(false) });
export const LaterInput = z.object({ day: z.string().default(''), reason: lineInput });
export const ViewInput = z.object({ view: paragraphInput });
