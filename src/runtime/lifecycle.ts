import type { Log } from '../people/ports.js';

/** The longest that a stop may take, in ms: containers are killed after 30 s. */
const MOST_MS = 25_000;

/**
 * Stops the process well: the first SIGTERM or SIGINT finishes what is in flight, a second one ends at once.
 * @returns the code to exit with, once it has stopped
 */
export function untilStopped(stop: () => Promise<void>, log: Log, signals: NodeJS.EventEmitter = process): Promise<0 | 1> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (signal: string) => {
      if (asked) {
        log.warn({ signal }, 'Stopped at once');
        resolve(1);
        return;
      }
      asked = true;
      log.info({ signal }, 'Stopping: what is in flight is finished first');
      const late = setTimeout(() => {
        log.error({ ms: MOST_MS }, 'Stopping took too long');
        resolve(1);
      }, MOST_MS);
      stop().then(
        () => {
          clearTimeout(late);
          log.info({}, 'Stopped');
          resolve(0);
        },
        (error: unknown) => {
          clearTimeout(late);
          log.error({ err: error }, 'Stopping failed');
          resolve(1);
        },
      );
    };
    signals.on('SIGTERM', () => ask('SIGTERM'));
    signals.on('SIGINT', () => ask('SIGINT'));
  });
}

/** What nobody waited for must not end the process unseen: a rejection is logged; after an exception the state is unknown, so it ends. */
export function reportUnhandled(log: Log, end: (code: number) => void = process.exit): void {
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'A promise was rejected and nobody listened'));
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'An exception was caught by nobody');
    end(1);
  });
}
