import { type Ref, ref } from '../../../core/ref.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { addDays, atLocalTime, localDay } from '../../../people/hours.js';
import { ruleDays } from '../calendar/dates.js';
import type { SeminarDate } from '../model.js';
import type { SeriesFields } from './fields.js';
import { createDraft } from './store-drafts.js';

/** A rule ends within so many days from any of its dates: 200 dates, every 60 months. */
const FURTHEST_DAYS = 200 * 60 * 31;

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
  // The rule goes on from its own day, not from the one that this date was moved to; unless that day has passed meanwhile.
  const firstDay = date.ruleDay !== null && atLocalTime(date.ruleDay, plan.minutes, plan.zone) > now ? date.ruleDay : held;
  return { ...fields, plan: { ...plan, firstDay, ending: endingFrom(date, firstDay) } };
}

/** A number of dates counts from the first one: what is left of it. */
function endingFrom({ series: { plan } }: SeminarDate, firstDay: string): SeriesFields['plan']['ending'] {
  if (plan.ending.count === undefined) return plan.ending;
  return { count: Math.max(1, ruleDays(plan, firstDay, addDays(firstDay, FURTHEST_DAYS)).length) };
}
