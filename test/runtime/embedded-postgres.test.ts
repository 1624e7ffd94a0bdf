import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { endpointOf, isServer } from '../../src/runtime/embedded-postgres/pid-file.js';
import {
  type Connection,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/runtime/embedded-postgres.js';
import { memoryLog } from '../support/log.js';
import { tempFolder } from '../support/temp-folder.js';

const isRoot = process.getuid?.() === 0;
const running = new Set<EmbeddedPostgres>();
let folder: string;

beforeAll(async () => {
  folder = await tempFolder('embedded');
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running.clear();
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

async function start(name: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: join(folder, name), log: memoryLog(), ...options });
  running.add(server);
  return server;
}

async function query(connection: pg.ClientConfig, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const isStopped = ({ cluster }: EmbeddedPostgres) => !existsSync(join(cluster, 'postmaster.pid'));
const ping = (connection: Connection) => query({ ...connection }, 'SELECT 1 AS one');

/** Ends the server as a crash does, and waits until nothing of it is left. */
async function crash({ cluster }: EmbeddedPostgres): Promise<void> {
  const pid = (await endpointOf(cluster))?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await isServer(pid, cluster)).toBe(false));
}

describe('the embedded server', () => {
  it('is durable, in UTF-8 and closed to other users', async () => {
    const server = await start('first');
    const [settings] = await query(
      server.connection(),
      `SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone,
        current_setting('listen_addresses') AS addresses, upper('ā') AS letter, current_database() AS database`,
    );
    expect(settings).toEqual({ fsync: 'on', encoding: 'UTF8', zone: 'UTC', addresses: '', letter: 'Ā', database: 'bellhop' });
    expect((await stat(server.cluster)).mode & 0o777).toBe(0o700);
    expect(await query({ connectionString: server.url('postgres') }, 'SELECT current_database() AS name')).toEqual([{ name: 'postgres' }]);
  });

  it('keeps its data over a stop', async () => {
    const first = await start('first');
    await query(first.connection(), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(isStopped(first)).toBe(true);
    const second = await start('first');
    expect(await query(second.connection(), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('writes no statement and no value into its log', async () => {
    const server = await start('first');
    await query(server.connection(), 'CREATE TABLE once (word text PRIMARY KEY)');
    await query(server.connection(), "INSERT INTO once VALUES ('confidential')");
    await expect(query(server.connection(), "INSERT INTO once VALUES ('confidential')")).rejects.toThrow('duplicate key');
    const log = await readFile(join(server.cluster, 'server.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('confidential');
  });

  it('stays for another bot, and stops with the last one', async () => {
    const one = await start('first');
    const other = await start('first');
    await one.stop();
    expect(await ping(other.connection())).toEqual([{ one: 1 }]);
    await other.stop();
    expect(isStopped(other)).toBe(true);
  });

  it('is started once by bots that start and stop at the same moment', async () => {
    for (let round = 0; round < 3; round++) {
      const servers = await Promise.all([1, 2, 3].map(() => start('crowd')));
      expect(new Set(servers.map((server) => server.url())).size).toBe(1);
      // A start during the stop of the others.
      const [late] = await Promise.all([start('crowd'), ...servers.map((server) => server.stop())]);
      expect(await ping(late.connection())).toEqual([{ one: 1 }]);
      await late.stop();
      expect(isStopped(late)).toBe(true);
    }
  });

  it('outlives a bot that was killed, and serves the next one', async () => {
    const script = fileURLToPath(new URL('../support/attached-bot.ts', import.meta.url));
    const bot = spawn(process.execPath, ['--import', 'tsx', script, join(folder, 'first')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [url] = await once(bot.stdout, 'data');
    bot.kill('SIGKILL');
    await once(bot, 'exit');
    const next = await start('first');
    expect(`${next.url()}\n`).toBe(String(url));
    expect(await ping(next.connection())).toEqual([{ one: 1 }]);
    // The killed one's hold has ended with it.
    await next.stop();
    expect(isStopped(next)).toBe(true);
  });

  it('is started again when it dies under the bot', async () => {
    const server = await start('first');
    await crash(server);
    await vi.waitFor(async () => expect(await ping(server.connection())).toEqual([{ one: 1 }]), { timeout: 10_000, interval: 100 });
  });

  it("starts although its old process number is another program's now", async () => {
    const server = await start('reused');
    await server.stop();
    const file = join(server.cluster, 'postmaster.pid');
    const lines = [process.pid, server.cluster, 1_700_000_000, 5432, server.cluster, '', '  99999999  99999999', 'ready   '];
    await writeFile(file, `${lines.join('\n')}\n`);
    const { uid, gid } = await stat(server.cluster);
    await chown(file, uid, gid);
    const next = await start('reused');
    expect(await ping(next.connection())).toEqual([{ one: 1 }]);
  });

  it('is started anew when its socket was cleared away', async () => {
    const server = await start('reused');
    await rm(join(server.connection().host, '.s.PGSQL.5432'));
    const next = await start('reused');
    expect(await ping(next.connection())).toEqual([{ one: 1 }]);
  });

  it('takes a short folder for its socket when the data lies deep', async () => {
    const server = await start(join('deep', 'x'.repeat(100)));
    const { host } = server.connection();
    expect(host.length).toBeLessThan(90);
    expect((await stat(host)).mode & 0o777).toBe(0o700);
    expect(await ping(server.connection())).toEqual([{ one: 1 }]);
    await server.stop();
    await rm(host, { recursive: true });
  });

  it('asks for a password where there are no sockets', async () => {
    const server = await start('loopback', { transport: 'tcp' });
    const { host, password, port } = server.connection();
    expect(host).toBe('127.0.0.1');
    expect(await query({ connectionString: server.url() }, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await expect(query({ ...server.connection(), password: 'guessed' }, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await crash(server);
    // The pool of a running bot goes on connecting to the old port.
    await vi.waitFor(async () => expect(await ping({ ...server.connection(), port, password })).toEqual([{ one: 1 }]), {
      timeout: 10_000,
      interval: 100,
    });
  });
});

describe('what the operator is told', () => {
  it('when the data folder is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(start('file/data')).rejects.toMatchObject({
      code: 'embedded_postgres.data_dir',
      message: expect.stringContaining('BELLHOP_DATA_DIR'),
    });
  });

  it('when another version made the data', async () => {
    const cluster = join(folder, 'old', 'postgres');
    await mkdir(cluster, { recursive: true });
    await writeFile(join(cluster, 'PG_VERSION'), '12\n');
    await expect(start('old')).rejects.toMatchObject({
      code: 'embedded_postgres.version',
      message: expect.stringContaining('PostgreSQL 12'),
    });
  });

  it('when the server refuses to start: with its own words', async () => {
    const server = await start('broken');
    await server.stop();
    await rm(join(server.cluster, 'global', 'pg_control'));
    await expect(start('broken')).rejects.toMatchObject({
      code: 'embedded_postgres.start',
      message: expect.stringContaining('pg_control'),
    });
  });
});

describe.runIf(isRoot)('as root', () => {
  const shelter = () => join(folder, 'shelter');

  it('runs as somebody else, who owns the data', async () => {
    const server = await start('first');
    expect((await stat(server.cluster)).uid).not.toBe(0);
  });

  it('keeps the data where its user can reach it when the data folder is closed, and finds it again', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    const first = await start('closed/data', { shelter: shelter() });
    expect(dirname(dirname(first.cluster))).toBe(shelter());
    expect(await readlink(join(folder, 'closed/data/postgres'))).toBe(first.cluster);
    expect((await stat(first.cluster)).mode & 0o777).toBe(0o700);
    await query(first.connection(), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start('closed/data', { shelter: shelter() });
    expect(await query(second.connection(), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('never leaves a database behind that can no longer be reached', async () => {
    await mkdir(join(folder, 'closing'));
    const server = await start('closing/data');
    await server.stop();
    await chmod(join(folder, 'closing'), 0o700);
    await expect(start('closing/data', { shelter: shelter() })).rejects.toMatchObject({ code: 'embedded_postgres.unreachable' });
  });

  it('refuses a shelter that others may write to', async () => {
    await mkdir(join(folder, 'shut'), { mode: 0o700 });
    await mkdir(join(folder, 'open'));
    await chmod(join(folder, 'open'), 0o777);
    await expect(start('shut/data', { shelter: join(folder, 'open') })).rejects.toMatchObject({ code: 'embedded_postgres.unreachable' });
  });
});
