import type { Log } from '../people/ports.js';

/** The longest that a stop may take, in ms: containers are killed after 30 s. */
const MOST_MS = 25_000;

export interface StopSignal {
  /** Settles with the name of the first SIGTERM or SIGINT. */
  readonly asked: Promise<string>;
}

/**
 * Hears the signals from now on, so that one that comes while the process still starts is not its end in the middle
 * of something. A second one is: it ends the process at once.
 */
export function stopSignal(log: Log, end: (code: number) => void = process.exit, signals: NodeJS.EventEmitter = process): StopSignal {
  let first: ((signal: string) => void) | undefined;
  const asked = new Promise<string>((resolve) => {
    first = resolve;
  });
  const hear = (signal: string) => {
    if (first) {
      first(signal);
      first = undefined;
      return;
    }
    log.warn({ signal }, 'Stopped at once.');
    end(1);
  };
  signals.on('SIGTERM', () => hear('SIGTERM'));
  signals.on('SIGINT', () => hear('SIGINT'));
  return { asked };
}

/**
 * Runs until a signal asks for the end, then stops well.
 * @returns the code to exit with, once it has stopped
 */
export async function untilStopped(signal: StopSignal, stop: () => Promise<void>, log: Log): Promise<0 | 1> {
  log.info({ signal: await signal.asked }, 'Stopping: what is in flight is finished first.');
  let late: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`Stopping took longer than ${MOST_MS} ms.`)), MOST_MS);
  });
  try {
    await Promise.race([stop(), tooLong]);
    log.info({}, 'Stopped.');
    return 0;
  } catch (error) {
    log.error({ err: error }, 'Stopping failed.');
    return 1;
  } finally {
    clearTimeout(late);
  }
}

/** What nobody waited for must not end the process unseen: a rejection is logged; after an exception the state is unknown, so it ends. */
export function reportUnhandled(log: Log, end: (code: number) => void = process.exit): void {
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'A promise was rejected and nobody listened'));
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'An exception was caught by nobody');
    end(1);
  });
}
