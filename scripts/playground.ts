import { spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../src/runtime/operator-error.js';
import { ANNOUNCEMENTS, BOT, EVERYBODY, emailOf, HOTEL, nameOf, TENANT_ID, type TrialPerson } from '../src/trial/people.js';

// The Microsoft 365 Agents Playground: the trial's Teams client, in a process of its own.

export interface PlaygroundOptions {
  /** Its configuration and log lie here. */
  readonly folder: string;
  readonly port: number;
  /** The bot's `…/api/messages`. */
  readonly endpoint: string;
  readonly conversationId: string;
}

export interface Playground {
  /** Where people open it. */
  readonly address: string;
  /** Settles when it ended without being asked to. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** How long it may take to answer, in ms. */
const PATIENCE_MS = 60_000;

/**
 * Runs before the Playground's own code. It listens on every address of the computer: here on the loopback one only,
 * since whoever reaches it is the owner. And it ends together with the trial, however that ends.
 */
const GUARD = `
import net from 'node:net';
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number' ? listen.call(this, port, '127.0.0.1', ...rest) : listen.call(this, port, ...rest);
};
process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
`;

/**
 * Starts the Playground and waits until it answers.
 * @throws OperatorError when it isn't installed, its port is taken or it doesn't start
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const cli = findCli();
  await demandFree(options.port);
  mkdirSync(options.folder, { recursive: true });
  // JSON is YAML.
  writeFileSync(join(options.folder, '.m365agentsplayground.yml'), JSON.stringify(configuration(options.conversationId), undefined, 2));
  const logFile = join(options.folder, 'playground.log');
  const log = openSync(logFile, 'a');
  const child = spawn(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(GUARD)}`,
      cli,
      'start',
      '-e',
      options.endpoint,
      '-c',
      'msteams',
      '-p',
      `${options.port}`,
      '--disable-telemetry',
    ],
    // A group of its own: Ctrl-C in the terminal reaches the trial alone, which stops everything in order.
    { cwd: options.folder, stdio: ['pipe', log, log], detached: process.platform !== 'win32' },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  const stop = async () => {
    child.stdin?.end();
    kill(child.pid, 'SIGTERM');
    const late = setTimeout(() => kill(child.pid, 'SIGKILL'), 3_000);
    await ended;
    clearTimeout(late);
  };
  const running = () => child.exitCode === null && child.signalCode === null;
  if (!(await answers(options.port, running))) {
    if (running()) await stop();
    throw new OperatorError(
      'trial.playground',
      `The Playground did not start. What it said is in ${logFile}. Without it: npm run try -- --no-playground`,
    );
  }
  return { address: `http://localhost:${options.port}`, ended, stop };
}

function findCli(): string {
  try {
    return createRequire(import.meta.url).resolve('@microsoft/m365agentsplayground/cli.js');
  } catch {
    throw new OperatorError(
      'trial.playground_missing',
      'The chat window (Microsoft 365 Agents Playground) is not installed; npm ci --omit=dev leaves it out. Run npm ci, or start the bot alone: npm run try -- --no-playground',
    );
  }
}

/** The Playground would take the next free port without a word. */
async function demandFree(port: number): Promise<void> {
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const probe = createServer();
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve()));
    }).catch((cause: NodeJS.ErrnoException) => {
      throw new OperatorError(
        'trial.playground_port',
        cause.code === 'EADDRINUSE'
          ? `Port ${port}, for the chat window, is in use by another program. Stop it, or set PLAYGROUND_PORT to a free one.`
          : `Port ${port}, for the chat window, can't be used (${cause.code}). Set PLAYGROUND_PORT to another one.`,
        { cause },
      );
    });
  }
}

async function answers(port: number, running: () => boolean): Promise<boolean> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && running(); await sleep(100)) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.ok) return true;
  }
  return false;
}

/** The process and those that it started. */
function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It is gone already.
  }
}

/** By the Playground's schema: exactly five users beside the one at the keyboard, and no name for the personal chat. */
function configuration(conversationId: string): object {
  const [you, ...others] = EVERYBODY.map(user);
  return {
    version: '0.1.1',
    tenantId: TENANT_ID,
    bot: BOT,
    currentUser: you,
    users: others,
    personalChat: { id: conversationId },
    groupChat: { id: 'group-chat-id', name: 'Reception' },
    team: { id: HOTEL.id, name: HOTEL.name, aadGroupId: HOTEL.groupId, channels: [ANNOUNCEMENTS] },
  };
}

function user(person: TrialPerson): object {
  const { id, objectId, givenName, surname } = person;
  // The schema's own spelling.
  return {
    id,
    name: nameOf(person),
    userPrincipleName: emailOf(person),
    aadObjectId: objectId,
    givenName,
    surname,
    email: emailOf(person),
  };
}
