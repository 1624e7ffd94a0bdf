import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { followSeries } from '../../src/features/seminars/changing/follow.js';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import type { SeriesFields } from '../../src/features/seminars/scheduling/fields.js';
import { inTransaction } from '../../src/people/db.js';
import type { HandlerContext } from '../../src/people/handlers.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, contextOf, type SeminarCompany, seminarCompany, theDates, theFirstDate } from '../support/seminar-company.js';
import { hintOf, keysIn, refusedWith } from '../support/test-bot.js';

const database = useDatabase();

let company: SeminarCompany;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const press = async (person: BuiltPerson, verb: string, date: SeminarDate) =>
  await company.bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId: date.id } });

async function fill(person: BuiltPerson, verb: string, date: SeminarDate, values: FormValues): Promise<Answer> {
  return await company.bot.as(person).submit(await press(person, `${verb}_open`, date), values);
}

/** What stands in the form of a date, so that a test changes what it is about only. */
const standing = (date: SeminarDate): FormValues => ({
  day: new Intl.DateTimeFormat('en-CA', { timeZone: date.series.plan.zone }).format(date.startsAt),
  time: new Intl.DateTimeFormat('en-GB', { timeZone: date.series.plan.zone, hour: '2-digit', minute: '2-digit' }).format(date.startsAt),
  length: '60',
  place: date.place,
});

/** What a person has heard of changes since the test began. */
const heard = (person: BuiltPerson) =>
  company.bot
    .messagesTo(person)
    .map(({ posted }) => keysIn(posted.summary)[0] ?? '')
    .filter((key) => key.startsWith('seminars.changed.'));

async function series(overrides: Partial<Parameters<typeof aSeries>[1]> = {}): Promise<readonly [SeminarDate, SeminarDate, SeminarDate]> {
  const { id } = await aSeries(company.bot, { hostId: company.host.id, ...overrides });
  const [first, second, third] = await theDates(company.bot, id);
  if (!first || !second || !third) throw new Error('Too few dates.');
  return [first, second, third];
}

describe('changing one date', () => {
  it('is heard once by everyone concerned, and by nobody else', async () => {
    const { bot, boss, host, ana, ben, cy } = company;
    const [first, second] = await series();
    await press(ana, 'going', first);
    await press(ben, 'maybe', first);
    await press(cy, 'cant', first);
    await press(cy, 'going', second);
    const answer = await fill(boss, 'change', first, { ...standing(first), time: '14:00', place: 'Room 9', reason: 'The room is taken.' });
    expect(keysIn(answer)[0]).toBe('seminars.change.done');
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.changed.moved']);
    expect(heard(ben)).toEqual(['seminars.changed.moved']);
    expect(heard(host)).toEqual(['seminars.changed.moved']);
    expect(heard(cy)).toEqual([]);
    expect(heard(boss)).toEqual([]);
    const told = bot.messagesTo(ana).at(-1)?.posted;
    expect(JSON.stringify(told)).toContain('The room is taken.');
    expect(keysIn(told?.facts)).toContain('seminars.changed.instead');

    const moved = await theFirstDate(bot, first.series.id);
    expect(moved.startsAt.toISOString()).toBe('2027-03-09T12:00:00.000Z');
    expect(moved.endsAt.toISOString()).toBe('2027-03-09T13:00:00.000Z');
    expect([moved.place, moved.sequence]).toEqual(['Room 9', 1]);
    const others = (await theDates(bot, first.series.id)).slice(1);
    expect(new Set(others.map(({ sequence }) => sequence))).toEqual(new Set([0]));
  });

  it('gives the date to another host, whom it tells', async () => {
    const { bot, boss, host, ana } = company;
    const [first] = await series();
    await fill(host, 'change', first, { ...standing(first), host: [hintOf(ana)] });
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.changed.you_host']);
    expect((await theFirstDate(bot, first.series.id)).hostId).toBe(ana.id);
    // Somebody else takes it over from the new host: the one before hears it too.
    await fill(boss, 'change', first, { ...standing(first), host: [hintOf(host)] });
    await bot.runDue();
    expect(heard(ana).at(-1)).toBe('seminars.changed.you_host_no_more');
  });

  it('says at the field what can’t be, and changes nothing', async () => {
    const { bot, boss, ana, ben } = company;
    const [first, second] = await series({ capacity: 2 });
    await press(ana, 'going', first);
    await press(ben, 'going', first);
    const begun = await press(boss, 'change_open', first);
    const values = standing(first);
    const tries: readonly [FormValues, Record<string, string>][] = [
      [{ ...values, day: '2027-02-28' }, { day: 'seminars.errors.start_past' }],
      [{ ...values, day: '2027-02-30' }, { day: 'seminars.errors.no_such_day' }],
      [{ ...values, time: '25:00' }, { time: 'seminars.errors.time_unknown' }],
      [{ ...values, length: 'long' }, { length: 'seminars.errors.length_range' }],
      [{ ...values, link: 'javascript:alert(1)' }, { link: 'seminars.errors.change_link' }],
      [{ ...values, capacity: '0' }, { capacity: 'seminars.errors.change_capacity' }],
      [{ ...values, capacity: '1' }, { capacity: 'seminars.errors.capacity_low' }],
      [{ ...values, host: [{ by: 'typed', typed: 'Nobody' }] }, { host: 'people.errors.person_unknown' }],
      [{ ...standing(second), capacity: '2' }, { day: 'seminars.errors.date_taken' }],
      [{ ...values, capacity: '2' }, { form: 'seminars.errors.change_nothing' }],
    ];
    for (const [typed, errors] of tries) expect(refusedWith(await bot.as(boss).submit(begun, typed))).toEqual(errors);
    expect((await theFirstDate(bot, first.series.id)).sequence).toBe(0);
    // The form that was refused goes through once it is mended.
    expect(keysIn(await bot.as(boss).submit(begun, { ...values, capacity: '3' }))[0]).toBe('seminars.change.done');
    await bot.runDue();
    expect(heard(ana)).toEqual([]);
  });

  it('says which instant is taken where the clocks are changed', async () => {
    const [first] = await series();
    const answer = await fill(company.boss, 'change', first, { ...standing(first), day: '2027-03-28', time: '03:30' });
    expect(keysIn(answer)).toContain('seminars.clock.gap');
    expect(
      (await theDates(company.bot, first.series.id)).some(({ startsAt }) => startsAt.toISOString() === '2027-03-28T01:30:00.000Z'),
    ).toBe(true);
  });

  it('is the host’s and the managers’, and not for what has begun or was cancelled', async () => {
    const { bot, boss, host, ana } = company;
    const [first] = await series();
    expect(keysIn(await press(ana, 'change_open', first))).toContain('seminars.errors.not_host');
    expect(keysIn(await press(ana, 'cancel_open', first))).toContain('seminars.errors.not_host');
    const opened = await press(host, 'change_open', first);
    bot.clock.to('2027-03-09T08:00:01Z');
    expect(keysIn(await bot.as(host).submit(opened, { ...standing(first), day: '2027-03-10' }))).toContain('seminars.errors.date_begun');
    expect(keysIn(await press(boss, 'cancel_open', first))).toContain('seminars.errors.date_begun');
  });
});

