import { beforeAll, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import { isForbiddenLink, readLink } from '../../src/features/seminars/scheduling/links.js';
import { firstOn, readRhythm, ruleValues } from '../../src/features/seminars/scheduling/rule-input.js';
import { aChannel } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardOf, scheduleAs, scheduleValues } from '../support/scheduling.js';
import { type SeminarCompany, seminarCompany } from '../support/seminar-company.js';
import { hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeAll(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

/** Sends the form on one of the platforms. @returns what has to be mended, by field, and what stands in the form then */
async function refused(values: FormValues, person = company.boss) {
  const sent = scheduleValues(values);
  const answer = await scheduleAs(company.bot, person, sent);
  if (answer.kind !== 'errors') throw new Error(`It was taken: ${JSON.stringify(answer).slice(0, 400)}`);
  expect(answer.values).toEqual(sent);
  return Object.fromEntries(Object.entries(answer.errors).map(([field, text]) => [field, keysIn(text)[0]]));
}

describe('what can’t be scheduled is told at its field, and everything typed is kept', () => {
  const cases: readonly [string, FormValues, Readonly<Record<string, string>>][] = [
    ['a start in the past', { first_day: '2027-02-09' }, { first_day: 'seminars.errors.start_past' }],
    ['a start earlier today', { first_day: '2027-03-01', start: '09:59' }, { first_day: 'seminars.errors.start_past' }],
    ['a start in a hundred years', { first_day: '2127-03-09' }, { first_day: 'seminars.errors.start_far' }],
    ['an end before the start', { until: '2027-03-08' }, { until: 'seminars.errors.until_before_start' }],
    ['every 0 months', { every: '0' }, { every: 'seminars.errors.every_range' }],
    ['every so often', { every: 'often' }, { every: 'seminars.errors.every_range' }],
    ['every -1 months', { every: '-1' }, { every: 'seminars.errors.every_range' }],
    ['every 1000 weeks', { repeats: 'weeks', every: '1000' }, { every: 'seminars.errors.every_range' }],
    ['the 30th of February as a start', { first_day: '2027-02-30' }, { first_day: 'seminars.errors.no_such_day' }],
    ['the 30th of February as an end', { until: '30.02.2028' }, { until: 'seminars.errors.no_such_day' }],
    ['the 30th of February as an exception', { exceptions: '2027-05-11, 30.2.2028' }, { exceptions: 'seminars.errors.no_such_day' }],
    [
      'the 30th of every February',
      { repeats: 'month_day', day: '30', every: '12', first_day: '2028-02-01' },
      { day: 'seminars.errors.never' },
    ],
    ['the 32nd', { repeats: 'month_day', day: '32' }, { day: 'seminars.errors.day_of_month' }],
    ['no day at all', { first_day: '' }, { first_day: 'seminars.errors.day_missing' }],
    ['no time', { start: '' }, { start: 'seminars.errors.time_unknown' }],
    ['a time that no clock shows', { start: '25:00' }, { start: 'seminars.errors.time_unknown' }],
    ['no length', { length: '' }, { length: 'seminars.errors.length_range' }],
    ['a length of a week', { length: '10080' }, { length: 'seminars.errors.length_range' }],
    ['a length of nothing', { length: '0' }, { length: 'seminars.errors.length_range' }],
    ['a zone that doesn’t exist', { zone: 'Europe/Rigga' }, { zone: 'seminars.errors.zone_unknown' }],
    ['an offset for a zone', { zone: '+02:00' }, { zone: 'seminars.errors.zone_unknown' }],
    [
      'a rule that ends before its first date',
      { until: '2027-03-09', first_day: '2027-03-08', nth: '4' },
      { until: 'seminars.errors.no_dates' },
    ],
    ['exceptions that leave nothing', { count: '1', exceptions: '2027-03-09' }, { exceptions: 'seminars.errors.no_dates_left' }],
    ['a thousand dates', { count: '1000' }, { count: 'seminars.errors.count_range' }],
    ['no date', { count: '0' }, { count: 'seminars.errors.count_range' }],
    ['two ends', { count: '5', until: '2027-12-31' }, { count: 'seminars.errors.ending_twice' }],
    ['a country that nobody knows', { holidays: 'move', country: 'XQ' }, { country: 'seminars.errors.country_unknown' }],
    ['a country that nobody asked about', { country: 'Atlantis' }, { country: 'seminars.errors.country_unknown' }],
    [
      'one date, on a holiday that is left out',
      { repeats: 'once', first_day: '2027-11-18', holidays: 'skip', country: 'LV' },
      { holidays: 'seminars.errors.holidays_all' },
    ],
    ['no place for anybody', { capacity: '0' }, { capacity: 'seminars.errors.capacity' }],
    ['half a place', { capacity: '1.5' }, { capacity: 'seminars.errors.capacity' }],
    ['a link that runs something', { link: 'javascript:alert(1)' }, { link: 'seminars.errors.link' }],
    ['a link to a file', { link: 'file:///etc/passwd' }, { link: 'seminars.errors.link' }],
    ['a link that is none', { link: 'room four' }, { link: 'seminars.errors.link' }],
    ['pre-reading that runs something', { pre_reading: ' JavaScript:alert(1)' }, { pre_reading: 'seminars.errors.link' }],
    ['no title', { title: ' ' }, { title: 'seminars.errors.title_missing' }],
    ['a title without end', { title: 'x'.repeat(121) }, { title: 'seminars.errors.title_long' }],
    ['a purpose without end', { purpose: 'x'.repeat(1001) }, { purpose: 'seminars.errors.purpose_long' }],
    ['nobody as the audience', { audience: 'people' }, { people: 'people.errors.people_missing' }],
    ['a channel without a channel', { audience: 'channel' }, { channel: 'people.errors.channel_missing' }],
    ['an audience that nobody offered', { audience: 'team:nobody' }, { audience: 'people.errors.audience_unknown' }],
    ['a host that nobody knows', { host: [{ by: 'typed', typed: 'Zebra' }] }, { host: 'people.errors.person_unknown' }],
    ['a channel that isn’t there', { announce: 'C404' }, { announce: 'people.errors.channel_unknown' }],
  ];
  it.each(cases)('%s', async (_name, values, errors) => {
    expect(await refused(values)).toEqual(errors);
  });

  it('several things at once', async () => {
    expect(await refused({ every: '0', capacity: '0', link: 'data:text/html,x', zone: 'Mars/Olympus', title: 'Fine' })).toEqual({
      every: 'seminars.errors.every_range',
      capacity: 'seminars.errors.capacity',
      link: 'seminars.errors.link',
      zone: 'seminars.errors.zone_unknown',
    });
  });

  it('a host who left, two hosts, an audience with nobody in it, a channel that is shut', async () => {
    const { bot } = company;
    const gone = await bot.person({ name: 'Gone Gailis', status: 'left' });
    expect(await refused({ host: [hintOf(gone)] })).toEqual({ host: 'people.errors.person_not_served' });
    expect(await refused({ host: [hintOf(company.ana), hintOf(company.ben)] })).toEqual({ host: 'seminars.errors.host_one' });
    const team = await database.db.team.create({
      data: { organisationId: bot.organisation.id, id: crypto.randomUUID(), name: 'Empty', createdAt: bot.clock.now() },
    });
    expect(await refused({ audience: `team:${team.id}` })).toEqual({ audience: 'seminars.errors.audience_nobody' });
    const old = await aChannel(database.db, bot.organisation, { name: 'old', archived: true });
    const foreign = await aChannel(database.db, bot.organisation, { name: 'foreign', botIsMember: false });
    expect(await refused({ announce: old.externalId })).toEqual({ announce: 'people.errors.channel_archived' });
    expect(await refused({ announce: foreign.externalId })).toEqual({ announce: 'people.errors.channel_not_in' });
  });

  it('on Teams, where days and times are typed too', async () => {
    const manager = await company.bot.person({ name: 'Tina Teams', role: 'manager', platform: 'teams' });
    expect(await refused({ first_day: '2027-02-30', start: 'noon' }, manager)).toEqual({
      first_day: 'seminars.errors.no_such_day',
      start: 'seminars.errors.time_unknown',
    });
  });
});

describe('what is taken though it is unusual', () => {
  const notes = async (values: FormValues) => {
    const answer = await scheduleAs(company.bot, company.boss, scheduleValues(values));
    return keysIn(cardOf(answer).body);
  };

  it('a time that the clock leaves out, and one that it shows twice: which one is taken is said', async () => {
    expect(await notes({ first_day: '2027-03-28', repeats: 'once', start: '03:30' })).toContain('seminars.clock.gap');
    expect(await notes({ first_day: '2027-10-31', repeats: 'once', start: '03:30' })).toContain('seminars.clock.twice');
  });

  it('the 31st: months without one are left out, which is said', async () => {
    expect(await notes({ repeats: 'month_day', day: '31', every: '1' })).toContain('seminars.notes.short_months');
  });

  it('fewer places than people who have to come', async () => {
    expect(await notes({ requirement: 'every', capacity: '2' })).toContain('seminars.draft.places_short');
    expect(await notes({ capacity: '2' })).not.toContain('seminars.draft.places_short');
  });

  it('nobody who is new at the moment', async () => {
    await database.db.person.updateMany({ data: { joinedAt: new Date('2020-01-01T00:00:00Z') } });
    expect(await notes({ track: 'new_employees' })).toContain('seminars.draft.nobody_yet');
  });
});

describe('the rule in the form', () => {
  const input = { repeats: 'month_weekday', every: '', nth: undefined, weekday: undefined, day: '' } as const;

  it('takes from the first day what was left empty', () => {
    expect(readRhythm(input, '2027-03-09')).toEqual({ kind: 'month_weekday', every: 1, nth: 2, weekday: 2 });
    expect(readRhythm(input, '2027-03-30')).toEqual({ kind: 'month_weekday', every: 1, nth: 'last', weekday: 2 });
    expect(readRhythm({ ...input, repeats: 'month_day' }, '2027-03-12')).toEqual({ kind: 'month_day', every: 1, day: 12 });
    expect(readRhythm({ ...input, nth: '3', weekday: '5' }, '2027-03-09')).toEqual({ kind: 'month_weekday', every: 1, nth: 3, weekday: 5 });
  });

  it('begins a weekly seminar on the weekday that was chosen', () => {
    expect(firstOn({ repeats: 'weeks', weekday: '4' }, '2027-03-09')).toBe('2027-03-11');
    expect(firstOn({ repeats: 'weeks', weekday: '1' }, '2027-03-09')).toBe('2027-03-15');
    expect(firstOn({ repeats: 'month_weekday', weekday: '1' }, '2027-03-09')).toBe('2027-03-09');
    expect(firstOn({ repeats: 'weeks', weekday: '1' }, 'soon')).toBe('soon');
  });

  it('comes back as it was', () => {
    for (const rhythm of [
      { kind: 'once' },
      { kind: 'weekly', every: 3 },
      { kind: 'month_day', every: 2, day: 31 },
      { kind: 'month_day', every: 1, day: 'last' },
      { kind: 'month_weekday', every: 2, nth: 'last', weekday: 5 },
      { kind: 'month_workday', every: 1, nth: 'first' },
      { kind: 'month_workday', every: 12, nth: 'last' },
    ] as const) {
      const { nth, weekday, ...rest } = ruleValues(rhythm);
      const chosen = { nth: nth === '' ? undefined : (nth as '1'), weekday: weekday === '' ? undefined : (weekday as '1') };
      expect(readRhythm({ ...rest, ...chosen }, '2027-03-09')).toEqual(rhythm);
    }
  });
});

describe('links', () => {
  it('are of the web', () => {
    expect(readLink('https://meet.example/a?b=c#d')).toBe('https://meet.example/a?b=c#d');
    expect(readLink('zoom.example/j/123')).toBe('https://zoom.example/j/123');
    for (const typed of [
      'javascript:alert(1)',
      'JAVASCRIPT://x.example/%0aalert(1)',
      'https://',
      'meet',
      'a b.example',
      `https://x.example/${'y'.repeat(500)}`,
    ]) {
      expect(readLink(typed)).toBeNull();
    }
    expect([' data:text/html,x', 'vbscript:x', 'Room: first floor'].map(isForbiddenLink)).toEqual([true, true, false]);
  });
});
