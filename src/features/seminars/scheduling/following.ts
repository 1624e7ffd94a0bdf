import { type Ref, ref } from '../../../core/ref.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { addDays, atLocalTime, localDay } from '../../../people/hours.js';
import { ruleDays } from '../calendar/dates.js';
import { planChange } from '../changing/match-dates.js';
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
  const fields = fieldsFrom(date, now);
  const draft = { fields, base: fields, reason: '', following: { seriesId: date.series.id, fromDateId: date.id } };
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

/**
 * What somebody has meant by a form that was opened before somebody else changed the series: what they left alone is as it
 * is now, what they changed is as they typed it.
 * @param base the series as the form showed it
 */
export function ontoPresent(typed: SeriesFields, base: SeriesFields, present: SeriesFields): SeriesFields {
  const keep = <K extends keyof SeriesFields>(part: K): Pick<SeriesFields, K> => {
    const left = JSON.stringify(inOrder(typed[part])) === JSON.stringify(inOrder(base[part]));
    return { [part]: left ? present[part] : typed[part] } as Pick<SeriesFields, K>;
  };
  return {
    ...keep('title'),
    ...keep('purpose'),
    ...keep('hostId'),
    ...keep('audience'),
    ...keep('requirement'),
    ...keep('track'),
    ...keep('place'),
    ...keep('link'),
    ...keep('preReading'),
    ...keep('capacity'),
    ...keep('channelId'),
    plan: planChange(base.plan, typed.plan) === 'none' ? present.plan : typed.plan,
  };
}

/** A value whose parts stand in one order, to be compared. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [name, inOrder(part)]);
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
