import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holidayTest } from '../../src/people/holidays.js';
import type { WorkingHours } from '../../src/people/model.js';
import { addWorkingMinutes, type IsHoliday, workingMinutesBetween } from '../../src/people/working-time.js';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const OFFICE: WorkingHours = { start: 540, end: 1020, days: [1, 2, 3, 4, 5] };
const never: IsHoliday = () => false;
const at = (iso: string) => new Date(iso);

/** A wall clock that knows nothing of how the program reckons: what Intl shows at a minute. */
const clocks = new Map<string, Intl.DateTimeFormat>();
function wall(minute: number, zone: string): { readonly day: string; readonly minutes: number; readonly weekday: number } {
  const format =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    });
  clocks.set(zone, format);
  const shown = Object.fromEntries(format.formatToParts(minute * MINUTE).map(({ type, value }) => [type, value]));
  const day = `${shown.year}-${shown.month}-${shown.day}`;
  return {
    day,
    minutes: Number(shown.hour) * 60 + Number(shown.minute),
    weekday: new Date(`${day}T00:00:00Z`).getUTCDay() || 7,
  };
}

/**
 * Which of some minutes are working time, looking at the clock every minute. A day's doors open at the first minute that shows
 * the opening and close at the first that shows the closing; a time that the clocks leave out comes as much later as they jump.
 */
function openMinutes(from: number, count: number, zone: string, hours: WorkingHours, isHoliday: IsHoliday): boolean[] {
  const before = 2 * DAY_MINUTES;
  const shown = Array.from({ length: count + 2 * before }, (_, index) => wall(from - before + index, zone));
  const first = new Map<string, number>();
  const firstOf = new Map<string, number>();
  for (const [index, { day, minutes }] of shown.entries()) {
    if (!first.has(`${day} ${minutes}`)) first.set(`${day} ${minutes}`, index);
    if (!firstOf.has(day)) firstOf.set(day, index);
  }
  const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MINUTES * MINUTE).toISOString().slice(0, 10);
  const doors = (day: string, minutes: number): number => {
    if (minutes === DAY_MINUTES) return firstOf.get(dayAfter(day)) ?? Number.POSITIVE_INFINITY;
    const begin = firstOf.get(day) ?? 0;
    // Nothing has shown it: counted on from what the day began with.
    return first.get(`${day} ${minutes}`) ?? begin + minutes - (shown[begin]?.minutes ?? 0);
  };
  const open = shown.map(() => false);
  for (const [day, begin] of firstOf) {
    // Half seen days stand at both ends only, outside of what is asked for.
    const looked = shown[begin];
    if (!looked || !hours.days.includes(looked.weekday) || isHoliday(day)) continue;
    for (let index = doors(day, hours.start); index < Math.min(doors(day, hours.end), open.length); index++) open[index] = true;
  }
  return open.slice(before, before + count);
}

const arrangement = fc.record({
  zone: fc.constantFrom(
    'Europe/Riga',
    'America/New_York',
    'Asia/Kolkata',
    'UTC',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Africa/Cairo',
  ),
  hours: fc
    .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 96 }), fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }))
    .filter(([start, end]) => end > start)
    .map(([start, end, days]): WorkingHours => ({ start: start * 15, end: end * 15, days })),
  // Around the changes of clocks of 2027, and anywhere.
  start: fc.oneof(
    fc.constantFrom('2027-03-13', '2027-03-27', '2027-04-02', '2027-04-29', '2027-10-02', '2027-10-28', '2027-10-30', '2027-11-06'),
    fc.integer({ min: 0, max: 364 }).map((day) => new Date(Date.UTC(2027, 0, 1 + day)).toISOString().slice(0, 10)),
  ),
  minute: fc.integer({ min: 0, max: 3 * DAY_MINUTES }),
  length: fc.integer({ min: 1, max: 3 * DAY_MINUTES }),
  everyThird: fc.boolean(),
});
const thirds: IsHoliday = (day) => Number(day.slice(8)) % 3 === 0;

