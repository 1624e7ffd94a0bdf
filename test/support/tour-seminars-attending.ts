import { recapReady } from '../../src/features/seminars/attending/catch-up.js';
import { codeOf } from '../../src/features/seminars/attending/code.js';
import { findDate } from '../../src/features/seminars/store-dates.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import { aSeries, contextOf, theFirstDate } from './seminar-company.js';
import { hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

const EXTRAS = { place: hostile(200), link: `https://meet.example.com/?q=${'x'.repeat(400)}&a=<b>` } as const;

/** What leads to other parts, which have stories of their own. */
const ELSEWHERE = ['seminars.date', 'seminars.afterwards', 'seminars.list', 'seminars.mine', 'handbook.mine'];

type Bot = Stage['bot'];

/** Writes a date's recap, as the agenda's form does. */
async function writeRecap(bot: Bot, dateId: string, recap: string): Promise<void> {
  const context = await contextOf(bot);
  await inTransaction(bot.work.db, async (tx) => {
    await tx.seminarDate.updateMany({ where: { organisationId: bot.organisation.id, id: dateId }, data: { recap } });
    const date = await findDate(tx, bot.organisation.id, dateId);
    if (date) await recapReady(context, tx, date, bot.clock.now());
  });
}

/** Says what somebody thinks of a date, in words of the worst sort. */
async function say(bot: Bot, person: BuiltPerson, dateId: string, useful: string): Promise<void> {
  const form = await bot.as(person).press({ id: 'seminars.say_open', payload: { dateId } });
  if (form.kind === 'form') await bot.as(person).submit(form, { useful, change: hostile(1_000) });
}

/** People check in, are corrected, make up for what they missed and say what they think; then all of it is reported. */
export async function tourAttending({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  const { db } = database;
  const someone = async (index: number, role: 'employee' | 'owner' = 'employee') =>
    await bot.person({ platform, name: hostileName(index), role });
  const [boss, host] = [await someone(1, 'owner'), await someone(2)];
  const guests = await Promise.all(Array.from({ length: 8 }, (_, index) => someone(index + 3)));
  const [late, missing, excused] = await Promise.all([11, 12, 13].map((index) => someone(index)));
  if (!late || !missing || !excused) throw new Error('Three people were made.');
  Object.assign(bot.work, { chatLinks: { toBot: () => 'https://chat.example.com/bot?message=seminar%20here' } });
  const team = {
    organisationId: bot.organisation.id,
    id: '01949c2e-0000-7000-8000-00000000000a',
    name: hostile(80),
    createdAt: bot.clock.now(),
  };
  await db.team.create({ data: team });
  await db.person.updateMany({ where: { id: { in: guests.map(({ id }) => id) } }, data: { teamId: team.id } });
  const series = await aSeries(bot, { ...EXTRAS, hostId: host.id, title: hostile(120), requirement: 'every', capacity: 9 });
  await aSeries(bot, { hostId: host.id, title: `2 ${hostile(110)}` });
  const { id: dateId } = await theFirstDate(bot, series.id);
  const code = codeOf(bot.work.vault, dateId);
  const act = async (person: BuiltPerson, verb: string, more: object = {}) =>
    await bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId, ...more } });
  for (const person of [...guests, late]) await act(person, 'going');
  const hands = bot.as(host);
  const [guest] = guests;
  if (!guest) throw new Error('Eight guests were made.');

  for (const verb of ['here', 'say_open', 'recap', 'read_recap', 'code', 'correct_open']) await act(guest, verb);
  for (const text of ['', code, hostile(90), '123']) {
    await bot.as(guest).command(`seminar here ${text}`);
    await bot.as(guest).command(`seminar checkin ${text}`);
  }
  bot.clock.to('2027-03-09T07:45:00Z');
  await bot.runDue();
  await press(host, lying(host), ELSEWHERE);
  await bot.as(guest).command('seminar here');
  for (let times = 0; times < 6; times++) await bot.as(excused).command(`seminar here ${Number(code) === 1 ? '000002' : '000001'}`);
  for (const person of guests.slice(0, 6)) await act(person, 'here');
  bot.clock.to('2027-03-09T08:20:00Z');
  await bot.as(late).command(`seminar checkin ${code}`);
  await bot.as(late).command(`seminar here ${code}`);
  await refreshAll();

  const adding = await act(host, 'correct_open');
  await hands.submit(adding, { person: [{ by: 'typed', typed: hostile(100) }], standing: hostile(20) });
  await hands.submit(adding, { person: [{ by: 'typed', typed: hostile(100) }], standing: 'present' });
  await hands.submit(adding, { person: [hintOf(excused)], standing: 'excused' });
  for (const [person, standing] of [
    [guests[6], 'late_left_early'],
    [guests[7], 'left_early'],
  ] as const) {
    if (person) await hands.submit(await act(host, 'correct_open', { personId: person.id }), { standing });
  }
  bot.clock.to('2027-03-09T09:00:00Z');
  await bot.runDue();
  await refreshAll();
  const material = { kind: 'text' as const, title: hostile(120), content: hostile(900), addedById: host.id, addedAt: bot.clock.now() };
  await db.seminarMaterial.create({
    data: { ...material, organisationId: bot.organisation.id, id: '01949c2e-0000-7000-8000-00000000000b', dateId },
  });
  await act(missing, 'recap');
  await writeRecap(bot, dateId, hostile(3_000));
  await bot.runDue();
  await bot.as(missing).home();
  const form = await act(guest, 'say_open');
  await bot.as(guest).submit(form, { useful: hostile(9), change: hostile(20) });
  for (const [index, person] of guests.entries()) {
    await say(bot, person, dateId, String((index % 5) + 1));
    if (index === 1) await act(host, 'opinions');
  }
  await act(guest, 'say_open');
  bot.clock.to('2027-03-15T09:00:00Z');
  await bot.runDue();
  await refreshAll();
  for (const person of [missing, guest, host]) await press(person, lying(person), ELSEWHERE);
  await bot.runDue();
  await refreshAll();
  // Whoever has not read the recap in time.
  bot.clock.to('2027-03-17T09:00:00Z');
  await bot.runDue();
  await refreshAll();
  await act(late, 'recap');
  const report = [await bot.as(boss).command('seminar report'), await bot.as(boss).command(`seminar report ${hostile(90)}`)];
  await bot.as(boss).command('seminar report a');
  await press(boss, [...report, await bot.as(boss).command('bellhop record', { mention: missing })], ELSEWHERE);
  await press(host, [await act(host, 'people', { offset: 0 }), await act(host, 'opinions')], ELSEWHERE);
}

