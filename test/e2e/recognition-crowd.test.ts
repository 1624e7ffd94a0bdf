import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BotProcess, newKey, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { doubledPosts, offerTo, redemptionProblems, rush } from '../support/redeeming.js';
import { MANAGER, type SlackCompany, slackCompany } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { everybodyKnown } from './slack-story.js';

/** `npm run torture` has 1,000. */
const PEOPLE = 200;
const STOCK = 10;

const database = useDatabase();
let company: SlackCompany;
let bots: BotProcess[];

beforeAll(async () => {
  // Ten messages to one person: slow enough for the common pace of two processes to be exact on a busy computer.
  company = await slackCompany(PEOPLE, 4);
  const environment = { ...company.environment, DATABASE_URL: urlOf(database.connection), BELLHOP_ENCRYPTION_KEY: newKey() };
  bots = await Promise.all([startBot(environment), startBot(environment)]);
  company.slack.botUrls = bots.map(({ address }) => address);
  await everybodyKnown(company, database);
});
afterAll(async () => {
  for (const bot of bots ?? []) await bot.stop();
  await company?.stop();
});

it(`${PEOPLE} people want the last ${STOCK} at the same moment, on two processes: ${STOCK} get one, the others are told`, async () => {
  const { db, pool } = database;
  const offer = await offerTo(db, pool, {
    ...{ name: 'Spa day', price: 40, stock: STOCK, points: 50 },
    needsApproval: false,
    fulfillerExternalId: MANAGER,
  });
  const { employees, slack } = company;
  expect(await rush(company, employees, offer)).toMatchObject({ redeemed: STOCK, soldOut: PEOPLE - STOCK, unanswered: 0 });
  expect(await redemptionProblems(db, offer)).toEqual([]);
  expect(await db.redemption.count()).toBe(STOCK);
  await until(async () => (await db.delivery.count({ where: { state: { notIn: ['sent', 'merged'] } } })) === 0, 'Everything sent');
  expect(await db.delivery.count({ where: { message: 'recognition.fulfilment', state: 'sent' } })).toBe(STOCK);
  expect(doubledPosts(company)).toBe(0);
  expect(slack.refusedAsTooFast).toEqual([]);
  expect(bots.flatMap((bot) => bot.errors())).toEqual([]);
}, 120_000);
