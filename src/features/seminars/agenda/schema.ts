import { z } from 'zod';
import type { FileHandle } from '../../../core/form.js';
import { lineInput, paragraphInput, peopleInput } from '../../../core/inputs.js';
import { DateRef, DateRows } from '../schema.js';

const id = z.uuid();
/** Set where the card with the button is one of these and may be replaced; anybody else's card stays. */
const here = z.boolean().optional();

export const AgendaRef = DateRows.extend({ here });
export const ItemRef = z.object({ itemId: id, here });
/** `from` is the state that the card showed: what somebody else decided meanwhile stands. */
export const DecideRef = ItemRef.extend({ from: z.enum(['proposed', 'accepted', 'declined']) });
export const TopicInput = z.object({ topic: lineInput, why: paragraphInput });
export const LeaveInput = z.object({ answer: paragraphInput });
export const TopicTold = z.object({ itemId: id });

export const AfterwardsRef = DateRef.extend({ offset: z.number().int().min(0).optional(), here });
export const MaterialRef = z.object({ materialId: id });
export const MoveRef = MaterialRef.extend({ dateId: id });
export const MaterialInput = z.object({
  title: lineInput,
  link: lineInput,
  text: paragraphInput,
  file: z.custom<readonly FileHandle[]>((value) => value === undefined || Array.isArray(value)).optional(),
});
export const NotesInput = z.object({ notes: paragraphInput, recap: paragraphInput });

export const TaskRef = z.object({ taskId: id });
/** Without a task: a new one. */
export const TaskForm = DateRef.extend({ taskId: id.optional() });
export const TaskInput = z.object({ words: paragraphInput, owner: peopleInput, due: z.string().default('') });
export const DayInput = z.object({ due: z.string().default('') });
/** `ownerId` and `dueOn` are those that it was about: of a task that was given to somebody else meanwhile nobody hears. */
export const TaskTold = z.object({ taskId: id, ownerId: id, dueOn: z.string() });

/** A material as it was filled in. */
export type MaterialInput = z.output<typeof MaterialInput>;

/** An action item as it was filled in. */
export type TaskInput = z.output<typeof TaskInput>;
