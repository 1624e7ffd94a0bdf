import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Platform } from '../../src/core/interaction.js';
import { enqueueJob } from '../../src/delivery/jobs.js';
import type { Db } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import { openDatabase } from '../../src/runtime/database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { migrate } from '../../src/runtime/migrate.js';
import { anOrganisation, aWorkspace, BUILT_AT, silentLog } from '../support/builders.js';
import type { ChildSettings } from './child.js';
import { type FakePlatform, SCALE, startPlatform } from './platform.js';

/**
 * npm run torture: a process that sends to 1,000 people is killed with SIGKILL at ten random moments and started
 * again each time. Everyone must be asked; on Slack nobody twice; on Teams repeats are counted.
 * SEED=<number> repeats a run.
 */
const PEOPLE = 1_000;
const KILLS = 10;
const LEASE_MS = 60_000 / SCALE;
const PATIENCE_MS = 70_000;
const here = dirname(fileURLToPath(import.meta.url));

interface Result {
  readonly platform: Platform;
  readonly kills: readonly string[];
  readonly seconds: number;
  readonly posts: number;
  readonly unasked: number;
  readonly repeats: number;
  readonly counted: number;
  readonly unsettled: number;
  readonly figures: FakePlatform['figures'];
}

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const random = generator(seed);
console.log(`Torture: ${PEOPLE} people, ${KILLS} kills, limits x ${SCALE}, seed ${seed}`);

