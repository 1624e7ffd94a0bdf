import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { giveFirstStatistics } from './first-statistics.js';
import { OperatorError } from './operator-error.js';

/** Prisma's own number, so that `prisma migrate deploy` and this never work at the same time. */
const LOCK = 72707369;
/** The oldest PostgreSQL that the tests and the SQL are meant for. */
const OLDEST_SERVER = 14;

interface Migration {
  readonly name: string;
  readonly script: string;
}

interface AppliedRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/**
 * Brings a database up to date: applies what is missing of a folder of migrations, in the order of their names, each
 * in a transaction of its own, under a lock that all processes share. Its records are those of `prisma migrate deploy`.
 * @param migrationsDir holds a folder for each migration, with a `migration.sql`
 * @returns the names of those that were applied now
 * @throws OperatorError when the database can't be used, or its migrations aren't those of this release; nothing is applied then
 */
export async function migrate(connection: pg.ClientConfig, migrationsDir: string): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(migrationsDir);
  const client = new pg.Client({ ...connection, application_name: 'bellhop migrations' });
  client.on('error', () => undefined);
  try {
    await client.connect().catch(unreachable);
    await checkServer(client);
    await client.query('SET statement_timeout = 0');
    await client.query('SET lock_timeout = 0');
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    // Rather give up than stand in a queue for a table with everybody else queueing behind.
    await client.query("SET lock_timeout = '30s'");
    const pending = missing(migrations, await readApplied(client));
    for (const migration of pending) await apply(client, migration);
    await giveFirstStatistics(client);
    return { applied: pending.map(({ name }) => name) };
  } finally {
    // Gives the lock back as well.
    await client.end();
  }
}

/** The checksum that Prisma writes: SHA-256 of the script. */
export function checksumOf(script: string): string {
  return createHash('sha256').update(script).digest('hex');
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return await Promise.all(
    names.sort().map(async (name) => ({ name, script: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding",
  );
  const { version = 0, encoding = '' } = rows[0] ?? {};
  if (version < OLDEST_SERVER * 10_000) {
    throw new OperatorError(
      'database.version',
      `The database server is PostgreSQL ${Math.floor(version / 10_000)}, and ${OLDEST_SERVER} is the oldest that will do. Set DATABASE_URL to a newer one.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new OperatorError(
      'database.encoding',
      `The database's encoding is ${encoding}; it must be UTF8. Make one with CREATE DATABASE bellhop ENCODING 'UTF8' TEMPLATE template0 and set DATABASE_URL to it.`,
    );
  }
}

async function readApplied(client: pg.Client): Promise<readonly AppliedRow[]> {
  // Word for word the table that Prisma makes.
  await client
    .query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id                  VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum            VARCHAR(64) NOT NULL,
      finished_at         TIMESTAMPTZ,
      migration_name      VARCHAR(255) NOT NULL,
      logs                TEXT,
      rolled_back_at      TIMESTAMPTZ,
      started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`)
    .catch(notAllowed);
  const { rows } = await client.query<AppliedRow>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name',
  );
  return rows;
}

/** What is to be applied, once it is sure that the database's history is this release's. */
function missing(migrations: readonly Migration[], applied: readonly AppliedRow[]): readonly Migration[] {
  const failed = applied.filter((row) => row.finished_at === null).map((row) => row.migration_name);
  if (failed.length > 0) {
    throw new OperatorError(
      'database.migration_failed',
      `Migration ${failed.join(', ')} was begun by another tool and did not finish. Undo by hand what it has done, then mark it: UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${failed[0]}' AND finished_at IS NULL.`,
    );
  }
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const unknown = applied.filter((row) => !known.has(row.migration_name)).map((row) => row.migration_name);
  if (unknown.length > 0) {
    throw new OperatorError(
      'database.migration_unknown',
      `The database has migrations that this release doesn't know (${unknown.join(', ')}): a newer release has used it. Run that one, or go back to a backup from before.`,
    );
  }
  const edited = applied.filter((row) => !isUnchanged(known.get(row.migration_name)?.script ?? '', row.checksum));
  if (edited.length > 0) {
    throw new OperatorError(
      'database.migration_edited',
      `Migration ${edited.map((row) => row.migration_name).join(', ')} isn't what was applied to this database: its file was changed afterwards. Put the file back as it was, and write a new migration for the change.`,
    );
  }
  const done = new Set(applied.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

/** Line ends don't count: a checkout on Windows may have changed them. */
function isUnchanged(script: string, checksum: string): boolean {
  const unix = script.replaceAll('\r\n', '\n');
  return [script, unix, unix.replaceAll('\n', '\r\n')].some((variant) => checksumOf(variant) === checksum);
}

async function apply(client: pg.Client, { name, script }: Migration): Promise<void> {
  const id = randomUUID();
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [id, checksumOf(script), name]);
    // Without parameters, so that it may hold any number of statements.
    await client.query(script);
    // The clock's time: now() is when the transaction began.
    await client.query('UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1', [id]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new OperatorError(
      'database.migration_broken',
      `Migration ${name} can't be applied, and nothing of it was: ${where(cause, script)}. Mend what it says and start again.`,
      { cause },
    );
  }
}

/** PostgreSQL's words, with the line of the script that they are about. */
function where(cause: unknown, script: string): string {
  const { message, position, detail } = cause as pg.DatabaseError;
  const line = position ? ` (line ${script.slice(0, Number(position)).split('\n').length})` : '';
  return `${message}${line}${detail ? `; ${detail}` : ''}`;
}

function unreachable(cause: Error): never {
  throw new OperatorError(
    'database.unreachable',
    `The database can't be reached: ${cause.message || (cause as NodeJS.ErrnoException).code}. Look whether it runs and whether DATABASE_URL is right.`,
    { cause },
  );
}

function notAllowed(cause: pg.DatabaseError): never {
  if (cause.code !== '42501') throw cause;
  throw new OperatorError(
    'database.not_allowed',
    `The database's user may not make tables (${cause.message}). Make it the owner of the database: ALTER DATABASE ... OWNER TO ...; or grant it CREATE on the schema public.`,
    { cause },
  );
}
