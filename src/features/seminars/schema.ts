import { z } from 'zod';

/** Payloads that several parts read. */
export const DateRef = z.object({ dateId: z.uuid() });
export const SeriesRef = z.object({ seriesId: z.uuid() });
export const Offset = z.object({ offset: z.number().int().min(0) });
export const DateRows = DateRef.extend({ offset: z.number().int().min(0) });
export const SeriesRows = SeriesRef.extend({ offset: z.number().int().min(0) });
export const Nothing = z.object({});
