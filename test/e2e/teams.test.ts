import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyChain } from '../../src/features/handbook/index.js';
import { type BotProcess, freePort, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { english } from '../support/english.js';
import { activities } from '../support/fake-teams/activities.js';
import type { FakePerson } from '../support/fake-teams/connector.js';
import type { TokenFault } from '../support/fake-teams/issuer.js';
import { TEXT } from '../support/slack-company.js';
import { cardOf, type TeamsCompany, teamsButtons, teamsCompany, wordsOf } from '../support/teams-company.js';
import { until } from '../support/until.js';

const database = useDatabase();
let company: TeamsCompany;
let bot: BotProcess;

beforeAll(async () => {
  company = await teamsCompany(24);
  const port = String(await freePort());
  bot = await startBot({
    ...company.environment,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: urlOf(database.connection),
  });
  company.botUrl = bot.address;
});
afterAll(async () => {
  await bot?.stop();
  await company?.stop();
});

it('lets nobody in without a good token', async () => {
  const activity = activities(company.connector).message(company.manager, 'handbook');
  const faults: TokenFault[] = [
    'wrong_key',
    'wrong_audience',
    'wrong_issuer',
    'expired',
    'no_service_url',
    'not_endorsed',
    'unsigned',
    'changed',
  ];
  for (const fault of faults) expect([fault, (await company.post(activity, fault)).status]).toEqual([fault, 401]);
  const bare = await fetch(`${bot.address}/api/messages`, { method: 'POST', body: JSON.stringify(activity) });
  expect(bare.status).toBe(401);
  expect(company.connector.messages).toEqual([]);
  expect(await database.db.person.count()).toBe(0);
});

it('25 people are asked, read every page and sign', async () => {
  const { connector, manager, employees } = company;
  const everybody = [manager, ...employees];
  const at = (person: FakePerson) => company.at(person);
  await Promise.all(everybody.map((person) => at(person).install()));
  await until(async () => (await database.db.person.count()) === everybody.length, 'Everybody known');
  const greetings = new Map(everybody.map((person) => [person, at(person).seen.length]));

  const published = await at(manager).publish(TEXT);
  expect(wordsOf(published)).toContain(english('handbook.published.title'));
  const receipts = await Promise.all(everybody.map((person) => at(person).readAndSign(person.name)));
  for (const receipt of receipts) expect(wordsOf(receipt)).toContain(english('handbook.receipt.lead'));
  for (const person of employees) expect(at(person).seen.length).toBe((greetings.get(person) ?? 0) + 1);

  const status = await at(manager).say('handbook status');
  const total = everybody.length;
  expect(wordsOf(status)).toContain(english('handbook.status.progress', { signed: total, asked: total }));
  const before = at(manager).seen.length;
  await at(manager).act(status, 'handbook.csv');
  const file = await until(() => at(manager).seen[before], 'The CSV');
  const [link] = JSON.stringify(cardOf(file)).match(/http:[^"]+\/files\/[^"]+/) ?? [];
  const response = await fetch(link ?? '');
  expect(response.headers.get('content-disposition')).toContain('.csv');
  const lines = (await response.text()).trim().split('\r\n');
  for (const person of everybody) expect(lines.filter((line) => line.startsWith(`${person.name},`))).toHaveLength(1);
  expect((await fetch(`${link}x`)).status).toBe(404);

  const organisation = await database.db.organisation.findFirstOrThrow();
  expect(await verifyChain(database.db, organisation.id)).toEqual({ count: total });
  expect(connector.problems).toEqual([]);
  expect(connector.refusedAsTooFast).toBe(0);
  expect(connector.calls.filter(({ status: answered }) => answered >= 400)).toEqual([]);
  expect(bot.errors()).toEqual([]);
  // Everybody installed the app at the same moment: nobody was told of before the tenant was known.
  expect(bot.log.map(({ msg }) => msg)).not.toContain('An event of a workspace that is not ours was left aside.');
  expect(teamsButtons(cardOf(published)).length).toBeGreaterThan(0);
}, 120_000);
