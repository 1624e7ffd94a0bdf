import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Db } from '../../src/people/db.js';
import { type Database, openDatabase } from '../../src/runtime/database.js';
import type { Connection } from '../../src/runtime/embedded-postgres.js';
import { TEMPLATE } from './global-setup.js';
import { memoryLog } from './log.js';

/** A migrated database of the test file's own, on a real server. Usable from `beforeAll` hooks that come later on. */
export interface TestDatabase {
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly connection: Connection;
  /** Empties all tables, append-only ones too. */
  reset(): Promise<void>;
}

/** Call it once at the top of a test file (or of a `describe`): makes the database before its tests and drops it after them. */
export function useDatabase(options: { readonly poolSize?: number } = {}): TestDatabase {
  let connection: Connection | undefined;
  let database: Database | undefined;
  beforeAll(async () => {
    connection = await createDatabase(TEMPLATE);
    database = openDatabase({ connection: { ...connection }, poolSize: options.poolSize ?? 10, log: memoryLog() });
  });
  afterAll(async () => {
    await database?.close();
    if (connection) await dropDatabase(connection);
  });
  const made = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('useDatabase() makes the database in beforeAll: use it in hooks and tests only.');
    return value;
  };
  return {
    get db() {
      return made(database).prisma;
    },
    get pool() {
      return made(database).pool;
    },
    get connection() {
      return made(connection);
    },
    reset: async () => await empty(made(database).pool),
  };
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
