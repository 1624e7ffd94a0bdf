import { beforeEach, describe, expect, it } from 'vitest';
import { subject } from '../../src/features/seminars/model.js';
import { countAnswers, findDate } from '../../src/features/seminars/store-dates.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, type SeminarCompany, type SeriesOverrides, seminarCompany, theFirstDate } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

/** The first date of a series hosted by Hugo, announced: Tuesday 9 March 2027, 10:00 in Riga. */
async function announced(overrides: Partial<SeriesOverrides> = {}) {
  const { bot, host } = company;
  const series = await aSeries(bot, { hostId: host.id, ...overrides });
  const date = await theFirstDate(bot, series.id);
  await bot.runDue();
  return { series, date };
}

const posts = () => company.bot.messagesIn(company.channel);
const post = () => {
  const [first] = posts();
  if (!first) throw new Error('Nothing was posted.');
  return first.card;
};
const ids = (card: Parameters<typeof buttonsOf>[0]) => buttonsOf(card).map((button) => button.id);

/** Presses a button of the post, in the channel. */
async function pressPost(person: BuiltPerson, id: string) {
  const found = buttonsOf(post()).find((button) => button.id === id);
  if (!found) throw new Error(`The post has no ${id}.`);
  return await company.bot.as(person).press(found);
}

/** A param of a key anywhere in a card. */
function paramOf(value: unknown, name: string, param: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, key, params } = value as { kind?: string; key?: string; params?: Record<string, unknown> };
  if (kind === 'key' && key === name) return params?.[param];
  return Object.values(value)
    .map((inner) => paramOf(inner, name, param))
    .find((found) => found !== undefined);
}

