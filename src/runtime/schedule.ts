import { schedule as everyMinute } from 'node-cron';
import type { Log } from '../people/ports.js';

export interface Schedule {
  /** Ticks at once, and at every full minute from then on. */
  start(): void;
  /** Ends the ticks and waits for the one under way. */
  stop(): Promise<void>;
}

/**
 * The tick. What is due stands in the database, so a tick that is late or missing loses nothing.
 * @param tasks what looks for due work; one that fails is logged and doesn't keep the others from running
 */
export function createSchedule(tasks: Readonly<Record<string, () => Promise<unknown>>>, log: Log): Schedule {
  let running: Promise<void> | undefined;
  let timer: { stop(): unknown } | undefined;

  const tick = async () => {
    for (const [task, run] of Object.entries(tasks)) {
      try {
        await run();
      } catch (error) {
        log.error({ task, err: error }, 'A task of the minute failed; it runs again at the next one');
      }
    }
  };
  const ticked = () => {
    // A tick that takes longer than a minute is not overtaken by the next.
    running ??= tick().finally(() => {
      running = undefined;
    });
  };

  return {
    start: () => {
      timer ??= everyMinute('* * * * *', ticked);
      ticked();
    },
    stop: async () => {
      timer?.stop();
      timer = undefined;
      await running;
    },
  };
}
