import { describe, expect, it } from 'vitest';
import { addDays, atLocalTime, daysBetween, isDay, isZone, localDay, nextOpening, spellZone } from '../../src/people/hours.js';

const OFFICE = { start: 540, end: 1020, days: [1, 2, 3, 4, 5] };
const at = (iso: string) => new Date(iso);

describe('the next opening', () => {
  it.each([
    ['within hours, itself', '2027-03-02T10:00:00Z', 'Europe/Riga', '2027-03-02T10:00:00Z'],
    ['before opening', '2027-03-02T05:00:00Z', 'Europe/Riga', '2027-03-02T07:00:00Z'],
    ['the very opening', '2027-03-02T07:00:00Z', 'Europe/Riga', '2027-03-02T07:00:00Z'],
    ['the very close is outside', '2027-03-02T15:00:00Z', 'Europe/Riga', '2027-03-03T07:00:00Z'],
    ['Friday evening', '2027-03-05T18:00:00Z', 'Europe/Riga', '2027-03-08T07:00:00Z'],
    ['Friday evening before the clocks go forward (28 March 2027)', '2027-03-26T18:00:00Z', 'Europe/Riga', '2027-03-29T06:00:00Z'],
    ['Friday evening before the clocks go back (31 October 2027)', '2027-10-29T18:00:00Z', 'Europe/Riga', '2027-11-01T07:00:00Z'],
    ['New York, forward (14 March 2027)', '2027-03-12T23:00:00Z', 'America/New_York', '2027-03-15T13:00:00Z'],
    ['New York, back (7 November 2027)', '2027-11-05T22:00:00Z', 'America/New_York', '2027-11-08T14:00:00Z'],
    ['the day is the zone’s own', '2027-03-07T22:30:00Z', 'Pacific/Auckland', '2027-03-07T22:30:00Z'],
  ])('%s', (_, from, zone, expected) => {
    expect(nextOpening(at(from), zone, OFFICE)).toEqual(at(expected));
  });

  it('falls to UTC in a zone that nobody knows', () => {
    expect(nextOpening(at('2027-03-02T05:00:00Z'), 'Mars/Olympus', OFFICE)).toEqual(at('2027-03-02T09:00:00Z'));
  });

  it('holds nothing back for hours that never open', () => {
    const now = at('2027-03-06T05:00:00Z');
    expect(nextOpening(now, 'Europe/Riga', { start: 540, end: 1020, days: [] })).toEqual(now);
    expect(nextOpening(now, 'Europe/Riga', { start: 1020, end: 540, days: [1] })).toEqual(now);
  });

  it('finds the one day of a week', () => {
    expect(nextOpening(at('2027-03-02T16:00:00Z'), 'UTC', { start: 600, end: 660, days: [2] })).toEqual(at('2027-03-09T10:00:00Z'));
  });
});

describe('days and local times', () => {
  it('takes the day from the zone', () => {
    expect(localDay(at('2027-03-01T22:30:00Z'), 'Europe/Riga')).toBe('2027-03-02');
    expect(localDay(at('2027-03-01T22:30:00Z'), 'America/New_York')).toBe('2027-03-01');
  });

  it('takes a time that is left out as much later, and one that comes twice the first time', () => {
    expect(atLocalTime('2027-03-28', 210, 'Europe/Riga')).toEqual(at('2027-03-28T01:30:00Z'));
    expect(atLocalTime('2027-10-31', 210, 'Europe/Riga')).toEqual(at('2027-10-31T00:30:00Z'));
  });

  it('keeps 10:00 at 10:00 over a change of clocks', () => {
    expect(atLocalTime('2027-03-27', 600, 'Europe/Riga')).toEqual(at('2027-03-27T08:00:00Z'));
    expect(atLocalTime('2027-03-29', 600, 'Europe/Riga')).toEqual(at('2027-03-29T07:00:00Z'));
  });

  it('takes 24:00 for the next midnight', () => {
    expect(atLocalTime('2027-12-31', 1440, 'UTC')).toEqual(at('2028-01-01T00:00:00Z'));
  });

  it('counts days', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(daysBetween('2027-03-27', '2027-03-29')).toBe(2);
    expect(daysBetween('2027-03-29', '2027-03-27')).toBe(-2);
    expect([isDay('2027-02-29'), isDay('2028-02-29'), isDay('28-02-29')]).toEqual([false, true, false]);
  });

  it.each([
    ['Europe/Riga', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['+02:00', false],
    ['', false],
    ["Europe/Riga'; DROP TABLE person", false],
  ])('%s is a zone: %s', (zone, expected) => {
    expect(isZone(zone)).toBe(expected);
  });

  it.each([
    ['europe/riga', 'Europe/Riga'],
    ['AMERICA/NEW_YORK', 'America/New_York'],
    ['Riga', 'Riga'],
  ])('%s is spelt %s', (typed, spelt) => {
    expect(spellZone(typed)).toBe(spelt);
  });
});
