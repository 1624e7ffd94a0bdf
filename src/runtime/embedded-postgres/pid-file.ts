import { chown, mkdir, readFile, readlink, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import type { Places } from './places.js';
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

/** More than any system gives out. */
const NO_SUCH_PID = 2 ** 31 - 1;
const LOCK_STALE_MS = 10_000;

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
  if (!isThere(pid)) return false;
  if (platform() === 'linux') return await readlink(`/proc/${pid}/cwd`).then((folder) => folder === cluster, isProcessThere);
  if (platform() === 'win32') return true;
  const { output } = await run('ps', ['-o', 'comm=', '-p', String(pid)], '/', undefined);
  return output.includes('postgres');
}

/** Another user's process, which a bot that isn't root may not signal, can't be its server and doesn't hinder it. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A folder that may not be looked at belongs to a process that is there. */
function isProcessThere(error: NodeJS.ErrnoException): boolean {
  return error.code !== 'ENOENT';
}

/**
 * A server refuses to start while a process runs that has the number of a crashed one, whatever that process is. So
 * the number is changed to one that no process has. The rest of the file stays: by it the server finds out whether
 * the crashed one has left children that still write.
 */
export async function disownForeignPids({ cluster, identity }: Places): Promise<void> {
  const crashed = await endpointOf(cluster);
  if (!crashed) return;
  // The socket has such a file of its own.
  const files = [join(cluster, 'postmaster.pid'), join(crashed.host, `.s.PGSQL.${crashed.port}.lock`)];
  for (const file of files) {
    if (!(await isForeign(file, cluster))) continue;
    // One at a time, looking again: a server that has just started must never lose its file.
    await exclusively(join(cluster, 'bellhop-pid.lock'), async () => {
      if (!(await isForeign(file, cluster))) return;
      const unfinished = `${file}.${process.pid}`;
      const [, ...rest] = (await readFile(file, 'utf8')).split('\n');
      await rm(unfinished, { force: true });
      await writeFile(unfinished, [NO_SUCH_PID, ...rest].join('\n'), { mode: 0o600, flag: 'wx' });
      if (identity) await chown(unfinished, identity.uid, identity.gid);
      await rename(unfinished, file);
    });
  }
}

/** Whether a process runs that has the file's number, and isn't this data's server. */
async function isForeign(file: string, cluster: string): Promise<boolean> {
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  return pid > 0 && isThere(pid) && !(await isServer(pid, cluster));
}

/** Does nothing while another bot is at it: whoever starts the server looks again until it runs. */
async function exclusively(lock: string, act: () => Promise<void>): Promise<void> {
  const found = await stat(lock).catch(() => undefined);
  if (found && Date.now() - found.mtimeMs > LOCK_STALE_MS) await rmdir(lock).catch(() => undefined);
  const isMine = await mkdir(lock).then(
    () => true,
    () => false,
  );
  if (!isMine) return;
  await act().finally(() => rmdir(lock));
}
