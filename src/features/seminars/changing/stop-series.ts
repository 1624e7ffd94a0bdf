import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { addDays, localDay } from '../../../people/hours.js';
import type { SeminarDate, Series } from '../model.js';
import { planAhead } from '../scheduling/plan.js';
import { updateSeries } from '../scheduling/store-series.js';
import { clearRuleDays, endSeries } from './store-changes.js';

/**
 * No date follows any more: the rule ends on the day before the first one that was cancelled, so that no later change brings
 * them back, and a rule that is prolonged again can give these days anew. The caller has locked the series.
 * @param ids the dates that were cancelled
 */
export async function stopSeries(
  context: WorkContext,
  tx: Tx,
  series: Series,
  { from, ids }: { readonly from: SeminarDate; readonly ids: readonly string[] },
  now: Date,
): Promise<void> {
  const { organisation } = context;
  const { plan } = series;
  const last = addDays(from.ruleDay ?? localDay(from.startsAt, plan.zone), -1);
  if (plan.rhythm.kind === 'once' || last < plan.firstDay) return await endSeries(tx, organisation.id, series.id, now);
  const { until } = plan.ending;
  const ended: Series = { ...series, plan: { ...plan, ending: { until: until !== undefined && until < last ? until : last } } };
  await clearRuleDays(tx, organisation.id, ids);
  await updateSeries(tx, organisation.id, series.id, ended, now);
  // It ends by itself when its last date is over: until then whoever joins is still put on it.
  await planAhead(context, tx, ended, now);
}
