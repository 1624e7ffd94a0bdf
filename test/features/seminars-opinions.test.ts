import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import type { SeminarDate } from '../../src/features/seminars/model.js';
import type { Log } from '../../src/people/ports.js';
import { type BuiltPerson, type StandInCharts, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { at, cardWith, dateFor, held, TIMES, told } from '../support/seminar-attending.js';
import { type SeminarCompany, seminarCompany } from '../support/seminar-company.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;
let guests: readonly BuiltPerson[];

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
  guests = await Promise.all(Array.from({ length: 9 }, (_, index) => company.bot.person({ name: `Guest ${index}` })));
});

/** A date that so many of the guests came to. */
async function heldFor(count: number): Promise<SeminarDate> {
  const there = guests.slice(0, count);
  const date = await dateFor(company, there);
  await held(company, date, there);
  return date;
}

async function say(date: SeminarDate, person: BuiltPerson, useful: string, change?: string): Promise<Answer> {
  const hands = company.bot.as(person);
  const form = await hands.press({ id: 'seminars.say_open', payload: { dateId: date.id } });
  return form.kind === 'form' ? await hands.submit(form, { useful, ...(change === undefined ? {} : { change }) }) : form;
}

const seen = async (date: SeminarDate, by = company.host) =>
  await company.bot.as(by).press({ id: 'seminars.opinions', payload: { dateId: date.id } });

describe('the two questions', () => {
  it('go to those who came, and are taken once', async () => {
    const { bot, ana, host } = company;
    const [first, second] = guests as [BuiltPerson, BuiltPerson];
    const date = await dateFor(company, [first, second]);
    await held(company, date, [first]);
    expect([told(company, first, 'seminars.opinion.lead'), told(company, second, 'seminars.opinion.lead')]).toEqual([1, 0]);
    expect(told(company, host, 'seminars.opinion.lead')).toBe(0);
    const form = await bot.as(first).click('seminars.say_open');
    const wrong = await bot.as(first).submit(form, { useful: '6', change: 'More time' });
    expect(keysIn(wrong.kind === 'errors' && wrong.errors)).toEqual(['seminars.errors.opinion_score']);
    const long = await bot.as(first).submit(form, { useful: '5', change: 'x'.repeat(1001) });
    expect(keysIn(long.kind === 'errors' && long.errors)).toEqual(['seminars.errors.opinion_long']);
    expect(keysIn(await bot.as(first).submit(form, { useful: '5', change: 'More time' }))).toContain('seminars.opinion.thanks');
    expect(keysIn(await bot.as(first).submit(form, { useful: '1', change: 'Again' }))).toContain('seminars.errors.opinion_given');
    expect(keysIn(await say(date, first, '1'))).toContain('seminars.errors.opinion_given');
    expect(keysIn(await say(date, second, '1'))).toContain('seminars.errors.opinion_not_there');
    expect(keysIn(await say(date, ana, '1'))).toContain('seminars.errors.opinion_not_there');
    expect(keysIn(await say(date, host, '5'))).toContain('seminars.errors.opinion_host');
    expect(await database.db.seminarOpinions.findFirst()).toMatchObject({ scores: [0, 0, 0, 0, 1], words: ['More time'] });
  });

  it('are open from the end for two weeks', async () => {
    const { bot } = company;
    const [first] = guests as [BuiltPerson];
    const date = await dateFor(company, [first]);
    await at(company, TIMES.opens);
    await bot.as(first).press({ id: 'seminars.here', payload: { dateId: date.id } });
    await at(company, TIMES.closes);
    expect(keysIn(await say(date, first, '4'))).toContain('seminars.errors.opinion_early');
    bot.clock.to('2027-03-23T09:00:00Z');
    expect(keysIn(await say(date, first, '4'))).toContain('seminars.errors.opinion_late');
    bot.clock.to('2027-03-23T08:59:00Z');
    expect(keysIn(await say(date, first, '4'))).toContain('seminars.opinion.thanks');
  });

  it('count each of many who answer at once', async () => {
    const date = await heldFor(9);
    await Promise.all(guests.map((guest, index) => say(date, guest, String((index % 5) + 1), `Words ${index}`)));
    const row = await database.db.seminarOpinions.findFirstOrThrow();
    expect(row.scores).toEqual([2, 2, 2, 2, 1]);
    expect([...row.words].sort()).toEqual(guests.map((_, index) => `Words ${index}`));
  });
});

