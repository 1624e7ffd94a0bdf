import type { Platform } from '../../src/core/interaction.js';
import { type Gift, give } from '../../src/features/recognition/giving/give.js';
import { listValues } from '../../src/features/recognition/store-settings.js';
import { aChannel, type BuiltPerson } from './builders.js';
import type { TestDatabase } from './database.js';
import { hostile, hostileName } from './hostile.js';
import { buttonsOf, keysIn, type TestBot } from './test-bot.js';

export interface RecapStage {
  /** It is 10 February 2027. */
  readonly bot: TestBot;
  readonly database: TestDatabase;
  readonly platform: Platform;
  readonly refreshAll: () => Promise<void>;
}

/** The recap of a month with names, values, teams and reasons of the worst sort, then of one without kudos. */
export async function tourRecap({ bot, database, platform, refreshAll }: RecapStage): Promise<void> {
  const { db } = database;
  const organisationId = bot.organisation.id;
  const channel = await aChannel(db, bot.organisation, { platform });
  await db.recognitionSettings.create({ data: { organisationId, channelId: channel.id, pairCap: 1_000, allowance: 10_000 } });
  const values = await listValues(db, organisationId);
  for (const [index, { id }] of values.entries()) {
    await db.serviceValue.update({
      where: { organisationId_id: { organisationId, id } },
      data: { name: hostile(40), emoji: '🎯', position: index },
    });
  }
  const people: BuiltPerson[] = [];
  for (let index = 0; index < 6; index++) {
    const teamId = `00000000-0000-7000-8000-00000000000${index}`;
    await db.team.create({ data: { organisationId, id: teamId, name: `${index} ${hostileName(index)}`, createdAt: bot.clock.now() } });
    people.push(await bot.person({ platform, name: hostileName(index), teamId }));
  }
  const context = { ...bot.work, organisation: bot.organisation };
  const base: Pick<Gift, 'public' | 'source'> = { public: true, source: 'peer' };
  for (const [index, giver] of people.entries()) {
    const receiverIds = people.filter((one) => one !== giver).map((one) => one.id);
    const valueId = values[index % values.length]?.id ?? null;
    const source = index === 0 ? 'customer' : 'peer';
    await give(context, { ...base, giverId: giver.id, receiverIds, valueId, words: hostile(500), points: 10 + index, source });
  }
  const recap = () => {
    const card = bot
      .messagesIn(channel)
      .find((message) => keysIn(message.card.title).some((key) => key.startsWith('recognition.recap.')))?.card;
    if (!card) throw new Error('There is no recap.');
    return card;
  };
  bot.clock.to('2027-03-01T10:00:00Z');
  await bot.runDue();
  await refreshAll();
  const reader = people[5];
  if (!reader) throw new Error('Nobody reads it.');
  for (const button of buttonsOf(recap())) await bot.as(reader).press(button);
  // Drawn no more: the card says the values in words.
  await db.picture.deleteMany();
  await refreshAll();
  bot.clock.to('2027-04-01T10:00:00Z');
  await bot.runDue();
  await refreshAll();
}
