import { expect, it } from 'vitest';
import { createRegistry } from '../../src/core/registry.js';
import { createJobRunner } from '../../src/delivery/jobs.js';
import { createSweeper } from '../../src/delivery/sweeps.js';
import { createFeatures } from '../../src/features/index.js';
import { aChannel } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { testBot } from '../support/test-bot.js';

const database = useDatabase();

/** What is there of every table that has anything, `table: rows`; a day's work that was looked at and found to be none is nothing. */
async function contents(): Promise<readonly string[]> {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
  );
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await database.pool.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${name}`);
      return { name, rows: rows[0]?.rows ?? 0 };
    }),
  );
  return counts.flatMap(({ name, rows }) => (rows === 0 || name === 'job' ? [] : [`${name}: ${rows}`]));
}

/** What testSweeper (test/support/sweeping.ts) trusts in, so that stories needn't sweep features that aren't part of them. */
it('features that nobody uses do nothing by themselves, whatever day it is and whoever comes and goes', async () => {
  const { db } = database;
  const bot = await testBot({ now: '2027-03-01T09:00:00Z', database, organisation: { zone: 'Europe/Riga' } });
  const failures: unknown[] = [];
  const log = { ...bot.work.log, error: (...said: unknown[]) => void failures.push(said) };
  // Bellhop's own sweeps greet the owners, and read who there is.
  const registry = createRegistry(createFeatures({ directories: new Map() }).filter(({ name }) => name !== 'bellhop'));
  const sweeper = createSweeper({ work: { ...bot.work, log }, registry });
  const jobs = createJobRunner({ work: { ...bot.work, log }, registry, processId: 'test' });
  const tick = async () => {
    await sweeper.runAll();
    await jobs.runDue();
  };
  const owner = await bot.person({ role: 'owner' });
  const manager = await bot.person({ role: 'manager', lineManager: owner });
  const former = await bot.person({ lineManager: manager });
  await bot.person({ platform: 'slack', lineManager: manager });
  await bot.person({ platform: 'teams' });
  await aChannel(db, bot.organisation, {});
  await tick();
  const before = await contents();
  expect(before.join()).toContain('feedback_page');

  for (const [index, now] of [
    '2027-03-01T09:01:00Z',
    '2027-03-01T21:30:00Z',
    '2027-03-02T08:30:00Z',
    '2027-03-08T07:00:00Z',
    '2027-04-01T06:30:00Z',
    '2027-07-01T12:00:00Z',
    '2028-01-03T09:00:00Z',
  ].entries()) {
    bot.clock.to(now);
    if (index === 2)
      await db.person.updateMany({ where: { id: { in: [former.id, manager.id] } }, data: { status: 'left', leftAt: bot.clock.now() } });
    await tick();
    expect(await contents()).toEqual(before);
  }
  expect(failures).toEqual([]);
});
