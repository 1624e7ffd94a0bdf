import { z } from 'zod';
import type { Organisation } from '../../../people/model.js';
import type { Plan } from '../calendar/dates.js';
import type { Series } from '../model.js';

/** What somebody decides about a series. The rest comes of it by itself. */
export type SeriesFields = Omit<Series, 'id' | 'plannedTo' | 'endedAt' | 'createdById'>;

const every = z.int();

const RhythmFields = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once') }),
  z.object({ kind: z.literal('weekly'), every }),
  z.object({ kind: z.literal('month_day'), every, day: z.union([z.int(), z.literal('last')]) }),
  z.object({
    kind: z.literal('month_weekday'),
    every,
    nth: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal('last')]),
    weekday: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6), z.literal(7)]),
  }),
  z.object({ kind: z.literal('month_workday'), every, nth: z.enum(['first', 'last']) }),
]);

const AudienceFields = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('everyone') }),
  z.object({ kind: z.literal('channel'), channelId: z.uuid() }),
  z.object({ kind: z.literal('team'), teamId: z.uuid() }),
  z.object({ kind: z.literal('role'), role: z.enum(['employee', 'manager', 'owner']) }),
  z.object({ kind: z.literal('location'), locationId: z.uuid() }),
  z.object({ kind: z.literal('people'), personIds: z.array(z.uuid()) }),
]);

/** A draft as its row keeps it. */
export const DraftFields: z.ZodType<SeriesFields> = z.object({
  title: z.string(),
  purpose: z.string(),
  hostId: z.uuid(),
  audience: AudienceFields,
  requirement: z.enum(['voluntary', 'every', 'once']),
  track: z.enum(['none', 'new_employees', 'front_line', 'managers']),
  place: z.string(),
  link: z.string(),
  preReading: z.string(),
  capacity: z.int().positive().nullable(),
  channelId: z.uuid().nullable(),
  plan: z.object({
    zone: z.string(),
    firstDay: z.string(),
    minutes: z.int(),
    length: z.int(),
    rhythm: RhythmFields,
    ending: z
      .object({ until: z.string().optional(), count: z.int().optional() })
      .transform(({ until, count }) => ({ ...(until !== undefined && { until }), ...(count !== undefined && { count }) })),
    exceptions: z.array(z.string()),
    holidays: z.enum(['ignore', 'move', 'skip']),
    country: z.string().nullable(),
  }),
});

/** The whole plan: dates are moved to the organisation's working days. */
export function planOf({ plan }: Pick<SeriesFields, 'plan'>, { hours }: Pick<Organisation, 'hours'>): Plan {
  return { ...plan, workDays: hours.days };
}
