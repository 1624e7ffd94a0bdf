import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { addDays, localDay } from '../../../people/hours.js';
import { type PlannedDate, planDates } from '../calendar/dates.js';
import { PLANNED_DAYS, type Series } from '../model.js';
import { planOf } from './fields.js';
import { placeDates } from './place-dates.js';
import { lastPlanned, setPlanned } from './store-series.js';

/** A series is planned so many days further than it has to be, so that each is looked at once a month and not every day. */
const SPARE_DAYS = 30;

/** Dates of one planning at most: a weekly series has 62 in it. */
const MOST_DATES = 1_000;

/**
 * Makes the dates of a series that follow upon those that are made, for 400 days ahead; and the next one where none falls
 * into them. Where the rule gives no more, the series is looked at again when its last date has passed, and ends then.
 * The caller has locked the series, or made it in this transaction.
 * @returns how many dates were made
 */
export async function planAhead(context: Pick<WorkContext, 'organisation'>, tx: Tx, series: Series, now: Date): Promise<number> {
  const { organisation } = context;
  const plan = planOf(series, organisation);
  const today = localDay(now, plan.zone);
  const horizon = addDays(today, PLANNED_DAYS + SPARE_DAYS);
  const from = series.plannedTo < today ? today : addDays(series.plannedTo, 1);
  const within = await planDates(plan, { from, to: horizon, limit: MOST_DATES });
  const [next] = await planDates(plan, { from: from > horizon ? from : addDays(horizon, 1), limit: 1 });
  const lonely = within.length === 0 && ((await lastPlanned(tx, organisation.id, series.id)) ?? now) <= now;
  const planned: PlannedDate[] = [...within, ...(lonely && next ? [next] : [])];
  const made = await placeDates(context, tx, series, planned, now);

  if (next) {
    await setPlanned(tx, organisation.id, series.id, { plannedTo: lonely ? next.day : later(horizon, series.plannedTo), endedAt: null });
    return made;
  }
  const end = (await lastPlanned(tx, organisation.id, series.id)) ?? now;
  // All that the rule gives is there: the day is chosen so that the sweep comes by when the last date is over.
  const plannedTo = addDays(localDay(end, plan.zone), PLANNED_DAYS + 1);
  await setPlanned(tx, organisation.id, series.id, { plannedTo, endedAt: end > now ? null : now });
  return made;
}

const later = (one: string, other: string): string => (one > other ? one : other);
