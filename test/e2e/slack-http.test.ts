import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BotProcess, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { type SlackCompany, slackCompany } from '../support/slack-company.js';
import { readAndSignStory } from './slack-story.js';

const database = useDatabase();
let company: SlackCompany;
let bot: BotProcess;

beforeAll(async () => {
  company = await slackCompany(24);
  bot = await startBot({ ...company.environment, DATABASE_URL: urlOf(database.connection) });
  company.slack.botUrl = bot.address;
});
afterAll(async () => {
  await bot?.stop();
  await company?.stop();
});

it('Slack over HTTP: 25 people are asked, read every page and sign', async () => {
  await readAndSignStory(company, database);
  expect(bot.errors()).toEqual([]);
}, 120_000);
