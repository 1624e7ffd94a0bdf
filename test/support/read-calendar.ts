import ICAL from 'ical.js';

/** One event as a calendar sees it. */
export interface ReadEvent {
  readonly uid: string;
  readonly sequence: number;
  readonly title: string;
  readonly description: string;
  readonly location: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly end: string;
  readonly status: string | undefined;
  readonly stamp: string | undefined;
  readonly organiser: string | undefined;
  /** Address (in lower case, as the organiser's) and answer of each. */
  readonly attendees: readonly string[];
}

export interface ReadCalendar {
  readonly method: string | undefined;
  readonly name: string | undefined;
  readonly events: readonly ReadEvent[];
}

/** A calendar as an independent parser reads it, with no zones but those that it brings itself. */
export function readCalendar(content: string): ReadCalendar {
  const calendar = new ICAL.Component(ICAL.parse(content));
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  try {
    return {
      method: calendar.getFirstPropertyValue('method')?.toString(),
      name: calendar.getFirstPropertyValue('x-wr-calname')?.toString(),
      events: calendar.getAllSubcomponents('vevent').map(readEvent),
    };
  } finally {
    ICAL.TimezoneService.reset();
  }
}

function readEvent(component: ICAL.Component): ReadEvent {
  const event = new ICAL.Event(component);
  const value = (name: string) => component.getFirstPropertyValue(name)?.toString();
  return {
    uid: event.uid,
    sequence: event.sequence,
    title: event.summary,
    description: event.description,
    location: event.location,
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    status: value('status'),
    stamp: value('dtstamp'),
    organiser: value('organizer')?.toLowerCase(),
    attendees: component
      .getAllProperties('attendee')
      .map((property) => `${property.getFirstValue()?.toString().toLowerCase()} ${property.getFirstParameter('partstat')}`),
  };
}
