import type { HandlerContext } from '../../../people/handlers.js';
import { addDays, localDay } from '../../../people/hours.js';
import { type Planned, type PlannedDate, planWindow } from '../calendar/dates.js';
import { fatesOf } from '../changing/fates.js';
import type { SeminarDate } from '../model.js';
import { findDate, listFollowing } from '../store-dates.js';
import { planOf, type SeriesFields } from './fields.js';
import { fieldsFrom } from './following.js';
import type { Draft } from './store-drafts.js';

const DATES_SHOWN = 6;
const YEAR_DAYS = 365;
/** More than one date every day is no plan that passes the check. */
const MOST_DATES = 400;

/** What a plan gives, as seen from now. */
export interface Outlook {
  readonly next: readonly PlannedDate[];
  readonly year: Planned;
  /** Dates that are there and fall out, in order. */
  readonly cancelled: readonly SeminarDate[];
}

/** What saving a draft would make: of a new series all that its rule gives, of one that runs its dates as they would become. */
export async function outlookOf(context: HandlerContext, { fields, following }: Draft, now: Date): Promise<Outlook> {
  const plan = planOf(fields, context.organisation);
  const today = localDay(now, plan.zone);
  const [language = 'en'] = context.reader.locale.split('-');
  const next = await planWindow(plan, { from: today, limit: DATES_SHOWN, language });
  const year = await planWindow(plan, { from: today, to: addDays(today, YEAR_DAYS), limit: MOST_DATES, language });
  const from = following && (await findDate(context.db, context.organisation.id, following.fromDateId));
  if (!from) return { next: next.dates, year, cancelled: [] };
  return await outlookFrom(context, fields, from, [...year.dates, ...next.dates], year, now);
}

async function outlookFrom(
  { db, organisation }: HandlerContext,
  fields: SeriesFields,
  from: SeminarDate,
  given: readonly PlannedDate[],
  year: Planned,
  now: Date,
): Promise<Outlook> {
  const { plan } = fields;
  const dates = await listFollowing(db, organisation.id, from.series.id, from.startsAt);
  const { becomes, cancelled, stand, isNewRule } = await fatesOf(
    organisation,
    db,
    { from, dates, goesOn: fieldsFrom(from, now).plan, plan },
    now,
  );
  const byDay = new Map(given.map((planned) => [planned.ruleDay, planned]));
  const kept = [...becomes.values()].map(({ ruleDay, startsAt, endsAt }): PlannedDate => {
    const planned = ruleDay === null ? undefined : byDay.get(ruleDay);
    if (planned?.startsAt.getTime() === startsAt.getTime()) return planned;
    const day = localDay(startsAt, plan.zone);
    return { ruleDay: day, day, startsAt, endsAt };
  });
  const taken = new Set([...stand.values(), ...[...becomes.values()].map(({ ruleDay }) => ruleDay)]);
  const more = isNewRule ? [...byDay.values()].filter(({ ruleDay, startsAt }) => startsAt > now && !taken.has(ruleDay)) : [];
  const all = [...kept, ...more].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  const end = addDays(localDay(now, plan.zone), YEAR_DAYS);
  return {
    next: all.slice(0, DATES_SHOWN),
    year: { dates: all.filter(({ day }) => day <= end), skipped: year.skipped },
    cancelled: dates.filter(({ id }) => cancelled.has(id)),
  };
}
