import { z } from 'zod';
import { lineInput, paragraphInput, peopleInput } from '../../../core/inputs.js';
import { MOST } from '../model.js';

/** What buttons and forms of scheduling carry, and what the forms take. Messages are catalogue keys. */

/** The draft that the form begins with; none: a new one. `shown`: it was opened from the draft's card, which it then replaces. */
export const ScheduleRef = z.object({ draftId: z.uuid().optional(), shown: z.boolean().optional() });
export const DraftRef = z.object({ draftId: z.uuid() });

const most = (input: typeof lineInput, count: number, message: string) => input.pipe(z.string().max(count, message));

/** How a seminar is repeated, as the form asks it. */
export const REPEATS = [
  'once',
  'weeks',
  'month_weekday',
  'month_day',
  'month_last_day',
  'month_first_workday',
  'month_last_workday',
] as const;
export type Repeats = (typeof REPEATS)[number];

export const NTHS = ['1', '2', '3', '4', 'last'] as const;
export const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;

const chosen = z
  .string()
  .optional()
  .transform((value) => value || undefined);

export const ScheduleInput = z.object({
  title: lineInput.pipe(z.string().min(1, 'seminars.errors.title_missing').max(MOST.title, 'seminars.errors.title_long')),
  purpose: most(paragraphInput, MOST.purpose, 'seminars.errors.purpose_long'),
  host: peopleInput,
  audience: z.string().default('everyone'),
  channel: chosen,
  people: peopleInput,
  requirement: z.enum(['voluntary', 'every', 'once']).default('voluntary'),
  track: z.enum(['none', 'new_employees', 'front_line', 'managers']).default('none'),
  first_day: lineInput,
  start: lineInput,
  length: lineInput,
  repeats: z.enum(REPEATS).default('once'),
  every: lineInput,
  nth: z.enum(NTHS).optional(),
  weekday: z.enum(WEEKDAYS).optional(),
  day: lineInput,
  until: lineInput,
  count: lineInput,
  exceptions: paragraphInput,
  holidays: z.enum(['ignore', 'move', 'skip']).default('ignore'),
  country: lineInput,
  zone: lineInput,
  place: most(lineInput, MOST.place, 'seminars.errors.place_long'),
  link: lineInput,
  capacity: lineInput,
  pre_reading: most(paragraphInput, MOST.preReading, 'seminars.errors.pre_reading_long'),
  announce: chosen,
  reason: most(paragraphInput, MOST.words, 'seminars.errors.reason_long'),
});
export type ScheduleInput = z.output<typeof ScheduleInput>;

export const SettingsInput = z.object({
  channel: chosen,
  ladder: lineInput,
  post_days: lineInput,
  attend_points: lineInput,
  host_points: lineInput,
});
