import { MOST_RECEIVERS } from '../../src/features/recognition/model.js';
import { aChannel, type BuiltPerson } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import { cardsOf, hintOf } from './test-bot.js';
import type { Stage } from './tour.js';

/** Kudos given by form, command, shortcut and reaction, added to, mended and taken back, with words and names of the worst sort. */
export async function tourGiving({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  const { db } = database;
  const organisationId = bot.organisation.id;
  const channel = await aChannel(db, bot.organisation, { platform, name: hostile(80) });
  await db.recognitionSettings.create({
    data: { organisationId, channelId: channel.id, allowance: 5_000, leadAllowance: 5_000, pairCap: 2_000, joinPoints: 7 },
  });
  const teamId = '00000000-0000-7000-8000-000000000001';
  await db.team.create({ data: { organisationId, id: teamId, name: hostile(70), createdAt: bot.clock.now() } });
  const people: BuiltPerson[] = [];
  for (let index = 0; index < MOST_RECEIVERS + 3; index++) {
    // On Teams people are named by their names: each has one of its own.
    people.push(await bot.person({ platform, name: hostileName(index), email: `p${index}@example.com`, teamId }));
  }
  const [ana, boss] = [people[0], await bot.person({ platform, name: hostileName(50), role: 'manager' })];
  const crowd = people.slice(1, MOST_RECEIVERS + 1);
  const [ben, cy] = crowd;
  if (!ana || !ben || !cy) throw new Error('Nobody is there.');
  const twins = [await bot.person({ platform, name: 'Eva Twin', teamId }), await bot.person({ platform, name: 'Eva Twin' })];
  const hands = bot.as(ana);
  const value = async (index: number) => (await db.serviceValue.findMany({ orderBy: { position: 'asc' } }))[index]?.id ?? 'none';

  // The form, with everything that can be wrong in it, then right.
  const opened = await hands.command('kudos');
  const filled = { people: crowd.map(hintOf), value: await value(1), points: '100', reason: hostile(500), public: true };
  for (const wrong of [
    { people: [] },
    { people: [{ by: 'typed' as const, typed: hostile(200) }] },
    { people: [hintOf(ana)] },
    { people: [...people, boss].map(hintOf) },
    { points: '10^12' },
    { points: '2000' },
    { points: '900' },
    { reason: 'x' },
    { reason: hostile(600) },
    { value: hostile(20) },
    { others: hostile(900) },
  ]) {
    await hands.submit(opened, { ...filled, ...wrong });
  }
  const given = await hands.submit(opened, filled);
  await hands.submit(opened, { ...filled, people: [hintOf(ben)], points: '', value: 'none', public: false });
  await bot.runDue();

  // The command: whatever it lacks opens the form.
  const typed = [
    '',
    'private',
    hostile(300),
    hostile(2_500),
    `#${hostile(100)} +0`,
    'Eva Twin for carrying the heavy boxes +5',
    `${hostileName(2)} for ${hostile(400)} +3 #own`,
    'p3@example.com nobody@example.com for carrying the heavy boxes',
    '@nobody-knows for carrying the heavy boxes',
    'Zelda for carrying the heavy boxes',
  ];
  for (const text of typed) await hands.command(`kudos ${text}`);
  await hands.command('kudos give for carrying the heavy boxes +5', { mention: ben });
  await hands.command('kudos for carrying the heavy boxes +2500', { mention: ben });
  await hands.command('kudos for carrying the heavy boxes', { mention: ana });
  await hands.command('kudos for carrying the heavy boxes', {
    mention: await bot.person({ platform, name: hostileName(60), isGuest: true }),
  });
  const which = await hands.command('kudos Eva Twin for carrying the heavy boxes +5');
  await hands.submit(which, { who1: twins[0]?.id, reason: hostile(400), points: '5', public: true });
  await hands.submit(await hands.command('kudos'), {
    ...filled,
    people: [{ by: 'typed', typed: 'Eva Twin' }],
    points: '1',
  });
  await bot.runDue();

  // The shortcut at a message, and the emoji at messages: more of those than one day has room for.
  const workspace = await db.workspace.findFirstOrThrow({ where: { id: ana.workspaceId } });
  const base = (person: BuiltPerson, onceKey: string) => ({
    actor: { platform, workspaceExternalId: workspace.externalId, externalId: person.externalId },
    place: { kind: 'channel' as const, externalId: channel.externalId },
    onceKey,
    requestId: onceKey,
  });
  const at = (author: BuiltPerson, index: number) => ({
    author: hintOf(author),
    conversationId: channel.externalId,
    externalId: `${index}.1`,
  });
  for (const [index, message] of [{ ...at(ben, 0), text: hostile(2_000) }, { text: hostile(50) }, undefined].entries()) {
    const shortcut = { kind: 'shortcut' as const, shortcut: 'recognition.give_kudos', ...(message && { message }) };
    await bot.dispatch({ ...base(ana, `tour-shortcut-${platform}-${index}`), ...shortcut });
  }
  for (let index = 0; index < 9; index++) {
    for (const giver of [ana, cy, boss]) {
      const reaction = { kind: 'reaction' as const, added: true, emoji: 'bellhop_bell', message: at(ben, index) };
      await bot.dispatch({ ...base(giver, `tour-reaction-${platform}-${index}-${giver.id}`), ...reaction });
    }
  }
  await bot.runDue();
  await refreshAll();

  // Colleagues add theirs, the giver mends, and the next day tells of what waited.
  const card = () => {
    const [first] = bot.messagesIn(channel);
    if (!first) throw new Error('The channel saw nothing.');
    return first.card;
  };
  for (const joiner of [...people.slice(-2), boss]) await bot.as(joiner).click('recognition.join', card());
  await press(boss, [card()], ['recognition.join']);
  const mending = await hands.click('recognition.mend_open', given);
  await hands.submit(mending, { value: await value(2), reason: 'x' });
  await hands.submit(mending, { value: await value(2), reason: hostile(400) });
  await refreshAll();
  for (const person of [ana, ben]) await press(person, lying(person), ['recognition.take_back']);
  for (const { id } of await db.kudos.findMany()) await hands.press({ id: 'recognition.given', payload: { kudosId: id } });
  await hands.click('recognition.take_back', given);
  for (const shown of cardsOf(given)) await press(ana, [shown]);
  bot.clock.forward({ hours: 24 });
  await bot.runDue();
  await refreshAll();
}
