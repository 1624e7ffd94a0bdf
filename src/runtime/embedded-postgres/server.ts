import { chown, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';

import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import type { Transport } from './cluster.js';
import { startFailed } from './failures.js';
import { type Places, socketFolder } from './places.js';
import { run } from './run.js';

/** Where a server listens: `host` is the socket's folder, or the loopback address. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What a server writes into postmaster.pid. */
export interface Running extends Endpoint {
  readonly pid: number;
  /** False while it starts or stops. */
  readonly isReady: boolean;
}

export interface Server {
  readonly places: Places;
  readonly binaries: Binaries;
  readonly transport: Transport;
}

/** Longer than recovery after a crash takes for a database of this size. */
const START_SECONDS = 120;
const STOP_MS = 60_000;
const LOG_BYTES = 5_000_000;
/** More than any system gives out. */
const NO_SUCH_PID = 2 ** 31 - 1;

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

/** Where the server that runs, or ran last, listens; undefined when there is none. */
export async function endpointOf(cluster: string): Promise<Running | undefined> {
  // https://www.postgresql.org/docs/18/storage-file-layout.html: process id, data folder, start, port, socket folder, address, shared memory, state.
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  const host = lines[4] || lines[5];
  return pid > 0 && port > 0 && host ? { pid, port, host, isReady: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Whether a process is this data's server. Process ids come again, in containers soon, so that a running
 * process of that number proves nothing.
 */
export async function isServer(pid: number, cluster: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (platform() === 'linux') return await readlink(`/proc/${pid}/cwd`).then((folder) => folder === cluster, isProcessThere);
  if (platform() === 'win32') return true;
  const { output } = await run('ps', ['-o', 'comm=', '-p', String(pid)], '/', undefined);
  return output.includes('postgres');
}

/** A folder that may not be looked at belongs to a process that is there. */
function isProcessThere(error: NodeJS.ErrnoException): boolean {
  return error.code !== 'ENOENT';
}

/**
 * Starts the server and waits until it answers. Returns as well when somebody else was quicker.
 * @param before where it listened before, so that those who are connected find it again
 * @throws OperatorError
 */
export async function startServer({ places, binaries, transport }: Server, before: Endpoint | undefined): Promise<void> {
  const { cluster, home, identity } = places;
  await disownPid(places);
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
  if (/lock file "postmaster.pid" already exists/.test(logged)) return;
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

/**
 * The server refuses to start when the process of a crashed one's number runs, whatever that is. The file stays,
 * with a number that no process has: by the rest of it the server finds out whether the crashed one has left
 * children that still write.
 */
async function disownPid({ cluster, identity }: Places): Promise<void> {
  const running = await endpointOf(cluster);
  if (!running || (await isServer(running.pid, cluster))) return;
  const file = join(cluster, 'postmaster.pid');
  const unfinished = `${file}.${process.pid}`;
  const [, ...rest] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  await rm(unfinished, { force: true });
  await writeFile(unfinished, [NO_SUCH_PID, ...rest].join('\n'), { mode: 0o600, flag: 'wx' });
  if (identity) await chown(unfinished, identity.uid, identity.gid);
  await rename(unfinished, file);
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