const dataDir = await mkdtemp(join(tmpdir(), 'bellhop-torture-'));
const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
let failed = true;
try {
  const results = [await torture(server, 'slack'), await torture(server, 'teams')];
  for (const result of results) report(result);
  const complaints = results.flatMap(complaintsOf);
  for (const complaint of complaints) console.error(`VIOLATED: ${complaint}`);
  failed = complaints.length > 0;
  if (!failed) console.log('Everyone was asked; nobody twice on Slack; every repeat on Teams was counted.');
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
  await rm(dirname(server.cluster), { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

async function torture(postgres: EmbeddedPostgres, platform: Platform): Promise<Result> {
  const started = performance.now();
  const name = `torture_${platform}`;
  const admin = openDatabase({ connection: { ...postgres.connection('postgres') }, poolSize: 1, log: silentLog });
  await admin.pool.query(`CREATE DATABASE ${name}`);
  await admin.close();
  const connection = postgres.connection(name);
  await migrate({ ...connection }, join(here, '../../prisma/migrations'));
  const database = openDatabase({ connection: { ...connection }, poolSize: 4, log: silentLog });
  const db = database.prisma;
  const people = await populate(db, platform);
  const fake = await startPlatform(platform, random);
  const settings: ChildSettings = { connection, platform, platformUrl: fake.url, leaseMs: LEASE_MS };

  // Each kill a little after so many messages were posted: some hit the fan-out, most the sending.
  const moments = Array.from({ length: KILLS }, () => 1 + Math.floor(random() * PEOPLE * 0.97)).sort((a, b) => a - b);
  const kills: string[] = [];
  for (const moment of moments) {
    const child = await startChild(settings);
    const delay = random() * 25;
    await posted(fake, moment);
    await sleep(delay);
    child.kill('SIGKILL');
    await once(child, 'exit');
    kills.push(`${fake.posts.length} posts, ${Math.round(performance.now() - started)} ms`);
  }
  const last = await startChild(settings);
  const unsettled = await untilSettled(db);
  last.kill('SIGKILL');
  await once(last, 'exit');

  const perPerson = new Map<string, number>();
  for (const { to } of fake.posts) perPerson.set(to, (perPerson.get(to) ?? 0) + 1);
  const counted = await db.delivery.aggregate({ _sum: { possibleRepeats: true } });
  await fake.stop();
  await database.close();
  return {
    platform,
    kills,
    seconds: (performance.now() - started) / 1_000,
    posts: fake.posts.length,
    unasked: people.filter((person) => !perPerson.has(person)).length,
    repeats: [...perPerson.values()].reduce((sum, count) => sum + count - 1, 0),
    counted: counted._sum.possibleRepeats ?? 0,
    unsettled,
    figures: fake.figures,
  };
}

/** @returns the platform's ids of the people */
async function populate(db: Db, platform: Platform): Promise<string[]> {
  // Open around the clock: the hours are another test's matter.
  const organisation = await anOrganisation(db, { hours: { start: 0, end: 1440, days: [1, 2, 3, 4, 5, 6, 7] } });
  const workspace = await aWorkspace(db, organisation, { platform });
  const people = Array.from({ length: PEOPLE }, (_, index) => ({ id: newId(BUILT_AT), externalId: `U${index + 1}` }));
  await db.person.createMany({
    data: people.map(({ id, externalId }) => ({ organisationId: organisation.id, id, name: externalId, joinedAt: BUILT_AT })),
  });
  await db.account.createMany({
    data: people.map(({ id, externalId }) => ({
      organisationId: organisation.id,
      id: newId(BUILT_AT),
      workspaceId: workspace.id,
      personId: id,
      externalId,
      name: externalId,
      seenAt: BUILT_AT,
    })),
  });
  const now = new Date();
  await enqueueJob(db, { organisationId: organisation.id, subjectKey: 'publish', kind: 'torture.publish', payload: {}, dueAt: now }, now);
  return people.map(({ externalId }) => externalId);
}

async function startChild(settings: ChildSettings): Promise<ChildProcess> {
  const child = fork(join(here, 'child.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, BELLHOP_TORTURE: JSON.stringify(settings) },
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The child ended by itself with code ${String(code)}.`);
    }),
  ]);
  return child;
}

/** Waits for so many posts in all; at most as long as it takes when everything waits for a lease. */
async function posted(fake: FakePlatform, count: number): Promise<void> {
  if (fake.posts.length >= count) return;
  await new Promise<void>((resolve) => {
    const end = setTimeout(resolve, PATIENCE_MS / 4);
    fake.onPost = () => {
      if (fake.posts.length < count) return;
      clearTimeout(end);
      resolve();
    };
  });
  fake.onPost = () => {};
}

/** @returns how many deliveries are still open when the patience is over */
async function untilSettled(db: Db): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const jobs = await db.job.count({ where: { state: { not: 'done' } } });
    const open = await db.delivery.count({ where: { state: { not: 'sent' } } });
    if ((jobs === 0 && open === 0) || performance.now() > end) return open + jobs;
    await sleep(200);
  }
}

function complaintsOf(result: Result): string[] {
  const { platform, unasked, repeats, counted, unsettled } = result;
  return [
    ...(unasked > 0 ? [`${platform}: ${unasked} people were not asked`] : []),
    ...(unsettled > 0 ? [`${platform}: ${unsettled} deliveries or jobs came to no end`] : []),
    ...(platform === 'slack' && repeats > 0 ? [`slack: ${repeats} people were asked twice`] : []),
    ...(repeats > counted ? [`${platform}: ${repeats} repeats, but only ${counted} counted as possible`] : []),
    ...(result.figures.refused > PEOPLE / 100 ? [`${platform}: ${result.figures.refused} calls came too fast`] : []),
  ];
}

function report(result: Result): void {
  const { platform, kills, seconds, posts, unasked, repeats, counted, figures } = result;
  console.log(
    `\n${platform}: ${posts} posts in ${seconds.toFixed(1)} s, ${unasked} not asked, ${repeats} repeated (${counted} counted as possible)`,
  );
  console.log(
    `  ${figures.lostRequests} requests and ${figures.lostAnswers} answers lost, ${figures.finds} looked up, ${figures.refused} refused as too fast`,
  );
  for (const [index, kill] of kills.entries()) console.log(`  kill ${index + 1} after ${kill}`);
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
