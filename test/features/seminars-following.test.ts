import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { valuesOf } from '../support/form-values.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { keysIn } from '../support/test-bot.js';

/** Changing all that follows, as managers do it: by the form with everything that stands in it, a look, and Save. */

const database = useDatabase();

let company: SeminarCompany;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const press = async (person: BuiltPerson, verb: string, date: SeminarDate) =>
  await company.bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId: date.id } });

const changeOne = async (date: SeminarDate, values: FormValues, person = company.boss) => {
  const form = await press(person, 'change_open', date);
  return await company.bot.as(person).submit(form, { ...valuesOf(form), ...values });
};

const cancel = async (date: SeminarDate, scope: 'one' | 'following', person = company.boss) =>
  await company.bot.as(person).submit(await press(person, 'cancel_open', date), { scope, reason: 'It has to be.' });

const fillFollowing = async (date: SeminarDate, values: FormValues) => {
  const form = await press(company.boss, 'follow_open', date);
  return await company.bot.as(company.boss).submit(form, { ...valuesOf(form), ...values });
};

const follow = async (date: SeminarDate, values: FormValues) =>
  await company.bot.as(company.boss).click('seminars.draft_save', await fillFollowing(date, values));

const series = async (overrides: Partial<Parameters<typeof aSeries>[1]> = {}) => {
  const { id } = await aSeries(company.bot, { hostId: company.host.id, ...overrides });
  return { id, dates: await theDates(company.bot, id) };
};

const at = (dates: readonly SeminarDate[], place: number): SeminarDate => {
  const date = dates[place];
  if (!date) throw new Error(`There is no date ${place}.`);
  return date;
};

const startsOf = (dates: readonly SeminarDate[]) =>
  dates.map(({ id, state, startsAt }) => `${id} ${state} ${startsAt.toISOString()}`).sort();

const heard = (person: BuiltPerson) =>
  company.bot.messagesTo(person).flatMap(({ posted }) =>
    keysIn(posted.summary)
      .filter((key) => key.startsWith('seminars.changed.'))
      .slice(0, 1),
  );

describe('a change that leaves the rule alone', () => {
  it('leaves added, moved and cancelled dates where they are', async () => {
    const { bot, boss, ana } = company;
    const { id, dates } = await series();
    const opened = await bot.as(boss).press({ id: 'seminars.add_open', payload: { seriesId: id } });
    await bot.as(boss).submit(opened, { ...valuesOf(opened), day: '2027-03-20', time: '10:00' });
    await changeOne(at(dates, 2), { day: '2027-05-20' });
    await cancel(at(dates, 1), 'one');
    await press(ana, 'going', at(dates, 3));
    const before = startsOf(await theDates(bot, id));
    await follow(at(dates, 0), { place: 'The garden' });
    expect(startsOf(await theDates(bot, id))).toEqual(before);
    const planned = (await theDates(bot, id)).filter(({ state }) => state === 'planned');
    expect(new Set(planned.map(({ place }) => place))).toEqual(new Set(['The garden']));
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.changed.details']);
  });

  it('touches no calendar of a date that it does not change', async () => {
    const { bot, ana } = company;
    const { id, dates } = await series();
    await changeOne(at(dates, 1), { place: 'Room 9' });
    await press(ana, 'going', at(dates, 0));
    const before = (await theDates(bot, id)).map(({ sequence }) => sequence);
    await follow(at(dates, 0), { announce: undefined, requirement: 'every' });
    expect((await theDates(bot, id)).map(({ sequence }) => sequence)).toEqual(before);
    await bot.runDue();
    expect(heard(ana)).toEqual([]);
  });

  it('goes through where an earlier date was moved onto a day of the rule', async () => {
    const { bot } = company;
    const { id, dates } = await series();
    await changeOne(at(dates, 1), { day: '2027-04-14' });
    await changeOne(at(dates, 0), { day: '2027-04-13' });
    expect(keysIn(await follow(at(dates, 1), { place: 'The garden' }))).toContain('seminars.saved.followed');
    expect(keysIn(await follow(at(dates, 1), { start: '10:00', length: '90' }))).toContain('seminars.saved.followed');
    const planned = (await theDates(bot, id)).filter(({ state }) => state === 'planned');
    expect(new Set(planned.map(({ startsAt }) => startsAt.getTime())).size).toBe(planned.length);
  });
});

