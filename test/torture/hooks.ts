import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_PURPOSE } from '../../src/features/feedback/hooks/receive.js';
import { newSecret } from '../../src/features/feedback/hooks/signature.js';
import type { Db } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import type { EmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { createVault } from '../../src/runtime/vault.js';
import { type BotProcess, startBot } from '../support/bot-process.js';
import { doubledPosts } from '../support/redeeming.js';
import { HOOK_PATH, signedHook } from '../support/signed-hook.js';
import { slackCompany } from '../support/slack-company.js';
import { until } from '../support/until.js';
import { answerDelay, chance, noFigures, SCALE } from './places.js';
import { databaseOf } from './redeem.js';

const HOOKS = 10_000;
const KILLS = 5;
/** Requests under way at once; each is sent again until it is answered. */
const SENDERS = 24;
const PATIENCE_MS = 240_000;
const AGAIN_MS = 50;

/**
 * Another system sends 10,000 pieces of feedback, signed by the reference library of Standard Webhooks, while the bot is killed with
 * SIGKILL five times; what wasn't answered is sent again. Each must be stored once, and stand in one message of the channel.
 * @returns what was violated
 */
export async function killedReceiving(server: EmbeddedPostgres, random: () => number): Promise<readonly string[]> {
  const began = performance.now();
  const company = await slackCompany(2, SCALE);
  const { slack } = company;
  const { environment, open } = await databaseOf(server, 'torture_hooks');
  let bot: BotProcess;
  const start = async (): Promise<BotProcess> => {
    const started = await startBot({ ...company.environment, ...environment });
    slack.botUrl = started.address;
    return started;
  };
  bot = await start();
  const database = open();
  const db = database.prisma;
  const secret = await until(async () => await prepare(db, environment.BELLHOP_ENCRYPTION_KEY), 'The first survey page', PATIENCE_MS);
  const figures = noFigures();
  const isPost = (method: string) => method === 'chat.postMessage';
  slack.fate = (method) => (isPost(method) ? chance(random, figures, 'cut', 'cut_after') : undefined);
  slack.latency = (method) => (isPost(method) ? answerDelay(random) : 0);

  let next = 0;
  let answered = 0;
  let again = 0;
  const wrong: string[] = [];
  const sender = async () => {
    for (let number = next++; number < HOOKS; number = next++) {
      for (let isFirst = true; ; isFirst = false) {
        if (!isFirst) again += 1;
        const status = await send(bot.address, secret, number).catch(() => undefined);
        if (status === 200 || status === 201) break;
        if (status !== undefined && status < 500) {
          wrong.push(`hook ${number} was answered with ${status}`);
          break;
        }
        await sleep(AGAIN_MS);
      }
      answered += 1;
    }
  };
  const senders = Promise.all(Array.from({ length: SENDERS }, sender));
  const lines: string[] = [];
  const moments = Array.from({ length: KILLS }, () => 1 + Math.floor(random() * HOOKS * 0.95)).sort((a, b) => a - b);
  for (const moment of moments) {
    const delay = random() * 40;
    await until(() => answered >= moment, `${moment} answers`, PATIENCE_MS);
    await sleep(delay);
    await bot.kill();
    const [stored, fresh, posts] = await Promise.all([
      db.feedback.count(),
      db.feedback.count({ where: { state: 'fresh' } }),
      slack.messages.length,
    ]);
    lines.push(`  kill after ${answered} answers: ${stored} stored, ${fresh} of them not sorted, ${posts} messages in the channel`);
    bot = await start();
  }
  await senders;
  const sentIn = performance.now() - began;
  const isSettled = async () =>
    (await db.feedback.count({ where: { state: 'fresh' } })) === 0 &&
    (await db.delivery.count({
      where: { message: { startsWith: 'feedback.' }, OR: [{ state: { not: 'sent' } }, { refreshDueAt: { not: null } }] },
    })) === 0;
  const settled = await until(isSettled, 'Everything posted', PATIENCE_MS).catch(() => false);
  const exitCode = await bot.stop();

  const stored = await db.feedback.findMany({ select: { id: true, onceKey: true, bundleId: true, state: true } });
  const keys = new Set(stored.map(({ onceKey }) => onceKey));
  const own = new Map<string, number>();
  for (const { subjectKey } of await db.delivery.findMany({
    where: { message: { startsWith: 'feedback.' } },
    select: { subjectKey: true },
  })) {
    own.set(subjectKey, (own.get(subjectKey) ?? 0) + 1);
  }
  const shownIn = ({ id, bundleId }: (typeof stored)[number]) =>
    (own.get(`feedback.post:${id}`) ?? 0) + (bundleId === null ? 0 : (own.get(`feedback.bundle:${bundleId}`) ?? 0));
  const notOnce = stored.filter((row) => shownIn(row) !== 1).length;
  const doubled = doubledPosts(company);
  const messages = slack.messages.filter(({ metadata }) => metadata !== undefined).length;
  await database.close();
  await company.stop();
  console.log(
    `\nhooks: ${stored.length} of ${HOOKS} stored, in ${messages} messages, ${again} sendings repeated, ${KILLS} kills; sent in ${(sentIn / 1_000).toFixed(1)} s, all in ${((performance.now() - began) / 1_000).toFixed(1)} s`,
  );
  console.log(`  ${figures.lostRequests} requests and ${figures.lostAnswers} answers of the chat lost`);
  for (const line of lines) console.log(line);
  return [
    ...wrong.slice(0, 5),
    ...(settled ? [] : ['not everything came to an end']),
    ...(stored.length === HOOKS && keys.size === HOOKS ? [] : [`${stored.length} were stored, under ${keys.size} keys`]),
    ...(notOnce === 0 ? [] : [`${notOnce} stand in no message, or in more than one`]),
    ...(doubled === 0 ? [] : [`${doubled} messages were posted twice`]),
    ...bot.errors().map((line) => `logged: ${JSON.stringify(line)}`),
    ...(exitCode === 0 ? [] : [`the last process ended with ${exitCode}`]),
  ].map((problem) => `hooks: ${problem}`);
}

/** A channel for feedback, and a key. @returns the key; undefined until there is a page, which comes with the defaults */
async function prepare(db: Db, encryptionKey: string): Promise<string | undefined> {
  const settings = await db.feedbackSettings.findFirst();
  const channel = await db.channel.findFirst({ where: { botIsMember: true } });
  if (!settings || !channel) return undefined;
  const { organisationId } = settings;
  const now = new Date();
  await db.feedbackSettings.update({ where: { organisationId }, data: { channelId: channel.id } });
  const secret = newSecret();
  const { id: createdById } = await db.person.findFirstOrThrow();
  const common = { organisationId, createdAt: now, createdById };
  const { id: integrationId } = await db.feedbackIntegration.create({ data: { ...common, id: newId(now), name: 'Call centre' } });
  const sealed = createVault([Buffer.from(encryptionKey, 'base64')]).seal(secret, KEY_PURPOSE);
  await db.feedbackKey.create({ data: { ...common, id: newId(now), integrationId, sealed, hint: secret.slice(-4) } });
  return secret;
}

/** @returns the status of the answer */
async function send(address: string, secret: string, number: number): Promise<number> {
  const body = { words: `Number ${number}: the coffee was good.`, ratings: { overall: 3 + (number % 3) } };
  const sent = signedHook(body, { secret, id: `hook_${number}`, at: new Date() });
  const response = await fetch(`${address}${HOOK_PATH}`, { ...sent, signal: AbortSignal.timeout(20_000) });
  await response.arrayBuffer();
  return response.status;
}
