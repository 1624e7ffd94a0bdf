import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../src/runtime/embedded-postgres.js';
import { programArguments } from './program.js';

const SHIFTED_CLOCK = new URL('./shifted-clock.mjs', import.meta.url).href;
const PATIENCE_MS = 40_000;

/** A line of the bot's log. */
export interface LogLine {
  readonly level: string | number;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

/** The program itself, as `npm start` runs it, in a process of its own. */
export interface BotProcess {
  readonly address: string;
  readonly log: readonly LogLine[];
  /** Everything that it wrote besides its log. */
  readonly said: readonly string[];
  /** Asks it to stop. @returns the code that it exits with */
  stop(): Promise<number | null>;
  /** Ends it without a word. */
  kill(): Promise<void>;
  /** The log's lines that tell of a failure. */
  errors(): LogLine[];
  /** What `/readyz` says. */
  readiness(): Promise<{ status: number; parts: Record<string, string> }>;
  /** A figure of `/metrics`: the sum of its lines that have all of these labels. */
  figure(name: string, ...labels: string[]): Promise<number>;
}

/** For DATABASE_URL. */
export function urlOf({ host, port, user, password, database }: Connection): string {
  const credentials = password ? `${user}:${encodeURIComponent(password)}` : user;
  return `postgresql://${credentials}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

/** A key to seal with, for processes that share a database. */
export const newKey = (): string => randomBytes(32).toString('base64');

/** By how many ms a clock that shows this instant now goes ahead of the real one. @param iso ISO 8601 */
export const shiftTo = (iso: string): number => Date.parse(iso) - Date.now();

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('There is no free port.');
  return address.port;
}

/**
 * Starts the bot on a loopback address, and waits until it can serve.
 * @param environment everything that it is configured with
 * @param shiftMs by how much its clock goes ahead of the real one, in ms; whoever talks with it has to keep the same time
 * @throws Error with what it wrote when it ends by itself or takes too long
 */
export async function startBot(environment: Readonly<Record<string, string>>, shiftMs = 0): Promise<BotProcess> {
  const { PATH = '' } = process.env;
  const clock = shiftMs === 0 ? [] : ['--import', SHIFTED_CLOCK];
  const child = spawn(process.execPath, [...clock, ...programArguments('src/main.ts')], {
    env: {
      PATH,
      TMPDIR: tmpdir(),
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'info',
      ...(shiftMs === 0 ? {} : { TEST_CLOCK_SHIFT_MS: String(shiftMs) }),
      ...(environment.DATABASE_URL ? { BELLHOP_ENCRYPTION_KEY: newKey() } : {}),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: LogLine[] = [];
  const said: string[] = [];
  let address = '';
  const read = (line: string) => {
    if (!line.startsWith('{')) return void said.push(line);
    const entry = JSON.parse(line) as LogLine;
    log.push(entry);
    if (entry.msg === 'Ready.') address = String(entry.address);
  };
  createInterface({ input: child.stdout }).on('line', read);
  createInterface({ input: child.stderr }).on('line', read);
  const exited = once(child, 'exit');
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  const readiness = async () => {
    const response = await fetch(`${address}/readyz`);
    const { parts } = (await response.json()) as { parts: Record<string, string> };
    return { status: response.status, parts };
  };
  const bot: BotProcess = {
    get address() {
      return address;
    },
    log,
    said,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    errors: () => log.filter(({ level }) => level === 'error' || level === 'fatal' || Number(level) >= 50),
    readiness,
    figure: async (name, ...labels) => {
      const text = await (await fetch(`${address}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.startsWith(name) && labels.every((label) => line.includes(label)));
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    },
  };
  for (const began = performance.now(); ; await sleep(10)) {
    const ready =
      address !== '' &&
      (await readiness().then(
        ({ status }) => status === 200,
        () => false,
      ));
    if (ready) return bot;
    if (child.exitCode !== null || child.signalCode !== null || performance.now() - began > PATIENCE_MS) {
      await bot.kill();
      throw new Error(`The bot did not get ready:\n${[...log.slice(-20).map((entry) => JSON.stringify(entry)), ...said].join('\n')}`);
    }
  }
}
