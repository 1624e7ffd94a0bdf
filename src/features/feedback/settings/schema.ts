import { z } from 'zod';
import { lineInput, peopleInput } from '../../../core/inputs.js';

/** Null: everywhere else. */
export const LeadRef = z.object({ locationId: z.uuid().nullable() });

export const WhereInput = z.object({ channel: lineInput });

export const DueTimesInput = z.object({
  urgent: lineInput,
  high: lineInput,
  normal: lineInput,
  low: lineInput,
  low_stars: z.enum(['1', '2', '3', '4'], 'feedback.errors.settings_choose').transform(Number),
  silent_days: lineInput,
  talk_days: lineInput,
});

export const LeadInput = z.object({ lead: peopleInput, manager: peopleInput });

export const DigestInput = z.object({ daily: z.boolean().default(false), at: lineInput });
