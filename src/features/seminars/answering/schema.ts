import { z } from 'zod';
import { DateRef } from '../schema.js';

/** Payloads of messages and jobs. */
export const DatePerson = DateRef.extend({ personId: z.uuid() });
/** `missed`: a date before this one, which is why. */
export const PutOn = DatePerson.extend({ missed: z.boolean() });
/** @see subject.reminder; `startsAt` in ms since 1970, as it was planned when this was made */
export const Step = DateRef.extend({ stage: z.number().int(), startsAt: z.number().int() });
export const Reminder = Step.extend({ personId: z.uuid() });
export const RemindJob = Step.extend({ sequence: z.number().int() });
