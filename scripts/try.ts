// `npm run try`: Bellhop on this computer, without any account, with a Teams-like chat window beside it.
import '../src/runtime/memory.js';

import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { start } from '../src/main.js';
import { readTrialConfig } from '../src/runtime/config.js';
import { reportUnhandled, stopSignal, untilStopped } from '../src/runtime/lifecycle.js';
import { createLog } from '../src/runtime/log.js';
import { OperatorError } from '../src/runtime/operator-error.js';
import { ANNOUNCEMENTS, nameOf, ORGANISATION, YOU } from '../src/trial/people.js';
import { createTrial } from '../src/trial/trial.js';
import { type Playground, startPlayground } from './playground.js';

const USAGE = `npm run try                        Bellhop with a chat window
npm run try -- --no-playground     Bellhop alone

PORT, PLAYGROUND_PORT and BELLHOP_DATA_DIR say where: 3978, 56150 and .bellhop/try when they are left out.`;

async function run(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--no-playground');
  if (unknown) {
    console.log(USAGE);
    return unknown === '--help' || unknown === '-h' ? 0 : 2;
  }
  const withPlayground = args.length === 0;
  const config = readTrialConfig();
  const began = performance.now();
  console.log('Bellhop is starting…');
  mkdirSync(config.dataDir, { recursive: true });
  const logFile = join(config.dataDir, 'bellhop.log');
  const log = createLog({ level: config.logLevel, destination: pino.destination({ dest: logFile, sync: true, mode: 0o600 }) });
  // An earlier release, or somebody's umask, may have left it open.
  chmodSync(logFile, 0o600);
  reportUnhandled(log, (code) => {
    console.error(`Something went wrong that should not have. It is noted in ${logFile}.`);
    process.exit(code);
  });

  const signal = stopSignal(log);

  const conversationId = `personal-${randomUUID()}`;
  const endpoint = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}/api/messages`;
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  const trial = createTrial({
    playground: withPlayground,
    ownerEmail: config.ownerEmail,
    serviceUrl: `http://localhost:${config.playgroundPort}/_connector`,
    conversationId,
    zone: timeZone,
    locale,
  });
  let playground: Playground | undefined;
  try {
    const [bot, client] = await Promise.allSettled([
      start(config, log, trial),
      withPlayground
        ? startPlayground({ folder: join(config.dataDir, 'playground'), port: config.playgroundPort, endpoint, conversationId })
        : undefined,
    ]);
    if (client.status === 'fulfilled') playground = client.value;
    if (bot.status === 'rejected') throw bot.reason;
    const running = bot.value;
    if (client.status === 'rejected') {
      await running.stop();
      throw client.reason;
    }
    const stop = async () => {
      console.log('\nStopping…');
      await playground?.stop();
      await running.stop();
      console.log('Stopped. Your data is kept for the next time.');
    };
    const stopped = untilStopped(signal, stop, log);
    const survey = await trial.surveyPath();
    tell({
      seconds: (performance.now() - began) / 1000,
      playground,
      endpoint: `${running.address}/api/messages`,
      survey: playground && survey && `${running.address}${survey}`,
      dataDir: config.dataDir,
      logFile,
    });
    void playground?.ended.then(() => log.warn({}, 'The Playground has ended.'));
    return await stopped;
  } catch (error) {
    await playground?.stop();
    if (!(error instanceof OperatorError)) log.error({ err: error }, 'The trial could not start.');
    throw error;
  }
}

interface Shown {
  readonly seconds: number;
  readonly playground: Playground | undefined;
  readonly endpoint: string;
  /** The address of a survey page. */
  readonly survey: string | undefined;
  readonly dataDir: string;
  readonly logFile: string;
}

function tell({ seconds, playground, endpoint, survey, dataDir, logFile }: Shown): void {
  const open = playground
    ? [
        `  Open   ${playground.address}`,
        `         You are ${nameOf(YOU)}, owner of ${ORGANISATION}. Bellhop opens the conversation`,
        '         itself: publish the handbook, read it, sign it, see the status.',
      ]
    : [
        '  Alone  Point a Teams client on this computer to the address below. The first person',
        '         who writes from a tenant of its own becomes the owner.',
      ];
  console.log(
    [
      `Bellhop is ready after ${seconds.toFixed(1)} seconds.`,
      '',
      ...open,
      '',
      ...(survey
        ? [`  Survey ${survey}`, `         What a customer sends there is in the channel ${ANNOUNCEMENTS.name} seconds later.`, '']
        : []),
      `  Bot    ${endpoint}`,
      `  Data   ${dataDir} (log: ${logFile})`,
      '  Stop   Ctrl-C; the next run goes on where this one ends',
      '',
    ].join('\n'),
  );
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof OperatorError ? error.message : error);
  process.exitCode = error instanceof OperatorError ? 2 : 1;
}
process.exit();
