import { z } from 'zod';
import { DateRef, DateRows, Offset } from '../schema.js';

/** What a host can record of somebody. */
export const STANDINGS = ['present', 'late', 'left_early', 'late_left_early', 'missed', 'excused'] as const;

/** Whose attendance is corrected; nobody named: the form asks. */
export const CorrectRef = DateRef.extend({ personId: z.uuid().optional() });
export const DatePerson = DateRef.extend({ personId: z.uuid() });
/** One person's recap, or the reminder of it. */
export const CatchUpDelivery = DatePerson.extend({ reminder: z.boolean() });
/** `pictureId`: null where none could be drawn. */
export const SummaryDelivery = DateRef.extend({ pictureId: z.uuid().nullable() });
/** `turn`: another page of the card that the button is on; without it the card is shown beside that one. */
const turn = z.boolean().optional();
export const PeopleRows = DateRows.extend({ turn });
export const OpinionRows = DateRef.extend({ offset: z.number().int().min(0).default(0), turn });
export const RecordRows = z.object({ personId: z.uuid(), offset: z.number().int().min(0), turn });
export const ReportRef = z.object({
  seriesId: z.uuid().optional(),
  by: z.enum(['team', 'location']).default('team'),
  offset: z.number().int().min(0).default(0),
  turn,
});
export const SeriesChoice = Offset.extend({ turn });
export const CsvRef = z.object({ seriesId: z.uuid().optional() });
