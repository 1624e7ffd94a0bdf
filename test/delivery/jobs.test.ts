import { beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/core/registry.js';
import { createJobRunner, enqueueJob } from '../../src/delivery/jobs.js';
import { createSweeper } from '../../src/delivery/sweeps.js';
import { feature, type JobContext } from '../../src/people/handlers.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, silentLog } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type House, house } from './house.js';

const database = useDatabase();
let organisation: Organisation;
let home: House;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  home = house(database, organisation);
});

const runner = (processId = 'one') => createJobRunner({ work: home.work, registry: home.registry as never, processId, random: () => 0 });
const job = () => database.db.job.findFirstOrThrow();

async function enqueueCount(over: { kind?: string; payload?: Record<string, string> } = {}): Promise<void> {
  const wanted = {
    organisationId: organisation.id,
    subjectKey: 'count',
    kind: 'test.count',
    payload: {},
    dueAt: home.clock.now(),
    ...over,
  };
  await enqueueJob(database.db, wanted, home.clock.now());
}

/** A batch that notes its cursor in the same transaction. */
async function note(context: JobContext, cursor: number): Promise<void> {
  await context.tx.handled.create({ data: { onceKey: `batch ${cursor}`, claimedBy: 'test', at: context.clock.now() } });
}
const noted = async () => (await database.db.handled.findMany({ orderBy: { onceKey: 'asc' } })).map((row) => row.onceKey);

describe('jobs', () => {
  it('run batch by batch, once by subject key, and wait when they say so', async () => {
    home.scene.batch = async (context, cursor) => {
      await note(context, cursor);
      if (cursor === 3) return { done: true };
      return cursor === 1 ? { next: 2, waitMs: 60_000 } : { next: cursor + 1 };
    };
    await enqueueCount();
    await enqueueCount();
    expect(await runner().runDue()).toBe(2);
    expect(await noted()).toEqual(['batch 0', 'batch 1']);
    home.clock.forward({ seconds: 60 });
    expect(await runner().runDue()).toBe(2);
    expect(await job()).toMatchObject({ state: 'done', cursor: null });
    expect(await noted()).toHaveLength(4);
  });

  it('go on at the cursor at once when a connection is lost, with nothing done twice', async () => {
    let lost = false;
    home.scene.batch = async (context, cursor) => {
      await note(context, cursor);
      if (cursor === 2 && !lost) {
        lost = true;
        // With the connection goes what the batch has written.
        await context.tx.$executeRaw`SELECT pg_terminate_backend(pg_backend_pid())`;
      }
      return cursor === 4 ? { done: true } : { next: cursor + 1 };
    };
    await enqueueCount();
    await runner()
      .runDue()
      .catch(() => undefined);
    expect(await noted()).toEqual(['batch 0', 'batch 1']);
    expect(await job()).toMatchObject({ state: 'pending', attempts: 0 });
    await runner('other').runDue();
    expect(await noted()).toHaveLength(5);
    expect((await job()).state).toBe('done');
  });

  it('go on at the cursor after a crash, when the lease has ended', async () => {
    home.scene.batch = async (context, cursor) => {
      await note(context, cursor);
      return cursor === 1 ? { next: 2, waitMs: 1_000 } : cursor === 4 ? { done: true } : { next: cursor + 1 };
    };
    await enqueueCount();
    await runner('dies').runDue();
    // What is left of a process that died with the third batch at work.
    const leaseUntil = new Date(home.clock.now().getTime() + 10_000);
    await database.db.job.updateMany({ data: { state: 'running', claimedBy: 'dies/1', leaseUntil } });
    await runner('other').runDue();
    expect(await noted()).toHaveLength(2);
    home.clock.forward({ seconds: 10 });
    await runner('other').runDue();
    expect(await noted()).toHaveLength(5);
    expect((await job()).state).toBe('done');
  });

  it('are at work in one process only, however long a batch takes', async () => {
    let running = 0;
    let most = 0;
    let finish = () => {};
    home.scene.batch = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => (finish = resolve));
      running -= 1;
      return { done: true };
    };
    await enqueueCount();
    const first = runner('one').runDue();
    await expect.poll(() => running).toBe(1);
    home.clock.forward({ minutes: 5 });
    expect(await runner('two').runDue()).toBe(0);
    finish();
    expect(await first).toBe(1);
    expect(most).toBe(1);
  });

  it('back off when a batch fails, and are given up after eight tries', async () => {
    home.scene.batch = async (context, cursor) => {
      await note(context, cursor);
      if (cursor === 0) return { next: 1 };
      throw new RangeError('no');
    };
    await enqueueCount();
    for (let attempt = 0; attempt < 12; attempt++) {
      await runner().runDue();
      home.clock.forward({ minutes: 15 });
    }
    expect(await noted()).toEqual(['batch 0']);
    expect(await job()).toMatchObject({ state: 'dead', lastError: 'RangeError', cursor: 1, attempts: 8 });
  });

  it.each([
    ['unknown_kind', { kind: 'test.gone' }],
    ['payload_invalid', { payload: { release: 'none' } }],
  ])('are given up at once when nothing can read them: %s', async (lastError, over) => {
    await enqueueCount(over);
    await runner().runDue();
    expect(await job()).toMatchObject({ state: 'dead', lastError, attempts: 1 });
  });

  it('stop between two batches and go on later', async () => {
    const worker = runner();
    let batches = 0;
    home.scene.batch = async (_, cursor) => {
      batches += 1;
      if (cursor === 1) void worker.stop();
      return cursor === 3 ? { done: true } : { next: cursor + 1 };
    };
    await enqueueCount();
    worker.start();
    await expect.poll(() => batches).toBe(2);
    await worker.stop();
    expect(await job()).toMatchObject({ state: 'pending', cursor: 2, claimedBy: null });
    expect(batches).toBe(2);
    await runner('next').runDue();
    expect([batches, (await job()).state]).toEqual([4, 'done']);
  });
});