describe('the post', () => {
  it('stands in the channel once, with everything to decide by', async () => {
    await announced({ capacity: 20, link: 'https://meet.example.com/calm', preReading: 'Chapter two', requirement: 'every' });
    await company.bot.runDue();
    expect(posts()).toHaveLength(1);
    const keys = keysIn(post());
    for (const wanted of [
      'seminars.post.summary',
      'seminars.post.lead',
      'seminars.post.for_whom',
      'seminars.post.taken',
      'seminars.post.answers',
    ]) {
      expect(keys).toContain(wanted);
    }
    expect(ids(post()).slice(0, 3)).toEqual(['seminars.going', 'seminars.cant', 'seminars.maybe']);
    expect(ids(post())).toEqual(expect.arrayContaining(['seminars.topic_open', 'seminars.calendar', 'seminars.date']));
    expect(paramOf(post(), 'seminars.post.for_whom', 'requirement')).toEqual({ kind: 'select', value: 'every' });
    expect(JSON.stringify(post())).toContain('"zone":"Europe/Riga"');
  });

  it('waits for its day, two weeks before', async () => {
    await announced({ plan: { firstDay: '2027-04-13' } });
    expect(posts()).toEqual([]);
    company.bot.clock.to('2027-03-30T06:59:00Z');
    await company.bot.runDue();
    expect(posts()).toEqual([]);
    company.bot.clock.to('2027-03-30T07:01:00Z');
    await company.bot.runDue();
    expect(posts()).toHaveLength(1);
  });

  it('follows the answers, at most once in three seconds', async () => {
    const { date } = await announced();
    const { bot, ana, ben, cy } = company;
    expect((await pressPost(ana, 'seminars.going')).kind).toBe('update');
    await bot.runDue();
    expect(paramOf(post(), 'seminars.post.answers', 'going')).toBe(1);
    bot.clock.forward({ seconds: 1 });
    await pressPost(ben, 'seminars.going');
    await pressPost(cy, 'seminars.cant');
    await bot.runDue();
    expect(paramOf(post(), 'seminars.post.answers', 'going')).toBe(1);
    bot.clock.forward({ seconds: 2 });
    await bot.runDue();
    expect(paramOf(post(), 'seminars.post.answers', 'going')).toBe(2);
    expect(paramOf(post(), 'seminars.post.answers', 'cant')).toBe(1);
    await pressPost(ana, 'seminars.maybe');
    expect(await countAnswers(database.db, bot.organisation.id, date.id)).toEqual({ going: 1, maybe: 1, cant: 1, waiting: 0 });
  });

  it('is brought up to date by the sweep when a crash came between the answer and its refresh', async () => {
    const { date } = await announced();
    const { bot, ana } = company;
    bot.clock.forward({ seconds: 1 });
    await pressPost(ana, 'seminars.going');
    await database.db.delivery.updateMany({ where: { subjectKey: subject.post(date.id) }, data: { refreshDueAt: null } });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(paramOf(post(), 'seminars.post.answers', 'going')).toBe(1);
  });

  it('tells that the date has moved, from when and why', async () => {
    const { date } = await announced();
    const { bot, boss } = company;
    const form = await bot.as(boss).press({ id: 'seminars.change_open', payload: { dateId: date.id } });
    await bot.as(boss).submit(form, { day: '2027-03-11', time: '10:00', length: '60', place: 'Room 4', reason: 'The fair is on Tuesday' });
    bot.clock.forward({ seconds: 4 });
    await bot.runDue();
    expect(posts()).toHaveLength(1);
    expect(paramOf(post(), 'seminars.post.moved', 'before')).toEqual({
      kind: 'instant',
      at: date.startsAt.toISOString(),
      zone: 'Europe/Riga',
    });
    expect(JSON.stringify(post())).toContain('The fair is on Tuesday');
    expect(ids(post())[0]).toBe('seminars.going');
  });

  it('tells who comes later that it is open, under way, over', async () => {
    const { date } = await announced();
    const { bot, ana } = company;
    bot.clock.to('2027-03-09T07:45:30Z');
    await bot.runDue();
    expect(ids(post())[0]).toBe('seminars.here');
    bot.clock.to('2027-03-09T08:10:00Z');
    const late = await bot.as(ana).press({ id: 'seminars.going', payload: { dateId: date.id } });
    expect(keysIn(late)).toContain('seminars.own.begun_open');
    expect(await countAnswers(database.db, bot.organisation.id, date.id)).toEqual({ going: 0, maybe: 0, cant: 0, waiting: 0 });
    bot.clock.to('2027-03-09T09:01:00Z');
    await bot.runDue();
    expect(keysIn(post())).toContain('seminars.post.over');
    expect(ids(post())).toEqual(['seminars.date']);
  });

  it('is posted nowhere without a channel, and as soon as there is one', async () => {
    const { bot, channel } = company;
    const setChannel = async (announcementsChannelId: string | null) =>
      await database.db.organisation.update({ where: { id: bot.organisation.id }, data: { announcementsChannelId } });
    await setChannel(null);
    await announced();
    expect(posts()).toEqual([]);
    await setChannel(channel.id);
    await bot.runDue();
    expect(posts()).toHaveLength(1);
  });

  it('does not come any more for a date that began while the bot was stopped', async () => {
    const { bot, host } = company;
    await aSeries(bot, { hostId: host.id, plan: { rhythm: { kind: 'once' } } });
    bot.clock.to('2027-03-09T09:00:00Z');
    await bot.runDue();
    expect(posts()).toEqual([]);
    expect(await database.db.seminarDate.count({ where: { postAt: { not: null } } })).toBe(0);
  });
});

