import ical, {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { Temporal } from 'temporal-polyfill';
import { tzlib_get_ical_block, tzlib_get_offset, tzlib_get_timezones } from 'timezones-ical-library';
import { spellZone } from '../../../people/hours.js';

/** One date of a seminar as calendars know it. All texts are in the reader's language already. */
export interface CalendarEvent {
  /** Stays the same for as long as the date lives, whatever changes. */
  readonly uid: string;
  /** Grows with every change that calendars must follow, the cancellation included (RFC 5546, 2.1.4). */
  readonly sequence: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** IANA zone; the event follows its wall clock. */
  readonly zone: string;
  readonly title: string;
  readonly description: string;
  readonly location: string;
  /** http or https; any other is left out. */
  readonly url?: string;
  /** Must have an e-mail address in a REQUEST and a CANCEL: RFC 5546 wants an ORGANIZER there, and answers go to it. */
  readonly organiser: { readonly name: string; readonly email?: string };
  /** Whom the file is for. */
  readonly attendee?: CalendarAttendee;
  readonly cancelled: boolean;
  readonly createdAt: Date;
  /** Of this version; with it a calendar tells the newer of two files with the same `sequence`. */
  readonly changedAt: Date;
}

export interface CalendarAttendee {
  readonly name: string;
  readonly email: string;
  readonly accepted: 'yes' | 'no' | 'maybe' | 'asked';
}

export interface CalendarContents {
  /** REQUEST invites or changes, CANCEL takes back (every event in it), PUBLISH is a feed or a file to add by hand. */
  readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
  /** The calendar's name, of feeds. */
  readonly name?: string;
  readonly events: readonly CalendarEvent[];
}

/** A calendar is nothing without a component (RFC 5545, 3.4): where there is no event, this zone stands in it, and means nothing. */
const EMPTY_ZONE = 'Europe/London';

/** How often a calendar should ask for a feed again, in seconds. */
const refreshAfter = 3600;

/**
 * A calendar as RFC 5545 text, lines ended by CR LF and folded at 75 octets. No alarms: the bot reminds by itself.
 * @throws Error when a REQUEST or CANCEL has an event without organiser's or attendee's e-mail address
 */
export function calendarFile(contents: CalendarContents): string {
  const calendar = ical({
    prodId: '//Bellhop//Seminars//EN',
    method: ICalCalendarMethod[contents.method],
    // The library writes the name as it comes, unlike an event's texts.
    ...(contents.name === undefined ? {} : { name: escaped(oneLine(contents.name)) }),
    ...(contents.method === 'PUBLISH' ? { ttl: refreshAfter } : {}),
    timezone: { name: contents.events.length === 0 ? EMPTY_ZONE : null, generator: (zone) => zoneBlock(zone)?.block ?? null },
  });
  for (const event of contents.events) calendar.createEvent(eventData(event, contents.method));
  return `${calendar.toString()}\r\n`;
}

function eventData(event: CalendarEvent, method: CalendarContents['method']): ICalEventData {
  const cancelled = event.cancelled || method === 'CANCEL';
  const url = safeUrl(event.url);
  return {
    id: oneLine(event.uid),
    sequence: event.sequence,
    stamp: event.changedAt,
    created: event.createdAt,
    lastModified: event.changedAt,
    ...times(event),
    summary: oneLine(event.title),
    description: clean(event.description),
    location: oneLine(event.location),
    ...(url === null ? {} : { url }),
    status: statusOf(event, method, cancelled),
    ...busy(cancelled ? 'no' : (event.attendee?.accepted ?? 'yes')),
    ...parties(event, method),
  };
}

/** An invitation is the organiser's, and settled; in somebody's own feed what they have not settled is tentative. */
function statusOf({ attendee }: CalendarEvent, method: CalendarContents['method'], cancelled: boolean): ICalEventStatus {
  if (cancelled) return ICalEventStatus.CANCELLED;
  return method === 'PUBLISH' && attendee?.accepted === 'maybe' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

/** Whether the time shows as taken in the reader's calendar; the second is what Outlook reads. */
function busy(answer: CalendarAttendee['accepted']): Pick<ICalEventData, 'transparency' | 'busystatus'> {
  if (answer === 'no') return { transparency: ICalEventTransparency.TRANSPARENT, busystatus: ICalEventBusyStatus.FREE };
  const busystatus = answer === 'yes' ? ICalEventBusyStatus.BUSY : ICalEventBusyStatus.TENTATIVE;
  return { transparency: ICalEventTransparency.OPAQUE, busystatus };
}

const answers: Readonly<Record<CalendarAttendee['accepted'], ICalAttendeeStatus>> = {
  yes: ICalAttendeeStatus.ACCEPTED,
  no: ICalAttendeeStatus.DECLINED,
  maybe: ICalAttendeeStatus.TENTATIVE,
  asked: ICalAttendeeStatus.NEEDSACTION,
};

/** Who invites and who is invited. A feed has no attendees (RFC 5546, 3.2.1), and an organiser only when there is an address. */
function parties(event: CalendarEvent, method: CalendarContents['method']): Pick<ICalEventData, 'organizer' | 'attendees'> {
  const { organiser, attendee } = event;
  const organizer = isAddress(organiser.email) ? { name: quotable(organiser.name) || organiser.email, email: organiser.email } : null;
  if (method === 'PUBLISH') return organizer ? { organizer } : {};
  if (!organizer) throw new Error(`Calendar event ${event.uid}: no organiser's address for ${method}`);
  if (!attendee || !isAddress(attendee.email)) throw new Error(`Calendar event ${event.uid}: no attendee's address for ${method}`);
  const invited = {
    name: quotable(attendee.name) || attendee.email,
    email: attendee.email,
    role: ICalAttendeeRole.REQ,
    type: ICalAttendeeType.INDIVIDUAL,
    status: answers[attendee.accepted],
    rsvp: attendee.accepted === 'asked',
  };
  return { organizer, attendees: [invited] };
}

/**
 * Start and end by the zone's wall clock where its VTIMEZONE leads back to the very same instants, in UTC where it doesn't:
 * in an hour that comes twice, in a zone that the library doesn't know, and where its rules are of another year than ours.
 */
function times(event: CalendarEvent): Pick<ICalEventData, 'start' | 'end' | 'timezone'> {
  const spelled = spellZone(event.zone);
  const zone = zoneBlock(spelled);
  const start = zone && wallClock(event.startsAt, spelled);
  const end = zone && wallClock(event.endsAt, spelled);
  if (!zone || !start || !end) return { start: event.startsAt, end: event.endsAt, timezone: null };
  return { start, end, timezone: zone.name };
}

function wallClock(at: Date, zone: string): Temporal.ZonedDateTime | null {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  const offset = tzlib_get_offset(zone, local.toPlainDate().toString(), local.toPlainTime().toString({ smallestUnit: 'minute' }));
  return offset === local.offset.replace(':', '') ? local : null;
}

interface ZoneBlock {
  /** As the block calls it: `Asia/Kolkata` for `Asia/Calcutta`. */
  readonly name: string;
  /** The VTIMEZONE. */
  readonly block: string;
}

const blocks = new Map<string, ZoneBlock | null>();
let knownZones: ReadonlySet<string> | undefined;

/** A zone's VTIMEZONE; null for UTC, which needs none, and for what the library doesn't know. */
function zoneBlock(zone: string): ZoneBlock | null {
  // Asked first: the library complains on the console of a zone that it doesn't know.
  knownZones ??= new Set(tzlib_get_timezones());
  if (!knownZones.has(zone)) return null;
  const cached = blocks.get(zone);
  if (cached !== undefined) return cached;
  const [block = '', id = ''] = tzlib_get_ical_block(zone);
  const name = id.replace(/^TZID=/, '');
  const found = block === '' || name === 'Etc/UTC' || name === 'Etc/GMT' ? null : { name, block };
  blocks.set(zone, found);
  return found;
}

/** Without control characters and halves of characters, which RFC 5545 (3.1) has no place for. */
function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .trim();
}

const oneLine = (text: string): string => clean(text).replace(/\s*[\n\u2028\u2029]\s*/g, ' ');

const escaped = (text: string): string => text.replace(/[\\;,]/g, (sign) => `\\${sign}`);

/** What may stand in a quoted parameter: RFC 5545 knows no escape there, neither for quotes nor for backslashes. */
const quotable = (text: string): string => oneLine(text).replaceAll('"', '’').replaceAll('\\', '/');

const isAddress = (email: string | undefined): email is string => email !== undefined && /^[^\s@<>",;:\\]+@[^\s@<>",;:\\]+$/.test(email);

/** A web address as RFC 5545's URI, which isn't escaped like text: commas and semicolons must not be in it. */
function safeUrl(url: string | undefined): string | null {
  if (url === undefined || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return null;
  return parsed.href.replaceAll(',', '%2C').replaceAll(';', '%3B').replaceAll('\\', '%5C');
}
