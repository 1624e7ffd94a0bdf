import type { FormErrors } from '../../../core/form.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import { readAudience, readPeople } from '../../../people/audience-form.js';
import { readChannel } from '../../../people/channel-form.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { hasHolidays } from '../../../people/holidays.js';
import { spellZone } from '../../../people/hours.js';
import type { Audience } from '../../../people/model.js';
import { readDay, readDays, readLength, readTime } from '../../../people/typed-times.js';
import { checkPlan, type PlanField, planErrors, planLimits } from '../calendar/check.js';
import { planDates } from '../calendar/dates.js';
import { findDate } from '../store-dates.js';
import { planOf, type SeriesFields } from './fields.js';

import { isForbiddenLink, readLink } from './links.js';
import { firstOn, readRhythm, wholeNumber } from './rule-input.js';
import type { ScheduleInput } from './schema.js';
import type { Draft, Following } from './store-drafts.js';
import { homePlace } from './store-home-place.js';
import { countInvited, fullest } from './store-preview.js';

/** At which field of the form a problem of the plan is told. */
const FIELD: Readonly<Record<PlanField, string>> = {
  zone: 'zone',
  firstDay: 'first_day',
  minutes: 'start',
  length: 'length',
  every: 'every',
  day: 'day',
  until: 'until',
  count: 'count',
  exceptions: 'exceptions',
  country: 'country',
};

/** The most places that a date may have. */
const MOST_PLACES = 100_000;

/**
 * What somebody filled in, or what has to be mended at which field: everything at once.
 * @param draft what the form began with
 */
export async function readSchedule(
  context: HandlerContext,
  input: ScheduleInput,
  draft: Draft | undefined,
  now: Date,
): Promise<{ readonly fields: SeriesFields } | { readonly errors: FormErrors }> {
  const plan = await readPlan(context, input);
  const who = await readWho(context, input);
  const channel = await readChannel(context, input.announce, draft?.fields.channelId ?? null);
  const link = input.link === '' ? '' : readLink(input.link);
  const capacity = readCapacity(input.capacity);
  const preReading = readPreReading(input.pre_reading);
  const errors: Record<string, Text> = {
    ...('errors' in who && who.errors),
    ...('error' in channel && { announce: channel.error }),
    ...(link === null && { link: key('seminars.errors.link', { typed: words(input.link) }) }),
    ...(capacity === undefined && { capacity: key('seminars.errors.capacity', { most: MOST_PLACES }) }),
    ...(preReading === null && { pre_reading: key('seminars.errors.link', { typed: words(input.pre_reading) }) }),
    ...planMistakes(context, input, plan, now),
  };
  if ('errors' in who || 'error' in channel || link === null || capacity === undefined || preReading === null) return { errors };
  if (Object.keys(errors).length > 0) return { errors };
  const { title, purpose, requirement, track, place } = input;
  const fields: SeriesFields = {
    ...{ title, purpose, requirement, track, place, link, preReading, capacity, plan },
    hostId: who.hostId,
    audience: who.audience,
    channelId: channel.id,
  };
  const full =
    draft?.following && capacity !== null && capacity !== draft.fields.capacity
      ? await fullestFollowing(context, draft.following)
      : undefined;
  if (full && capacity !== null && capacity < full.going) {
    return { errors: { capacity: key('seminars.errors.capacity_low_at', { going: full.going, at: instant(full.startsAt, plan.zone) }) } };
  }
  const [first] = await planDates(planOf(fields, context.organisation), { from: plan.firstDay, limit: 1 });
  if (!first) return { errors: { holidays: key('seminars.errors.holidays_all') } };
  // Who is new is told by the day: tomorrow there may be somebody.
  if (track !== 'new_employees' && (await countInvited(context.db, context.organisation, fields, now)) === 0) {
    return { errors: { audience: key('seminars.errors.audience_nobody') } };
  }
  return { fields };
}

/** Of the dates that a change is about the one that most people are going to. */
async function fullestFollowing({ db, organisation }: HandlerContext, { fromDateId }: Following) {
  const from = await findDate(db, organisation.id, fromDateId);
  return from && (await fullest(db, organisation.id, from.series.id, from.startsAt));
}

async function readPlan({ db, organisation, person }: HandlerContext, input: ScheduleInput): Promise<SeriesFields['plan']> {
  const home = await homePlace(db, organisation, person);
  // What is no day stays as it was typed: so it is told.
  const firstDay = firstOn(input, readDay(input.first_day) ?? input.first_day);
  const { days, wrong } = readDays(input.exceptions);
  const once = input.repeats === 'once';
  return {
    zone: input.zone === '' ? home.zone : spellZone(input.zone),
    firstDay,
    minutes: readTime(input.start) ?? Number.NaN,
    length: readLength(input.length) ?? Number.NaN,
    rhythm: readRhythm(input, firstDay),
    ending: once
      ? {}
      : {
          ...(input.until !== '' && { until: readDay(input.until) ?? input.until }),
          ...(input.count !== '' && { count: wholeNumber(input.count) }),
        },
    exceptions: [...wrong, ...days],
    holidays: input.holidays,
    country: input.country === '' ? home.country : input.country.toUpperCase(),
  };
}

/** Problems of the plan at their fields, the first one of each. */
function planMistakes({ organisation }: HandlerContext, input: ScheduleInput, plan: SeriesFields['plan'], now: Date): FormErrors {
  const errors: Record<string, Text> = {};
  if (input.first_day === '') errors.first_day = key('seminars.errors.day_missing');
  if (input.repeats !== 'once' && input.every !== '' && Number.isNaN(wholeNumber(input.every))) {
    errors.every = key('seminars.errors.every_range', { every: words(input.every), most: planLimits.every });
  }
  if (plan.country !== null && !hasHolidays(plan.country)) {
    errors.country = key('seminars.errors.country_unknown', { country: words(plan.country) });
  }
  for (const { field, text } of planErrors(checkPlan(planOf({ plan }, organisation), now))) errors[FIELD[field]] ??= text;
  return errors;
}

async function readWho(
  context: HandlerContext,
  input: ScheduleInput,
): Promise<{ readonly hostId: string; readonly audience: Audience } | { readonly errors: FormErrors }> {
  const host = await readHost(context, input);
  const audience = await readAudience(context, input);
  const errors = { ...('error' in host && { host: host.error }), ...('errors' in audience && audience.errors) };
  return 'error' in host || 'errors' in audience ? { errors } : { hostId: host.id, audience: audience.audience };
}

async function readHost(context: HandlerContext, { host }: ScheduleInput): Promise<{ readonly id: string } | { readonly error: Text }> {
  if (host.length === 0) return { id: context.person.id };
  const read = await readPeople(context, host);
  if ('error' in read) return read;
  const [only] = read.people;
  return only && read.people.length === 1 ? { id: only.id } : { error: key('seminars.errors.host_one') };
}

/** Null: as many as come; undefined: no number of places. */
function readCapacity(typed: string): number | null | undefined {
  if (typed === '') return null;
  const places = wholeNumber(typed);
  return places >= 1 && places <= MOST_PLACES ? places : undefined;
}

/** Words, or one address that may be opened; null for one that must not. */
function readPreReading(typed: string): string | null {
  if (isForbiddenLink(typed)) return null;
  return /^https?:\S+$/i.test(typed) ? readLink(typed) : typed;
}
