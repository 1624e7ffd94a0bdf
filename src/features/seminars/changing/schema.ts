import { z } from 'zod';
import { lineInput, paragraphInput, peopleInput } from '../../../core/inputs.js';
import { DateRef } from '../schema.js';

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

/** `seen`: when the date that the form shows was last changed, in ms since 1970. */
export const ChangeRef = DateRef.extend({ seen: z.int().optional() });

export const CancelInput = z.object({ scope: z.enum(['one', 'following']).default('one'), reason: paragraphInput });

export const ChangedRef = z.object({ changeId: z.uuid(), personId: z.uuid() });
