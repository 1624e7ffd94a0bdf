import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/runtime/database.js';
import type { EmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { type BotProcess, newKey, startBot } from '../support/bot-process.js';
import { silentLog } from '../support/builders.js';
import type { Json } from '../support/fake-slack/directory-answers.js';
import type { FakeMessage } from '../support/fake-slack/fake-slack.js';
import { doubledPosts, offerTo, redemptionProblems, rewardCard, rush } from '../support/redeeming.js';
import { buttonsOf, MANAGER, type SlackCompany, slackCompany } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { SCALE } from './places.js';

/** Who wants one of the last rewards at the same moment. */
const CROWD = 1_000;
const CROWD_STOCK = 10;
/** Who redeems while the bot is killed; some come too late. */
const WISHES = 120;
const STOCK = 90;
const KILLS = 8;
/** Wishes, approvals and hand-overs. */
const ACTS = WISHES + 2 * STOCK;
const AT_ONCE = 6;
const PATIENCE_MS = 120_000;

/** How long somebody looks at a card that doesn't change before pressing again, in ms. */
const IMPATIENCE_MS = 4_000;

/** A database of its own on the server. */
export async function databaseOf(server: EmbeddedPostgres, name: string) {
  const admin = openDatabase({ connection: { ...server.connection('postgres') }, poolSize: 1, log: silentLog });
  await admin.pool.query(`CREATE DATABASE ${name}`);
  await admin.close();
  return {
    environment: { DATABASE_URL: server.url(name), BELLHOP_ENCRYPTION_KEY: newKey(), BELLHOP_LEASE_SECONDS: String(60 / SCALE) },
    open: () => openDatabase({ connection: { ...server.connection(name) }, poolSize: 2, log: silentLog }),
  };
}

/** A thousand people want the last ten rewards at the same moment, on two processes. @returns what was violated */
export async function crowd(server: EmbeddedPostgres): Promise<readonly string[]> {
  const company = await slackCompany(CROWD, SCALE);
  const { environment, open } = await databaseOf(server, 'torture_crowd');
  const bots = await Promise.all([1, 2].map(() => startBot({ ...company.environment, ...environment })));
  company.slack.botUrls = bots.map(({ address }) => address);
  const database = open();
  await until(async () => (await database.prisma.person.count()) >= CROWD, 'Everybody known', PATIENCE_MS);
  const wanted = { name: 'Spa day', price: 40, stock: CROWD_STOCK, points: 50, needsApproval: false, fulfillerExternalId: MANAGER };
  const offer = await offerTo(database.prisma, database.pool, wanted);
  const { redeemed, soldOut, unanswered, ms } = await rush(company, company.employees, offer);
  await until(
    async () => (await database.prisma.delivery.count({ where: { state: { not: 'sent' } } })) === 0,
    'Everything sent',
    PATIENCE_MS,
  );
  const problems = await redemptionProblems(database.prisma, offer);
  const exitCodes = await Promise.all(bots.map((bot) => bot.stop()));
  await database.close();
  await company.stop();
  console.log(
    `\ncrowd: ${CROWD} people, ${CROWD_STOCK} rewards, two processes: ${redeemed} redeemed, ${soldOut} told “sold out” in ${ms} ms`,
  );
  return [
    ...problems,
    ...(redeemed === CROWD_STOCK ? [] : [`${redeemed} redeemed instead of ${CROWD_STOCK}`]),
    ...(soldOut === CROWD - CROWD_STOCK ? [] : [`${soldOut} were told that nothing is left, ${unanswered} nothing at all`]),
    ...(doubledPosts(company) === 0 ? [] : [`${doubledPosts(company)} messages were posted twice`]),
    ...bots.flatMap((bot) => bot.errors().map((line) => `logged: ${JSON.stringify(line)}`)),
    ...(exitCodes.every((code) => code === 0) ? [] : [`the processes ended with ${exitCodes}`]),
  ].map((problem) => `crowd: ${problem}`);
}

/**
 * People redeem, a manager approves and hands over with codes, all by real requests, while the bot is killed with SIGKILL at
 * random moments and started again. Slack sends again what was not answered, with the same time stamps; whoever sees nothing
 * happen presses again.
 * @returns what was violated
 */
export async function killedRedeeming(server: EmbeddedPostgres, random: () => number): Promise<readonly string[]> {
  const began = performance.now();
  const company = await slackCompany(WISHES, SCALE);
  const { slack, employees } = company;
  const { environment, open } = await databaseOf(server, 'torture_redeem');
  const start = async (): Promise<BotProcess> => {
    const bot = await startBot({ ...company.environment, ...environment });
    slack.botUrl = bot.address;
    return bot;
  };
  let bot = await start();
  const database = open();
  const db = database.prisma;
  await until(async () => (await db.person.count()) > WISHES, 'Everybody known', PATIENCE_MS);
  const wanted = { name: 'Voucher', price: 40, stock: STOCK, points: 100, needsApproval: true, fulfillerExternalId: MANAGER };
  const offer = await offerTo(db, database.pool, wanted);
  const cards = new Map<string, FakeMessage>();
  for (const id of employees) cards.set(id, await rewardCard(company.at(id)));
  slack.latency = (method) => (method === 'chat.postMessage' ? 10 + random() * 40 : 0);

  const figures: Figures = { told: 0, again: 0, lostRequests: 0 };
  const insist = insisting(slack, figures);
  const waiting = [...employees];
  // A few at a time, so that every kill falls into the middle of it.
  const redeeming = Array.from({ length: AT_ONCE }, async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const [person, card] = [id, cards.get(id)];
      const button = card && buttonsOf(card).find(({ action }) => action === 'recognition.redeem');
      if (!card || !button) throw new Error('There is nothing to redeem.');
      const { blocks } = card;
      const told = () => card.blocks !== blocks || slack.whispers.some((message) => message.seenBy === person && message !== card);
      await insist(told, (stamp) => slack.press(person, card, button.pressed, { actions: [{ ...button.pressed, action_ts: stamp }] }));
    }
  });
  let finished = false;
  const deciding = decide(company, insist, () => finished);
  const moments = Array.from({ length: KILLS }, () => 1 + Math.floor(random() * ACTS * 0.9)).sort((a, b) => a - b);
  const lines: string[] = [];
  for (const moment of moments) {
    const delay = random() * 100;
    await until(() => figures.told >= moment, `${moment} acts answered`, PATIENCE_MS);
    await sleep(delay);
    await bot.kill();
    const [asked, sending] = await Promise.all([db.redemption.count(), db.delivery.count({ where: { state: 'sending' } })]);
    lines.push(`  kill after ${figures.told} acts: ${asked} redemptions written, ${sending} messages on their way`);
    bot = await start();
  }
  await Promise.all(redeeming);
  const isSettled = async () =>
    (await db.redemption.count({ where: { state: 'fulfilled' } })) === STOCK &&
    (await db.delivery.count({ where: { state: { notIn: ['sent', 'merged', 'dropped'] } } })) === 0;
  const settled = await until(isSettled, 'Everything handed over and told', PATIENCE_MS).catch(() => false);
  finished = true;
  await deciding;
  const exitCode = await bot.stop();

  const count = async (subjectKey: { startsWith: string; endsWith?: string }) =>
    await db.delivery.count({ where: { state: 'sent', subjectKey } });
  const counts = [
    await count({ startsWith: 'recognition.approval:' }),
    await count({ startsWith: 'recognition.fulfilment:' }),
    await count({ startsWith: 'recognition.redemption:', endsWith: ':fulfilled' }),
  ];
  const problems = await redemptionProblems(db, offer);
  const posts = slack.messages.filter(({ metadata }) => metadata !== undefined).length;
  const sent = await db.delivery.count({ where: { state: 'sent' } });
  const perPerson = await db.redemption.groupBy({ by: ['personId'], _count: true });
  await database.close();
  await company.stop();
  console.log(
    `\nredeem: ${WISHES} people, ${STOCK} vouchers, ${KILLS} kills: ${perPerson.length} redeemed, ${counts[0]} approvals, ${counts[1]} hand-overs and ${counts[2]} news sent in ${((performance.now() - began) / 1_000).toFixed(1)} s`,
  );
  console.log(`  ${figures.lostRequests} requests lost and sent again, ${figures.again} times pressed again`);
  for (const line of lines) console.log(line);
  return [
    ...problems,
    ...(settled ? [] : ['not everything came to an end']),
    ...(perPerson.length === STOCK ? [] : [`${perPerson.length} people have a voucher instead of ${STOCK}`]),
    ...(counts.join() === [STOCK, STOCK, STOCK].join() ? [] : [`${counts} approvals, hand-overs and news instead of ${STOCK} each`]),
    ...(doubledPosts(company) === 0 ? [] : [`${doubledPosts(company)} messages were posted twice`]),
    ...(posts === sent ? [] : [`${posts} messages lie in Slack, ${sent} were sent`]),
    ...(exitCode === 0 ? [] : [`the last process ended with ${exitCode}`]),
  ].map((problem) => `redeem: ${problem}`);
}

