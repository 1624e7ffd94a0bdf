import { expect, it } from 'vitest';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { keysIn, testBot } from '../support/test-bot.js';

const database = useDatabase();

// Spring is in test/features/handbook-reminders.test.ts. In 2027 Riga goes back to winter time on 31 October, New York on 7 November.
it('reminders in autumn: at ten of each person’s clock, and after three days of standstill only the latest stage', async () => {
  const bot = await testBot({ now: '2027-10-27T09:00:00Z', database });
  const boss = await bot.person({ name: 'Boss', role: 'manager', zone: 'Europe/Riga' });
  const riga = await bot.person({ name: 'Rita', zone: 'Europe/Riga' });
  const york = await bot.person({ name: 'York', zone: 'America/New_York' });
  const draft = await bot.as(boss).submit(await bot.as(boss).command('handbook publish'), {
    title: 'Rules',
    text: 'Smile.',
    audience: 'role:employee',
    effective: '2027-10-27',
    due: '2027-11-05',
    statement: 'I will.',
  });
  await bot.as(boss).click('handbook.publish', draft);
  await bot.runDue();

  const heard = { riga: [] as string[], york: [] as string[] };
  const count = (person: BuiltPerson) => bot.messagesTo(person).length;
  const tick = async (at: string) => {
    bot.clock.to(`2027-${at}:00:00Z`);
    const before = { riga: count(riga), york: count(york) };
    await bot.runDue();
    for (const [name, person] of Object.entries({ riga, york }) as ['riga' | 'york', BuiltPerson][])
      for (let more = before[name]; more < count(person); more++) heard[name].push(at);
  };
  const days: readonly (readonly [date: string, hours: readonly string[]])[] = [
    ['10-29', ['06', '07', '13', '14']],
    ['11-04', ['07', '08', '13', '14']],
    ['11-05', ['08', '14']],
    ['11-08', ['07', '08', '14', '15']],
    // The bot stands still from Monday afternoon until Thursday noon.
    ['11-11', ['12', '14', '15']],
  ];
  for (const [date, hours] of days) for (const hour of hours) await tick(`${date}T${hour}`);

  // A week before, the day before, on the day, after the weekend; then the three days' latest, and the day after.
  expect(heard).toEqual({
    riga: ['10-29T07', '11-04T08', '11-05T08', '11-08T08', '11-11T12'],
    york: ['10-29T14', '11-04T14', '11-05T14', '11-08T15', '11-11T15'],
  });
  const said = bot.messagesTo(riga).map((message) => keysIn(message.posted)[0]);
  expect(said.slice(0, 4)).toEqual([
    'handbook.request.summary',
    'handbook.reminder.before_summary',
    'handbook.reminder.before_summary',
    'handbook.reminder.today_summary',
  ]);
  // What was passed over is on record: the Saturday and Sunday that Monday overtook, Tuesday and Wednesday.
  const skipped = await database.db.delivery.groupBy({ by: ['personId'], where: { state: 'skipped' }, _count: true });
  expect(skipped.map((row) => row._count)).toEqual([4, 4]);
}, 120_000);
