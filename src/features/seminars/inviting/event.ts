import { key, plain, type Reader, type Text, words } from '../../../core/text.js';
import type { WorkContext } from '../../../people/handlers.js';
import type { CalendarEvent } from '../calendar/ics.js';
import type { SeminarDate } from '../model.js';
import { hostText } from '../rights.js';

/** How somebody stands to a date, as a calendar can tell it. */
export type Mark = 'going' | 'maybe' | 'waiting' | 'required' | 'hosting';

export interface EventOptions {
  /** Told in the event's name, where it is not plainly "going". */
  readonly mark?: Mark;
  /** A mail's own count, and its two ends. */
  readonly sequence?: number;
  readonly stampedAt?: Date;
  readonly organiserEmail?: string;
  readonly attendee?: CalendarEvent['attendee'];
}

/** The same for as long as the date lives, in every calendar that it gets into. */
export const uidOf = (dateId: string): string => `${dateId}@bellhop`;

/** A date as calendars know it, in the reader's language. */
export function eventOf(
  { localise }: Pick<WorkContext, 'localise'>,
  date: SeminarDate,
  reader: Reader,
  { mark, sequence = date.sequence, stampedAt = date.changedAt, organiserEmail, attendee }: EventOptions = {},
): CalendarEvent {
  const say = (text: Text) => plain(localise(text, reader));
  const host = say(hostText(date));
  return {
    uid: uidOf(date.id),
    sequence,
    startsAt: date.startsAt,
    endsAt: date.endsAt,
    zone: date.series.plan.zone,
    title: say(titleText(date, mark)),
    description: descriptionOf(date).map(say).join('\n\n'),
    location: date.place === '' ? date.link : date.place,
    ...(date.link !== '' && { url: date.link }),
    organiser: { name: host, ...(organiserEmail !== undefined && { email: organiserEmail }) },
    // Of a feed or a file only the last is read: whether the time shows as taken.
    attendee: attendee ?? { name: '', email: '', accepted: accepted(mark) },
    cancelled: date.state === 'cancelled',
    createdAt: date.createdAt,
    changedAt: stampedAt,
  };
}

function titleText({ title, state }: SeminarDate, mark: Mark | undefined): Text {
  const shown = { title: words(title) };
  if (state === 'cancelled') return key('seminars.calendar.title_cancelled', shown);
  switch (mark) {
    case 'maybe':
      return key('seminars.calendar.title_maybe', shown);
    case 'waiting':
      return key('seminars.calendar.title_waiting', shown);
    case 'required':
      return key('seminars.calendar.title_required', shown);
    case 'hosting':
      return key('seminars.calendar.title_hosting', shown);
    case 'going':
    case undefined:
      return words(title);
  }
}

/** Whether the time counts as taken: what is not settled yet shows as tentative. */
function accepted(mark: Mark | undefined): 'yes' | 'maybe' {
  return mark === 'maybe' || mark === 'waiting' || mark === 'required' ? 'maybe' : 'yes';
}

function descriptionOf(date: SeminarDate): readonly Text[] {
  const { series, cancelWords, link, state } = date;
  if (state === 'cancelled') return cancelWords === '' ? [] : [key('seminars.calendar.why_cancelled', { reason: words(cancelWords) })];
  return [
    ...(series.purpose === '' ? [] : [words(series.purpose)]),
    key('seminars.calendar.host', { host: hostText(date) }),
    ...(link === '' ? [] : [key('seminars.calendar.join', { link: words(link) })]),
    ...(series.preReading === '' ? [] : [key('seminars.calendar.read', { words: words(series.preReading) })]),
    key('seminars.calendar.answer_in_chat'),
  ];
}
