import { beforeEach, describe, expect, it } from 'vitest';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { valuesOf } from '../support/form-values.js';
import { at, dateFor, held, recordedOf, TIMES, told, writeRecap } from '../support/seminar-attending.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const audienceOf = (...people: BuiltPerson[]) => ({ kind: 'people' as const, personIds: people.map(({ id }) => id) });

const stateOf = async (person: BuiltPerson, dateId: string) =>
  (await database.db.seminarCatchUp.findFirst({ where: { personId: person.id, dateId } }))?.state;

const answerOf = async (person: BuiltPerson, dateId: string) =>
  (await database.db.seminarAnswer.findFirst({ where: { personId: person.id, dateId } }))?.state;

async function correct(dateId: string, person: BuiltPerson, standing: string) {
  const hands = company.bot.as(company.host);
  return await hands.submit(await hands.press({ id: 'seminars.correct_open', payload: { dateId, personId: person.id } }), { standing });
}

describe('what the host records while the seminar runs', () => {
  it('has a required person make up for it, who was sent away or never came', async () => {
    const { ana, ben } = company;
    const date = await dateFor(company, [ana, ben], { requirement: 'every', audience: audienceOf(ana, ben) });
    await at(company, TIMES.opens);
    await correct(date.id, ben, 'missed');
    await correct(date.id, ana, 'present');
    await at(company, TIMES.over);
    expect(await recordedOf(database, company, date.id, ben)).toMatchObject({ attended: false, via: 'host' });
    expect([await stateOf(ben, date.id), await stateOf(ana, date.id)]).toEqual(['waiting', undefined]);
  });
});

describe('what was missed', () => {
  const weekly = () => ({
    requirement: 'once' as const,
    audience: audienceOf(company.ben),
    plan: { rhythm: { kind: 'weekly' as const, every: 1 } },
  });

  it('is made up for by coming to another date meanwhile', async () => {
    const { bot, ben } = company;
    const date = await dateFor(company, [ben], { ...weekly(), plan: { rhythm: { kind: 'weekly', every: 1 }, exceptions: [] } });
    await writeRecap(company, date.id, 'Breathe.');
    await held(company, date, []);
    expect(await stateOf(ben, date.id)).toBe('open');
    const [, second, third] = await theDates(bot, date.series.id);
    await at(company, '2027-03-16T07:46:00Z');
    await bot.as(ben).press({ id: 'seminars.here', payload: { dateId: second?.id ?? '' } });
    await at(company, '2027-03-16T09:01:00Z');
    await at(company, '2027-03-17T09:00:00Z');
    expect(await answerOf(ben, third?.id ?? '')).toBeUndefined();
    expect(await stateOf(ben, date.id)).toBe('closed');
  });

  it('is made up for by coming to another date than the one that somebody was put on, which is free again', async () => {
    const { bot, ben } = company;
    const date = await dateFor(company, [ben], { ...weekly(), plan: { rhythm: { kind: 'weekly', every: 1 }, firstDay: '2027-03-09' } });
    await held(company, date, []);
    await at(company, '2027-03-16T09:01:00Z');
    const [, , third, fourth] = await theDates(bot, date.series.id);
    expect(await answerOf(ben, third?.id ?? '')).toBe('going');
    await database.db.seminarDate.updateMany({
      where: { id: third?.id ?? '' },
      data: {
        startsAt: new Date('2027-04-02T08:00:00Z'),
        endsAt: new Date('2027-04-02T09:00:00Z'),
        phaseAt: new Date('2027-04-02T07:45:00Z'),
      },
    });
    // Summer time in Riga.
    await at(company, '2027-03-30T06:46:00Z');
    await bot.as(ben).press({ id: 'seminars.here', payload: { dateId: fourth?.id ?? '' } });
    await at(company, '2027-03-30T08:01:00Z');
    expect(await answerOf(ben, third?.id ?? '')).toBeUndefined();
    expect(await stateOf(ben, date.id)).toBe('closed');
  });

  it('is nothing to whoever has left the audience meanwhile', async () => {
    const { bot, ana, ben } = company;
    const date = await dateFor(company, [ben], weekly());
    await held(company, date, []);
    await database.db.seminarSeries.updateMany({ where: { id: date.series.id }, data: { audiencePeople: [ana.id] } });
    await at(company, '2027-03-16T09:01:00Z');
    expect(await stateOf(ben, date.id)).toBe('closed');
    expect(await database.db.seminarAnswer.count({ where: { personId: ben.id, source: 'put_on' } })).toBe(0);
    expect(bot.messagesTo(ben).flatMap(({ posted }) => keysIn(posted))).not.toContain('seminars.put_on.summary');
  });

  it('is made up for at the date after, when the next one is cancelled', async () => {
    const { bot, boss, ben } = company;
    const date = await dateFor(company, [ben], weekly());
    await held(company, date, []);
    await at(company, '2027-03-16T09:01:00Z');
    const [, , next, after] = await theDates(bot, date.series.id);
    expect(await answerOf(ben, next?.id ?? '')).toBe('going');
    const form = await bot.as(boss).press({ id: 'seminars.cancel_open', payload: { dateId: next?.id ?? '' } });
    await bot.as(boss).submit(form, { scope: 'one', reason: 'Flood in the room' });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(await answerOf(ben, after?.id ?? '')).toBe('going');
    expect(await database.db.seminarCatchUp.findFirst({ where: { personId: ben.id, dateId: date.id } })).toMatchObject({
      state: 'put_on',
      nextDateId: after?.id,
    });
  });

  it('no longer has to be made up for where the host finds the person was there: the next date is free again', async () => {
    const { bot, ben } = company;
    const date = await dateFor(company, [ben], weekly());
    await held(company, date, []);
    await at(company, '2027-03-16T09:01:00Z');
    const dates = await theDates(bot, date.series.id);
    const next = dates[2]?.id ?? '';
    expect(await answerOf(ben, next)).toBe('going');
    await correct(date.id, ben, 'present');
    expect(await answerOf(ben, next)).toBeUndefined();
    bot.clock.forward({ seconds: 4 });
    await bot.runDue();
    const message = bot.messagesTo(ben).find(({ posted }) => keysIn(posted).includes('seminars.put_on.summary'));
    expect(keysIn(message?.card)).toContain('seminars.own.open');
    expect(keysIn(message?.card)).not.toContain('seminars.put_on.summary');
    await at(company, '2027-03-23T08:31:00Z');
    await at(company, '2027-03-23T09:01:00Z');
    expect(await stateOf(ben, date.id)).toBe('closed');
    expect(await stateOf(ben, next)).toBeUndefined();
  });
});

