import type { Db, Tx } from '../people/db.js';

/** PostgreSQL's NOTIFY channels: something may be due. Whoever listens calls `wake()` of the worker or of the job runner. */
export const DELIVERY_CHANNEL = 'bellhop_delivery';
export const JOB_CHANNEL = 'bellhop_job';
export const MAIL_CHANNEL = 'bellhop_mail';

/** Tells every process at the commit of this transaction. A process that doesn't listen finds out within a second by itself. */
export async function wakeWorkers(tx: Db | Tx, channel: typeof DELIVERY_CHANNEL | typeof JOB_CHANNEL | typeof MAIL_CHANNEL): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${channel}, '')`;
}

/** A rest that can be ended early. */
export interface Rest {
  /** Ends at the latest after `ms`, at once when it was woken since the last rest. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly wake: () => void;
}

/** What the loops of worker and job runner rest on. */
export function createRest(): Rest {
  let woken = false;
  let end: (() => void) | undefined;
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          end = undefined;
          woken = false;
          resolve();
        };
        const timer = setTimeout(finish, woken ? 0 : ms);
        end = finish;
      }),
    wake: () => {
      woken = true;
      end?.();
    },
  };
}
