import { z } from 'zod';
import type { FormErrors } from '../../../core/form.js';
import { lineInput, paragraphInput, peopleInput } from '../../../core/inputs.js';
import { key, type Text } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { atLocalTime, isDay, localDay } from '../../../people/hours.js';
import { normaliseEmail } from '../../../people/names.js';
import { type Contact, KINDS, type Rating } from '../model.js';
import type { Incoming } from './incoming.js';
import { BY_STARS, LANGUAGES, LOGGED, NOWHERE, scaleField } from './log-fields.js';
import { readPeople } from './people-fields.js';
import { findScales, hasLocation } from './store-log.js';

/** Most people that one piece of feedback is about. */
const MOST_PEOPLE = 10;

/** What is typed into the form; the scales stand beside it, by their questions. */
export const LogInput = z.looseObject({
  source: z.enum(LOGGED, { error: 'feedback.errors.source' }),
  kind: z.enum([BY_STARS, ...KINDS], { error: 'feedback.errors.kind' }).default(BY_STARS),
  words: paragraphInput,
  language: z.enum(LANGUAGES, { error: 'feedback.errors.language' }).default('und'),
  location: z.string().default(NOWHERE),
  people: peopleInput,
  happened: z.string().default(''),
  name: lineInput,
  email: lineInput,
  phone: lineInput,
  agreed: z.boolean().default(false),
});
export type LogInput = z.output<typeof LogInput>;

/** What of it is taken as it is. */
export type Read = Pick<
  Incoming,
  'source' | 'kind' | 'language' | 'locationId' | 'ratings' | 'words' | 'contact' | 'happenedAt' | 'concernIds'
>;

/** Noon: a day is told without a time. */
const NOON = 12 * 60;

/** Checks what was typed, and reads it; else what to mend, at each field. */
export async function readLog(
  context: HandlerContext,
  input: LogInput,
): Promise<{ readonly read: Read } | { readonly errors: FormErrors }> {
  const { db, organisation, clock } = context;
  const errors: Record<string, Text> = {};
  const ratings = await readRatings(context, input, errors);
  const people = await readPeople(context, input.people, MOST_PEOPLE);
  if ('error' in people) errors.people = people.error;
  if (input.words === '' && ratings.length === 0) errors.words = key('feedback.errors.nothing_said');
  const contact = readContact(input, errors);
  const today = localDay(clock.now(), organisation.zone);
  if (input.happened !== '' && (!isDay(input.happened) || input.happened > today)) errors.happened = key('feedback.errors.happened');
  const isPlace = input.location === NOWHERE || (isId(input.location) && (await hasLocation(db, organisation.id, input.location)));
  if (!isPlace) errors.location = key('feedback.errors.log_location');
  if (Object.keys(errors).length > 0) return { errors };
  return {
    read: {
      source: input.source,
      ...(input.kind !== BY_STARS && { kind: input.kind }),
      language: input.language,
      ...(input.location !== NOWHERE && { locationId: input.location }),
      ratings,
      words: input.words === '' ? [] : [{ questionId: null, words: input.words }],
      contact,
      ...(input.happened !== '' && { happenedAt: atLocalTime(input.happened, NOON, organisation.zone) }),
      concernIds: 'ids' in people ? people.ids : [],
    },
  };
}

async function readRatings(
  { db, organisation }: HandlerContext,
  input: LogInput,
  errors: Record<string, Text>,
): Promise<readonly Rating[]> {
  const ratings: Rating[] = [];
  for (const { id, kind } of await findScales(db, organisation.id)) {
    const typed = input[scaleField(id)];
    if (typed === undefined || typed === '') continue;
    const value = typeof typed === 'string' && /^\d{1,2}$/.test(typed) ? Number(typed) : Number.NaN;
    const fits = kind === 'nps' ? value >= 0 && value <= 10 : value >= 1 && value <= 5;
    if (fits) ratings.push({ questionId: id, value });
    else errors[scaleField(id)] = key('feedback.errors.rating');
  }
  return ratings;
}

function readContact({ name, email, phone, agreed }: LogInput, errors: Record<string, Text>): Contact {
  if (email !== '' && normaliseEmail(email) === undefined) errors.email = key('feedback.errors.email');
  const isGiven = name !== '' || email !== '' || phone !== '';
  if (isGiven && !agreed) errors.agreed = key('feedback.errors.not_agreed');
  return { ...(name && { name }), ...(email && { email }), ...(phone && { phone }) };
}

const isId = (typed: string): boolean => z.uuid().safeParse(typed).success;
