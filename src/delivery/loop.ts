import { isDatabaseAway } from '../people/db.js';
import type { Log } from '../people/ports.js';
import type { Rest } from './wake.js';

/** How long a loop rests at most before it looks again, in ms. */
export const POLL_MS = 1_000;

export interface Loop {
  start(): void;
  /** Ends after the round that is under way. */
  stop(): Promise<void>;
  /** True once a stop was asked for. */
  readonly stopping: () => boolean;
}

export interface LoopOptions {
  readonly rest: Rest;
  readonly log: Log;
  /** What waits while the database is away, and who stumbles: for the log. */
  readonly names: { readonly waiting: string; readonly who: string };
  /** Looks once for what is due. @returns how long to rest before the next round, in ms; 0: at once */
  readonly round: () => Promise<number>;
}

/** Round after round until it is stopped; a round that fails is told in the log, and the next one follows after a rest. */
export function createLoop({ rest, log, names, round }: LoopOptions): Loop {
  let stopping = false;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (!stopping) {
      let ms = POLL_MS;
      try {
        ms = await round();
      } catch (error) {
        const away = isDatabaseAway(error);
        log[away ? 'warn' : 'error'](
          { err: error },
          away ? `${names.waiting} wait: the database is away.` : `The ${names.who} stumbled; it goes on.`,
        );
      }
      if (!stopping && ms > 0) await rest.sleep(ms);
    }
  };
  return {
    start: () => {
      stopping = false;
      running ??= run();
    },
    stop: async () => {
      stopping = true;
      rest.wake();
      await running;
      running = undefined;
    },
    stopping: () => stopping,
  };
}