it('has nobody miss a date that had no place left for them, who make up for it all the same', async () => {
  const { bot, ana, ben } = company;
  const date = await dateFor(company, [ana, ben], { requirement: 'every', audience: audienceOf(ana, ben), capacity: 1 });
  expect(await answerOf(ben, date.id)).toBe('waiting');
  await held(company, date, [ana]);
  expect(await recordedOf(database, company, date.id, ben)).toMatchObject({ attended: false, excused: true });
  expect(await stateOf(ben, date.id)).toBe('waiting');
  await writeRecap(company, date.id, 'Breathe.');
  await bot.runDue();
  await bot.as(ben).click('seminars.read_recap');
  const file = JSON.stringify(await bot.as(ben).command('bellhop record'));
  expect(file).toContain('"seminars.record.excused","params":{"came":0,"missed":0,"excused":1,"caughtUp":1}');
});

it('keeps what the host recorded of somebody who has left, and tells that person nothing', async () => {
  const { bot, ana } = company;
  const date = await dateFor(company, [ana]);
  await held(company, date, []);
  await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left', leftAt: bot.clock.now() } });
  const before = bot.messagesTo(ana).length;
  const shown = await correct(date.id, ana, 'present');
  expect(keysIn(shown)).toContain('seminars.correct.done');
  await bot.runDue();
  expect(bot.messagesTo(ana)).toHaveLength(before);
  expect(told(company, ana, 'seminars.opinion.lead')).toBe(0);
});

it('does not count a host who can’t come as there, nor gives points for hosting', async () => {
  const { bot, ana, host } = company;
  await database.db.seminarSettings.create({ data: { organisationId: bot.organisation.id, hostPoints: 10 } });
  const date = await dateFor(company, [ana]);
  await bot.as(host).press({ id: 'seminars.cant', payload: { dateId: date.id } });
  await held(company, date, [ana]);
  expect(await recordedOf(database, company, date.id, host)).toBeUndefined();
  expect(await database.db.award.count({ where: { personId: host.id } })).toBe(0);
  // Came after all: the host says so, and the points follow.
  await correct(date.id, host, 'present');
  expect(await database.db.award.count({ where: { personId: host.id } })).toBe(1);
});

