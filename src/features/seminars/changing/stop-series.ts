import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { addDays, localDay } from '../../../people/hours.js';
import type { SeminarDate, Series } from '../model.js';
import { planAhead } from '../scheduling/plan.js';
import { updateSeries } from '../scheduling/store-series.js';
import { clearRuleDays } from './store-changes.js';

/**
 * No date follows any more: the rule ends on the day before the first one that was cancelled, so that no later change brings
 * them back, and a rule that is prolonged again can give these days anew. The caller has locked the series.
 * @param cancelled the dates that were cancelled, the first one foremost
 */
export async function stopSeries(
  context: WorkContext,
  tx: Tx,
  series: Series,
  cancelled: readonly [SeminarDate, ...SeminarDate[]],
  now: Date,
): Promise<void> {
  const { organisation } = context;
  const { plan } = series;
  const [from] = cancelled;
  const before = addDays(from.ruleDay ?? localDay(from.startsAt, plan.zone), -1);
  // A rule gives one day at least: the first one stays its own, and cancelled.
  const last = before > plan.firstDay ? before : plan.firstDay;
  const { until } = plan.ending;
  const ending = plan.rhythm.kind === 'once' ? {} : { until: until !== undefined && until < last ? until : last };
  const ended: Series = { ...series, plan: { ...plan, ending } };
  await clearRuleDays(
    tx,
    organisation.id,
    cancelled.filter(({ ruleDay }) => ruleDay !== null && ruleDay > last).map(({ id }) => id),
  );
  await updateSeries(tx, organisation.id, series.id, ended, now);
  // It ends by itself when its last date is over: until then whoever joins is still put on it.
  await planAhead(context, tx, ended, now);
}
