import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '../../src/core/interaction.js';
import type { Db } from '../../src/people/db.js';
import { openDatabase } from '../../src/runtime/database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { type BotProcess, newKey, startBot } from '../support/bot-process.js';
import { silentLog } from '../support/builders.js';
import { until } from '../support/until.js';
import { killedReceiving } from './hooks.js';
import { killedReminding } from './ladder.js';
import { type Place, SCALE, slackPlace, teamsPlace } from './places.js';
import { crowd, killedRedeeming } from './redeem.js';

/**
 * npm run torture: the bot itself, between a database and a strict stand-in of each platform. A manager publishes to
 * 1,000 people; the bot is killed with SIGKILL at ten random moments while it sends, and started again each time.
 * Everyone must be asked; on Slack nobody twice; on Teams repeats are counted. Then rewards are redeemed (redeem.ts), and
 * 2,000 people are reminded of a seminar (ladder.ts), and 10,000 web hooks are received (hooks.ts).
 * SEED=<number> repeats a run; `npm run torture -- send`, `redeem`, `ladder` or `hooks` runs a part of it.
 */
const PEOPLE = 1_000;
const KILLS = 10;
const PATIENCE_MS = 60_000;
/** Calls in a hundred that the platform may refuse as too fast: a killed process takes slots along that it didn't use, never the other way round. */
const MOST_REFUSED = 1;

interface Kill {
  readonly posts: number;
  readonly ms: number;
  /** Messages that were on their way: nobody knows whether they arrived. */
  readonly inDoubt: number;
}

interface Result {
  readonly platform: Platform;
  readonly kills: readonly Kill[];
  readonly seconds: number;
  readonly unasked: number;
  readonly repeats: number;
  /** How many repeats the bot itself counts as possible. */
  readonly counted: number;
  /** Deliveries and jobs that came to no end, or to a bad one. */
  readonly unsettled: number;
  readonly exitCode: number | null;
  readonly figures: Place['figures'];
}

const PARTS = ['send', 'redeem', 'ladder', 'hooks'] as const;
const part = process.argv[2];
if (part !== undefined && !PARTS.some((name) => name === part)) {
  console.error(`There is no part ${part}; there are ${PARTS.join(', ')}.`);
  process.exit(2);
}
const wanted = (name: (typeof PARTS)[number]) => part === undefined || part === name;
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const random = generator(seed);
console.log(`Torture: ${PEOPLE} people, ${KILLS} kills, limits x ${SCALE}, seed ${seed}`);

