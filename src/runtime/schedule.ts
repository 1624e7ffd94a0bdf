import { schedule as everyMinute } from 'node-cron';
import type { Log } from '../people/ports.js';

export interface Schedule {
  /** Ticks at once, and at every full minute from then on. */
  start(): void;
  /** Ticks in a moment, once for all that is asked for meanwhile: somebody has joined, and shouldn't wait for the full minute. */
  soon(): void;
  /** Ends the ticks and waits for the one under way. */
  stop(): Promise<void>;
}

/** How long a tick that was asked for waits for what else happens. */
const SOON_MS = 1_000;
/** The least time between two ticks that were asked for: a large organisation tells of changes every second. */
const SOON_AGAIN_MS = 10_000;

/**
 * The tick. What is due stands in the database, so a tick that is late or missing loses nothing.
 * @param tasks what looks for due work; one that fails is logged and doesn't keep the others from running
 */
export function createSchedule(tasks: Readonly<Record<string, () => Promise<unknown>>>, log: Log): Schedule {
  let running: Promise<void> | undefined;
  let timer: { stop(): unknown } | undefined;
  let asked: NodeJS.Timeout | undefined;
  let askedLast = Number.NEGATIVE_INFINITY;

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

  const soon = () => {
    if (!timer || asked) return;
    const wait = Math.max(SOON_MS, askedLast + SOON_AGAIN_MS - performance.now());
    asked = setTimeout(async () => {
      await running;
      asked = undefined;
      if (!timer) return;
      askedLast = performance.now();
      ticked();
    }, wait);
  };

  return {
    soon,
    start: () => {
      timer ??= everyMinute('* * * * *', ticked);
      ticked();
    },
    stop: async () => {
      timer?.stop();
      timer = undefined;
      clearTimeout(asked);
      asked = undefined;
      await running;
    },
  };
}