describe('anonymity', () => {
  it('keeps words and scores in one place only, without person, time or order', async () => {
    const { bot } = company;
    const logged: string[] = [];
    const note = (fields: object, message: string) => void logged.push(JSON.stringify(fields) + message);
    const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
    Object.assign(bot.work, { log });
    const date = await heldFor(9);
    const orders: string[] = [];
    for (const [index, guest] of guests.entries()) {
      await say(date, guest, '2', `zebra-${index}`);
      orders.push((await database.db.seminarOpinions.findFirstOrThrow()).words.join(' '));
    }
    await bot.runDue();
    expect(logged.join()).not.toContain('zebra');
    const tables = await database.db.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
    const holding: string[] = [];
    for (const { name } of tables) {
      const rows = await database.db.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`);
      if (rows.some(({ row }) => row.includes('zebra'))) holding.push(name);
    }
    expect(holding).toEqual(['seminar_opinions']);
    const columns = await database.db.$queryRaw<{ name: string }[]>`
      SELECT column_name AS name FROM information_schema.columns WHERE table_name IN ('seminar_opinions', 'seminar_opinion_given')`;
    expect([...new Set(columns.map(({ name }) => name))].sort()).toEqual(['dateId', 'organisationId', 'personId', 'scores', 'words']);
    // Of nine answers in random order it is as good as impossible that each is put behind those before it.
    expect(orders.at(-1)).not.toBe(guests.map((_, index) => `zebra-${index}`).join(' '));
    const kept = orders.filter((order, index) => index > 0 && order.startsWith(`${orders[index - 1]} `));
    expect(kept.length).toBeLessThan(8);
  });

  it('tells nothing at all of fewer than five', async () => {
    const date = await heldFor(5);
    for (const guest of guests.slice(0, 4)) await say(date, guest, '1', 'zebra');
    const few = await seen(date);
    expect(keysIn(few)).toContain('seminars.opinions.too_few');
    expect(JSON.stringify(few)).not.toContain('zebra');
    expect(JSON.stringify(few)).not.toContain('score');
    expect((company.bot.work.charts as StandInCharts).drawn).toEqual([]);
    await at(company, '2027-03-12T09:00:00Z');
    expect(told(company, company.host, 'seminars.opinions.summary')).toBe(0);
  });
});

describe('what was said', () => {
  it('is shown to the host and managers as a chart, the mean and the words, page by page', async () => {
    const { bot, host, boss, ana } = company;
    const date = await heldFor(9);
    for (const [index, guest] of guests.entries()) await say(date, guest, index < 7 ? '5' : '1', `Words ${index}`);
    expect(keysIn(await seen(date, ana))).toContain('seminars.errors.not_host');
    const answer = await seen(date);
    const [card] = cardsOf(answer);
    if (!card?.lead) throw new Error('There is no card.');
    expect(text(card.lead)).toBe('seminars.opinions.lead(finding=seminars.opinions.finding(useful=7, count=9), mean=4.1)');
    expect(card.body?.filter((block) => block.kind === 'quote')).toHaveLength(7);
    expect(card.body?.[0]?.kind).toBe('picture');
    expect(keysIn(card)).toContain('seminars.opinions.alt');
    const [chart] = (bot.work.charts as StandInCharts).drawn;
    expect(chart?.groups[0]?.bars.map(({ value }) => value)).toEqual([7, 0, 0, 0, 2]);
    const [more] = cardsOf(await bot.as(host).click('seminars.opinions', card));
    expect(more?.body?.filter((block) => block.kind === 'quote')).toHaveLength(2);
    expect(keysIn(await seen(date, boss))).toContain('seminars.opinions.lead');
  });

  it('stands in facts where no chart can be drawn', async () => {
    const date = await heldFor(5);
    for (const guest of guests.slice(0, 5)) await say(date, guest, '4');
    Object.assign(company.bot.work, { charts: { bars: () => Promise.reject(new Error('no font')) } });
    const [card] = cardsOf(await seen(date));
    expect(card?.facts?.map(({ value }) => text(value))).toEqual([0, 5, 0, 0, 0].map((count) => `seminars.people.count(count=${count})`));
    expect(keysIn(card)).toContain('seminars.opinions.no_words');
  });

  it('is told to the host once, three days after, or later as soon as five have answered', async () => {
    const { host } = company;
    const date = await heldFor(6);
    for (const guest of guests.slice(0, 4)) await say(date, guest, '4', 'More time');
    await at(company, '2027-03-12T09:00:00Z');
    expect(told(company, host, 'seminars.opinions.summary')).toBe(0);
    await say(date, guests[4] as BuiltPerson, '5');
    await at(company, '2027-03-12T09:01:00Z');
    expect(told(company, host, 'seminars.opinions.summary')).toBe(1);
    await say(date, guests[5] as BuiltPerson, '1');
    await at(company, '2027-03-24T09:01:00Z');
    expect(told(company, host, 'seminars.opinions.summary')).toBe(1);
    expect(keysIn(cardWith(company, host, 'seminars.opinions.summary'))).toContain('seminars.opinions.alt');
  });

  it('waits three days although five have answered at once', async () => {
    const { host } = company;
    const date = await heldFor(5);
    for (const guest of guests.slice(0, 5)) await say(date, guest, '4');
    await at(company, '2027-03-12T08:59:00Z');
    expect(told(company, host, 'seminars.opinions.summary')).toBe(0);
    await at(company, '2027-03-12T09:00:00Z');
    expect(told(company, host, 'seminars.opinions.summary')).toBe(1);
  });

  it('keeps no note of somebody who is forgotten', async () => {
    const [first, second] = guests as [BuiltPerson, BuiltPerson];
    const date = await heldFor(2);
    for (const guest of [first, second]) await say(date, guest, '3');
    await database.db.person.updateMany({ where: { id: first.id }, data: { status: 'left' } });
    const asked = await company.bot.as(company.owner).command(`bellhop erase ${first.name}`);
    await company.bot.as(company.owner).click('bellhop.erase', asked);
    expect((await database.db.seminarOpinionGiven.findMany()).map(({ personId }) => personId)).toEqual([second.id]);
    expect((await database.db.seminarOpinions.findFirstOrThrow()).scores).toEqual([0, 0, 2, 0, 0]);
  });
});
