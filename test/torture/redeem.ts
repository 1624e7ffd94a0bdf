import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/runtime/database.js';
import type { EmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { type BotProcess, newKey, startBot } from '../support/bot-process.js';
import { silentLog } from '../support/builders.js';
import type { Json } from '../support/fake-slack/directory-answers.js';
import type { FakeMessage } from '../support/fake-slack/fake-slack.js';
import { doubledPosts, offerTo, redemptionProblems, rewardCard, rush } from '../support/redeeming.js';
import { buttonsOf, MANAGER, type SlackHands, slackCompany } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { SCALE } from './places.js';

/** Who wants one of the last rewards at the same moment. */
const CROWD = 1_000;
const CROWD_STOCK = 10;
/** Who redeems while the bot is killed; some come too late. */
const WISHES = 120;
const STOCK = 90;
const KILLS = 8;
const PATIENCE_MS = 120_000;

/** How long somebody looks at a card that doesn't change before pressing again, in ms. */
const IMPATIENCE_MS = 4_000;

async function databaseOf(server: EmbeddedPostgres, name: string) {
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
  const wanted = { name: 'Spa day', price: 40, stock: CROWD_STOCK, points: 50, needsApproval: false, fulfillerSlackId: MANAGER };
  const offer = await offerTo(database.prisma, database.pool, wanted);
  const { redeemed, soldOut, unanswered, ms } = await rush(company, company.employees, offer);
  await until(async () => (await database.prisma.delivery.count({ where: { state: { not: 'sent' } } })) === 0, 'Everything sent', PATIENCE_MS);
  const problems = await redemptionProblems(database.prisma, offer);
  const exitCodes = await Promise.all(bots.map((bot) => bot.stop()));
  await database.close();
  await company.stop();
  console.log(`\ncrowd: ${CROWD} people, ${CROWD_STOCK} rewards, two processes: ${redeemed} redeemed, ${soldOut} told “sold out” in ${ms} ms`);
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
  const wanted = { name: 'Voucher', price: 40, stock: STOCK, points: 100, needsApproval: true, fulfillerSlackId: MANAGER };
  const offer = await offerTo(db, database.pool, wanted);
  const cards = new Map<string, FakeMessage>();
  for (const id of employees) cards.set(id, await rewardCard(company.at(id)));
  slack.latency = (method) => (method === 'chat.postMessage' ? 10 + random() * 40 : 0);

  const figures = { again: 0, lostRequests: 0 };
  const insist = insisting(figures);
  // Everybody in a moment of their own, so that the kills fall into the middle of it.
  const span = 20_000;
  const redeeming = employees.map(async (id) => {
    await sleep(random() * span);
    const card = cards.get(id);
    if (!card) return;
    const { blocks } = card;
    const told = () => card.blocks !== blocks || slack.whispers.some((message) => message.seenBy === id && message !== card);
    const [button] = buttonsOf(card).filter(({ action }) => action === 'recognition.redeem');
    if (!button) throw new Error('There is nothing to redeem.');
    await insist(told, (more) => slack.press(id, card, button.pressed, { actions: [{ ...button.pressed, action_ts: more.stamp }] }), slack);
  });
  let finished = false;
  const deciding = decide(company.at(MANAGER), slack, insist, () => finished);
  const killing = (async () => {
    const moments = Array.from({ length: KILLS }, () => random() * span).sort((a, b) => a - b);
    const lines: string[] = [];
    const from = performance.now();
    for (const moment of moments) {
      await sleep(Math.max(random() * 500, moment - (performance.now() - from)));
      await bot.kill();
      const [asked, sending] = await Promise.all([db.redemption.count(), db.delivery.count({ where: { state: 'sending' } })]);
      lines.push(`  kill after ${Math.round(performance.now() - from)} ms: ${asked} redemptions, ${sending} messages on their way`);
      bot = await start();
    }
    return lines;
  })();
  const lines = await killing;
  await Promise.all(redeeming);
  const isSettled = async () =>
    (await db.redemption.count({ where: { state: 'fulfilled' } })) === STOCK &&
    (await db.delivery.count({ where: { state: { notIn: ['sent', 'merged', 'dropped'] } } })) === 0;
  const settled = await until(isSettled, 'Everything handed over and told', PATIENCE_MS).catch(() => false);
  finished = true;
  await deciding;
  const exitCode = await bot.stop();

  const told = await db.delivery.groupBy({ by: ['message'], where: { state: 'sent' }, _count: true });
  const count = (message: string) => told.find((row) => row.message === message)?._count ?? 0;
  const counts = [count('recognition.approval'), count('recognition.fulfilment'), count('recognition.redemption')];
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
    ...(counts.join() === [STOCK, STOCK, 2 * STOCK].join() ? [] : [`${counts} approvals, hand-overs and news instead of ${STOCK}, ${STOCK}, ${2 * STOCK}`]),
    ...(doubledPosts(company) === 0 ? [] : [`${doubledPosts(company)} messages were posted twice`]),
    ...(posts === sent ? [] : [`${posts} messages lie in Slack, ${sent} were sent`]),
    ...(exitCode === 0 ? [] : [`the last process ended with ${exitCode}`]),
  ].map((problem) => `redeem: ${problem}`);
}

type Insist = (
  isTold: () => boolean,
  act: (more: { readonly stamp: string }) => Promise<{ readonly status: number }>,
  slack: { stamp(): string },
) => Promise<void>;

/** Acts until something is seen of it: what was not answered is sent again as it was, what shows nothing is done again. */
function insisting(figures: { again: number; lostRequests: number }): Insist {
  return async (isTold, act, slack) => {
    const end = performance.now() + PATIENCE_MS;
    for (let attempt = 0; performance.now() < end; attempt++) {
      if (attempt > 0) figures.again += 1;
      const stamp = slack.stamp();
      for (let repeat = 0; repeat < 3; repeat++) {
        const answer = await act({ stamp }).catch(() => undefined);
        if (answer?.status === 200) break;
        figures.lostRequests += 1;
        await sleep(300);
      }
      const seen = await until(isTold, 'An answer', IMPATIENCE_MS).catch(() => false);
      if (seen) return;
    }
    throw new Error('Nothing was answered.');
  };
}

/** The manager approves whatever is asked, and hands it over with a code. */
async function decide(
  hands: SlackHands,
  slack: Parameters<Insist>[2] & { press: import('../support/fake-slack/fake-slack.js').FakeSlack['press'] },
  insist: Insist,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const waits = (action: string) =>
      hands.seen.find((message) => message.seenBy === undefined && buttonsOf(message).some((button) => button.action === action));
    const approval = waits('recognition.redemption_approve');
    const handing = waits('recognition.redemption_hand_over');
    if (approval) {
      const { blocks } = approval;
      const button = buttonsOf(approval).find(({ action }) => action === 'recognition.redemption_approve');
      if (!button) continue;
      await insist(
        () => approval.blocks !== blocks,
        ({ stamp }) => slack.press(MANAGER, approval, button.pressed, { actions: [{ ...button.pressed, action_ts: stamp }] }),
        slack,
      );
    } else if (handing) {
      const { blocks } = handing;
      const view = await hands
        .opened((more: Json) => hands.press(handing, 'recognition.redemption_hand_over', undefined, more))
        .catch(() => undefined);
      if (!view) continue;
      await insist(
        () => handing.blocks !== blocks,
        () => hands.submit(view, { code: { value: `CODE-${handing.ts}` } }),
        slack,
      );
    } else await sleep(50);
  }
}
