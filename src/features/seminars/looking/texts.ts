import { Temporal } from 'temporal-polyfill';
import { instant, join, key, type Text, words } from '../../../core/text.js';
import type { Counts, SeminarDate } from '../model.js';
import type { Standing } from './store-standing.js';

/** "1 hour 30 minutes". */
export function lengthText({ startsAt, endsAt }: Pick<SeminarDate, 'startsAt' | 'endsAt'>): Text {
  const all = Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000);
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  if (hours === 0) return key('seminars.length.minutes', { minutes });
  return minutes === 0 ? key('seminars.length.hours', { hours }) : key('seminars.length.both', { hours, minutes });
}

/** Start in the reader's zone and the length; with the start in the series' zone where its clock shows another time. */
export function whenText(date: Pick<SeminarDate, 'startsAt' | 'endsAt' | 'series'>, readerZone: string): Text {
  const { zone } = date.series.plan;
  const own = instant(date.startsAt);
  const there = isSameClock(date.startsAt, zone, readerZone) ? [] : [instant(date.startsAt, zone)];
  return join([own, lengthText(date), ...there], ' · ');
}

/** Whether the clocks of two zones show the same time at an instant. */
export function isSameClock(at: Date, one: string, other: string): boolean {
  const now = Temporal.Instant.fromEpochMilliseconds(at.getTime());
  return now.toZonedDateTimeISO(one).offsetNanoseconds === now.toZonedDateTimeISO(other).offsetNanoseconds;
}

/** Where it is: the place in its author's words, online, or nothing yet. */
export function placeText({ place, link }: Pick<SeminarDate, 'place' | 'link'>): Text {
  if (place !== '') return words(place);
  return link === '' ? key('seminars.date.place_open') : key('seminars.date.online');
}

/** "12 going of 20, 3 maybe, 2 waiting". */
export function countsText({ going, maybe, waiting }: Counts, capacity: number | null): Text {
  return join(
    [
      capacity === null ? key('seminars.date.going', { count: going }) : key('seminars.date.going_of', { count: going, capacity }),
      ...(maybe > 0 ? [key('seminars.date.maybe', { count: maybe })] : []),
      ...(waiting > 0 ? [key('seminars.date.waiting', { count: waiting })] : []),
    ],
    ', ',
  );
}

/** How the reader has answered, as a whole sentence; undefined: not yet. */
export function answerText({ answer, putOn, ahead }: Standing): Text | undefined {
  switch (answer) {
    case 'going':
      return putOn ? key('seminars.answer.put_on') : key('seminars.answer.going');
    case 'maybe':
      return key('seminars.answer.maybe');
    case 'cant':
      return key('seminars.answer.cant');
    case 'waiting':
      return key('seminars.answer.waiting', { place: ahead + 1 });
    case null:
      return undefined;
  }
}
