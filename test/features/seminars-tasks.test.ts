import { beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, type SeminarCompany, seminarCompany, theFirstDate } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: SeminarCompany;
let dateId: string;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
  const series = await aSeries(company.bot, { hostId: company.host.id, plan: { rhythm: { kind: 'once' } } });
  dateId = (await theFirstDate(company.bot, series.id)).id;
  // Tuesday 9 March 2027, 11:30 in Riga: it is over.
  company.bot.clock.to('2027-03-09T09:30:00Z');
  await company.bot.runDue();
});

const task = async () => await database.db.seminarTask.findFirstOrThrow();
const give = async (values: FormValues, by = company.host) => {
  const form = await company.bot.as(by).press({ id: 'seminars.task_open', payload: { dateId } });
  return await company.bot.as(by).submit(form, values);
};
const toAna = (due: string): FormValues => ({ words: 'Put up the allergens', owner: [hintOf(company.ana)], due });
const refused = (answer: Answer) =>
  answer.kind === 'errors' ? Object.fromEntries(Object.entries(answer.errors).map(([field, error]) => [field, keysIn(error)[0]])) : answer;
/** First keys of what was posted to somebody about action items, in the order of its posting. */
const heard = (person: BuiltPerson) =>
  company.bot
    .messagesTo(person)
    .map((message) => keysIn(message.posted.lead)[0])
    .filter((first) => first?.startsWith('seminars.task.'));
const at = async (instant: string) => {
  company.bot.clock.to(instant);
  await company.bot.runDue();
};

