import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BotProcess, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { nameOf, pictureOf, type SlackCompany, slackCompany, textOf } from '../support/slack-company.js';
import { until } from '../support/until.js';

const database = useDatabase();
let company: SlackCompany;
let bot: BotProcess;

beforeAll(async () => {
  company = await slackCompany(3);
  bot = await startBot({ ...company.environment, DATABASE_URL: urlOf(database.connection) });
  company.slack.botUrl = bot.address;
  const { db } = database;
  await until(async () => (await db.person.count()) >= 4, 'Everybody read');
  const channel = await until(
    async () => (await db.channel.findFirst({ where: { externalId: 'C0TEAM' } })) ?? undefined,
    'The channel read',
  );
  await db.organisation.updateMany({ data: { announcementsChannelId: channel.id } });
});
afterAll(async () => {
  await bot?.stop();
  await company?.stop();
});

it('the program takes a shortcut at a message and reactions from Slack to kudos, and shows who is thanked', async () => {
  const { slack, employees } = company;
  const [ana = '', ben = '', cyd = ''] = employees;
  const message = { channel: 'C0TEAM', ts: '1700000000.000100', text: `With <@${cyd}> I calmed the guest of room 7`, user: ana };
  const quote = `With @${nameOf(2)} I calmed the guest of room 7`;

  const view = await company.at(ben).opened((more) => company.at(ben).shortcut('recognition.give_kudos', message, more));
  const told = await company.at(ben).shown(async () => {
    expect((await company.at(ben).submit(view, { points: { value: '10' } })).body).toEqual({ response_action: 'clear' });
  });
  expect(told).toMatchObject({ channel: 'C0TEAM', seenBy: ben });
  const heard = await until(() => company.at(ana).seen.find((shown) => textOf(shown).includes(quote)), 'What Ana hears');
  expect(heard.channel).toBe(`D${ana.slice(1)}`);
  const card = await until(
    () => slack.messages.find(({ channel, blocks }) => channel === 'C0TEAM' && textOf({ blocks }).includes(quote)),
    'The card',
  );
  expect(card.blocks).toContainEqual({
    type: 'context',
    elements: [{ type: 'image', image_url: pictureOf(ana), alt_text: nameOf(0) }],
  });

  // The emoji at a colleague's message is kudos of its own, and goes with it; at the card it adds to these.
  const { db } = database;
  const byReaction = () => db.kudos.findFirst({ where: { source: 'reaction' } });
  await company.at(ben).react('bellhop_bell', message);
  await until(async () => (await byReaction()) !== null, 'The kudos of a reaction');
  await company.at(ben).react('bellhop_bell', message, false);
  await until(async () => (await byReaction())?.state === 'taken_back', 'The kudos taken back');
  await company.at(cyd).react('bellhop_bell::skin-tone-3', card);
  await until(async () => (await db.kudosJoin.count()) === 1, 'The kudos joined');
  expect(bot.errors()).toEqual([]);
}, 60_000);
