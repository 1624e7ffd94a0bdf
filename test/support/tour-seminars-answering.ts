import { putOnNext } from '../../src/features/seminars/answering/put-on.js';
import { inTransaction } from '../../src/people/db.js';
import { aChannel } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import { aSeries, contextOf, theDates, theFirstDate } from './seminar-company.js';
import type { Stage } from './tour.js';

const EXTRAS = { place: hostile(200), link: `https://meet.example.com/?q=${'x'.repeat(400)}&a=<b>`, preReading: hostile(1_000) } as const;

/** What leads to other parts, which have stories of their own. */
const ELSEWHERE = [
  'seminars.date',
  'seminars.calendar',
  'seminars.topic_open',
  'seminars.list',
  'seminars.here',
  'seminars.code',
  'seminars.people',
];

/** Dates are announced, answered, reminded of, waited for and cancelled, with words of the worst sort everywhere. */
export async function tourAnswering({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  const { db } = database;
  const someone = async (index: number) =>
    await bot.person({
      platform,
      name: hostileName(index),
      role: index === 1 ? 'manager' : 'employee',
      email: `answer${index}@example.com`,
    });
  // The fifth one never answers, and is asked once.
  const people = [await someone(1), await someone(2), await someone(3), await someone(4), await someone(5)] as const;
  const [boss, host, ana, ben] = people;
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(70), members: [...people] });
  await db.organisation.update({ where: { id: bot.organisation.id }, data: { announcementsChannelId: channel.id } });
  const series = await aSeries(bot, {
    ...EXTRAS,
    hostId: host.id,
    title: hostile(120),
    purpose: hostile(1_000),
    capacity: 1,
    requirement: 'every',
  });
  const { id: dateId } = await theFirstDate(bot, series.id);
  const act = async (person: typeof ana, verb: string, of = dateId) =>
    await bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId: of } });
  const [, second] = await theDates(bot, series.id);
  if (!second) throw new Error('A series of a year has more than one date.');
  const context = await contextOf(bot);
  const now = bot.clock.now();
  for (const [of, person] of [
    [series, boss],
    [second, ben],
  ] as const) {
    await inTransaction(db, (tx) => putOnNext(context, tx, of, person.id, 'series' in of ? of.startsAt : second.startsAt, now));
  }
  await bot.runDue();
  for (const verb of ['going', 'going', 'maybe', 'cant', 'going']) await act(ana, verb);
  for (const verb of ['going', 'cant', 'going']) await act(ben, verb);
  await bot.runDue();
  await act(ana, 'cant');
  await bot.runDue();
  await refreshAll();
  const cards = bot.messagesIn(channel).map((message) => message.card);
  await press(boss, cards.slice(0, 1), ELSEWHERE);

  // A week before, in the last hour, under way, over.
  for (const instant of [
    '2027-03-02T08:00:00Z',
    '2027-03-09T07:30:00Z',
    '2027-03-09T07:50:00Z',
    '2027-03-09T08:01:00Z',
    '2027-03-09T10:00:00Z',
  ]) {
    bot.clock.to(instant);
    await bot.runDue();
    for (const verb of ['going', 'maybe']) await act(boss, verb);
    await refreshAll();
  }
  await press(ben, lying(ben), ELSEWHERE);
  await act(ana, 'going', second.id);
  await db.seminarDate.updateMany({ where: { id: second.id }, data: { state: 'cancelled', cancelWords: hostile(1_000), sequence: 1 } });
  for (const verb of ['going', 'maybe', 'cant']) await act(ana, verb, second.id);
  await refreshAll();
}

/** Reminders, requests to answer and places kept on a day on which one message is all: they go out as one. */
export async function tourAnsweringMerged({ bot, database, platform, refreshAll }: Stage): Promise<void> {
  const { db } = database;
  const [host, ana] = [await bot.person({ platform, name: hostileName(1) }), await bot.person({ platform, name: hostileName(2) })];
  await db.organisation.update({ where: { id: bot.organisation.id }, data: { dailyCap: 1 } });
  const context = await contextOf(bot);
  const series = [];
  for (let index = 0; index < 6; index++)
    series.push(await aSeries(bot, { ...EXTRAS, hostId: host.id, title: `${index} ${hostile(110)}` }));
  for (const [index, one] of series.entries()) {
    const date = await theFirstDate(bot, one.id);
    if (index < 2) await bot.as(ana).press({ id: 'seminars.going', payload: { dateId: date.id } });
  }
  bot.clock.to('2027-03-02T08:00:00Z');
  const now = bot.clock.now();
  for (const [index, one] of series.slice(4).entries()) {
    const first = await theFirstDate(bot, one.id);
    await inTransaction(db, (tx) => putOnNext(context, tx, index === 0 ? one : first, ana.id, now, now));
  }
  await bot.runDue();
  await refreshAll();
}
