import { type AgendaPeriod, agendaDaysBefore } from '../../../people/agenda.js';
import type { WorkContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { type AgendaDue, findDue } from './store-periods.js';

/** What a date's agenda covers by now: since the date before it, at most until its own start. */
export function periodOf({ startsAt, heldAt, heldZone }: Omit<AgendaDue, 'id' | 'isNext'>, now: Date): AgendaPeriod {
  const to = now < startsAt ? now : startsAt;
  return heldAt === null ? agendaDaysBefore(to) : { from: heldAt, to, since: localDay(heldAt, heldZone) };
}

/** The same by the date's id. */
export async function findPeriod({ db, organisation, clock }: WorkContext, dateId: string): Promise<AgendaPeriod> {
  const now = clock.now();
  const due = await findDue(db, organisation.id, dateId, now);
  return due ? periodOf(due, now) : agendaDaysBefore(now);
}
