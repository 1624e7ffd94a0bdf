import { z } from 'zod';
import { ESCALATE_TO, PRIORITIES } from './model.js';

/** Payloads that several parts read. */
export const FeedbackRef = z.object({ feedbackId: z.uuid() });
export const CaseRef = z.object({ caseId: z.uuid() });
export const Offset = z.object({ offset: z.number().int().min(0) });
export const Nothing = z.object({});

/** Columns of JSON, as they are read back. */
export const ByLanguageColumn = z.record(z.string(), z.string());
export const SaidWordsColumn = z.array(z.object({ questionId: z.uuid().nullable(), words: z.string() }));
export const ContactColumn = z.object({ name: z.string().optional(), email: z.string().optional(), phone: z.string().optional() });
export const DueMinutesColumn = z.record(z.enum(PRIORITIES), z.number().int().positive());
export const LadderColumn = z.array(z.object({ after: z.number().int().min(0), to: z.enum(ESCALATE_TO) }));
