import { readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import type { Transport } from './cluster.js';
import { startFailed } from './failures.js';
import { disownForeignPids, type Endpoint, endpointOf, isServer } from './pid-file.js';
import { type Places, socketFolder } from './places.js';
import { run } from './run.js';

export interface Server {
  readonly places: Places;
  readonly binaries: Binaries;
  readonly transport: Transport;
}

/** Longer than recovery after a crash takes for a database of this size. */
const START_SECONDS = 120;
const STOP_MS = 60_000;
const LOG_BYTES = 5_000_000;

/**
 * Fit for a small machine that runs the bot beside it. Durable: fsync, full_page_writes and synchronous_commit stay on.
 * Given at each start, so that a new release can change them; they win over what stands in postgresql.conf.
 */
const SETTINGS = {
  max_connections: '100',
  shared_buffers: '96MB',
  effective_cache_size: '512MB',
  maintenance_work_mem: '48MB',
  max_wal_size: '512MB',
  // Parallel queries need shared memory that containers are short of (/dev/shm, 64 MB).
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // No statements in the log: people's words are in them.
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
} as const;

/**
 * Starts the server and waits until it answers. Returns as well when somebody else was quicker.
 * @param before where it listened before, so that those who are connected find it again
 * @throws OperatorError
 */
export async function startServer({ places, binaries, transport }: Server, before: Endpoint | undefined): Promise<void> {
  const { cluster, home, identity } = places;
  await disownForeignPids(places);
  const log = join(cluster, 'server.log');
  const from = await rotate(log);
  const settings = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}=${value}`);
  const listen = transport === 'tcp' ? await listenOnLoopback(before) : listenOnSocket(before?.host ?? (await socketFolder(places)));
  const args = ['start', '-w', '-t', String(START_SECONDS), '-D', cluster, '-l', log, '-o', [...settings, ...listen].join(' ')];
  const { code, output } = await run(binaries.pgCtl, args, home, identity).catch((cause) => {
    throw startFailed(cluster, String(cause.message), cause);
  });
  if (code === 0) return;
  const logged = (await readFile(log)).subarray(from).toString();
  if (/lock file ".*" already exists/.test(logged)) return;
  throw startFailed(cluster, logged || output);
}

/** Ends the server, breaking off what it is doing; nothing that was committed is lost. Waits until it has ended, for a minute at most. */
export async function stopServer({ places, binaries }: Server): Promise<void> {
  const { cluster, home, identity } = places;
  const running = await endpointOf(cluster);
  if (!running) return;
  // Not pg_ctl's own waiting: it would wait for the next server too, when another bot starts one meanwhile.
  await run(binaries.pgCtl, ['stop', '-m', 'fast', '-W', '-D', cluster], home, identity);
  for (const began = Date.now(); Date.now() - began < STOP_MS; await sleep(10)) {
    if ((await endpointOf(cluster))?.pid !== running.pid || !(await isServer(running.pid, cluster))) return;
  }
}

function listenOnSocket(folder: string): string[] {
  return ['-c listen_addresses=', '-c unix_socket_permissions=0700', '-p 5432', `-k ${quote(folder)}`];
}

async function listenOnLoopback(before: Endpoint | undefined): Promise<string[]> {
  return ['-c listen_addresses=127.0.0.1', '-c unix_socket_directories=', `-p ${before?.port ?? (await freePort())}`];
}

/** For the shell that pg_ctl uses. */
function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Begins a new log when this one has grown large; keeps one old one. @returns where in the file the next start begins */
async function rotate(log: string): Promise<number> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size < LOG_BYTES) return size;
  await rename(log, `${log}.old`);
  return 0;
}