type Insist = (isTold: () => boolean, act: (stamp: string) => Promise<{ readonly status: number }>) => Promise<void>;

interface Figures {
  told: number;
  again: number;
  lostRequests: number;
}

/** Acts until something is seen of it: what was not answered is sent again as it was, what shows nothing is done again. */
function insisting(slack: { stamp(): string }, figures: Figures): Insist {
  return async (isTold, act) => {
    const end = performance.now() + PATIENCE_MS;
    for (let attempt = 0; performance.now() < end; attempt++) {
      if (attempt > 0) figures.again += 1;
      const stamp = slack.stamp();
      while (performance.now() < end && (await act(stamp).catch(() => undefined))?.status !== 200) {
        figures.lostRequests += 1;
        await sleep(500);
      }
      const seen = await until(isTold, 'An answer', IMPATIENCE_MS).catch(() => false);
      if (!seen) continue;
      figures.told += 1;
      return;
    }
    throw new Error('Nothing was answered.');
  };
}

/** The manager approves whatever is asked, and hands it over with a code. */
async function decide({ slack, at }: SlackCompany, insist: Insist, isOver: () => boolean): Promise<void> {
  const hands = at(MANAGER);
  const approved = new Set<FakeMessage>();
  const waiting = (action: string) =>
    hands.seen.flatMap((message) => {
      const button = buttonsOf(message).find((candidate) => candidate.action === action);
      return button && !approved.has(message) ? [{ message, button }] : [];
    });
  while (!isOver()) {
    const [asked] = waiting('recognition.redemption_approve');
    // What was approved is handed over from the card that asks for it.
    const [due] = waiting('recognition.redemption_hand_over');
    if (asked) {
      const { message, button } = asked;
      const { blocks } = message;
      const press = (stamp: string) =>
        slack.press(MANAGER, message, button.pressed, { actions: [{ ...button.pressed, action_ts: stamp }] });
      await insist(() => message.blocks !== blocks, press);
      approved.add(message);
    } else if (due) {
      const { message } = due;
      const { blocks } = message;
      const opening = hands.opened(
        (more: Json) => hands.press(message, 'recognition.redemption_hand_over', undefined, more),
        IMPATIENCE_MS,
      );
      const view = await opening.catch(() => undefined);
      if (!view) continue;
      await insist(
        () => message.blocks !== blocks,
        () => hands.submit(view, { code: { value: `CODE-${message.ts}` } }),
      );
    } else await sleep(50);
  }
}
