import { aChannel } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import { aSeries, theDates } from './seminar-company.js';
import { hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Dates are changed, cancelled and added, one by one and all that follow, with words and names of the worst sort. */
export async function tourChanging({ bot, database, platform, refreshAll }: Stage): Promise<void> {
  const { db } = database;
  const someone = async (index: number, role: 'employee' | 'manager' = 'employee') =>
    await bot.person({ platform, name: hostileName(index), role, email: `change${index}@example.com` });
  const [boss, host, ana] = [await someone(1, 'manager'), await someone(2), await someone(3)];
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(70), members: [boss, host, ana] });
  await db.organisation.update({ where: { id: bot.organisation.id }, data: { announcementsChannelId: channel.id } });
  const series = await aSeries(bot, {
    hostId: host.id,
    title: hostile(100),
    place: hostile(150),
    link: 'https://meet.example.com/a?b=c&d=<e>',
  });
  const dates = await theDates(bot, series.id);
  const [first, second, third] = dates;
  if (!first || !second || !third) throw new Error('A series of a year has more than two dates.');
  const hands = bot.as(boss);
  const press = async (verb: string, dateId: string) => await hands.press({ id: `seminars.${verb}`, payload: { dateId } });
  for (const { id } of dates) await bot.as(ana).press({ id: 'seminars.going', payload: { dateId: id } });

  const changing = await press('change_open', first.id);
  await hands.submit(changing, { day: hostile(30), time: hostile(20), length: hostile(9), link: hostile(90), capacity: hostile(6) });
  const values = { time: '15:30', length: '90', reason: hostile(900), place: hostile(180), title: hostile(110) };
  await hands.submit(changing, { ...values, day: '2027-03-11', host: [hintOf(ana)], capacity: '12' });
  const adding = await hands.press({ id: 'seminars.add_open', payload: { seriesId: series.id } });
  await hands.submit(adding, { day: '' });
  await hands.submit(adding, { ...values, day: '2027-03-18' });
  await bot.runDue();
  await refreshAll();

  const following = await press('follow_open', second.id);
  if (following.kind !== 'form') throw new Error(`No form: ${JSON.stringify(following)}`);
  const cancelling = await press('cancel_open', second.id);
  await hands.submit(cancelling, { scope: 'one', reason: '' });
  await hands.submit(cancelling, { scope: 'one', reason: hostile(900) });
  await bot.runDue();
  await hands.submit(await press('cancel_open', third.id), { scope: 'following', reason: hostile(900) });
  await bot.runDue();
  await refreshAll();
}
