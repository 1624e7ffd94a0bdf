import { give } from '../../src/features/recognition/giving/give.js';
import { aChannel, type BuiltPerson } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import { buttonsOf, hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Settings, values, reports, patterns, customers' praise and corrections, with words and names of the worst sort. */
export async function tourFairness({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  const { db } = database;
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(70) });
  const someone = async (index: number, role: BuiltPerson['role'] = 'employee') =>
    await bot.person({ platform, name: hostileName(index), role, email: `fair${index}@example.com` });
  const [owner, boss, vera] = [await someone(1, 'owner'), await someone(2, 'manager'), await someone(3, 'manager')];
  const [ana, ben, cy] = [await someone(4), await someone(5), await someone(6)];
  const hands = bot.as(boss);

  // Settings and values.
  const settings = await hands.command('kudos settings');
  const form = await hands.click('recognition.settings_open', settings);
  const figures = { allowance: '10000', lead_allowance: '10000', pair_cap: '10000', join_points: '100', reaction_points: '100' };
  const wrong = { reaction_emoji: hostile(100), currency: '<>', channel: hostile(20) };
  await hands.submit(form, { ...figures, ...wrong, allowance: hostile(6) });
  await hands.submit(form, { ...figures, ...wrong });
  const saved = await hands.submit(form, { ...figures, currency: 'jpy', channel: channel.id, reaction_emoji: ':ļoti_labi:' });
  const adding = await hands.click('recognition.value_open', await hands.command('kudos values'));
  await hands.submit(adding, { name: hostile(200), emoji: hostile(30) });
  await hands.submit(adding, { name: 'A', emoji: `:${'x'.repeat(38)}:` });
  for (let index = 0; index < 4; index++) await hands.submit(adding, { name: `${index} ${hostile(35)}`.slice(0, 38), emoji: '👩🏽‍🍳' });
  await press(boss, [saved, await hands.command('kudos values')]);
  await press(ana, [await bot.as(ana).command('kudos values')]);

  // Kudos that are reported, patterns that are found.
  const context = { ...bot.work, organisation: bot.organisation };
  const kudos = async (from: BuiltPerson, to: BuiltPerson, words: string, isPublic = true) => {
    const gift = { giverId: from.id, receiverIds: [to.id], valueId: null, words, points: 60, public: isPublic, source: 'peer' as const };
    bot.clock.forward({ seconds: 1 });
    return await give(context, { ...gift, channelId: channel.id });
  };
  const ids: string[] = [];
  for (let index = 0; index < 8; index++) {
    ids.push(await kudos(ana, ben, index < 4 ? hostile(500) : `${index} ${hostile(400)}`, index % 3 !== 0));
    ids.push(await kudos(ben, ana, `${index} ${hostile(300)}`));
  }
  for (let index = 0; index < 8; index++) await kudos(await someone(20 + index), ana, hostile(500));
  const open = await db.kudos.findMany({ where: { public: true }, orderBy: { id: 'asc' } });
  for (const { id, giverId } of open) {
    const reporter = giverId === cy.id ? ben : cy;
    const reporting = await bot.as(reporter).press({ id: 'recognition.report', payload: { kudosId: id } });
    if (reporting.kind !== 'form') continue;
    await bot.as(reporter).submit(reporting, { words: '' });
    await bot.as(reporter).submit(reporting, { words: hostile(1000) });
  }
  for (let index = 0; index < 6; index++) {
    const reporter = await someone(40 + index);
    const reporting = await bot.as(reporter).press({ id: 'recognition.report', payload: { kudosId: open[0]?.id ?? '' } });
    await bot.as(reporter).submit(reporting, { words: hostile(900) });
  }
  await bot.runDue();
  await refreshAll();
  await press(
    boss,
    [...lying(boss), await hands.command('kudos reports'), await hands.command('kudos flags'), await hands.home()],
    ['recognition.flag_seen'],
  );
  for (const [index, remove] of [true, false, true].entries()) {
    const asked = lying(boss).filter((card) => buttonsOf(card).some(({ id }) => id === 'recognition.report_decide'))[0];
    const ref = asked && buttonsOf(asked).find((one) => one.payload.remove === remove);
    const deciding = await hands.press(ref ?? null);
    await hands.submit(deciding, { words: hostile(3000) });
    await hands.submit(deciding, index === 2 ? {} : { words: hostile(1000) });
    await bot.runDue();
    await refreshAll();
  }
  await press(vera, [...lying(vera), await bot.as(vera).command('kudos flags')], ['recognition.report_decide']);
  await bot.runDue();
  await refreshAll();

  // What customers said.
  await hands.command(`kudos praise ${hostile(40)}`);
  await hands.command(`kudos praise fair4@example.com "${hostile(1200)}"`);
  const bringing = await hands.press({ id: 'recognition.praise_new', payload: {} });
  await hands.submit(bringing, { people: [{ by: 'typed', typed: hostile(200) }], quote: hostile(2000) });
  for (let index = 0; index < 9; index++) await hands.submit(bringing, { people: [ana, ben, cy].map(hintOf), quote: hostile(1000) });
  await hands.submit(bringing, { people: [hintOf(boss)], quote: hostile(1000) });
  const { id: praiseId } = await db.praiseProposal.findFirstOrThrow({ where: { NOT: { personIds: { has: boss.id } } } });
  const changing = await hands.press({ id: 'recognition.praise_change', payload: { praiseId } });
  await hands.submit(changing, { points: hostile(4), value: hostile(30) });
  await hands.submit(changing, { points: '1000', value: hostile(30) });
  await hands.submit(changing, { points: '1000', public: true });
  await bot.runDue();
  await press(vera, [...lying(vera), await bot.as(vera).command('kudos praise'), await bot.as(vera).home()]);
  await bot.runDue();
  await refreshAll();

  // Corrections.
  const correcting = await bot.as(owner).command('kudos correct');
  await bot.as(owner).submit(correcting, { person: [{ by: 'typed', typed: hostile(200) }], amount: hostile(10), words: hostile(1000) });
  for (const amount of ['-1', '10000', '21']) {
    await bot.as(owner).submit(correcting, { person: [hintOf(cy)], amount, words: hostile(1000) });
  }
  await bot.runDue();
  await refreshAll();
  for (const person of [ana, ben, cy]) {
    await press(person, lying(person), ['recognition.take_back', 'recognition.leave', 'recognition.join', 'recognition.report']);
  }
}

/** Two patterns in one message: the day has room for one. */
export async function tourFlagsMerged({ bot, database, platform, press, lying }: Stage): Promise<void> {
  await database.db.organisation.updateMany({ data: { dailyCap: 1 } });
  const boss = await bot.person({ platform, name: hostileName(1), role: 'manager' });
  const [ana, ben] = [await bot.person({ platform, name: hostileName(2) }), await bot.person({ platform, name: hostileName(3) })];
  await aChannel(database.db, bot.organisation, { platform });
  const context = { ...bot.work, organisation: bot.organisation };
  for (let index = 0; index < 6; index++) {
    const [giver, receiver] = index % 2 === 0 ? [ana, ben] : [ben, ana];
    bot.clock.forward({ seconds: 1 });
    await give(context, {
      giverId: giver.id,
      receiverIds: [receiver.id],
      valueId: null,
      words: hostile(300),
      points: 1,
      public: true,
      source: 'peer',
    });
  }
  await bot.runDue();
  await press(boss, lying(boss));
}