describe('sweeps', () => {
  it('run in one process at a time, one that fails keeps no other from running', async () => {
    const ran: string[] = [];
    let finish = () => {};
    const registry = createRegistry([
      feature({
        name: 'test',
        sweeps: [
          { id: 'test.fails', run: async () => Promise.reject(new Error('no')) },
          {
            id: 'test.slow',
            run: async ({ organisation: one }) => {
              ran.push(one.id);
              await new Promise<void>((resolve) => (finish = resolve));
            },
          },
        ],
      }),
    ]);
    const errors: object[] = [];
    const log = { ...silentLog, error: (fields: object) => void errors.push(fields) };
    const sweeper = createSweeper({ work: { ...home.work, log }, registry });
    const first = sweeper.runAll();
    await expect.poll(() => ran.length).toBe(1);
    await createSweeper({ work: home.work, registry }).runAll();
    expect(ran).toEqual([organisation.id]);
    finish();
    await first;
    expect(errors).toMatchObject([{ sweep: 'test.fails', organisationId: organisation.id }]);
  });

  it('forget what was handled a week ago and the jobs of a month ago', async () => {
    const sweeper = createSweeper({ work: home.work, registry: createRegistry([]) });
    await enqueueCount();
    await runner().runDue();
    await database.db.handled.create({ data: { onceKey: 'old', claimedBy: 'test', at: home.clock.now() } });
    home.clock.forward({ days: 7, minutes: 1 });
    await database.db.handled.create({ data: { onceKey: 'new', claimedBy: 'test', at: home.clock.now() } });
    await sweeper.runAll();
    expect(await noted()).toEqual(['new']);
    expect(await database.db.job.count()).toBe(1);
    home.clock.forward({ days: 24 });
    await sweeper.runAll();
    expect(await database.db.job.count()).toBe(0);
  });
});
