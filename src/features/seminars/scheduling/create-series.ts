import { recordEvent } from '../../../people/audit.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { addDays } from '../../../people/hours.js';
import { newId } from '../../../people/ids.js';
import type { Series } from '../model.js';
import { findSeries } from '../store-dates.js';
import type { SeriesFields } from './fields.js';
import { planAhead } from './plan.js';
import { insertSeries } from './store-series.js';

/**
 * Makes a series with its dates for 400 days, audited. The fields have been checked.
 * @returns the series as it was made
 */
export async function createSeries(
  context: Pick<WorkContext, 'organisation'>,
  tx: Tx,
  fields: SeriesFields,
  actorId: string,
  now: Date,
): Promise<Series> {
  const { organisation } = context;
  const series: Series = { ...fields, id: newId(now), plannedTo: addDays(fields.plan.firstDay, -1), endedAt: null, createdById: actorId };
  await insertSeries(tx, organisation.id, series, now);
  const dates = await planAhead(context, tx, series, now);
  const data = { dates, requirement: series.requirement };
  await recordEvent(tx, { organisationId: organisation.id, actorId, verb: 'seminars.series_scheduled', subjectId: series.id, data }, now);
  return (await findSeries(tx, organisation, series.id)) ?? series;
}