const dataDir = await mkdtemp(join(tmpdir(), 'bellhop-torture-'));
const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
let failed = true;
try {
  const complaints: string[] = [];
  if (wanted('send')) {
    const results = [await torture(server, await slackPlace(PEOPLE, random)), await torture(server, await teamsPlace(PEOPLE, random))];
    complaints.push(...results.flatMap(complaintsOf));
  }
  if (wanted('redeem')) complaints.push(...(await crowd(server)), ...(await killedRedeeming(server, random)));
  if (wanted('ladder')) complaints.push(...(await killedReminding(server, random)));
  if (wanted('hooks')) complaints.push(...(await killedReceiving(server, random)));
  for (const complaint of complaints) console.error(`VIOLATED: ${complaint}`);
  failed = complaints.length > 0;
  if (!failed)
    console.log(
      '\nNobody was left out or forgotten, on Slack nobody told twice, every repeat on Teams counted; no point and no reward lost or doubled.',
    );
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
  await rm(dirname(server.cluster), { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

async function torture(postgres: EmbeddedPostgres, place: Place): Promise<Result> {
  const started = performance.now();
  const name = `torture_${place.platform}`;
  const admin = openDatabase({ connection: { ...postgres.connection('postgres') }, poolSize: 1, log: silentLog });
  await admin.pool.query(`CREATE DATABASE ${name}`);
  await admin.close();
  const environment = {
    ...place.environment,
    DATABASE_URL: postgres.url(name),
    BELLHOP_ENCRYPTION_KEY: newKey(),
    // A minute is too long where everything else is twenty times faster.
    BELLHOP_LEASE_SECONDS: String(60 / SCALE),
  };
  const start = async (): Promise<BotProcess> => {
    const bot = await startBot(environment);
    place.reach(bot.address);
    return bot;
  };

  let bot = await start();
  const database = openDatabase({ connection: { ...postgres.connection(name) }, poolSize: 2, log: silentLog });
  const db = database.prisma;
  await place.introduce();
  await until(async () => (await db.person.count()) === PEOPLE, 'Everybody known', PATIENCE_MS);
  await place.publish();

  // Each kill a little after so many messages were posted: some hit the fan-out, most the sending.
  const moments = Array.from({ length: KILLS }, () => 1 + Math.floor(random() * PEOPLE * 0.97)).sort((a, b) => a - b);
  const kills: Kill[] = [];
  for (const moment of moments) {
    const delay = random() * 25;
    await posted(place, moment);
    await sleep(delay);
    await bot.kill();
    const inDoubt = await db.delivery.count({ where: { state: 'sending', attemptedAt: { not: null } } });
    kills.push({ posts: place.figures.posts, ms: Math.round(performance.now() - started), inDoubt });
    bot = await start();
  }
  const unsettled = await untilSettled(db);
  const exitCode = await bot.stop();

  const asked = place.asked();
  const counted = await db.delivery.aggregate({ _sum: { possibleRepeats: true } });
  await place.stop();
  await database.close();
  const result: Result = {
    platform: place.platform,
    kills,
    seconds: (performance.now() - started) / 1_000,
    unasked: asked.filter((count) => count === 0).length,
    repeats: asked.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    counted: counted._sum.possibleRepeats ?? 0,
    unsettled,
    exitCode,
    figures: place.figures,
  };
  report(result);
  return result;
}

/** Waits for so many posts in all; at most as long as it takes when everything waits for a lease. */
async function posted(place: Place, count: number): Promise<void> {
  if (place.figures.posts >= count) return;
  await new Promise<void>((resolve) => {
    const end = setTimeout(resolve, PATIENCE_MS / 3);
    place.onPost = () => {
      if (place.figures.posts < count) return;
      clearTimeout(end);
      resolve();
    };
  });
  place.onPost = () => {};
}

/** @returns how many deliveries and jobs are open, or were given up, when the patience is over */
async function untilSettled(db: Db): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const jobs = await db.job.count({ where: { state: { not: 'done' } } });
    const assignments = await db.assignment.count();
    const open = await db.delivery.count({ where: { state: { notIn: ['sent', 'merged', 'dropped'] } } });
    const missing = PEOPLE - assignments;
    if ((jobs === 0 && open === 0 && missing === 0) || performance.now() > end) return open + jobs + missing;
    await sleep(200);
  }
}

function complaintsOf(result: Result): string[] {
  const { platform, unasked, repeats, counted, unsettled, exitCode, figures } = result;
  return [
    ...(unasked > 0 ? [`${platform}: ${unasked} people were not asked`] : []),
    ...(unsettled > 0 ? [`${platform}: ${unsettled} deliveries, jobs or requests came to no end`] : []),
    ...(platform === 'slack' && repeats > 0 ? [`slack: people were asked ${repeats} times too often`] : []),
    ...(platform === 'slack' && figures.lookedUp === 0 ? ['slack: nothing was looked up in the history'] : []),
    ...(repeats > counted ? [`${platform}: ${repeats} repeats, but only ${counted} counted as possible`] : []),
    ...(figures.refused > (PEOPLE * MOST_REFUSED) / 100 ? [`${platform}: ${figures.refused} calls came too fast`] : []),
    ...(exitCode === 0 ? [] : [`${platform}: the last process ended with code ${exitCode}`]),
  ];
}

function report(result: Result): void {
  const { platform, kills, seconds, unasked, repeats, counted, figures } = result;
  console.log(
    `\n${platform}: ${PEOPLE - unasked} of ${PEOPLE} asked in ${seconds.toFixed(1)} s by ${figures.posts} posts, ${repeats} repeated (${counted} counted as possible)`,
  );
  console.log(
    `  ${figures.lostRequests} requests and ${figures.lostAnswers} answers lost, ${figures.lookedUp} looked up, ${figures.refused} refused as too fast`,
  );
  for (const [index, { posts, ms, inDoubt }] of kills.entries())
    console.log(`  kill ${index + 1} after ${posts} posts, ${ms} ms, with ${inDoubt} messages on their way`);
}

/** Mulberry32: a small generator with a seed, so that a run can be repeated. */
function generator(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