describe('an action item', () => {
  it('is given to somebody, who is asked on the due day, and done: the host hears so once', async () => {
    const { bot, host, ana } = company;
    expect((await give(toAna('2027-03-16'))).kind).toBe('update');
    await bot.runDue();
    expect(heard(ana)).toEqual(['seminars.task.given']);
    await at('2027-03-16T06:59:00Z');
    expect(heard(ana)).toEqual(['seminars.task.given']);
    // Nine in Riga.
    await at('2027-03-16T07:00:00Z');
    expect(heard(ana)).toEqual(['seminars.task.given', 'seminars.task.asked']);
    expect(keysIn(await bot.as(ana).home())).toContain('seminars.task.home_lead');
    expect(keysIn(await bot.as(ana).command('seminar tasks'))[0]).toBe('seminars.task.mine_lead');

    const answer = await bot.as(ana).click('seminars.task_done');
    expect(keysIn(cardsOf(answer)[0]?.lead)[0]).toBe('seminars.task.lead_done');
    await at('2027-03-16T07:01:00Z');
    expect(heard(host)).toEqual(['seminars.task.done_line']);
    expect(await task()).toMatchObject({ state: 'done', settledById: ana.id, nextAskAt: null });
    const lying = bot.messagesTo(ana).filter((message) => keysIn(message.posted.lead)[0]?.startsWith('seminars.task.'));
    expect(lying.map((message) => keysIn(message.card.lead)[0])).toEqual(['seminars.task.lead_done', 'seminars.task.lead_done']);
    await bot.as(ana).press({ id: 'seminars.task_done', payload: { taskId: (await task()).id } });
    await at('2027-04-20T09:00:00Z');
    expect(heard(host)).toHaveLength(1);
    expect(heard(ana)).toHaveLength(2);
    expect(keysIn(await bot.as(ana).home())).not.toContain('seminars.task.home_lead');
  });

  it('is asked after every three days, weekly, then every two weeks until it is done; the host hears at the second', async () => {
    const { bot, host, ana } = company;
    await give(toAna('2027-03-16'));
    const days: string[] = [];
    for (let day = 0; day < 60; day++) {
      const before = heard(ana).length;
      await at(new Date(Date.UTC(2027, 2, 10 + day, 9)).toISOString());
      if (heard(ana).length > before) days.push(bot.clock.now().toISOString().slice(5, 10));
      expect(heard(host)).toHaveLength(day < 9 ? 0 : 1);
    }
    // The first is the news of it, on the morning after.
    expect(days).toEqual(['03-10', '03-16', '03-19', '03-22', '03-29', '04-05', '04-12', '04-26']);
    expect(heard(host)).toEqual(['seminars.task.overdue']);
    expect((await task()).nextAskAt).toEqual(new Date('2027-05-10T06:00:00Z'));
  }, 60_000);

  it('is asked after once when the bot was away for long', async () => {
    await give(toAna('2027-03-10'));
    await company.bot.runDue();
    await at('2027-03-31T09:00:00Z');
    expect(heard(company.ana)).toEqual(['seminars.task.given', 'seminars.task.asked']);
    expect((await task()).nextAskAt).toEqual(new Date('2027-04-05T06:00:00Z'));
  });

  it('gets a new day from whoever does it, and is asked after anew', async () => {
    const { bot, ana, ben } = company;
    await give(toAna('2027-03-10'));
    await at('2027-03-10T09:00:00Z');
    const payload = { taskId: (await task()).id };
    expect(keysIn(await bot.as(ben).press({ id: 'seminars.task_day_open', payload }))[0]).toBe('seminars.errors.task_not_yours');
    const form = await bot.as(ana).click('seminars.task_day_open');
    expect(refused(await bot.as(ana).submit(form, { due: '2027-03-09' }))).toEqual({ due: 'seminars.errors.task_day_past' });
    expect(refused(await bot.as(ana).submit(form, { due: '2027-02-30' }))).toEqual({ due: 'seminars.errors.no_such_day' });
    expect(refused(await bot.as(ana).submit(form, { due: '2037-03-01' }))).toEqual({ due: 'seminars.errors.task_day_far' });
    expect((await bot.as(ana).submit(form, { due: '2027-03-12' })).kind).toBe('update');
    expect(await task()).toMatchObject({ askedCount: 0, nextAskAt: new Date('2027-03-12T07:00:00Z') });
    await at('2027-03-12T07:00:00Z');
    expect(heard(ana)).toEqual(['seminars.task.given', 'seminars.task.asked', 'seminars.task.asked']);
  });

  it('of somebody who left goes back to the host, who chooses anew', async () => {
    const { bot, host, ana, ben } = company;
    await give(toAna('2027-03-16'));
    await bot.runDue();
    await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left' } });
    await database.db.account.updateMany({ where: { personId: ana.id }, data: { status: 'left' } });
    await at('2027-03-10T09:00:00Z');
    expect(heard(host)).toEqual(['seminars.task.ownerless']);
    const form = await bot.as(host).click('seminars.task_open');
    expect((await bot.as(host).submit(form, { words: 'Put up the allergens', owner: [hintOf(ben)], due: '2027-03-17' })).kind).toBe(
      'update',
    );
    await at('2027-03-10T09:01:00Z');
    expect(heard(ben)).toEqual(['seminars.task.given']);
    await at('2027-03-17T09:00:00Z');
    expect(heard(ben)).toEqual(['seminars.task.given', 'seminars.task.asked']);
    expect(heard(host)).toHaveLength(1);
  });

  it('is dropped by the host alone, and nobody hears of it again', async () => {
    const { bot, host, ana } = company;
    await give(toAna('2027-03-16'));
    await bot.runDue();
    const payload = { taskId: (await task()).id };
    expect(keysIn(await bot.as(ana).press({ id: 'seminars.task_drop', payload }))[0]).toBe('seminars.errors.task_not_yours');
    expect(
      cardsOf(await bot.as(ana).press({ id: 'seminars.task', payload }))
        .flatMap(buttonsOf)
        .map((ref) => ref.id),
    ).not.toContain('seminars.task_drop');
    await bot.as(host).click('seminars.task_drop', await bot.as(host).press({ id: 'seminars.task', payload }));
    await at('2027-04-16T09:00:00Z');
    expect(heard(ana)).toEqual(['seminars.task.given']);
    expect(heard(host)).toEqual([]);
    expect(keysIn(await bot.as(ana).press({ id: 'seminars.task_day_open', payload }))[0]).toBe('seminars.errors.task_settled');
  });

  it('is asked after in the hours of whoever does it', async () => {
    const { bot, ana } = company;
    await database.db.account.updateMany({ where: { personId: ana.id }, data: { zone: 'America/New_York' } });
    await give(toAna('2027-03-20'));
    // Saturday: on Monday at nine in New York, which has its summer time already.
    expect((await task()).nextAskAt).toEqual(new Date('2027-03-22T13:00:00Z'));
    await bot.runDue();
    expect(heard(ana)).toEqual([]);
    await at('2027-03-09T14:00:00Z');
    expect(heard(ana)).toEqual(['seminars.task.given']);
  });

  it('is due today where its giver is, though elsewhere it is tomorrow already', async () => {
    const { bot, host } = company;
    await database.db.account.updateMany({ where: { personId: host.id }, data: { zone: 'America/New_York' } });
    bot.clock.to('2027-03-10T00:30:00Z');
    expect(keysIn(await give(toAna('2027-03-09')))).toContain('seminars.afterwards.title');
    expect((await task()).nextAskAt).toEqual(new Date('2027-03-11T07:00:00Z'));
    expect(refused(await give(toAna('2027-03-08')))).toEqual({ due: 'seminars.errors.task_day_past' });
  });

  it.each<[string, FormValues, Record<string, string>]>([
    ['nothing', {}, { words: 'seminars.errors.task_words', owner: 'people.errors.people_missing', due: 'core.ui.required' }],
    ['too long', { words: 'x'.repeat(301) }, { words: 'seminars.errors.topic_long' }],
    ['nobody known', { owner: [{ by: 'typed', typed: 'Nobody Here' }] }, { owner: 'people.errors.person_unknown' }],
    ['a past day', { due: '2027-03-08' }, { due: 'seminars.errors.task_day_past' }],
    ['no day', { due: 'soon' }, { due: 'seminars.errors.no_such_day' }],
  ])('that can’t be given is told at its field: %s', async (name, values, errors) => {
    const answer = await give(name === 'nothing' ? {} : { ...toAna('2027-03-16'), ...values });
    expect(refused(answer)).toEqual(errors);
    expect(await database.db.seminarTask.count()).toBe(0);
  });

  it('belongs to one person, and is given by whoever runs the date', async () => {
    const { bot, ana, ben } = company;
    const both = { ...toAna('2027-03-16'), owner: [hintOf(ana), hintOf(ben)] };
    expect(refused(await give(both))).toEqual({ owner: 'seminars.errors.task_one_owner' });
    const answer = await bot.as(ana).press({ id: 'seminars.task_open', payload: { dateId } });
    expect(keysIn(answer)[0]).toBe('seminars.errors.not_host');
    // Kept by the host, nobody is told of it but on the day.
    await give({ ...toAna('2027-03-16'), owner: [hintOf(company.host)] });
    await bot.runDue();
    expect(heard(company.host)).toEqual([]);
  });
});
