import { z } from 'zod';
import { DateRef } from '../schema.js';

/** What a host can record of somebody. */
export const STANDINGS = ['present', 'late', 'left_early', 'late_left_early', 'missed', 'excused'] as const;

/** Whose attendance is corrected; nobody named: the form asks. */
export const CorrectRef = DateRef.extend({ personId: z.uuid().optional() });
export const DatePerson = DateRef.extend({ personId: z.uuid() });
/** One person's recap, or the reminder of it. */
export const CatchUpDelivery = DatePerson.extend({ reminder: z.boolean() });
/** `pictureId`: null where none could be drawn. */
export const SummaryDelivery = DateRef.extend({ pictureId: z.uuid().nullable() });
export const OpinionRows = DateRef.extend({ offset: z.number().int().min(0).default(0) });
export const PersonRows = z.object({ personId: z.uuid(), offset: z.number().int().min(0) });
export const ReportRef = z.object({
  seriesId: z.uuid().optional(),
  by: z.enum(['team', 'location']).default('team'),
  offset: z.number().int().min(0).default(0),
});
