import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Db } from '../../src/people/db.js';
import { type Database, openDatabase } from '../../src/runtime/database.js';
import type { Connection } from '../../src/runtime/embedded-postgres.js';
import { TEMPLATE } from './global-setup.js';
import { memoryLog } from './log.js';

/** A migrated database of the test file's own as long as it runs, on a real server. Usable from `beforeAll` hooks that come later on. */
export interface TestDatabase {
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly connection: Connection;
  /** Empties all tables, append-only ones too. */
  reset(): Promise<void>;
}

interface Opened {
  readonly connection: Connection;
  readonly poolSize: number;
  readonly database: Database;
}

/**
 * Empty databases that earlier files of this worker are done with. Who takes one finds the server's connections and
 * Prisma's client warm: half of what a file's statements cost is making their plans on new ones.
 */
const spare: Opened[] = [];

/** Call it once at the top of a test file (or of a `describe`): its database is there before its tests, empty. */
export function useDatabase(options: { readonly poolSize?: number } = {}): TestDatabase {
  const { poolSize = 10 } = options;
  let opened: Opened | undefined;
  let handedOut = false;
  beforeAll(async () => {
    const found = spare.findIndex((one) => one.poolSize === poolSize);
    opened = found === -1 ? await open(poolSize) : spare.splice(found, 1)[0];
  });
  afterAll(async () => {
    const done = opened;
    opened = undefined;
    if (!done) return;
    const { pool } = done.database;
    // Whoever else has it, or is at it still, may write to it later on.
    const isFree = !handedOut && pool.idleCount === pool.totalCount && pool.waitingCount === 0;
    if (!isFree || !(await renew(pool))) return await discard(done);
    spare.push(done);
  });
  const made = (): Opened => {
    if (!opened) throw new Error('useDatabase() has a database from beforeAll to afterAll: use it in hooks and tests only.');
    return opened;
  };
  return {
    get db() {
      return made().database.prisma;
    },
    get pool() {
      return made().database.pool;
    },
    get connection() {
      handedOut = true;
      return made().connection;
    },
    reset: async () => await empty(made().database.pool),
  };
}

async function open(poolSize: number): Promise<Opened> {
  const connection = await createDatabase(TEMPLATE);
  return { connection, poolSize, database: openDatabase({ connection: { ...connection }, poolSize, log: memoryLog() }) };
}

async function discard({ connection, database }: Opened): Promise<void> {
  await database.close();
  await dropDatabase(connection);
}

/** As it was made: rows come in the order in which they are written again. @returns whether that went well */
async function renew(pool: pg.Pool): Promise<boolean> {
  try {
    await empty(pool);
    const { rows } = await pool.query<{ touched: string | null }>(`
      SELECT string_agg(oid::regclass::text, ', ') AS touched FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations' AND pg_relation_size(oid) > 0`);
    if (rows[0]?.touched) await pool.query(`VACUUM ${rows[0].touched}`);
    return true;
  } catch {
    return false;
  }
}

/** A new database on the run's server. @param template `template0` for an empty one */
export async function createDatabase(template: string): Promise<Connection> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${database} TEMPLATE ${template}`);
  return { ...inject('postgres'), database };
}

/** Drops it, whoever is still connected. */
export async function dropDatabase({ database }: Connection): Promise<void> {
  await administer(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ ...inject('postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** DELETE is much faster than TRUNCATE on tables with few rows. The role `replica` turns off triggers and foreign keys. */
async function empty(pool: pg.Pool): Promise<void> {
  await pool.query(`DO $$
    DECLARE one regclass;
    BEGIN
      SET LOCAL session_replication_role = replica;
      FOR one IN SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations'
      LOOP
        EXECUTE format('DELETE FROM %s', one);
      END LOOP;
    END $$`);
}
