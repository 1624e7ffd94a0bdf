import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type Connection, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { migrate } from '../../src/runtime/migrate.js';
import { memoryLog } from './log.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The run's server: its database `postgres`, for making databases. */
    readonly postgres: Connection;
    /** The run's folder for everything that goes with it. */
    readonly folder: string;
  }
}

/** Migrated once for a run; every test file gets a copy. */
export const TEMPLATE = 'bellhop_template';

/**
 * Nothing of this server outlives the run, so it needn't wait for the disk. Tests of what must survive a crash start
 * servers of their own, as the bot has them. Plans are kept from the first time on; the bot's are from the sixth.
 */
const SETTINGS = ['fsync = off', 'synchronous_commit = off', 'full_page_writes = off', 'plan_cache_mode = force_generic_plan'];

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
const JANITOR = fileURLToPath(new URL('./janitor.mjs', import.meta.url));

/** Starts one server for the whole run, in a folder of its own, so that several runs don't meet. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'bellhop-test-'));
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: memoryLog() });
  // The server's home is elsewhere when only root can reach the folder.
  const folders = [folder, dirname(server.cluster)];
  // In a session of its own: what ends the run doesn't end it.
  const janitor = spawn(process.execPath, [JANITOR, ...folders], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  janitor.unref();
  const teardown = async () => {
    await server.stop();
    for (const each of folders) await rm(each, { recursive: true, force: true });
    janitor.stdin.end();
  };
  try {
    await makeTemplate(server.connection('postgres'), server.connection(TEMPLATE));
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('postgres', server.connection('postgres'));
  project.provide('folder', folder);
  return teardown;
}

async function makeTemplate(admin: Connection, template: Connection): Promise<void> {
  const client = new pg.Client({ ...admin });
  await client.connect();
  try {
    for (const setting of SETTINGS) await client.query(`ALTER SYSTEM SET ${setting}`);
    await client.query('SELECT pg_reload_conf()');
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    if (existsSync(MIGRATIONS)) await migrate({ ...template }, MIGRATIONS);
    // A database that somebody is connected to, autovacuum for one, can't be copied.
    await client.query(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`);
  } finally {
    await client.end();
  }
}