describe('working time', () => {
  it('is what a look at the clock every minute counts, whatever the clocks do', () => {
    fc.assert(
      fc.property(arrangement, ({ zone, hours, start, minute, length, everyThird }) => {
        const holiday = everyThird ? thirds : never;
        const from = Date.parse(`${start}T00:00:00Z`) / MINUTE + minute;
        const open = openMinutes(from, length, zone, hours, holiday);
        const counted = open.filter(Boolean).length;
        const between = workingMinutesBetween(new Date(from * MINUTE), new Date((from + length) * MINUTE), zone, hours, holiday);
        expect(between).toBe(counted);
        if (counted === 0) return;
        // So much working time is over at the end of the last open minute.
        const due = addWorkingMinutes(new Date(from * MINUTE), counted, zone, hours, holiday);
        expect(due).toEqual(new Date((from + open.lastIndexOf(true) + 1) * MINUTE));
      }),
      { numRuns: 60 },
    );
  });

  it('is added and measured alike, to the millisecond and over years', () => {
    const instant = fc.date({ min: at('1999-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(arrangement, instant, fc.integer({ min: 1, max: 500_000 }), ({ zone, hours, everyThird }, from, minutes) => {
        const holiday = everyThird ? thirds : never;
        const due = addWorkingMinutes(from, minutes, zone, hours, holiday);
        expect(workingMinutesBetween(from, due, zone, hours, holiday)).toBe(minutes);
        expect(workingMinutesBetween(from, new Date(due.getTime() - 1), zone, hours, holiday)).toBeLessThan(minutes);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['within the day', '2027-03-02T10:00:00Z', 60, 'Europe/Riga', '2027-03-02T11:00:00Z'],
    ['over a weekend', '2027-03-05T14:30:00Z', 60, 'Europe/Riga', '2027-03-08T07:30:00Z'],
    ['to the very close', '2027-03-05T14:00:00Z', 60, 'Europe/Riga', '2027-03-05T15:00:00Z'],
    ['from a night', '2027-03-05T01:00:00Z', 30, 'Europe/Riga', '2027-03-05T07:30:00Z'],
    ['over the weekend on which clocks go forward', '2027-03-26T14:30:00Z', 60, 'Europe/Riga', '2027-03-29T06:30:00Z'],
    ['over the weekend on which they go back', '2027-10-29T13:30:00Z', 60, 'Europe/Riga', '2027-11-01T07:30:00Z'],
    ['in a zone half an hour off', '2027-03-05T11:00:00Z', 60, 'Asia/Kolkata', '2027-03-08T04:00:00Z'],
    ['none', '2027-03-06T11:00:00Z', 0, 'Europe/Riga', '2027-03-06T11:00:00Z'],
    ['in a zone that nobody knows: as in UTC', '2027-03-05T16:30:00Z', 60, 'Mars/Olympus', '2027-03-08T09:30:00Z'],
  ])('%s', (_, from, minutes, zone, due) => {
    expect(addWorkingMinutes(at(from), minutes, zone, OFFICE, never)).toEqual(at(due));
  });

  it('leaves out a day that a zone skipped on its way across the date line', () => {
    const always = { start: 0, end: 1440, days: [1, 2, 3, 4, 5, 6, 7] };
    // Samoa had no 30 December 2011.
    expect(workingMinutesBetween(at('2011-12-28T10:00:00Z'), at('2012-01-01T10:00:00Z'), 'Pacific/Apia', always, never)).toBe(
      4 * DAY_MINUTES,
    );
    expect(addWorkingMinutes(at('2011-12-30T03:00:00Z'), 60, 'Pacific/Apia', OFFICE, never)).toEqual(at('2012-01-01T20:00:00Z'));
  });

  it('leaves out the public holidays of a country', async () => {
    const latvia = await holidayTest('LV');
    // 18 November 2027 is a Thursday.
    expect(addWorkingMinutes(at('2027-11-17T14:30:00Z'), 60, 'Europe/Riga', OFFICE, latvia)).toEqual(at('2027-11-19T07:30:00Z'));
    expect(workingMinutesBetween(at('2027-11-17T14:30:00Z'), at('2027-11-19T07:30:00Z'), 'Europe/Riga', OFFICE, latvia)).toBe(60);
    expect((await holidayTest(null))('2027-11-18')).toBe(false);
    expect((await holidayTest('XA'))('2027-11-18')).toBe(false);
  });

  it('is all time where the hours never open', () => {
    for (const hours of [
      { ...OFFICE, days: [] },
      { ...OFFICE, days: [9] },
      { start: 1020, end: 540, days: [1] },
    ]) {
      expect(addWorkingMinutes(at('2027-03-06T05:00:00Z'), 90, 'Europe/Riga', hours, never)).toEqual(at('2027-03-06T06:30:00Z'));
      expect(workingMinutesBetween(at('2027-03-06T05:00:00Z'), at('2027-03-06T06:30:00Z'), 'Europe/Riga', hours, never)).toBe(90);
    }
    const everyDay: IsHoliday = () => true;
    expect(addWorkingMinutes(at('2027-03-02T10:00:00Z'), 90, 'UTC', OFFICE, everyDay)).toEqual(at('2027-03-02T11:30:00Z'));
    expect(workingMinutesBetween(at('2027-03-02T10:00:00Z'), at('2027-03-02T11:30:00Z'), 'UTC', OFFICE, everyDay)).toBe(90);
  });

  it('is none backwards', () => {
    expect(workingMinutesBetween(at('2027-03-02T11:00:00Z'), at('2027-03-02T10:00:00Z'), 'UTC', OFFICE, never)).toBe(0);
  });

  it('is reckoned day by day at most: ten years and many cases in a moment', async () => {
    const latvia = await holidayTest('LV');
    const started = performance.now();
    const due = addWorkingMinutes(at('2027-01-04T07:00:00Z'), 10 * 250 * 480, 'Europe/Riga', OFFICE, latvia);
    expect(due.getUTCFullYear()).toBeGreaterThanOrEqual(2036);
    for (let index = 0; index < 5000; index++) {
      const from = new Date(Date.UTC(2027, index % 12, 1 + (index % 28), index % 24));
      expect(addWorkingMinutes(from, 240, 'Europe/Riga', OFFICE, latvia) > from).toBe(true);
    }
    // Far above what it takes; a loop over minutes would take minutes.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