describe('another title', () => {
  it('is that of the dates that follow, not of those before', async () => {
    const { bot } = company;
    const { id, dates } = await series();
    await follow(at(dates, 2), { title: 'Another name' });
    expect((await theDates(bot, id)).slice(0, 4).map(({ title }) => title)).toEqual([
      'Calm at the counter',
      'Calm at the counter',
      'Another name',
      'Another name',
    ]);
  });
});

describe('the look ahead', () => {
  it('shows the dates as they would become, and what falls out', async () => {
    const { dates } = await series();
    await cancel(at(dates, 1), 'one');
    await changeOne(at(dates, 2), { day: '2027-05-20' });
    const rows = (answer: Answer) =>
      (answer.kind === 'say' ? (answer.card.rows ?? []) : []).map(({ text }) => JSON.stringify(text).slice(24, 34));
    expect(rows(await fillFollowing(at(dates, 0), { place: 'The garden' }))).toEqual([
      '2027-03-09',
      '2027-05-20',
      '2027-06-08',
      '2027-07-13',
      '2027-08-10',
      '2027-09-14',
    ]);
    const fewer = await fillFollowing(at(dates, 0), { exceptions: '2027-06-08' });
    expect(rows(fewer)).toEqual(['2027-03-09', '2027-05-20', '2027-07-13', '2027-08-10', '2027-09-14', '2027-10-12']);
    expect(keysIn(fewer)).toContain('seminars.draft.cancels');
  });
});

describe('a change of the rule', () => {
  it('takes an exception out alone, and leaves the others in their months', async () => {
    const { bot, ana, ben } = company;
    const { id, dates } = await series();
    await press(ana, 'going', at(dates, 1));
    await press(ben, 'going', at(dates, 2));
    await follow(at(dates, 0), { exceptions: '2027-04-13' });
    const after = await theDates(bot, id);
    expect(startsOf(after.filter(({ state }) => state === 'planned')).slice(0, 99)).toEqual(
      startsOf(dates.filter((_, place) => place !== 1)),
    );
    expect(after.filter(({ state }) => state === 'cancelled').map((date) => date.id)).toEqual([at(dates, 1).id]);
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.changed.cancelled']);
    expect(heard(ben)).toEqual([]);
  });

  it('moves nobody into the month of a date that was cancelled', async () => {
    const { bot } = company;
    const { id, dates } = await series();
    await cancel(at(dates, 1), 'one');
    await follow(at(dates, 0), { weekday: '3', first_day: '2027-03-09' });
    const planned = (await theDates(bot, id)).filter(({ state }) => state === 'planned');
    expect(planned.slice(0, 3).map((date) => [date.id, date.startsAt.toISOString().slice(0, 10)])).toEqual([
      [at(dates, 0).id, '2027-03-10'],
      [at(dates, 2).id, '2027-05-12'],
      [at(dates, 3).id, '2027-06-09'],
    ]);
  });

  it('gives every date the new hour on its own day, moved and added ones too', async () => {
    const { bot, boss } = company;
    const { id, dates } = await series();
    const opened = await bot.as(boss).press({ id: 'seminars.add_open', payload: { seriesId: id } });
    await bot.as(boss).submit(opened, { ...valuesOf(opened), day: '2027-03-20', time: '10:00' });
    await changeOne(at(dates, 1), { day: '2027-04-20' });
    await follow(at(dates, 0), { start: '14:00' });
    const planned = (await theDates(bot, id)).filter(({ state }) => state === 'planned');
    expect(planned.slice(0, 4).map((date) => date.startsAt.toISOString())).toEqual([
      '2027-03-09T12:00:00.000Z',
      '2027-03-20T12:00:00.000Z',
      '2027-04-20T11:00:00.000Z',
      '2027-05-11T11:00:00.000Z',
    ]);
  });

  it('begins after the dates that it leaves alone', async () => {
    const { dates } = await series();
    await cancel(at(dates, 1), 'one');
    const answer = await fillFollowing(at(dates, 2), { first_day: '2027-04-01' });
    expect(answer.kind === 'errors' && keysIn(answer.errors)).toEqual(['seminars.errors.follow_early']);
    const earlier = await fillFollowing(at(dates, 2), { first_day: '2027-04-20' });
    expect(keysIn(earlier)).toContain('seminars.draft.save');
  });

  it('goes on from a date that was added without another beat', async () => {
    const { bot, boss } = company;
    const { id, dates } = await series({ plan: { rhythm: { kind: 'month_weekday', every: 2, nth: 2, weekday: 2 } } });
    const opened = await bot.as(boss).press({ id: 'seminars.add_open', payload: { seriesId: id } });
    await bot.as(boss).submit(opened, { ...valuesOf(opened), day: '2027-04-20', time: '10:00' });
    const added = (await theDates(bot, id)).find(({ ruleDay }) => ruleDay === null);
    if (!added) throw new Error('Nothing was added.');
    const before = startsOf(await theDates(bot, id));
    await follow(added, { place: 'The garden' });
    expect(startsOf(await theDates(bot, id))).toEqual(before);
    expect((await theDates(bot, id)).map(({ place }) => place)).toEqual(['Room 4', ...dates.map(() => 'The garden')]);
  });

  it('says at its field that the places are too few for those going, before anything is saved', async () => {
    const { bot, ana, ben, boss } = company;
    const { dates } = await series();
    await press(ana, 'going', at(dates, 2));
    await press(ben, 'going', at(dates, 2));
    const answer = await fillFollowing(at(dates, 0), { capacity: '1' });
    expect(answer.kind === 'errors' && Object.keys(answer.errors)).toEqual(['capacity']);
    expect(keysIn(answer)).toContain('seminars.errors.capacity_low_at');
    expect(keysIn(await bot.as(boss).submit(answer, { ...valuesOf(answer), capacity: '2' }))).toContain('seminars.draft.save');
  });
});

