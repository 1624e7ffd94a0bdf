import { z } from 'zod';
import { lineInput, paragraphInput, peopleInput } from '../../../core/inputs.js';

export const ChangeInput = z.object({
  day: lineInput,
  time: lineInput,
  length: lineInput,
  title: lineInput,
  place: lineInput,
  link: lineInput,
  host: peopleInput,
  capacity: lineInput,
  reason: paragraphInput,
});

export const CancelInput = z.object({ scope: z.enum(['one', 'following']).default('one'), reason: paragraphInput });

export const ChangedRef = z.object({ changeId: z.uuid(), personId: z.uuid() });
