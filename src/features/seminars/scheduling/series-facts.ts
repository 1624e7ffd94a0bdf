import type { Fact } from '../../../core/card.js';
import { join, key, person, select, type Text, words } from '../../../core/text.js';
import { describeAudience } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { findPerson } from '../../../people/people.js';
import { wallTime } from '../calendar/dates.js';
import { describeRule } from '../calendar/rhythm.js';
import type { SeriesFields } from './fields.js';

/** The rule with its time: "every month on the second Tuesday, 10:00–11:00 (Europe/Riga)". */
export function whenText({ plan }: Pick<SeriesFields, 'plan'>): Text {
  return key('seminars.plan.when', {
    rule: describeRule(plan.rhythm, plan.ending, plan.firstDay),
    start: words(wallTime(plan.minutes)),
    end: words(wallTime((plan.minutes + plan.length) % (24 * 60))),
    zone: words(plan.zone),
  });
}

/** Whom a series is for, and whether they have to come. @param invited how many that are now */
export async function forWhomText(db: Db | Tx, organisation: Organisation, fields: SeriesFields, invited: number): Promise<Text> {
  const audience = await describeAudience(db, organisation.id, fields.audience);
  const params = { audience, invited, track: select(fields.track), requirement: select(fields.requirement) };
  return key('seminars.plan.for_whom', params);
}

/** The host's name. */
export async function hostName(db: Db | Tx, organisation: Organisation, hostId: string): Promise<Text> {
  const host = await findPerson(db, organisation.id, hostId);
  return host && host.name !== '' ? person(host.name) : key('seminars.host_gone');
}

/** Place, link and places, as far as there are any. */
export function whereFact({ place, link, capacity }: Pick<SeriesFields, 'place' | 'link' | 'capacity'>): Fact {
  const parts: Text[] = [
    ...(place !== '' ? [words(place)] : []),
    ...(link !== '' ? [words(link)] : []),
    ...(capacity !== null ? [key('seminars.plan.capacity', { count: capacity })] : []),
  ];
  return { label: key('seminars.plan.where'), value: parts.length > 0 ? join(parts, ' · ') : key('seminars.plan.where_open') };
}
