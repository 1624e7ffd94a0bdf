import './runtime/memory.js';

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from './runtime/config.js';
import { reportUnhandled, stopSignal, untilStopped } from './runtime/lifecycle.js';
import { createLog, type Logger } from './runtime/log.js';
import { OperatorError } from './runtime/operator-error.js';
import { openStorage } from './runtime/storage.js';
import type { Trial } from './trial/trial.js';

// Only what the database needs is imported at once: see start().

export interface Running {
  /** For people: `http://localhost:3978`. */
  readonly address: string;
  readonly port: number;
  /** Makes its user the owner, while there is none. */
  readonly claimCode: string | undefined;
  /** Finishes what is in flight, then ends everything that was started. */
  stop(): Promise<void>;
}

/**
 * Starts the bot: database, features, platforms, workers, and the door last of all.
 * @param trial given: no platform's signatures are checked, so the address must be a loopback one
 * @throws OperatorError naming the setting to mend; nothing is left running then
 */
export async function start(config: Config, log: Logger, trial?: Trial): Promise<Running> {
  const began = performance.now();
  const undo: (readonly [part: string, act: () => Promise<unknown>])[] = [];
  const stop = async () => {
    for (let next = undo.pop(); next; next = undo.pop()) {
      const [part, act] = next;
      const since = performance.now();
      // What can't be stopped must not keep the others from it.
      await act().catch((error: unknown) => log.error({ err: error, part }, 'A part could not be stopped.'));
      log.debug({ part, ms: Math.round(performance.now() - since) }, 'A part has stopped.');
    }
  };
  try {
    // Everything but the database is large: it is read while the server starts, and of the adapters only those that are used.
    const reading = Promise.all([
      import('./assemble.js'),
      config.slack && import('../adapters/slack/app.js'),
      config.teams || trial ? import('../adapters/teams/app.js') : undefined,
      config.mail && import('../adapters/email/app.js'),
    ]);
    // Thrown further down, once the database can be closed.
    reading.catch(() => undefined);
    const storage = await openStorage(config, log);
    undo.push(['database', storage.close]);
    const [{ assemble }, slackModule, teamsModule, emailModule] = await reading;
    const { address, port, claimCode, platforms, processId } = await assemble({
      config,
      log,
      trial,
      storage,
      adapters: { slackModule, teamsModule, emailModule },
      undo: (...part) => undo.push(part),
    });
    log.info({ ms: Math.round(performance.now() - began), address, platforms, processId }, 'Ready.');
    return { address, port, claimCode, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `npm start`. @returns the code to exit with */
async function run(): Promise<number> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    console.error(error.message);
    return 2;
  }
  const log = createLog({ level: config.logLevel });
  reportUnhandled(log);
  const signal = stopSignal(log);
  try {
    const running = await start(config, log);
    if (running.claimCode) {
      // For people, and the log for machines: whoever reads either may make themselves the owner, once.
      console.error(
        `\nBellhop has no owner yet. Send it this in your chat to become the owner:\n\n  /bellhop claim ${running.claimCode}\n`,
      );
    }
    return await untilStopped(signal, running.stop, log);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    log.error({ code: error.code }, 'Bellhop could not start');
    console.error(error.message);
    return 2;
  }
}

const started = process.argv[1];
if (started && realpathSync(started) === fileURLToPath(import.meta.url)) process.exit(await run());
