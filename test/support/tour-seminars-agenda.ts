import { addSuggestions } from '../../src/features/seminars/agenda/store-items.js';
import { inTransaction } from '../../src/people/db.js';
import { aChannel, type BuiltPerson } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import { aSeries, theFirstDate } from './seminar-company.js';
import { fileOf, hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** What leads to other parts, which have stories of their own, and what would end this one early. */
const ELSEWHERE = ['date', 'item_take', 'item_leave', 'item_up', 'material_remove', 'material_move', 'task_done', 'task_drop'].map(
  (verb) => `seminars.${verb}`,
);

interface Company {
  readonly boss: BuiltPerson;
  readonly host: BuiltPerson;
  readonly ana: BuiltPerson;
  readonly ben: BuiltPerson;
  readonly dateId: string;
}

async function company({ bot, database, platform }: Stage, dailyCap: number): Promise<Company> {
  const { db } = database;
  const someone = async (index: number) =>
    await bot.person({
      platform,
      name: hostileName(index),
      role: index === 1 ? 'manager' : 'employee',
      email: `agenda${index}@example.com`,
    });
  const [boss, host, ana, ben] = [await someone(1), await someone(2), await someone(3), await someone(4)];
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(70), members: [boss, host, ana, ben] });
  await db.organisation.update({ where: { id: bot.organisation.id }, data: { announcementsChannelId: channel.id, dailyCap } });
  const series = await aSeries(bot, { hostId: host.id, title: hostile(120), purpose: hostile(1_000) });
  return { boss, host, ana, ben, dateId: (await theFirstDate(bot, series.id)).id };
}

/** Topics, quotes, materials, minutes and action items with words of the worst sort, from the proposal to what is done. */
export async function tourAgenda(stage: Stage): Promise<void> {
  const { bot, database, refreshAll, press, lying } = stage;
  const { db } = database;
  const { boss, host, ana, ben, dateId } = await company(stage, 50);
  const act = async (person: BuiltPerson, verb: string, more: Record<string, string | number> = {}) =>
    await bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId, ...more } });
  const topic = async (person: BuiltPerson, values: { topic: string; why?: string }) =>
    await bot.as(person).submit(await act(person, 'topic_open'), values);
  await bot.runDue();
  for (let index = 0; index < 4; index++) await topic(ana, { topic: `${index} ${hostile(190)}`, why: hostile(490) });
  for (let index = 0; index < 16; index++) await topic(host, { topic: `host ${index} ${hostile(180)}` });
  await topic(ana, { topic: hostile(900), why: hostile(900) });
  await inTransaction(db, async (tx) => {
    const unknown = { position: 90, source: hostile(20), key: 'clause:1', state: 'accepted' as const };
    await addSuggestions(tx, bot.organisation.id, dateId, [unknown], bot.clock.now());
  });
  await bot.runDue();
  for (const person of [host, ana]) {
    const shown = [await act(person, 'agenda', { offset: 0 }), await bot.as(person).home(), ...lying(person)];
    await press(person, shown, ELSEWHERE);
  }
  const proposed = await db.seminarAgendaItem.findMany({ where: { state: 'proposed' }, orderBy: { position: 'asc' } });
  for (const [index, { id: itemId }] of proposed.entries()) {
    if (index < 2) await act(host, 'item_take', { itemId, from: 'proposed' });
    else {
      const leaving = await act(host, 'item_leave', { itemId, from: 'proposed' });
      await bot.as(host).submit(leaving, { answer: hostile(900) });
      await bot.as(host).submit(leaving, { answer: hostile(490) });
    }
    await act(host, 'item_up', { itemId });
  }
  await bot.runDue();
  await press(host, [await act(host, 'agenda', { offset: 14 })], ELSEWHERE);

  // It is over: what stays of it.
  bot.clock.to('2027-03-09T09:30:00Z');
  await bot.runDue();
  const fill = async (person: BuiltPerson, verb: string, ...values: Record<string, unknown>[]) => {
    const form = await act(person, `${verb}_open`);
    for (const typed of values) await bot.as(person).submit(form, typed as never);
  };
  await fill(host, 'notes', { notes: hostile(4_000) }, { notes: hostile(2_990), recap: hostile(2_990) });
  const link = `https://example.com/?${'x'.repeat(440)}&<b>`;
  await fill(
    host,
    'material',
    { title: hostile(200) },
    { title: hostile(110), link: 'javascript:alert(1)' },
    { title: hostile(110), link },
  );
  await fill(host, 'material', { title: hostile(110), text: hostile(2_990) });
  await fill(boss, 'material', { file: [fileOf(`${hostile(150)}.txt`, hostile(500))] });
  for (const text of ['', hostile(300)]) {
    for (const person of [host, ana, boss]) {
      await bot.as(person).command(`seminar material ${text}`, { files: text === '' ? [] : [fileOf('a.txt', hostile(90))] });
    }
  }
  const given = { words: hostile(290), owner: [hintOf(ana)], due: '2027-03-10' };
  await fill(host, 'task', { words: hostile(900), owner: [{ by: 'typed', typed: hostile(100) }], due: hostile(20) });
  for (let index = 0; index < 9; index++) await fill(host, 'task', { ...given, words: `${index} ${hostile(280)}` });
  await fill(host, 'task', { ...given, owner: [hintOf(ben)] });
  bot.clock.to('2027-03-10T09:00:00Z');
  await bot.runDue();
  bot.clock.to('2027-03-15T09:00:00Z');
  await bot.runDue();
  await refreshAll();
  for (const person of [host, ana, boss]) {
    const shown = [await act(person, 'afterwards'), await bot.as(person).command('seminar tasks'), await bot.as(person).home()];
    await press(person, [...shown, ...lying(person)], ELSEWHERE);
  }
  const tasks = await db.seminarTask.findMany({ where: { ownerId: ana.id }, orderBy: { id: 'asc' } });
  const [first, second, third] = tasks.map((task) => task.id);
  await bot.as(ana).submit(await act(ana, 'task_day_open', { taskId: first ?? '' }), { due: '2027-13-01' });
  await bot.as(ana).submit(await act(ana, 'task_day_open', { taskId: first ?? '' }), { due: '2027-03-20' });
  await act(ana, 'task_done', { taskId: second ?? '' });
  await act(host, 'task_drop', { taskId: third ?? '' });
  await db.person.updateMany({ where: { id: ben.id }, data: { status: 'left' } });
  await bot.runDue();
  await refreshAll();
  await press(host, lying(host), ELSEWHERE);
  const materials = await db.seminarMaterial.findMany({ orderBy: { addedAt: 'asc' } });
  for (const { id: materialId } of materials.slice(0, 2)) {
    await act(host, 'material_move', { materialId });
    await act(host, 'material_remove', { materialId });
  }
}

