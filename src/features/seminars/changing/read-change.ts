import type { z } from 'zod';
import type { Field } from '../../../core/form.js';
import { date, instant, key, type Text, words } from '../../../core/text.js';
import { initialPerson, readPeople } from '../../../people/audience-form.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { addDays, atLocalTime, localDay, localMinutes } from '../../../people/hours.js';
import { readDay, readLength, readTime } from '../../../people/typed-times.js';
import { planLimits } from '../calendar/check.js';
import { clockAt, wallTime } from '../calendar/dates.js';
import { MOST } from '../model.js';
import { readLink } from '../scheduling/links.js';
import type { ChangeInput } from './schema.js';
import type { NewLook } from './store-changes.js';

/** What the form of one date begins with. */
export interface FormStart {
  readonly zone: string;
  readonly startsAt: Date;
  readonly minutes: number;
  readonly title: string;
  readonly seriesTitle: string;
  readonly place: string;
  readonly link: string;
  readonly host: { readonly id: string; readonly name: string } | undefined;
  readonly capacity: number | null;
}

const line = (name: string, label: Text, initial: string, maxLength: number, hint?: Text): Field => ({
  kind: 'text',
  name,
  label,
  optional: true,
  maxLength,
  ...(hint && { hint }),
  ...(initial !== '' && { initial }),
});

/** The fields by which one date is changed or added. */
export async function changeFields(context: HandlerContext, start: FormStart): Promise<Field[]> {
  const host = await initialPerson(context, start.host);
  const zone = words(start.zone);
  return [
    { kind: 'date', name: 'day', label: key('seminars.change.day'), initial: localDay(start.startsAt, start.zone) },
    {
      kind: 'time',
      name: 'time',
      label: key('seminars.change.time'),
      hint: key('seminars.change.time_hint', { zone }),
      initial: wallTime(localMinutes(start.startsAt, start.zone)),
    },
    line('length', key('seminars.change.length'), String(start.minutes), 10, key('seminars.change.length_hint')),
    line(
      'title',
      key('seminars.change.topic'),
      start.title === start.seriesTitle ? '' : start.title,
      MOST.title,
      key('seminars.change.topic_hint', { title: words(start.seriesTitle) }),
    ),
    line('place', key('seminars.change.place'), start.place, MOST.place),
    line('link', key('seminars.change.link'), start.link, MOST.link),
    {
      kind: 'people',
      name: 'host',
      label: key('seminars.change.host'),
      optional: true,
      hint: key('seminars.change.host_hint'),
      ...(host.length > 0 && { initial: host }),
    },
    line(
      'capacity',
      key('seminars.change.capacity'),
      start.capacity === null ? '' : String(start.capacity),
      6,
      key('seminars.change.capacity_hint'),
    ),
    {
      kind: 'text',
      name: 'reason',
      label: key('seminars.change.reason'),
      hint: key('seminars.change.reason_hint'),
      optional: true,
      multiline: true,
      maxLength: MOST.words,
    },
  ];
}

export type ReadChange =
  | { readonly errors: Readonly<Record<string, Text>> }
  | { readonly look: NewLook /** Which instant is taken where the clock is changed. */; readonly note: Text | undefined };

/** What somebody filled in, or what has to be mended at which field: everything at once. */
export async function readChange(
  context: HandlerContext,
  start: FormStart,
  input: z.output<typeof ChangeInput>,
  now: Date,
): Promise<ReadChange> {
  const errors: Record<string, Text> = {};
  const day = readDay(input.day);
  if (day === null) errors.day = key('seminars.errors.no_such_day', { typed: words(input.day) });
  const minutes = readTime(input.time);
  if (minutes === null) errors.time = key('seminars.errors.time_unknown');
  const length = readLength(input.length === '' ? String(start.minutes) : input.length);
  if (length === null || length < planLimits.shortest || length > planLimits.longest) {
    errors.length = key('seminars.errors.length_range');
  }
  if (input.title.length > MOST.title) errors.title = key('seminars.errors.change_long', { most: MOST.title });
  if (input.place.length > MOST.place) errors.place = key('seminars.errors.change_long', { most: MOST.place });
  const link = input.link === '' ? '' : readLink(input.link);
  if (link === null) errors.link = key('seminars.errors.change_link');
  const capacity = readCapacity(input.capacity);
  if (capacity === undefined) errors.capacity = key('seminars.errors.change_capacity');
  const host = await readHost(context, start, input);
  if ('error' in host) errors.host = host.error;

  const startsAt = day === null || minutes === null ? undefined : atLocalTime(day, minutes, start.zone);
  if (day !== null && day > addDays(localDay(now, start.zone), planLimits.yearsAhead * 366)) {
    errors.day = key('seminars.errors.start_far', { day: date(day), years: planLimits.yearsAhead });
  }
  if (startsAt && startsAt <= now) errors.day = key('seminars.errors.start_past', { start: instant(startsAt, start.zone) });
  if (
    startsAt === undefined ||
    length === null ||
    capacity === undefined ||
    link === null ||
    'error' in host ||
    Object.keys(errors).length > 0
  )
    return { errors };
  const clock = day === null || minutes === null ? undefined : clockAt(day, minutes, start.zone);
  const taken = { time: words(wallTime(minutes ?? 0)), taken: instant(startsAt, start.zone) };
  return {
    look: {
      title: input.title === '' || input.title === start.seriesTitle ? null : input.title,
      startsAt,
      endsAt: new Date(startsAt.getTime() + length * 60_000),
      place: input.place,
      link,
      hostId: host.id,
      capacity,
    },
    note: clock && (clock === 'gap' ? key('seminars.clock.gap', taken) : key('seminars.clock.twice', taken)),
  };
}

async function readHost(
  context: HandlerContext,
  start: FormStart,
  { host }: z.output<typeof ChangeInput>,
): Promise<{ readonly id: string } | { readonly error: Text }> {
  // Nobody named: the host stays.
  if (host.length === 0) return start.host ? { id: start.host.id } : { error: key('seminars.errors.change_host') };
  const read = await readPeople(context, host);
  if ('error' in read) return read;
  const [only] = read.people;
  return only && read.people.length === 1 ? { id: only.id } : { error: key('seminars.errors.change_host_one') };
}

/** Null: any number; undefined: no number of places. */
function readCapacity(typed: string): number | null | undefined {
  if (typed === '') return null;
  return /^\d{1,6}$/.test(typed) && Number(typed) > 0 ? Number(typed) : undefined;
}