describe('an answer', () => {
  it('shows what it did in the card that was pressed, and can be changed there', async () => {
    await announced({ link: 'https://meet.example.com/calm' });
    const { bot, ana } = company;
    const going = await pressPost(ana, 'seminars.going');
    expect(keysIn(cardsOf(going)[0]?.lead)).toEqual(['seminars.own.going']);
    expect(cardsOf(going).flatMap(ids)).toEqual(expect.arrayContaining(['seminars.calendar', 'seminars.cant', 'seminars.maybe']));
    const cant = await bot.as(ana).click('seminars.cant', going);
    expect(keysIn(cardsOf(cant)[0]?.lead)).toEqual(['seminars.own.cant']);
    expect(cardsOf(cant).flatMap(ids)).toContain('seminars.going');
  });

  it('on an old card of a cancelled date says so, with the reason', async () => {
    const { date } = await announced();
    const { bot, ana } = company;
    const old = post();
    await database.db.seminarDate.updateMany({
      where: { id: date.id },
      data: { state: 'cancelled', cancelWords: 'The host is ill', sequence: 1 },
    });
    const answer = await bot.as(ana).click('seminars.going', old);
    expect(keysIn(answer)).toContain('seminars.own.cancelled');
    expect(JSON.stringify(answer)).toContain('The host is ill');
    expect((await countAnswers(database.db, bot.organisation.id, date.id)).going).toBe(0);
  });

  it('to a date that is not there is refused with a message', async () => {
    const { bot, ana } = company;
    const answer = await bot.as(ana).press({ id: 'seminars.going', payload: { dateId: '00000000-0000-7000-8000-000000000000' } });
    expect(keysIn(answer)).toEqual(expect.arrayContaining(['seminars.errors.date_gone']));
  });

  it('counts for what the date has become', async () => {
    const { date } = await announced();
    const { bot, ana } = company;
    const old = post();
    const startsAt = new Date('2027-03-10T08:00:00Z');
    await database.db.seminarDate.updateMany({
      where: { id: date.id },
      data: { startsAt, endsAt: new Date('2027-03-10T09:00:00Z'), sequence: 1 },
    });
    const answer = await bot.as(ana).click('seminars.going', old);
    expect(JSON.stringify(answer)).toContain(startsAt.toISOString());
    expect((await findDate(database.db, bot.organisation.id, date.id))?.sequence).toBe(1);
  });
});

describe('the waiting list', () => {
  it('is kept in order, and who moves up hears of it at once, even at night', async () => {
    const { date } = await announced({ capacity: 1 });
    const { bot, ana, ben, cy } = company;
    await pressPost(ana, 'seminars.going');
    expect(paramOf(await pressPost(ben, 'seminars.going'), 'seminars.own.waiting', 'place')).toBe(1);
    expect(paramOf(await pressPost(cy, 'seminars.going'), 'seminars.own.waiting', 'place')).toBe(2);
    await bot.runDue();
    expect(paramOf(post(), 'seminars.post.taken', 'waiting')).toBe(2);
    // Pressed again, nobody loses the place in the line.
    expect(paramOf(await pressPost(ben, 'seminars.going'), 'seminars.own.waiting', 'place')).toBe(1);
    bot.clock.to('2027-03-02T22:00:00Z');
    await bot.as(ana).press({ id: 'seminars.cant', payload: { dateId: date.id } });
    await bot.runDue();
    expect(keysIn(bot.messagesTo(ben))).toContain('seminars.moved_up.lead');
    expect(keysIn(bot.messagesTo(cy))).not.toContain('seminars.moved_up.lead');
    expect(paramOf(post(), 'seminars.post.taken', 'waiting')).toBe(1);
    expect(await countAnswers(database.db, bot.organisation.id, date.id)).toEqual({ going: 1, maybe: 0, cant: 1, waiting: 1 });
  });

  it('is left by whoever says maybe or can’t, and nobody is told of it', async () => {
    const { date } = await announced({ capacity: 1 });
    const { bot, ana, ben, cy } = company;
    for (const person of [ana, ben, cy]) await pressPost(person, 'seminars.going');
    await pressPost(ben, 'seminars.maybe');
    const answer = await pressPost(cy, 'seminars.going');
    expect(paramOf(answer, 'seminars.own.waiting', 'place')).toBe(1);
    await bot.runDue();
    expect(keysIn(bot.messages())).not.toContain('seminars.moved_up.lead');
    expect(await countAnswers(database.db, bot.organisation.id, date.id)).toEqual({ going: 1, maybe: 1, cant: 0, waiting: 1 });
  });
});
