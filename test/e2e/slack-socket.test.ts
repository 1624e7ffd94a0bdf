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
  const { SLACK_SIGNING_SECRET: _, ...environment } = company.environment;
  bot = await startBot({ ...environment, SLACK_APP_TOKEN: company.slack.appToken, DATABASE_URL: urlOf(database.connection) });
});
afterAll(async () => {
  await bot?.stop();
  await company?.stop();
});

it('Slack over Socket Mode: 25 people are asked, read every page and sign', async () => {
  expect(company.slack.sockets.size).toBe(1);
  await readAndSignStory(company, database);
  // Nothing of Slack comes in over HTTP then.
  expect((await fetch(`${bot.address}/slack/events`, { method: 'POST', body: '{}' })).status).toBe(404);
  expect(bot.errors()).toEqual([]);
}, 120_000);
