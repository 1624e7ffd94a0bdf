import { existsSync } from 'node:fs';
import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { endpointOf, isServer } from '../../src/runtime/embedded-postgres/server.js';
import { type Connection, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { migrate } from '../../src/runtime/migrate.js';
import { memoryLog } from './log.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The run's server: its database `postgres`, for making databases. */
    readonly postgres: Connection;
  }
}

/** Migrated once for a run; every test file gets a copy. */
export const TEMPLATE = 'bellhop_template';

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
const FOLDER = 'bellhop-test-';
const ABANDONED_MS = 60 * 60_000;

/** Starts one server for the whole run, in a folder of its own, so that several runs don't meet. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const dataDir = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const server = await startEmbeddedPostgres({ dataDir, log: memoryLog() });
  const teardown = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
    // Elsewhere than in dataDir when only root can reach that.
    await rm(dirname(server.cluster), { recursive: true, force: true });
  };
  try {
    await makeTemplate(server.connection('postgres'), server.connection(TEMPLATE));
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('postgres', server.connection('postgres'));
  return teardown;
}

async function makeTemplate(admin: Connection, template: Connection): Promise<void> {
  const client = new pg.Client({ ...admin });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  if (existsSync(MIGRATIONS)) await migrate({ ...template }, MIGRATIONS);
  // A database that somebody is connected to, autovacuum for one, can't be copied.
  await client.query(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`);
  await client.end();
}

/** Ends the servers and removes the folders of runs that were killed. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER)) continue;
    const folder = join(tmpdir(), name);
    const found = await stat(folder).catch(() => undefined);
    if (!found || found.uid !== process.getuid?.() || Date.now() - found.mtimeMs < ABANDONED_MS || isAlive(Number(name.split('-')[2])))
      continue;
    const cluster = await realpath(join(folder, 'postgres')).catch(() => undefined);
    const running = cluster && (await endpointOf(cluster));
    if (running && (await isServer(running.pid, cluster))) process.kill(running.pid, 'SIGQUIT');
    await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