/** Recaps, questions and summaries on days on which one message is all: they go out as one. */
export async function tourAttendingMerged({ bot, database, platform, refreshAll }: Stage): Promise<void> {
  const { db } = database;
  const host = await bot.person({ platform, name: hostileName(1) });
  const guests = await Promise.all(Array.from({ length: 5 }, (_, index) => bot.person({ platform, name: hostileName(index + 2) })));
  const missing = await bot.person({ platform, name: hostileName(9) });
  await db.organisation.update({ where: { id: bot.organisation.id }, data: { dailyCap: 1 } });
  const dates: string[] = [];
  for (let index = 0; index < 3; index++) {
    const series = await aSeries(bot, { hostId: host.id, title: `${index} ${hostile(110)}`, requirement: 'every' });
    dates.push((await theFirstDate(bot, series.id)).id);
  }
  bot.clock.to('2027-03-09T08:00:00Z');
  await bot.runDue();
  for (const dateId of dates) {
    for (const person of guests) await bot.as(person).press({ id: 'seminars.here', payload: { dateId } });
    await writeRecap(bot, dateId, hostile(400));
  }
  bot.clock.to('2027-03-10T09:00:00Z');
  await bot.runDue();
  await refreshAll();
  for (const dateId of dates) for (const person of guests) await say(bot, person, dateId, '4');
  await bot.as(missing).home();
  bot.clock.to('2027-03-15T09:00:00Z');
  await bot.runDue();
  await refreshAll();
}
