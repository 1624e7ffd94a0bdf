import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/runtime/embedded-postgres.js';
import { migrate } from '../../src/runtime/migrate.js';
import { createDatabase, dropDatabase } from '../support/database.js';
import { tempFolder } from '../support/temp-folder.js';

const NOTES = 'CREATE TABLE note (id int PRIMARY KEY, words text);\nINSERT INTO note VALUES (1, $$one; two$$);\n';
const AUTHOR = 'ALTER TABLE note ADD author text;\n';

let folder: string;
let connection: Connection;
let client: pg.Client;

beforeAll(async () => {
  folder = await tempFolder('migrations');
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await write('20270101000000_notes', NOTES);
  await write('20270102000000_author', AUTHOR);
  connection = await createDatabase('template0');
  client = new pg.Client({ ...connection });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await dropDatabase(connection);
});

async function write(name: string, script: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), script);
}

const rows = async (sql: string) => (await client.query(sql)).rows;
const run = () => migrate({ ...connection }, folder);

describe('migrations', () => {
  it('are applied once, in the order of their names', async () => {
    await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
    expect(await run()).toEqual({ applied: ['20270101000000_notes', '20270102000000_author'] });
    expect(await run()).toEqual({ applied: [] });
    expect(await rows('SELECT * FROM note')).toEqual([{ id: 1, words: 'one; two', author: null }]);
  });

  it('are recorded as Prisma records them', async () => {
    await run();
    const recorded = await rows('SELECT * FROM _prisma_migrations ORDER BY migration_name');
    expect(recorded).toMatchObject([
      {
        migration_name: '20270101000000_notes',
        checksum: createHash('sha256').update(NOTES).digest('hex'),
        applied_steps_count: 1,
        logs: null,
        rolled_back_at: null,
      },
      { migration_name: '20270102000000_author', checksum: createHash('sha256').update(AUTHOR).digest('hex') },
    ]);
    for (const { started_at, finished_at } of recorded) expect(finished_at.getTime()).toBeGreaterThanOrEqual(started_at.getTime());
  });

  it('are applied once by processes that start together', async () => {
    const results = await Promise.all([run(), run(), run()]);
    expect(results.flatMap(({ applied }) => applied)).toEqual(['20270101000000_notes', '20270102000000_author']);
  });

  it('leave nothing behind where one fails, and go on from there once it is mended', async () => {
    await write('20270103000000_broken', 'CREATE TABLE half (id int);\nSELECT 1;\nSELECT nothing FROM note;\n');
    await expect(run()).rejects.toMatchObject({
      name: 'OperatorError',
      code: 'database.migration_broken',
      message: expect.stringMatching(/20270103000000_broken.*column "nothing" does not exist \(line 3\)/),
    });
    expect(await rows("SELECT to_regclass('note') IS NOT NULL AS note, to_regclass('half') IS NOT NULL AS half")).toEqual([
      { note: true, half: false },
    ]);
    await write('20270103000000_broken', 'CREATE TABLE half (id int);\n');
    expect(await run()).toEqual({ applied: ['20270103000000_broken'] });
  });

  it('must not be edited once they are applied', async () => {
    await run();
    await write('20270102000000_author', 'ALTER TABLE note ADD writer text;\n');
    await write('20270103000000_next', 'CREATE TABLE next (id int);\n');
    await expect(run()).rejects.toMatchObject({
      code: 'database.migration_edited',
      message: expect.stringContaining('20270102000000_author'),
    });
    expect(await rows("SELECT to_regclass('next') AS next")).toEqual([{ next: null }]);
  });

  it('may have the line ends of another system', async () => {
    await run();
    await write('20270101000000_notes', NOTES.replaceAll('\n', '\r\n'));
    expect(await run()).toEqual({ applied: [] });
  });

  it('must all be known: a database of a newer release is left alone', async () => {
    await write('20280101000000_newer', 'CREATE TABLE newer (id int);\n');
    await run();
    await rm(join(folder, '20280101000000_newer'), { recursive: true });
    await expect(run()).rejects.toMatchObject({
      code: 'database.migration_unknown',
      message: expect.stringContaining('20280101000000_newer'),
    });
  });

  it('that another tool left unfinished are refused until somebody has looked', async () => {
    await run();
    await client.query("UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '20270102000000_author'");
    await expect(run()).rejects.toMatchObject({
      code: 'database.migration_failed',
      message: expect.stringContaining('20270102000000_author'),
    });
    await client.query('ALTER TABLE note DROP author');
    await client.query('UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL');
    expect(await run()).toEqual({ applied: ['20270102000000_author'] });
  });
});