describe('two managers at the same series', () => {
  it('each change what they meant, and see what the other has done before they save', async () => {
    const { bot, boss, owner } = company;
    const { id, dates } = await series();
    bot.clock.forward({ minutes: 1 });
    const opened = await bot.as(owner).press({ id: 'seminars.follow_open', payload: { dateId: at(dates, 1).id } });
    const shown = await bot.as(owner).submit(opened, { ...valuesOf(opened), place: 'The garden' });
    const late = await bot.as(owner).press({ id: 'seminars.follow_open', payload: { dateId: at(dates, 1).id } });
    bot.clock.forward({ minutes: 1 });
    await follow(at(dates, 1), { start: '14:00', title: 'Another name' });
    bot.clock.forward({ minutes: 1 });
    const refused = await bot.as(owner).click('seminars.draft_save', shown);
    expect(keysIn(refused)).toContain('seminars.draft.overtaken');
    const again = await bot.as(owner).click('seminars.draft_change', refused);
    const seen = await bot.as(owner).submit(again, valuesOf(again));
    expect(keysIn(await bot.as(owner).click('seminars.draft_save', seen))).toContain('seminars.saved.followed');
    const now = at(await theDates(bot, id), 1);
    expect([now.title, now.place, now.startsAt.toISOString()]).toEqual(['Another name', 'The garden', '2027-04-13T11:00:00.000Z']);
    // A form that was opened before takes over what it left alone, too.
    const merged = await bot.as(owner).submit(late, { ...valuesOf(late), link: 'https://meet.example/1' });
    await bot.as(owner).click('seminars.draft_save', merged);
    const last = at(await theDates(bot, id), 1);
    expect([last.title, last.place, last.link, last.startsAt]).toEqual([
      'Another name',
      'The garden',
      'https://meet.example/1',
      now.startsAt,
    ]);
    expect(boss.id).not.toBe(owner.id);
  });
});

