import { BellhopError } from '../../core/errors.js';
import { hasRole } from '../../core/roles.js';
import { key, person, type Text } from '../../core/text.js';
import type { HandlerContext } from '../../people/handlers.js';
import type { SeminarDate, Series } from './model.js';
import { findDate } from './store-dates.js';

/** Whether the actor may run this date: its host, the series' host, and managers. */
export function mayRun({ person: actor, role }: Pick<HandlerContext, 'person' | 'role'>, date: SeminarDate): boolean {
  return hasRole(role, 'manager') || date.hostId === actor.id || date.series.hostId === actor.id;
}

/** Whether the actor may decide for all of a series at once: managers, and who hosts it; not who hosts one date in their place. */
export function mayRunSeries(
  { person: actor, role }: Pick<HandlerContext, 'person' | 'role'>,
  { hostId }: Pick<Series, 'hostId'>,
): boolean {
  return hasRole(role, 'manager') || hostId === actor.id;
}

/**
 * A date of the organisation.
 * @throws BellhopError `seminars.date_gone`
 */
export async function demandDate(context: Pick<HandlerContext, 'db' | 'organisation'>, dateId: string): Promise<SeminarDate> {
  const found = await findDate(context.db, context.organisation.id, dateId);
  if (!found) throw new BellhopError('seminars.date_gone');
  return found;
}

/**
 * A date that the actor may run.
 * @throws BellhopError `seminars.date_gone`, `seminars.not_host`
 */
export async function demandOwnDate(context: HandlerContext, dateId: string): Promise<SeminarDate> {
  const found = await demandDate(context, dateId);
  if (!mayRun(context, found)) throw new BellhopError('seminars.not_host', { host: hostText(found) });
  return found;
}

/** The host's name; whoever left and was erased has none. */
export function hostText(date: Pick<SeminarDate, 'hostName'>): Text {
  return date.hostName === '' ? key('seminars.host_gone') : person(date.hostName);
}
