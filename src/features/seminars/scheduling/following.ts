import { type Ref, ref } from '../../../core/ref.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { addDays, atLocalTime, localDay } from '../../../people/hours.js';
import { ruleDays } from '../calendar/dates.js';
import type { SeminarDate } from '../model.js';
import type { SeriesFields } from './fields.js';
import { createDraft } from './store-drafts.js';

/** A rule ends within so many days from any of its dates: 200 dates, every 60 months. */
const FURTHEST_DAYS = 200 * 60 * 31;

/** A rule that goes on at all does so within this many days: 60 months, or four years to the next 29 February. */
const NEXT_DAYS = [100, 2_200, 40 * 366];

/** Begins a change of a date and of all that follow it, as they are now. @returns the form to open */
export async function openFollowing(context: HandlerContext, date: SeminarDate): Promise<Ref> {
  const { db, organisation, person, clock } = context;
  const now = clock.now();
  const draft = { fields: fieldsFrom(date, now), reason: '', following: { seriesId: date.series.id, fromDateId: date.id } };
  return ref('seminars.schedule', { draftId: await createDraft(db, organisation.id, person.id, draft, now) });
}

/** The series as it goes on with this date. */
export function fieldsFrom(date: SeminarDate, now: Date): SeriesFields {
  const { id: _id, plannedTo: _plannedTo, endedAt: _endedAt, createdById: _createdById, ...fields } = date.series;
  const { plan } = fields;
  const held = localDay(date.startsAt, plan.zone);
  // The rule goes on with its own day, not with the one that this date was moved to; after a date that no rule gave, with its next one.
  const firstDay = nextRuleDay(plan, date.ruleDay ?? held, now);
  if (firstDay === undefined) return { ...fields, plan: { ...plan, firstDay: held, rhythm: { kind: 'once' }, ending: {} } };
  return { ...fields, plan: { ...plan, firstDay, ending: endingFrom(plan, firstDay) } };
}

/** The first day of the rule from a day on that is still to come; undefined where it gives none any more. */
function nextRuleDay(plan: SeriesFields['plan'], from: string, now: Date): string | undefined {
  const today = localDay(now, plan.zone);
  const since = from > today ? from : today;
  for (const reach of NEXT_DAYS) {
    const next = ruleDays(plan, since, addDays(since, reach)).find((day) => atLocalTime(day, plan.minutes, plan.zone) > now);
    if (next !== undefined) return next;
  }
  return undefined;
}

/** A number of dates counts from the first one: what is left of it. */
function endingFrom(plan: SeriesFields['plan'], firstDay: string): SeriesFields['plan']['ending'] {
  if (plan.ending.count === undefined) return plan.ending;
  return { count: Math.max(1, ruleDays(plan, firstDay, addDays(firstDay, FURTHEST_DAYS)).length) };
}