describe('cancelling', () => {
  it('tells the reason to those concerned, and an old card answers no more', async () => {
    const { bot, boss, ana, cy } = company;
    const [first] = await series();
    await press(ana, 'going', first);
    expect(refusedWith(await fill(boss, 'cancel', first, { scope: 'one', reason: ' ' }))).toEqual({
      reason: 'seminars.errors.cancel_reason',
    });
    await fill(boss, 'cancel', first, { scope: 'one', reason: 'The host is ill.' });
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.changed.cancelled']);
    expect(JSON.stringify(bot.messagesTo(ana).at(-1)?.posted)).toContain('The host is ill.');
    expect(heard(cy)).toEqual([]);
    expect(keysIn(await press(cy, 'going', first)).join()).toContain('cancelled');
    expect(await database.db.seminarAnswer.count({ where: { dateId: first.id } })).toBe(1);
    expect(keysIn(await press(boss, 'cancel_open', first))).toContain('seminars.errors.date_cancelled');
    const states = (await theDates(bot, first.series.id)).map(({ state }) => state);
    expect(states.filter((state) => state === 'cancelled')).toHaveLength(1);
  });

  it('takes all that follows in one message each, and nothing is planned any more', async () => {
    const { bot, boss, ana, ben } = company;
    const [first, second, third] = await series();
    await press(ana, 'going', second);
    await press(ana, 'maybe', third);
    await press(ben, 'going', first);
    await fill(boss, 'cancel', second, { scope: 'following', reason: 'No more of it.' });
    bot.clock.forward({ hours: 1 });
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.changed.many_cancelled']);
    expect(heard(ben)).toEqual([]);
    const dates = await theDates(bot, first.series.id);
    expect(dates.map(({ state }) => state === 'planned')).toEqual(dates.map((_, place) => place === 0));
    const before = dates.length;
    bot.clock.forward({ days: 40 });
    await bot.runDue();
    expect(await theDates(bot, first.series.id)).toHaveLength(before);
  });
});