describe('what the operator is told', () => {
  it('when the database cannot be reached', async () => {
    await expect(migrate({ host: '127.0.0.1', port: 1, database: 'bellhop' }, folder)).rejects.toMatchObject({
      code: 'database.unreachable',
      message: expect.stringContaining('DATABASE_URL'),
    });
  });

  it('when it is not there', async () => {
    await expect(migrate({ ...connection, database: 'nowhere' }, folder)).rejects.toThrow('database "nowhere" does not exist');
  });

  it('when its user may not make tables', async () => {
    await client.query('DROP ROLE IF EXISTS reader');
    await client.query('CREATE ROLE reader LOGIN');
    await expect(migrate({ ...connection, user: 'reader' }, folder)).rejects.toMatchObject({ code: 'database.not_allowed' });
    await client.query('DROP ROLE reader');
  });

  it('when its encoding is not UTF-8', async () => {
    const ascii = await createDatabase("template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'");
    await expect(migrate({ ...ascii }, folder)).rejects.toMatchObject({ code: 'database.encoding' });
    await dropDatabase(ascii);
  });
});

describe("the release's own migrations", () => {
  it('forbid what a transaction of their own forbids', async () => {
    const own = new URL('../../prisma/migrations/', import.meta.url);
    const { applied } = await migrate({ ...connection }, own.pathname);
    for (const name of applied) {
      const script = await readFile(new URL(`${name}/migration.sql`, own), 'utf8');
      expect(script).not.toMatch(/^\s*(COMMIT|BEGIN|ROLLBACK)\s*;/im);
    }
  });
});

describe('the first statistics', () => {
  const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

  it('have an empty database find every row by its whole key, not by its organisation alone', async () => {
    await migrate({ ...connection }, MIGRATIONS);
    await client.query('SET enable_seqscan = off');
    const keys: { name: string; columns: string[] }[] = await rows(`
      SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
      FROM pg_class c
      JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      GROUP BY c.oid HAVING bool_or(a.attname = 'organisationId') AND count(*) > 1`);
    expect(keys.length).toBeGreaterThan(50);
    const byOrganisation: string[] = [];
    for (const { name, columns } of keys) {
      const where = columns.map((column, index) => `"${column}" = $${index + 1}`).join(' AND ');
      // As foreign keys ask: one plan for all values.
      await client.query(
        `SET plan_cache_mode = force_generic_plan; PREPARE ${name}_row AS SELECT 1 FROM "${name}" WHERE ${where} FOR KEY SHARE`,
      );
      const plan = await rows(`EXPLAIN EXECUTE ${name}_row (${columns.map(() => 'NULL').join(', ')})`);
      if (plan.some((line) => /Index Cond: \("organisationId" = \$\d+\)$/.test(line['QUERY PLAN']))) byOrganisation.push(name);
    }
    expect(byOrganisation).toEqual([]);
  });

  it('give way to what ANALYZE has found', async () => {
    await migrate({ ...connection }, MIGRATIONS);
    await client.query(
      `CREATE TABLE busy ("organisationId" int); INSERT INTO busy SELECT n % 3 FROM generate_series(1, 300) n; ANALYZE busy`,
    );
    await migrate({ ...connection }, MIGRATIONS);
    expect(await rows(`SELECT n_distinct FROM pg_stats WHERE tablename = 'busy' AND attname = 'organisationId'`)).toEqual([
      { n_distinct: 3 },
    ]);
  });
});
