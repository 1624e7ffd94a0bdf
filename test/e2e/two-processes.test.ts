import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyChain } from '../../src/features/handbook/index.js';
import { type BotProcess, newKey, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, MANAGER, nameOf, type SlackCompany, slackCompany } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { everybodyKnown } from './slack-story.js';

const EMPLOYEES = 59;
const database = useDatabase();
let company: SlackCompany;
let bots: BotProcess[];
let start: () => Promise<BotProcess>;

beforeEach(async () => {
  await database.reset();
  // 14 messages a second: slow enough to be in the middle of it.
  company = await slackCompany(EMPLOYEES, 3);
  const shared = { ...company.environment, DATABASE_URL: urlOf(database.connection), BELLHOP_ENCRYPTION_KEY: newKey() };
  bots = [];
  start = async () => {
    const bot = await startBot(shared);
    bots.push(bot);
    return bot;
  };
});
afterEach(async () => {
  for (const bot of bots) await bot.stop();
  await company.stop();
});

const posts = () => company.slack.messages.filter((message) => buttonsOf(message).some(({ action }) => action === 'handbook.read'));

it('two processes on one database share the work, double nothing and keep the common pace', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  const { slack, employees } = company;
  slack.botUrls = [one.address, two.address];
  await everybodyKnown(company, database);
  expect(await database.db.organisation.count()).toBe(1);
  const draft = await company.at(MANAGER).draft();
  const publish = buttonsOf(draft).find(({ action }) => action === 'handbook.publish');
  if (!publish) throw new Error('There is no draft.');
  // The same click, told to both at once and again.
  const click = { actions: [{ ...publish.pressed, action_ts: slack.stamp() }] };
  await Promise.all([1, 2, 3, 4].map(() => slack.press(MANAGER, draft, publish.pressed, click)));

  await until(() => posts().length >= EMPLOYEES + 1, 'Everybody asked', 30_000);
  // Five people read and sign, their clicks taking turns between the two.
  const signers = employees.slice(0, 5);
  await Promise.all(signers.map((id, index) => company.at(id).readAndSign(nameOf(index))));
  await until(async () => (await database.db.delivery.count({ where: { state: { notIn: ['sent', 'merged'] } } })) === 0, 'Everything sent');

  for (const id of employees) expect([id, company.at(id).seen.length]).toEqual([id, 1]);
  expect(await database.db.documentVersion.count()).toBe(1);
  expect(slack.refusedAsTooFast).toEqual([]);
  const sent = await Promise.all([one, two].map((bot) => bot.figure('bellhop_delivery_seconds_count', 'outcome="sent"')));
  expect((sent[0] ?? 0) + (sent[1] ?? 0)).toBe(await database.db.delivery.count());
  expect(Math.min(...sent)).toBeGreaterThan(EMPLOYEES / 10);
  const organisation = await database.db.organisation.findFirstOrThrow();
  expect(await verifyChain(database.db, organisation.id)).toEqual({ count: signers.length });
  expect([...one.errors(), ...two.errors()]).toEqual([]);
}, 120_000);

it('a stop in the middle of sending finishes what is under way, and the next start goes on', async () => {
  const { slack, employees } = company;
  const first = await start();
  slack.botUrl = first.address;
  await everybodyKnown(company, database);
  slack.latency = (method) => (method === 'chat.postMessage' ? 150 : 0);
  await company.at(MANAGER).publish();
  await until(() => posts().length >= 15, 'A quarter asked', 30_000);
  expect(await first.stop()).toBe(0);
  const asked = posts().length;
  expect(asked).toBeLessThan(EMPLOYEES);
  expect(await database.db.delivery.count({ where: { state: 'sending' } })).toBe(0);
  expect(await database.db.delivery.count({ where: { message: 'handbook.request', state: 'sent' } })).toBe(asked);

  const second = await start();
  slack.botUrl = second.address;
  await until(() => posts().length >= EMPLOYEES + 1, 'Everybody asked', 30_000);
  for (const id of employees) expect([id, company.at(id).seen.length]).toEqual([id, 1]);
  // Nothing was left in doubt, so nothing was looked up.
  expect(slack.of('conversations.history')).toEqual([]);
  expect([...first.errors(), ...second.errors()]).toEqual([]);
}, 120_000);
