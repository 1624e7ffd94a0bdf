import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Db } from '../../src/people/db.js';
import { openDatabase } from '../../src/runtime/database.js';
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { silentLog } from '../support/builders.js';

const MANIFEST = fileURLToPath(new URL('../../package.json', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const PATIENCE_MS = 60_000;

/** The program itself, as `npm start` runs it, on a data folder of its own. */
export interface Bot {
  readonly address: string;
  /** From the start of the process until `/readyz` said 200. */
  readonly readyMs: number;
  /** Resident memory of the process without PostgreSQL, in MB. */
  residentMb(): Promise<number>;
  stop(): Promise<void>;
}

/** A data folder that is there until `act` is through; with everything in it, it goes afterwards. */
export async function withDataDir<T>(act: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bellhop-bench-'));
  // The database server of root's bot runs as another user, who has to get to its data.
  await chmod(dataDir, 0o711);
  try {
    return await act(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Starts the bot, and waits until it is ready. @throws Error with what it wrote when it ends by itself or takes too long */
export async function startBot(dataDir: string, environment: Readonly<Record<string, string>>): Promise<Bot> {
  const { PATH = '' } = process.env;
  // A file, as in operation: a pipe would wake this process at every line.
  const logFile = join(dataDir, 'bot.log');
  const log = await open(logFile, 'w');
  const began = performance.now();
  const child = spawn(process.execPath, [...execArgv(), MAIN], {
    cwd: dataDir,
    env: { PATH, TMPDIR: tmpdir(), HOST: '127.0.0.1', PORT: '0', BELLHOP_DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', log.fd, log.fd],
  });
  const written = () => readFile(logFile, 'utf8');
  const exited = once(child, 'exit');
  // When the measuring itself fails, neither the bot nor its database server may be left behind.
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  void exited.then(() => process.off('exit', end));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  };
  await log.close();
  let address = '';
  for (;;) {
    address ||= /"address":"(http[^"]+)"/.exec(await written())?.[1] ?? '';
    if (address && (await isReady(address))) break;
    if (child.exitCode !== null || performance.now() - began > PATIENCE_MS) {
      await stop();
      throw new Error(`The bot did not get ready:\n${await written()}`);
    }
    await sleep(5);
  }
  const readyMs = performance.now() - began;
  return { address, readyMs, residentMb: () => residentMb(child.pid ?? 0), stop };
}

/** The flags of `npm start`; for looking closer BENCH_NODE_ARGS="--cpu-prof --cpu-prof-dir=/tmp/profile" adds to them. */
function execArgv(): string[] {
  const { scripts } = z.object({ scripts: z.object({ start: z.string() }) }).parse(JSON.parse(readFileSync(MANIFEST, 'utf8')));
  return [...scripts.start.split(' '), ...(process.env.BENCH_NODE_ARGS ?? '').split(' ')].filter((word) => word.startsWith('--'));
}

async function isReady(address: string): Promise<boolean> {
  return await fetch(`${address}/readyz`).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status === 200;
    },
    () => false,
  );
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const kilobytes = status
    ? /VmRSS:\s+(\d+) kB/.exec(status)?.[1]
    : (await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])).stdout.trim();
  return Number(kilobytes) / 1_024;
}

/** Looks into the database of a bot that is running; its server is the bot's. */
export async function withDatabase<T>(dataDir: string, act: (db: Db) => Promise<T>): Promise<T> {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
  const database = openDatabase({ connection: { ...server.connection() }, poolSize: 2, log: silentLog });
  try {
    return await act(database.prisma);
  } finally {
    await database.close();
    await server.stop();
  }
}