describe('cancelling all that follows', () => {
  it('leaves the dates before it as they are, and none comes back with a later change', async () => {
    const { bot } = company;
    const { id, dates } = await series();
    await cancel(at(dates, 2), 'following');
    bot.clock.forward({ days: 7 });
    await bot.runDue();
    await follow(at(dates, 1), { place: 'The garden' });
    bot.clock.forward({ hours: 1 });
    await bot.runDue();
    const planned = (await theDates(bot, id)).filter(({ state }) => state === 'planned');
    expect(planned.map((date) => [date.id, date.place])).toEqual([
      [at(dates, 0).id, 'Room 4'],
      [at(dates, 1).id, 'The garden'],
    ]);
  });

  it('still puts a joiner on the date that is left of a required series', async () => {
    const { bot } = company;
    const { dates } = await series({ requirement: 'every' });
    await cancel(at(dates, 1), 'following');
    bot.clock.forward({ hours: 1 });
    const zoe = await bot.person({ name: 'Zoe Zvirgzda', joinedAt: bot.clock.now() });
    bot.clock.forward({ hours: 1 });
    await bot.runDue();
    expect(await database.db.seminarAnswer.count({ where: { dateId: at(dates, 0).id, personId: zoe.id } })).toBe(1);
  });

  it('takes everything, and a date that is added later stands alone', async () => {
    const { bot, boss } = company;
    const { id, dates } = await series({ requirement: 'every', plan: { rhythm: { kind: 'month_weekday', every: 3, nth: 2, weekday: 2 } } });
    await cancel(at(dates, 0), 'following');
    expect((await database.db.seminarSeries.findFirstOrThrow({ where: { id } })).endedAt).not.toBeNull();
    const opened = await bot.as(boss).press({ id: 'seminars.add_open', payload: { seriesId: id } });
    await bot.as(boss).submit(opened, { ...valuesOf(opened), day: '2027-03-20', time: '10:00' });
    bot.clock.forward({ hours: 1 });
    const zoe = await bot.person({ name: 'Zoe Zvirgzda', joinedAt: bot.clock.now() });
    bot.clock.forward({ hours: 1 });
    await bot.runDue();
    expect(await database.db.seminarAnswer.count({ where: { personId: zoe.id } })).toBe(1);
    for (const days of [60, 300, 200]) {
      bot.clock.forward({ days });
      await bot.runDue();
    }
    expect((await theDates(bot, id)).filter(({ state }) => state === 'planned').map(({ startsAt }) => startsAt.toISOString())).toEqual([
      '2027-03-20T08:00:00.000Z',
    ]);
    expect((await database.db.seminarSeries.findFirstOrThrow({ where: { id } })).endedAt).not.toBeNull();
  });

  it('is for managers and the host of the series, not for who hosts one date', async () => {
    const { bot, host, ana } = company;
    const { id, dates } = await series();
    await database.db.seminarDate.updateMany({ where: { id: at(dates, 1).id }, data: { hostId: ana.id } });
    const opened = await press(ana, 'cancel_open', at(dates, 1));
    expect(keysIn(opened)).not.toContain('seminars.cancel.following');
    expect(keysIn(await bot.as(ana).submit(opened, { scope: 'following', reason: 'Mine.' }))).toContain('seminars.errors.cancel_following');
    expect((await theDates(bot, id)).filter(({ state }) => state === 'cancelled')).toHaveLength(0);
    await bot.as(ana).submit(opened, { scope: 'one', reason: 'Mine.' });
    expect((await theDates(bot, id)).filter(({ state }) => state === 'cancelled')).toHaveLength(1);
    await cancel(at(dates, 2), 'following', host);
    expect((await theDates(bot, id)).filter(({ state }) => state === 'planned')).toHaveLength(1);
  });

  it('offers a host no change that only managers may make', async () => {
    const { host, boss } = company;
    const { dates } = await series();
    const shown = async (person: BuiltPerson) => JSON.stringify(await press(person, 'date', at(dates, 0)));
    expect(await shown(boss)).toContain('seminars.follow_open');
    expect(await shown(host)).not.toContain('seminars.follow_open');
    expect(await shown(host)).toContain('seminars.change_open');
  });
});