it('offers the two questions on the date’s card to those who can answer them, until they have', async () => {
  const { bot, ana, host } = company;
  const date = await dateFor(company, [ana]);
  await held(company, date, [ana]);
  const offered = async (person: BuiltPerson) => {
    const card = await bot.as(person).press({ id: 'seminars.date', payload: { dateId: date.id } });
    return cardsOf(card)
      .flatMap(buttonsOf)
      .some(({ id }) => id === 'seminars.say_open');
  };
  expect([await offered(ana), await offered(host)]).toEqual([true, false]);
  const form = await bot.as(ana).press({ id: 'seminars.say_open', payload: { dateId: date.id } });
  // Control characters, which no database takes, are no reason to lose what somebody has to say.
  await bot.as(ana).submit(form, { useful: '5', change: 'More\u0000 time\r\nLess slides\u0007' });
  expect((await database.db.seminarOpinions.findFirst())?.words).toEqual(['More  time\nLess slides']);
  expect(await offered(ana)).toBe(false);
});

it('puts a joiner whose date was cancelled on the one after, and nobody on a date that they host', async () => {
  const { bot, boss, host } = company;
  const weekly = { rhythm: { kind: 'weekly' as const, every: 1 } };
  const series = await aSeries(bot, { hostId: host.id, requirement: 'once', plan: weekly });
  const [first, second, third] = await theDates(bot, series.id);
  bot.clock.forward({ hours: 1 });
  const joiner = await bot.person({ name: 'Jo Iner', joinedAt: bot.clock.now() });
  await bot.runDue();
  expect(await answerOf(joiner, first?.id ?? '')).toBe('going');
  await database.db.seminarDate.updateMany({ where: { id: second?.id ?? '' }, data: { hostId: joiner.id } });
  const form = await bot.as(boss).press({ id: 'seminars.cancel_open', payload: { dateId: first?.id ?? '' } });
  await bot.as(boss).submit(form, { scope: 'one', reason: 'Flood in the room' });
  bot.clock.forward({ minutes: 1 });
  await bot.runDue();
  expect([await answerOf(joiner, second?.id ?? ''), await answerOf(joiner, third?.id ?? '')]).toEqual([undefined, 'going']);
});

it('has nobody checked in to a date that was moved after its check-in had opened', async () => {
  const { bot, ana, host } = company;
  const date = await dateFor(company, [ana]);
  await at(company, TIMES.opens);
  const payload = { dateId: date.id };
  expect(keysIn(await bot.as(ana).press({ id: 'seminars.here', payload }))).toContain('seminars.here.done');
  const form = await bot.as(host).press({ id: 'seminars.change_open', payload });
  await bot.as(host).submit(form, { ...valuesOf(form), day: '2027-03-11' });
  expect(keysIn(await bot.as(ana).press({ id: 'seminars.date', payload }))).not.toContain('seminars.date.checked_in');
  expect(keysIn(await bot.as(ana).press({ id: 'seminars.here', payload }))).toContain('seminars.errors.here_early');
  await at(company, '2027-03-11T07:45:00Z');
  expect(keysIn(await bot.as(ana).press({ id: 'seminars.here', payload }))).toContain('seminars.here.done');
});

it('tells whoever has checked in so, and asks no more, when an answer comes too late', async () => {
  const { bot, ana, ben } = company;
  const date = await dateFor(company, [ana, ben]);
  await at(company, TIMES.opens);
  const payload = { dateId: date.id };
  await bot.as(ana).press({ id: 'seminars.here', payload });
  bot.clock.to(TIMES.inTime);
  const late = async (person: BuiltPerson) => {
    const answer = await bot.as(person).press({ id: 'seminars.cant', payload });
    return [
      keysIn(answer).includes('seminars.date.checked_in'),
      cardsOf(answer)
        .flatMap(buttonsOf)
        .some(({ id }) => id === 'seminars.here'),
    ];
  };
  expect([await late(ana), await late(ben)]).toEqual([
    [true, false],
    [false, true],
  ]);
});

it('gives no points for a date before they were switched on, when only how somebody was there is corrected', async () => {
  const { bot, ana, ben, host } = company;
  const date = await dateFor(company, [ana, ben]);
  await held(company, date, [ana]);
  await database.db.seminarSettings.create({ data: { organisationId: bot.organisation.id, attendPoints: 5, hostPoints: 10 } });
  await correct(date.id, ana, 'left_early');
  await correct(date.id, host, 'late');
  expect(await database.db.award.count()).toBe(0);
  await correct(date.id, ben, 'present');
  await correct(date.id, ben, 'late');
  expect(await database.db.award.findMany({ where: { personId: ben.id } })).toHaveLength(1);
});