/** News of topics and action items on a full day: merged into one message. */
export async function tourAgendaMerged(stage: Stage): Promise<void> {
  const { bot, database } = stage;
  const { db } = database;
  const { host, ana, ben, dateId } = await company(stage, 1);
  const act = async (person: BuiltPerson, verb: string, payload: Record<string, string>) =>
    await bot.as(person).press({ id: `seminars.${verb}`, payload });
  const topic = async (person: BuiltPerson, start: string) =>
    await bot.as(person).submit(await act(person, 'topic_open', { dateId }), { topic: `${start} ${hostile(180)}` });
  const task = async (words: string, owner: BuiltPerson, due: string) => {
    await bot.as(host).submit(await act(host, 'task_open', { dateId }), { words: `${words} ${hostile(270)}`, owner: [hintOf(owner)], due });
    return await db.seminarTask.findFirstOrThrow({ where: { words: { startsWith: words } } });
  };
  /** Weeks without a tick: everything that has come due until then comes at once. */
  const later = async (instant: string) => {
    bot.clock.to(instant);
    await bot.runDue();
  };
  await topic(ana, 'one');
  const item = await db.seminarAgendaItem.findFirstOrThrow();
  await act(host, 'item_take', { itemId: item.id, from: 'proposed' });
  const old = await task('old', ana, '2027-03-02');
  await task('new', ana, '2027-03-05');
  // Ana: what became of the topic, and what is given.
  await later('2027-03-01T09:00:00Z');
  await later('2027-03-02T09:00:00Z');
  // Ana: asked about both. The host: still open, done, left, and a topic.
  await topic(ana, 'two');
  await topic(ben, 'three');
  const left = await task('left', ben, '2027-03-05');
  await act(ana, 'task_done', { taskId: (await task('done', ana, '2027-03-05')).id });
  await db.person.updateMany({ where: { id: left.ownerId }, data: { status: 'left' } });
  await db.seminarTask.updateMany({ where: { id: old.id }, data: { nextAskAt: bot.clock.now(), askedCount: 1 } });
  await later('2027-03-05T09:00:00Z');
  await later('2027-03-08T09:00:00Z');
}
