import { rm } from 'node:fs/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { isDatabaseAway, isUniqueViolation, retryOnConflict } from '../../src/people/db.js';
import { openDatabase } from '../../src/runtime/database.js';
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { useDatabase } from '../support/database.js';
import { memoryLog } from '../support/log.js';
import { tempFolder } from '../support/temp-folder.js';

const test = useDatabase({ poolSize: 5 });
const at = new Date('2027-03-02T09:00:00Z');
const later = new Date('2027-03-02T10:00:00Z');

beforeEach(() => test.reset());

const caught = async (act: Promise<unknown>) =>
  await act.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the database', () => {
  it('gives everything a limit of time', async () => {
    const { rows } = await test.pool.query(
      "SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name",
    );
    for (const { setting } of rows) expect(Number(setting)).toBeGreaterThan(0);
    expect(rows).toHaveLength(3);
  });

  it('lets a crowd wait for its turn', async () => {
    const act = (number: number) =>
      test.db.$transaction(async (tx) => {
        await tx.pace.create({ data: { scope: `crowd:${number}`, nextAt: at } });
        await tx.$queryRaw`SELECT pg_sleep(0.01)::text`;
      });
    await Promise.all(Array.from({ length: 300 }, (_, number) => act(number)));
    expect(await test.db.pace.count()).toBe(300);
  });

  it('tells that it went away, and serves again once it is back', async () => {
    const dataDir = await tempFolder('away');
    const log = memoryLog();
    const first = await startEmbeddedPostgres({ dataDir, log });
    const { prisma, close } = openDatabase({ connection: { ...first.connection() }, poolSize: 3, log });
    try {
      expect(await prisma.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
      const halfway = caught(
        prisma.$transaction(async (tx) => {
          await tx.$executeRaw`CREATE TABLE half (id int)`;
          await first.stop();
          await tx.$queryRaw`SELECT 1 AS one`;
        }),
      );
      expect(isDatabaseAway(await halfway)).toBe(true);
      expect(isDatabaseAway(await caught(prisma.$queryRaw`SELECT 1 AS one`))).toBe(true);
      expect(isDatabaseAway(await caught(prisma.$transaction(async (tx) => await tx.$queryRaw`SELECT 1 AS one`)))).toBe(true);

      const second = await startEmbeddedPostgres({ dataDir, log });
      expect(await prisma.$queryRaw`SELECT to_regclass('half')::text AS half`).toEqual([{ half: null }]);
      expect(await prisma.$transaction(async (tx) => await tx.$queryRaw`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
      await second.stop();
    } finally {
      await close();
      await first.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

describe('errors', () => {
  const row = { scope: 'one', nextAt: at };

  it('of a unique key are known by its name, whichever way they come', async () => {
    await test.db.pace.create({ data: row });
    const ways = [
      () => test.db.pace.create({ data: row }),
      () => test.db.$transaction(async (tx) => await tx.pace.create({ data: row })),
      () => test.db.$executeRaw`INSERT INTO pace (scope, "nextAt") VALUES ('one', now())`,
      () => test.pool.query('INSERT INTO pace (scope, "nextAt") VALUES ($1, now())', ['one']),
    ];
    for (const way of ways) {
      const error = await caught(way());
      expect(isUniqueViolation(error)).toBe(true);
      expect(isUniqueViolation(error, 'pace_pkey')).toBe(true);
      expect(isUniqueViolation(error, 'handled_pkey')).toBe(false);
      expect(isDatabaseAway(error)).toBe(false);
    }
  });

  it('of other sorts are neither', async () => {
    for (const error of [new Error('P2002'), undefined, 'ECONNREFUSED', await caught(test.db.$queryRaw`SELECT nothing`)]) {
      expect(isUniqueViolation(error)).toBe(false);
      expect(isDatabaseAway(error)).toBe(false);
    }
  });
});

describe('retryOnConflict', () => {
  it('lets everybody win the race for a key', async () => {
    const upsert = () =>
      retryOnConflict(() =>
        test.db.pace.upsert({ where: { scope: 'raced' }, create: { scope: 'raced', nextAt: at }, update: { nextAt: later } }),
      );
    await Promise.all(Array.from({ length: 20 }, upsert));
    expect(await test.db.pace.count()).toBe(1);
  });

  it('untangles a deadlock', async () => {
    await test.db.pace.createMany({ data: ['left', 'right'].map((scope) => ({ scope, nextAt: at })) });
    const touch = vi.fn((scopes: readonly string[]) =>
      test.db.$transaction(async (tx) => {
        for (const scope of scopes) {
          await tx.pace.update({ where: { scope }, data: { nextAt: later } });
          await tx.$queryRaw`SELECT pg_sleep(0.2)::text`;
        }
      }),
    );
    await Promise.all([retryOnConflict(() => touch(['left', 'right'])), retryOnConflict(() => touch(['right', 'left']))]);
    expect(touch).toHaveBeenCalledTimes(3);
  });

  it('untangles transactions that cannot be put in an order', async () => {
    await test.db.pace.create({ data: { scope: 'counted', nextAt: new Date(0) } });
    const count = () =>
      retryOnConflict(
        () =>
          test.db.$transaction(
            async (tx) => {
              const { nextAt } = await tx.pace.findUniqueOrThrow({ where: { scope: 'counted' } });
              await tx.pace.update({ where: { scope: 'counted' }, data: { nextAt: new Date(nextAt.getTime() + 1) } });
            },
            { isolationLevel: 'Serializable' },
          ),
        20,
      );
    await Promise.all(Array.from({ length: 5 }, count));
    expect((await test.db.pace.findUniqueOrThrow({ where: { scope: 'counted' } })).nextAt).toEqual(new Date(5));
  });

  it('gives up, and at once where it is no conflict', async () => {
    await test.db.pace.create({ data: { scope: 'taken', nextAt: at } });
    const create = vi.fn(() => test.db.pace.create({ data: { scope: 'taken', nextAt: at } }));
    expect(isUniqueViolation(await caught(retryOnConflict(create, 3)))).toBe(true);
    expect(create).toHaveBeenCalledTimes(3);
    const fail = vi.fn(() => Promise.reject(new Error('no conflict')));
    await expect(retryOnConflict(fail)).rejects.toThrow('no conflict');
    expect(fail).toHaveBeenCalledTimes(1);
  });
});

describe('the test database', () => {
  it('can be emptied, though records are append-only', async () => {
    const record = { organisationId: crypto.randomUUID(), id: crypto.randomUUID(), at, verb: 'test.done', data: {} };
    await test.db.organisation.create({ data: { id: record.organisationId, name: 'Hotel', createdAt: at } });
    await test.db.auditEvent.create({ data: record });
    await expect(test.db.auditEvent.deleteMany()).rejects.toThrow();
    await test.reset();
    expect(await test.db.auditEvent.count()).toBe(0);
    expect(await test.db.organisation.count()).toBe(0);
    expect((await test.pool.query('SELECT 1 FROM _prisma_migrations')).rowCount).toBeGreaterThan(0);
  });
});
