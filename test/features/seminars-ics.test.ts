import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { type CalendarContents, type CalendarEvent, calendarFile } from '../../src/features/seminars/calendar/ics.js';
import { addLinks } from '../../src/features/seminars/calendar/links.js';

const event: CalendarEvent = {
  uid: '0190f-date@bellhop',
  sequence: 0,
  startsAt: new Date('2027-03-02T08:00Z'),
  endsAt: new Date('2027-03-02T09:30Z'),
  zone: 'Europe/Riga',
  title: 'Greeting the guest',
  description: 'Agenda:\n1. The first minute',
  location: 'Rīga, Brīvības iela 1',
  url: 'https://example.com/s/1',
  organiser: { name: 'Olga Host', email: 'olga@example.com' },
  attendee: { name: 'Ana Bērziņa', email: 'ana@example.com', accepted: 'asked' },
  cancelled: false,
  createdAt: new Date('2027-01-04T10:00Z'),
  changedAt: new Date('2027-01-04T10:00Z'),
};

const file = (method: CalendarContents['method'], ...events: Partial<CalendarEvent>[]) =>
  calendarFile({ method, events: events.map((rest) => ({ ...event, ...rest })) });

/** What an independent parser makes of a file; its zones are those that the file itself defines. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const block of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(block);
  try {
    const events = calendar.getAllSubcomponents('vevent').map((component) => {
      const parsed = new ICAL.Event(component);
      const value = (name: string) => component.getFirstPropertyValue(name)?.toString();
      return {
        uid: parsed.uid,
        sequence: parsed.sequence,
        title: parsed.summary,
        description: parsed.description,
        location: parsed.location,
        start: parsed.startDate.toJSDate().toISOString(),
        end: parsed.endDate.toJSDate().toISOString(),
        startLine: component.getFirstProperty('dtstart')?.toICALString(),
        status: value('status'),
        stamp: value('dtstamp'),
        transparency: value('transp'),
        url: value('url'),
        organiser: component.getFirstProperty('organizer'),
        attendees: component.getAllProperties('attendee'),
        alarms: component.getAllSubcomponents('valarm').length,
      };
    });
    return { method: calendar.getFirstPropertyValue('method'), zones: zoneNames(calendar), events, calendar };
  } finally {
    ICAL.TimezoneService.reset();
  }
}

const zoneNames = (calendar: ICAL.Component) =>
  calendar.getAllSubcomponents('vtimezone').map((block) => block.getFirstPropertyValue('tzid'));

const first = (text: string) => {
  const [only] = read(text).events;
  if (!only) throw new Error('no event');
  return only;
};

describe('an invitation, its change and its cancellation', () => {
  it('says who invites whom to what, in the zone of the seminar', () => {
    const { method, zones, events } = read(file('REQUEST', {}));
    expect([method, zones, events.length]).toEqual(['REQUEST', ['Europe/Riga'], 1]);
    const [invitation] = events;
    expect(invitation).toMatchObject({
      uid: '0190f-date@bellhop',
      sequence: 0,
      title: 'Greeting the guest',
      description: 'Agenda:\n1. The first minute',
      location: 'Rīga, Brīvības iela 1',
      start: '2027-03-02T08:00:00.000Z',
      end: '2027-03-02T09:30:00.000Z',
      startLine: 'DTSTART;TZID=Europe/Riga:20270302T100000',
      status: 'CONFIRMED',
      stamp: '2027-01-04T10:00:00Z',
      url: 'https://example.com/s/1',
      alarms: 0,
    });
    expect(invitation?.organiser?.getFirstValue()).toBe('mailto:olga@example.com');
    expect(invitation?.organiser?.getParameter('cn')).toBe('Olga Host');
    const attendee = invitation?.attendees[0];
    expect(attendee?.getFirstValue()?.toString().toLowerCase()).toBe('mailto:ana@example.com');
    expect(['cn', 'partstat', 'rsvp', 'role'].map((name) => attendee?.getParameter(name))).toEqual([
      'Ana Bērziņa',
      'NEEDS-ACTION',
      'TRUE',
      'REQ-PARTICIPANT',
    ]);
  });

  it('is seen as a change of the same event: one uid, a higher sequence, a later stamp', () => {
    const before = first(file('REQUEST', {}));
    const moved = {
      sequence: 1,
      startsAt: new Date('2027-03-04T13:00Z'),
      endsAt: new Date('2027-03-04T14:00Z'),
      changedAt: new Date('2027-02-01T09:00Z'),
    };
    const after = first(file('REQUEST', moved));
    expect(after.uid).toBe(before.uid);
    expect(after.sequence).toBeGreaterThan(before.sequence);
    expect((after.stamp ?? '') > (before.stamp ?? '')).toBe(true);
    expect([after.start, after.startLine]).toEqual(['2027-03-04T13:00:00.000Z', 'DTSTART;TZID=Europe/Riga:20270304T150000']);
  });

  it('is seen as cancelled, whether the date is or only this invitation', () => {
    for (const cancelled of [true, false]) {
      const { method, events } = read(file('CANCEL', { sequence: 2, cancelled }));
      expect(method).toBe('CANCEL');
      expect(events[0]).toMatchObject({ uid: event.uid, sequence: 2, status: 'CANCELLED', transparency: 'TRANSPARENT' });
      expect(events[0]?.attendees).toHaveLength(1);
      expect(events[0]?.organiser).not.toBeNull();
    }
  });

  it.each([
    ['yes', 'ACCEPTED', 'OPAQUE'],
    ['no', 'DECLINED', 'TRANSPARENT'],
    ['maybe', 'TENTATIVE', 'OPAQUE'],
  ] as const)('carries the answer %s and asks no more', (accepted, partstat, transparency) => {
    const invitation = first(file('REQUEST', { attendee: { name: 'Ana', email: 'ana@example.com', accepted } }));
    expect(invitation.attendees[0]?.getParameter('partstat')).toBe(partstat);
    expect(invitation.attendees[0]?.getParameter('rsvp')).toBe('FALSE');
    expect(invitation.transparency).toBe(transparency);
  });

  it('refuses to write an invitation that no calendar would take', () => {
    expect(() => file('REQUEST', { organiser: { name: 'Olga' } })).toThrow(/organiser/);
    expect(() =>
      calendarFile({ method: 'CANCEL', events: [{ ...event, attendee: { name: 'A', email: 'a b', accepted: 'yes' } }] }),
    ).toThrow(/attendee/);
  });
});

describe('a feed', () => {
  it('holds many dates with each zone once, a name and a time to come back, and no attendees', () => {
    const text = calendarFile({
      method: 'PUBLISH',
      name: 'Seminars, Ana; all\nof them',
      events: [
        event,
        { ...event, uid: 'b@bellhop', sequence: 3, cancelled: true, organiser: { name: 'Olga' } },
        { ...event, uid: 'c@bellhop', zone: 'America/New_York', attendee: { name: 'A', email: 'a@b.c', accepted: 'no' } },
      ],
    });
    const { method, zones, events, calendar } = read(text);
    expect([method, zones]).toEqual(['PUBLISH', ['Europe/Riga', 'America/New_York']]);
    expect(events.map(({ uid, status, transparency }) => [uid, status, transparency])).toEqual([
      ['0190f-date@bellhop', 'CONFIRMED', 'OPAQUE'],
      ['b@bellhop', 'CANCELLED', 'TRANSPARENT'],
      ['c@bellhop', 'CONFIRMED', 'TRANSPARENT'],
    ]);
    expect(events.flatMap(({ attendees }) => attendees)).toEqual([]);
    expect(events[1]?.organiser).toBeFalsy();
    expect(events[2]?.startLine).toBe('DTSTART;TZID=America/New_York:20270302T030000');
    // The parser leaves what it doesn't know as it stands; calendars unescape it.
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe('Seminars\\, Ana\\; all of them');
    expect(calendar.getFirstPropertyValue('refresh-interval')?.toString()).toBe('PT1H');
    expect(calendar.getFirstPropertyValue('x-published-ttl')).toBe('PT1H');
  });

  it('may be empty', () => {
    expect(read(calendarFile({ method: 'PUBLISH', name: 'Nothing yet', events: [] })).events).toEqual([]);
  });
});

describe('times', () => {
  const zones = [
    'Europe/Riga',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Asia/Calcutta',
    'europe/riga',
    'Pacific/Chatham',
  ];

  it.each(zones)('are the same instants for the parser all through two years, %s', (zone) => {
    const starts = Array.from({ length: 105 }, (_, week) => new Date(Date.UTC(2027, 0, 3 + week * 7, week % 24, 30)));
    const text = file(
      'PUBLISH',
      ...starts.map((startsAt, index) => ({ uid: `u${index}`, zone, startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000) })),
    );
    const { events, zones: defined } = read(text);
    expect(events.map(({ start }) => start)).toEqual(starts.map((at) => at.toISOString()));
    expect(events.map(({ end }) => Date.parse(end))).toEqual(starts.map((at) => at.getTime() + 3_600_000));
    expect(defined).toHaveLength(1);
    // Wall clock times, so that a calendar shows what the manager chose.
    const walls = events.filter(({ startLine }) => startLine?.startsWith('DTSTART;TZID=')).length;
    expect(walls).toBeGreaterThan(100);
    for (const { start, startLine } of events) {
      if (!startLine?.includes('TZID')) continue;
      expect(startLine.slice(-15)).toBe(DateTime.fromISO(start, { zone }).toFormat("yyyyMMdd'T'HHmmss"));
    }
  });

  it('are in UTC where the wall clock shows them twice', () => {
    // From the first 03:30 to the second: by the wall clock it would begin and end at once.
    const twice = { startsAt: new Date('2027-10-31T00:30Z'), endsAt: new Date('2027-10-31T01:30Z') };
    expect(first(file('PUBLISH', twice))).toMatchObject({
      start: '2027-10-31T00:30:00.000Z',
      end: '2027-10-31T01:30:00.000Z',
      startLine: 'DTSTART:20271031T003000Z',
    });
    // Over the gap: 02:30 to 04:30 on the clock is one hour.
    const gap = { startsAt: new Date('2027-03-28T00:30Z'), endsAt: new Date('2027-03-28T01:30Z') };
    expect(first(file('PUBLISH', gap))).toMatchObject({ start: '2027-03-28T00:30:00.000Z', end: '2027-03-28T01:30:00.000Z' });
  });

  it.each(['Nowhere/Land', 'UTC', 'Etc/GMT'])('are in UTC for a zone without a block, %s', (zone) => {
    const { events, zones: defined } = read(file('PUBLISH', { zone }));
    expect([events[0]?.startLine, defined]).toEqual(['DTSTART:20270302T080000Z', []]);
  });

  it('are in UTC where the block has other rules than this machine', () => {
    const offset = DateTime.fromISO('2027-12-01T12:00Z', { zone: 'America/Vancouver' }).toFormat('ZZ');
    const { startLine, start } = first(
      file('PUBLISH', { zone: 'America/Vancouver', startsAt: new Date('2027-12-01T12:00Z'), endsAt: new Date('2027-12-01T13:00Z') }),
    );
    expect(start).toBe('2027-12-01T12:00:00.000Z');
    // Its law of 2026 made summer time last: older zone data than the block's still change the clocks.
    expect(startLine?.startsWith('DTSTART;TZID')).toBe(offset === '-07:00');
  });
});

describe('words', () => {
  const octets = (line: string) => Buffer.byteLength(line);

  it.each([
    ['commas, semicolons and backslashes', 'a, b; c\\n \\, : "q"'],
    ['an injected event', 'x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nSUMMARY:Evil'],
    ['Telugu', 'మర్యాదపూర్వక సేవ: అతిథికి స్వాగతం, '.repeat(10).trim()],
    ['emoji', '👩‍👩‍👧‍👦🎓'.repeat(60)],
    ['a thousand characters', 'Long, words; '.repeat(77).trim()],
  ])('survive: %s', (_, typed) => {
    const text = file('REQUEST', { title: typed, description: `${typed}\n\n${typed}`, location: typed });
    const { events } = read(text);
    expect(events).toHaveLength(1);
    const lines = typed.replaceAll('\r\n', '\n');
    expect(events[0]).toMatchObject({
      uid: event.uid,
      title: lines.replaceAll('\n', ' '),
      location: lines.replaceAll('\n', ' '),
      description: `${lines}\n\n${lines}`,
    });
    expect(Math.max(...text.split('\r\n').map(octets))).toBeLessThanOrEqual(75);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('lose control characters and halves of characters', () => {
    expect(first(file('PUBLISH', { title: 'a\u0000b\u0007c\u001b', description: 'half \ud83c, tab\tstays\u0085' }))).toMatchObject({
      title: 'abc',
      description: 'half \ufffd, tab\tstays',
    });
  });

  it('cannot break out of a name, an address, a feed or a link', () => {
    const hostile = 'Ana";ROLE=CHAIR:x\r\nATTENDEE:mailto:evil@example.com\\"';
    const { events, calendar } = read(
      calendarFile({
        method: 'REQUEST',
        name: 'Feed\r\nX-EVIL:1\r\nBEGIN:VEVENT',
        events: [
          {
            ...event,
            uid: 'u\r\nX-EVIL:1',
            organiser: { name: hostile, email: 'olga@example.com' },
            attendee: { name: hostile, email: 'ana@example.com', accepted: 'asked' },
          },
        ],
      }),
    );
    expect(events).toHaveLength(1);
    expect(events[0]?.attendees).toHaveLength(1);
    expect(events[0]?.attendees[0]?.getParameter('role')).toBe('REQ-PARTICIPANT');
    expect(events[0]?.attendees[0]?.getParameter('cn')).toBe('Ana’;ROLE=CHAIR:x ATTENDEE:mailto:evil@example.com/’');
    expect(events[0]?.uid).toBe('u X-EVIL:1');
    expect(calendar.getFirstProperty('x-evil')).toBeFalsy();
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe('Feed X-EVIL:1 BEGIN:VEVENT');
  });

  it.each([
    ['https://example.com/a?b=1,2;3', 'https://example.com/a?b=1%2C2%3B3'],
    ['javascript:alert(1)', undefined],
    ['not a link', undefined],
    ['https://example.com/\r\nX-EVIL:1', 'https://example.com/X-EVIL:1'],
  ])('links only to the web: %j', (url, expected) => {
    expect(first(file('PUBLISH', { url })).url).toBe(expected);
  });
});

describe('links that add a date', () => {
  it('carry the instants, whatever the zone of this machine', () => {
    const google = new URL(addLinks(event).google);
    const outlook = new URL(addLinks(event).outlook);
    expect(google.searchParams.get('dates')).toBe('20270302T080000Z/20270302T093000Z');
    expect(google.searchParams.get('text')).toBe('Greeting the guest');
    expect([outlook.searchParams.get('startdt'), outlook.searchParams.get('enddt')]).toEqual([
      '2027-03-02T08:00:00Z',
      '2027-03-02T09:30:00Z',
    ]);
    expect(outlook.searchParams.get('subject')).toBe('Greeting the guest');
    expect([google.hostname, outlook.hostname]).toEqual(['calendar.google.com', 'outlook.office.com']);
    expect(outlook.searchParams.get('body')).toContain('https://example.com/s/1');
  });

  it('stay short, and whole as addresses, with the longest words of any alphabet', () => {
    const long = { ...event, title: 'సేవ 🎓 & more '.repeat(100), description: 'మర్యాద '.repeat(1000), location: '👩‍👩‍👧‍👦'.repeat(300) };
    for (const link of Object.values(addLinks(long))) {
      expect(link.length).toBeLessThanOrEqual(2000);
      expect(new URL(link).search).toContain('2027');
    }
    expect(new URL(addLinks(long).google).searchParams.get('text')).toMatch(/^సేవ 🎓 & more .*…$/u);
  });
});
