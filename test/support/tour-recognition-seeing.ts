import { takeBack } from '../../src/features/recognition/giving/close.js';
import { type Gift, give } from '../../src/features/recognition/giving/give.js';
import { listValues } from '../../src/features/recognition/store-settings.js';
import type { BuiltPerson } from './builders.js';
import { hostile, hostileName } from './hostile.js';
import type { Stage } from './tour.js';

/** Own kudos, leaderboards, digests and the fairness report, of people, teams and values with names of the worst sort. */
export async function tourSeeing({ bot, database, platform, refreshAll, press, lying }: Stage): Promise<void> {
  const { db } = database;
  const organisationId = bot.organisation.id;
  const joinedAt = new Date('2025-01-01T09:00:00Z');
  const places = await Promise.all(
    Array.from({ length: 9 }, async (_, index) => {
      const [teamId, locationId] = [`00000000-0000-7000-8000-00000000000${index}`, `00000000-0000-7000-8000-00000000001${index}`];
      await db.team.create({ data: { organisationId, id: teamId, name: `${index} ${hostile(70)}`, createdAt: joinedAt } });
      await db.location.create({ data: { organisationId, id: locationId, name: `${index} ${hostile(70)}`, createdAt: joinedAt } });
      return { teamId, locationId };
    }),
  );
  await db.recognitionSettings.create({ data: { organisationId, allowance: 10_000, leadAllowance: 10_000, pairCap: 10_000 } });
  const values = await listValues(db, organisationId);
  const [first] = values;
  if (!first) throw new Error('There are no values.');
  await db.serviceValue.update({ where: { organisationId_id: { organisationId, id: first.id } }, data: { name: hostile(60) } });
  for (let index = 0; index < 4; index++) {
    const id = `00000000-0000-8000-8000-00000000000${index}`;
    await db.serviceValue.create({ data: { organisationId, id, name: `${index} ${hostile(50)}`, emoji: '🎯', position: 10 + index } });
  }
  const boss = await bot.person({ platform, name: hostileName(0), role: 'manager', joinedAt });
  const line: BuiltPerson[] = [];
  for (let index = 0; index < 10; index++) {
    const place = places[index % 2] ?? {};
    line.push(await bot.person({ platform, name: hostileName(index + 1), lineManager: boss, joinedAt, ...place }));
  }
  for (let index = 0; index < 14; index++) {
    await bot.person({ platform, name: hostileName(index + 20), joinedAt, ...(places[index % 9] ?? {}) });
  }
  const [ana, ben] = line;
  if (!ana || !ben) throw new Error('Nobody is there.');
  let thanks = 0;
  const thank = async (giver: BuiltPerson, receivers: readonly BuiltPerson[], points: number, more: Partial<Gift> = {}) => {
    bot.clock.forward({ minutes: 1 });
    thanks += 1;
    const gift = {
      giverId: giver.id,
      receiverIds: receivers.map(({ id }) => id),
      valueId: first.id,
      words: `${thanks} ${hostile(490)}`,
      points,
    };
    return await give({ ...bot.work, organisation: bot.organisation }, { ...gift, public: true, source: 'peer', channelId: null, ...more });
  };
  await thank(boss, line.slice(0, 9), 10);
  for (let index = 0; index < 9; index++) await thank(ana, [ben], 5, { valueId: values[index % values.length]?.id ?? null });
  await thank(ana, line.slice(1, 9), 1, { public: false });
  await thank(boss, [ana], 40, { source: 'customer' });
  const regretted = await thank(ben, [ana], 7);
  await takeBack({ ...bot.work, organisation: bot.organisation }, regretted, { personId: ben.id }, 'taken_back', 'giver');
  await bot.runDue();

  const others = ['recognition.give_open', 'recognition.rewards'];
  for (const person of [ana, boss]) {
    const typed = ['me', 'top', 'top year teams', `top ${hostile(300)}`, 'fairness'];
    const answers = await Promise.all(typed.map(async (words) => await bot.as(person).command(`kudos ${words}`)));
    await press(person, [await bot.as(person).home(), ...answers], others);
  }
  // With a cap of one the digest and the report of the month, both due that Monday, come as one message.
  await db.organisation.updateMany({ data: { dailyCap: 1 } });
  for (const day of ['2027-03-01', '2027-03-08', '2027-04-01']) {
    bot.clock.to(`${day}T10:00:00Z`);
    await bot.runDue();
    await press(boss, lying(boss), others);
    await thank(ana, line.slice(1), 0);
    await refreshAll();
  }
}
