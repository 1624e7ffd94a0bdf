import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates, theFirstDate } from '../support/seminar-company.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: SeminarCompany;
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

const ONE = { ending: { count: 1 } };
const idsOf = (card: Card) => buttonsOf(card).map(({ id }) => id);

/** Cards of App Home that seminars put there, by what they are about. */
async function homeOf(person: BuiltPerson) {
  const cards = cardsOf(await company.bot.as(person).home());
  const titled = (key: string) => cards.find((card) => keysIn(card.title)[0] === key);
  return {
    coming: titled('seminars.home.coming'),
    asked: cards.filter((card) => keysIn(card.body).some((key) => key.startsWith('seminars.home.asked'))),
    managers: titled('seminars.home.managers'),
    here: titled('seminars.home.title'),
  };
}

const leave = async (person: BuiltPerson) =>
  await database.db.person.update({
    where: { organisationId_id: { organisationId: company.bot.organisation.id, id: person.id } },
    data: { status: 'left', leftAt: company.bot.clock.now() },
  });

describe('App Home', () => {
  it('asks about what was announced and not answered, and lists what is settled', async () => {
    const { bot, ana, host } = company;
    const { id: dateId } = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id, requirement: 'every', plan: ONE })).id);
    const before = await homeOf(ana);
    expect(before.coming).toBeUndefined();
    expect(before.asked.map((card) => keysIn(card.body))).toEqual([['seminars.home.asked_required']]);
    const [asked] = before.asked;
    if (!asked) throw new Error('Nothing is asked.');
    expect(idsOf(asked)).toEqual(['seminars.going', 'seminars.cant', 'seminars.maybe', 'seminars.date']);
    await bot.as(ana).click('seminars.going', asked);
    const after = await homeOf(ana);
    expect(after.asked).toEqual([]);
    expect(after.coming?.rows?.map((row) => row.action?.ref.payload)).toEqual([{ dateId }]);
    // Hosts are not asked whether they come.
    expect((await homeOf(host)).asked).toEqual([]);
    expect((await homeOf(host)).coming?.rows).toHaveLength(1);
  });

  it('asks nobody again who has been, or goes, to one date of a series where one is enough', async () => {
    const { bot, ana, ben, host } = company;
    const weekly = { firstDay: '2027-03-02', rhythm: { kind: 'weekly' as const, every: 1 }, ending: { count: 2 } };
    const series = await aSeries(bot, { hostId: host.id, requirement: 'once', plan: weekly });
    expect((await homeOf(ana)).asked).toHaveLength(2);
    await bot.as(ana).press({ id: 'seminars.going', payload: { dateId: (await theFirstDate(bot, series.id)).id } });
    expect((await homeOf(ana)).asked).toEqual([]);
    expect((await homeOf(ben)).asked).toHaveLength(2);
  });

  it('leaves out what nobody has to decide yet, what one can’t come to, and what is for others', async () => {
    const { bot, ana, ben, host } = company;
    await aSeries(bot, { hostId: host.id, plan: { ...ONE, firstDay: '2027-04-13' } });
    const refused = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id, title: 'Not for me', plan: ONE })).id);
    await bot.as(ana).press({ id: 'seminars.cant', payload: { dateId: refused.id } });
    await aSeries(bot, { hostId: host.id, audience: { kind: 'people', personIds: [ben.id] }, plan: { ...ONE, minutes: 700 } });
    const { coming, asked } = await homeOf(ana);
    expect([coming, asked]).toEqual([undefined, []]);
    expect((await homeOf(ben)).asked).toHaveLength(2);
  });

  it('shows three dates at most', async () => {
    const { bot, ana, host } = company;
    const dates = await theDates(bot, (await aSeries(bot, { hostId: host.id })).id);
    for (const { id } of dates.slice(0, 5)) await bot.as(ana).press({ id: 'seminars.going', payload: { dateId: id } });
    expect((await homeOf(ana)).coming?.rows).toHaveLength(3);
  });

  it('leads everybody to the list, and managers to scheduling', async () => {
    const { ana, boss } = company;
    expect((await homeOf(ana)).here?.actions).toHaveLength(3);
    expect(idsOf((await homeOf(boss)).here as Card)).toContain('seminars.schedule_open');
    expect(idsOf((await homeOf(ana)).here as Card)).not.toContain('seminars.schedule_open');
  });

  it('tells managers alone of seminars that are announced nowhere', async () => {
    const { bot, ana, boss, host } = company;
    await aSeries(bot, { hostId: host.id });
    expect((await homeOf(boss)).managers).toBeUndefined();
    await database.db.organisation.updateMany({ data: { announcementsChannelId: null } });
    expect(keysIn((await homeOf(boss)).managers?.lead)).toEqual(['seminars.home.unannounced']);
    expect((await homeOf(ana)).managers).toBeUndefined();
  });
});

describe('A host who leaves', () => {
  it('is told to managers once, and stands on their App Home until somebody else hosts', async () => {
    const { bot, boss, owner, ana, host } = company;
    const series = await aSeries(bot, { hostId: host.id, plan: { ending: { count: 3 } } });
    const [first] = await theDates(bot, series.id);
    const told = (person: BuiltPerson) =>
      bot.messagesTo(person).filter(({ card }) => keysIn(card.title)[0] === 'seminars.host_missing.title');
    await bot.runDue();
    expect(told(boss)).toHaveLength(0);
    await leave(host);
    await bot.runDue();
    bot.clock.forward({ days: 1 });
    await bot.runDue();
    expect([told(boss).length, told(owner).length, told(ana).length]).toEqual([1, 1, 0]);
    const [message] = told(boss);
    expect(message?.card.rows).toHaveLength(1);
    expect(message?.card.rows?.[0]?.action?.ref).toEqual({ id: 'seminars.follow_open', payload: { dateId: first?.id } });
    expect((await homeOf(boss)).managers?.rows).toHaveLength(1);

    await database.db.seminarDate.updateMany({ data: { hostId: ana.id } });
    expect((await homeOf(boss)).managers).toBeUndefined();
  });

  it('who stood in for one date only is replaced at that date, and not at the series', async () => {
    const { bot, boss, ana, host } = company;
    const [, second] = await theDates(bot, (await aSeries(bot, { hostId: host.id, plan: { ending: { count: 3 } } })).id);
    await database.db.seminarDate.updateMany({ where: { id: second?.id ?? '' }, data: { hostId: ana.id } });
    await leave(ana);
    const row = (await homeOf(boss)).managers?.rows?.[0];
    expect(row?.action?.ref).toEqual({ id: 'seminars.change_open', payload: { dateId: second?.id } });
  });

  it('who is replaced before it goes out, or whose dates are over, is no news', async () => {
    const { bot, boss, host, ana } = company;
    await aSeries(bot, { hostId: host.id, plan: ONE });
    // At night: the message waits for the working hours.
    bot.clock.to('2027-03-02T22:00:00Z');
    await leave(host);
    await bot.runDue();
    await database.db.seminarDate.updateMany({ data: { hostId: ana.id } });
    bot.clock.to('2027-03-03T09:00:00Z');
    await bot.runDue();
    expect(bot.messagesTo(boss).flatMap(({ card }) => keysIn(card.title))).not.toContain('seminars.host_missing.title');
    expect(await database.db.delivery.count({ where: { message: 'seminars.host_missing', lastError: 'settled' } })).toBeGreaterThan(0);
  });
});