describe('adding a date', () => {
  it('is one more of the series, and never a second one at the same instant', async () => {
    const { bot, boss, host } = company;
    const [first] = await series();
    const open = async () => await bot.as(boss).press({ id: 'seminars.add_open', payload: { seriesId: first.series.id } });
    const values = { ...standing(first), day: '2027-03-20', time: '10:00' };
    expect(keysIn(await bot.as(boss).submit(await open(), values))[0]).toBe('seminars.add.done');
    expect(refusedWith(await bot.as(boss).submit(await open(), values))).toEqual({ day: 'seminars.errors.date_taken' });
    await bot.runDue();
    expect(heard(host)).toEqual(['seminars.changed.added']);
    const added = (await theDates(bot, first.series.id)).filter(({ ruleDay }) => ruleDay === null);
    expect(added.map(({ startsAt, place }) => [startsAt.toISOString(), place])).toEqual([['2027-03-20T08:00:00.000Z', 'Room 4']]);
  });
});

describe('changing all that follows', () => {
  const follow = async (from: SeminarDate, change: (fields: SeriesFields) => SeriesFields) => {
    const { bot, boss } = company;
    const context = { ...(await contextOf(bot)), person: boss, role: 'manager' } as unknown as HandlerContext;
    const { id: _, plannedTo: __, endedAt: ___, createdById: ____, ...fields } = from.series;
    const following = { seriesId: from.series.id, fromDateId: from.id, fields: change(fields), words: '' };
    return await inTransaction(bot.work.db, (tx) => followSeries(context, tx, following, bot.clock.now()));
  };

  it('moves the dates one by one with their answers, and everyone hears once', async () => {
    const { bot, ana, ben } = company;
    const [first, second, third] = await series();
    await press(ana, 'going', second);
    await press(ana, 'going', third);
    await press(ben, 'going', first);
    // Wednesdays at 16:00 from the second date on.
    const done = await follow(second, (fields) => ({
      ...fields,
      plan: { ...fields.plan, firstDay: '2027-04-14', minutes: 960, rhythm: { kind: 'month_weekday', every: 1, nth: 2, weekday: 3 } },
    }));
    expect(done).toMatchObject({ cancelled: 0, told: 2 });
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.changed.many']);
    expect(heard(ben)).toEqual([]);
    const dates = await theDates(bot, first.series.id);
    expect(dates.slice(0, 4).map(({ id, startsAt }) => [id, startsAt.toISOString()])).toEqual([
      [first.id, '2027-03-09T08:00:00.000Z'],
      [second.id, '2027-04-14T13:00:00.000Z'],
      [third.id, '2027-05-12T13:00:00.000Z'],
      [dates[3]?.id, '2027-06-09T13:00:00.000Z'],
    ]);
    expect(new Set(dates.map(({ startsAt }) => startsAt.getTime())).size).toBe(dates.length);
    expect(await database.db.seminarAnswer.count({ where: { personId: ana.id, dateId: { in: [second.id, third.id] } } })).toBe(2);
  });

  it('shifts a weekly series by a week without a date in another’s way', async () => {
    const [first] = await series({ plan: { rhythm: { kind: 'weekly', every: 1 } } });
    const before = await theDates(company.bot, first.series.id);
    await follow(first, (fields) => ({ ...fields, plan: { ...fields.plan, firstDay: '2027-03-16' } }));
    const after = await theDates(company.bot, first.series.id);
    expect(after.slice(0, 20).map(({ id, startsAt }) => [id, startsAt.toISOString()])).toEqual(
      before.slice(0, 20).map(({ id }, place) => [id, before[place + 1]?.startsAt.toISOString()]),
    );
  });

  it('cancels what the new rule has less, keeps what was cancelled, and leaves a date’s own place alone', async () => {
    const { bot, boss, ana } = company;
    const [first, second, third] = await series();
    await fill(boss, 'change', third, { ...standing(third), place: 'The garden' });
    await fill(boss, 'cancel', second, { scope: 'one', reason: 'Holiday.' });
    const fourth = (await theDates(bot, first.series.id))[3];
    await press(ana, 'going', fourth ?? first);
    await follow(first, (fields) => ({ ...fields, title: 'New name', plan: { ...fields.plan, ending: { count: 3 } } }));
    const dates = await theDates(bot, first.series.id);
    const planned = dates.filter(({ state }) => state === 'planned');
    expect(planned.map(({ id, title, place }) => [id, title, place])).toEqual([
      [first.id, 'New name', 'Room 4'],
      [third.id, 'New name', 'The garden'],
    ]);
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.changed.cancelled']);
    expect(dates.find(({ id }) => id === second.id)?.cancelWords).toBe('Holiday.');
  });
});
