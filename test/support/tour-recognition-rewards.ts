import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import type { BuiltPerson } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import { award, redeemAs, rewardValues } from './rewards.js';
import { buttonsOf, cardsOf, fileOf, hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Rewards are kept, redeemed, approved, rejected, cancelled and handed over, with words and names of the worst sort. */
export async function tourRewards({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  const { db } = database;
  const boss = await bot.person({ platform, name: hostileName(1), role: 'manager' });
  const lead = await bot.person({ platform, name: hostileName(2), role: 'manager' });
  const [ana, ben] = [
    await bot.person({ platform, name: hostileName(3), lineManager: lead }),
    await bot.person({ platform, name: hostileName(4), lineManager: lead }),
  ];
  const hands = bot.as(boss);
  const add = async (values: FormValues): Promise<Answer> =>
    await hands.submit(await hands.command('kudos rewards add'), rewardValues(lead, values));
  const full = {
    description: hostile(500),
    emoji: '☕',
    picture: [fileOf('a.png', PNG)],
    stock: '1 000 000',
    limit: '9',
    money: '10000000.00',
  };
  await press(boss, [await hands.command('kudos rewards'), await hands.command('kudos rewards manage')]);
  for (let index = 0; index < 9; index++) {
    await add({
      name: `${index} ${hostile(55)}`.slice(0, 58),
      price: String(index + 1),
      approval: index % 2 === 0,
      ...(index < 8 ? full : {}),
    });
  }
  await add({
    name: hostile(200),
    price: hostile(12),
    stock: hostile(12),
    limit: '0',
    money: hostile(20),
    emoji: hostile(9),
    fulfiller: [],
  });
  await add({ description: hostile(900), fulfiller: [{ by: 'typed', typed: hostile(100) }], picture: [fileOf(hostile(20), hostile(50))] });
  await add({ audience: 'people', people: [{ by: 'typed', typed: hostile(100) }], fulfiller: [hintOf(boss), hintOf(lead)] });
  for (const text of ['', 'mine', 'open', 'manage', 'add', 'picture', `picture ${hostile(60)}`, hostile(100)]) {
    for (const person of [boss, ana]) await bot.as(person).command(`kudos rewards ${text}`, { files: [fileOf('a.png', 'no picture')] });
  }

  for (const person of [ana, ben, boss]) await award(bot, person, 1_000_000);
  const rewards = await db.reward.findMany({ orderBy: { price: 'asc' } });
  for (const reward of rewards) await redeemAs(bot, ana, reward.id);
  for (const reward of rewards.slice(0, 2)) await redeemAs(bot, ben, reward.id);
  await bot.runDue();
  await press(
    ana,
    [await bot.as(ana).command('kudos rewards'), await bot.as(ana).home()],
    ['recognition.redemption_cancel', 'recognition.redeem'],
  );
  const deciding = ['recognition.redemption_approve', 'recognition.away_end'];
  for (const person of [boss, lead]) {
    const shown = [await bot.as(person).home(), await bot.as(person).command('kudos rewards open'), ...lying(person)];
    await press(person, shown, deciding);
  }

  // Decided, and handed over, with words that a platform could misread.
  const of = async (person: BuiltPerson, state: 'requested' | 'approved') =>
    await db.redemption.findMany({ where: { personId: person.id, state }, orderBy: { id: 'asc' } });
  const [first, second, third] = await of(ana, 'requested');
  const act = async (person: BuiltPerson, verb: string, redemptionId = '', more: object = {}) =>
    await bot.as(person).press({ id: `recognition.redemption_${verb}`, payload: { redemptionId, ...more } });
  await act(lead, 'approve', first?.id);
  await act(ana, 'approve', second?.id);
  const refusing = await act(lead, 'refuse', second?.id, { from: 'requested' });
  await bot.as(lead).submit(refusing, { reason: hostile(600) });
  await bot.as(lead).submit(refusing, { reason: hostile(480) });
  await act(ana, 'cancel', third?.id);
  const cancelling = await act(lead, 'refuse', first?.id, { from: 'approved' });
  await bot.as(lead).submit(cancelling, { reason: hostile(480) });
  for (const [index, { id }] of (await of(ana, 'approved')).entries()) {
    const form = await act(lead, 'hand_over', id);
    await bot.as(lead).submit(form, { note: hostile(600), code: hostile(300) });
    await bot.as(lead).submit(form, index === 0 ? { code: hostile(190) } : { note: hostile(480), code: hostile(190) });
    await act(ana, 'code', id);
  }
  await bot.runDue();
  await refreshAll();
  for (const person of [ana, lead, boss]) await press(person, lying(person), deciding);

  // Away, with a deputy, and back again.
  const leaving = await bot.as(lead).press({ id: 'recognition.away', payload: {} });
  await bot.as(lead).submit(leaving, { until: '2020-01-01', deputy: [{ by: 'typed', typed: hostile(100) }] });
  await bot.as(lead).submit(leaving, { until: '2027-03-12', deputy: [hintOf(ben)] });
  await bot.as(lead).command(`kudos away 2027-03-12 ${hostile(60)}`);
  await bot.runDue();
  const away = await bot.as(lead).command('kudos away');
  if (
    !cardsOf(away)
      .flatMap(buttonsOf)
      .some((button) => button.id === 'recognition.away_end')
  )
    throw new Error('Nobody is away.');
  await press(lead, [away]);
  for (const report of ['movements', 'redemptions', 'values 2027', hostile(40)]) await hands.command(`kudos export ${report}`);
  await db.person.updateMany({ where: { id: ben.id }, data: { status: 'left' } });
  await bot.runDue();
  await refreshAll();
  await press(boss, [await hands.command('kudos rewards manage'), await hands.command('kudos rewards open')]);
}
