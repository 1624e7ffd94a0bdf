import { z } from 'zod';
import { lineInput, paragraphInput, peopleInput } from '../../../core/inputs.js';
import { PRIORITIES } from '../model.js';
import { CaseRef, Offset } from '../schema.js';

/** Ids, codes and figures of an event. */
export const EventDataColumn = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]));

export const HistoryRef = CaseRef.extend({ offset: z.number().int().min(0) });

/** Which open cases a list shows; `closable` are those that are resolved and may be closed by now. */
export const FILTERS = ['all', 'unowned', 'overdue', 'mine', 'closable'] as const;
export type Filter = (typeof FILTERS)[number];
export const OpenRef = Offset.extend({ filter: z.enum(FILTERS).default('all') });

/** With how it stood on the card, or when the form was opened: what somebody has decided since isn't overwritten. */
export const OwnedRef = CaseRef.extend({ ownerId: z.uuid().nullable().optional() });
export const PrioritisedRef = CaseRef.extend({ from: z.enum(PRIORITIES).optional() });

export const NoteInput = z.object({ note: paragraphInput });
export const AssignInput = z.object({ person: peopleInput });
export const PauseInput = z.object({ until: z.string().default(''), reason: lineInput });
export const PriorityInput = z.object({ priority: z.enum(PRIORITIES, 'feedback.errors.priority_missing') });
export const MergeInput = z.object({ into: z.string().default(''), number: lineInput });
export const ResolveInput = z.object({ cause: paragraphInput, theme: z.string().default(''), action: paragraphInput });

/** A message about one event to one person. */
export const NewsRef = CaseRef.extend({ eventId: z.uuid(), personId: z.uuid() });
