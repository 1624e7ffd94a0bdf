import type { Tx } from '../../../people/db.js';
import type { SeminarDate } from '../model.js';
import { keep } from './apply.js';
import { lookAt, type NewLook } from './store-changes.js';

/**
 * What somebody has meant by a form that was opened before somebody else changed the date: what they left alone is as it is
 * now, what they changed is as they typed it.
 * @param date as it is now, locked
 * @param seen when the date that the form showed was last changed
 */
export async function ontoPresent(tx: Tx, organisationId: string, date: SeminarDate, seen: Date, typed: NewLook): Promise<NewLook> {
  const shown = await lookAt(tx, organisationId, date, seen);
  if (!shown) return typed;
  const now = keep(date);
  const [typedLength, shownLength, length] = [
    lengthOf(typed.startsAt, typed.endsAt),
    lengthOf(shown.startsAt, shown.endsAt),
    lengthOf(now.startsAt, now.endsAt),
  ];
  const startsAt = typed.startsAt.getTime() === Date.parse(shown.startsAt) ? now.startsAt : typed.startsAt;
  return {
    title: (typed.title ?? date.series.title) === shown.title ? now.title : typed.title,
    startsAt,
    endsAt: new Date(startsAt.getTime() + (typedLength === shownLength ? length : typedLength)),
    place: typed.place === shown.place ? now.place : typed.place,
    link: typed.link === shown.link ? now.link : typed.link,
    hostId: typed.hostId === shown.hostId ? now.hostId : typed.hostId,
    capacity: typed.capacity === shown.capacity ? now.capacity : typed.capacity,
  };
}

/** In ms. */
const lengthOf = (from: Date | string, to: Date | string): number => new Date(to).getTime() - new Date(from).getTime();
