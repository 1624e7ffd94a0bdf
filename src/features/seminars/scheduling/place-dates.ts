import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import type { PlannedDate } from '../calendar/dates.js';
import { timesOf } from '../date-times.js';
import type { Series } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { insertDates } from './store-series.js';

/**
 * Makes the rows of dates that aren't there yet, as the series has them, with the times at which they are announced and
 * reminded of. A day of the rule that has a row already is left as it is, moved or cancelled; what has begun is not made.
 * @returns how many were made
 */
export async function placeDates(
  { organisation }: Pick<WorkContext, 'organisation'>,
  tx: Tx,
  series: Series,
  planned: readonly PlannedDate[],
  now: Date,
): Promise<number> {
  const ahead = planned.filter(({ startsAt }) => startsAt > now);
  if (ahead.length === 0) return 0;
  const settings = await loadSettings(tx, organisation);
  const { zone } = series.plan;
  const rows = ahead.map(({ ruleDay, startsAt, endsAt }) => ({
    id: newId(now),
    ruleDay,
    startsAt,
    endsAt,
    ...timesOf({ startsAt, zone }, settings, false, now),
  }));
  return await insertDates(tx, organisation.id, series, rows, now);
}
