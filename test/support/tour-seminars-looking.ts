import { hostile, hostileName } from './hostile.js';
import { aSeries, theDates } from './seminar-company.js';
import type { Stage } from './tour.js';

/** Buttons of cards here that belong to other parts' stories. */
const OTHERS = [
  ...['schedule_open', 'change_open', 'follow_open', 'cancel_open', 'topic_open', 'say_open', 'agenda', 'afterwards', 'people', 'code'],
  ...['opinions', 'series', 'report', 'recap', 'going', 'maybe', 'cant', 'here'],
].map((verb) => `seminars.${verb}`);

/** Lists, one's own dates, single dates at every hour of theirs, calendars and App Home, with words of the worst sort. */
export async function tourLooking({ bot, database, platform, refreshAll, press }: Stage): Promise<void> {
  const { db } = database;
  const organisationId = bot.organisation.id;
  const someone = async (index: number, role: 'employee' | 'manager' = 'employee') =>
    await bot.person({ platform, name: hostileName(index), role, email: `look${index}@example.com` });
  const [boss, host, other, ana] = [await someone(1, 'manager'), await someone(2), await someone(3), await someone(4)];
  const worst = {
    hostId: host.id,
    title: hostile(120),
    purpose: hostile(1_000),
    place: hostile(200),
    link: `https://meet.example.com/?q=${'x'.repeat(400)}&a=<b>`,
    preReading: hostile(1_000),
    requirement: 'every' as const,
    capacity: 1,
  };
  const series = await aSeries(bot, worst);
  await aSeries(bot, {
    ...worst,
    hostId: other.id,
    requirement: 'once',
    preReading: 'https://read.example.com/?<>',
    plan: { minutes: 700 },
  });
  const dates = await theDates(bot, series.id);
  const [first, second] = dates;
  if (!first || !second) throw new Error('A series of a year has more than one date.');
  const answer = async (person: typeof ana, verb: string, dateId: string) =>
    await bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId } });
  const look = async (person: typeof ana) => {
    const commands = ['seminar', 'seminar list', 'seminar mine', 'seminar calendar'].map((typed) => bot.as(person).command(typed));
    await press(person, [...(await Promise.all(commands)), await bot.as(person).home()], OTHERS);
  };
  for (const person of [boss, host, ana]) await look(person);
  for (const { id } of dates) await answer(host, 'going', id);
  for (const { id } of dates) await answer(ana, 'going', id);
  await bot.runDue();
  await look(host);
  await answer(host, 'cant', first.id);
  await bot.as(boss).submit(await answer(boss, 'cancel_open', second.id), { scope: 'one', reason: hostile(900) });
  await bot.runDue();

  const caughtUp = { organisationId, personId: ana.id, createdAt: bot.clock.now(), dueAt: bot.clock.now() };
  await db.seminarCatchUp.createMany({
    data: [
      { ...caughtUp, dateId: first.id, state: 'open' },
      { ...caughtUp, dateId: second.id, state: 'waiting' },
    ],
  });
  for (const minutes of [-10, 10, 31, 61]) {
    bot.clock.to(new Date(first.startsAt.getTime() + minutes * 60_000));
    for (const person of [boss, ana]) {
      for (const { id } of [first, second]) await answer(person, 'date', id);
    }
  }
  await look(ana);
  // From a card of the time when Bellhop had an address of its own.
  await bot.as(ana).press({ id: 'seminars.feed_renew', payload: {} });
  await db.person.updateMany({ where: { id: { in: [host.id, other.id] } }, data: { status: 'left', leftAt: bot.clock.now() } });
  await bot.runDue();
  await refreshAll();
  await look(boss);
}

/** Two hosts leave on a full day: both are told in one message. */
export async function tourHostsMissing({ bot, database, platform }: Stage): Promise<void> {
  const { db } = database;
  const boss = await bot.person({ platform, name: hostileName(1), role: 'manager', email: 'boss@example.com' });
  for (let index = 2; index < 5; index++) {
    const host = await bot.person({ platform, name: hostileName(index), email: `host${index}@example.com` });
    await aSeries(bot, { hostId: host.id, title: `${index} ${hostile(110)}`, plan: { minutes: 600 + index } });
    await db.person.updateMany({ where: { id: host.id }, data: { status: 'left', leftAt: bot.clock.now() } });
  }
  await db.organisation.updateMany({ data: { dailyCap: 1 } });
  await bot.runDue();
  bot.clock.to('2027-03-02T08:00:00Z');
  await bot.runDue();
  if (bot.messagesTo(boss).length === 0) throw new Error('Nobody was told.');
}
