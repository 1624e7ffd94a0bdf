import type { Db, Tx } from '../people/db.js';
import type { BellhopRegistry, Work } from '../people/handlers.js';
import { listOrganisationIds, loadOrganisation } from '../people/organisation.js';
import { removeExpiredPictures } from './pictures.js';

export interface Sweeper {
  /** One tick: every sweep of every organisation that no other process is at. Never throws for a sweep that fails. */
  runAll(): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;
const KEEP_HANDLED_MS = 7 * DAY_MS;
const KEEP_JOBS_MS = 30 * DAY_MS;
const KEEP_PACE_MS = DAY_MS;

/** The longest that a sweep may hold its lock. */
const LONGEST_MS = 15 * 60_000;
/** A lock's transaction that rests too long is ended by the database. */
const STIR_MS = 15_000;

/** Looks for what has come due in the features, and cleans up after the engine itself. */
export function createSweeper({ work, registry }: { readonly work: Work; readonly registry: BellhopRegistry }): Sweeper {
  const { db, log } = work;
  const sweep = async (id: string, organisationId: string, run: () => Promise<void>): Promise<void> => {
    try {
      await aloneInAllProcesses(db, `sweep:${id}:${organisationId}`, run);
    } catch (error) {
      log.error({ err: error, sweep: id, organisationId }, 'A sweep failed; it runs again at the next tick.');
    }
  };
  return {
    runAll: async () => {
      await sweep('delivery.housekeeping', 'all', () => tidy(work));
      for (const organisationId of await listOrganisationIds(db)) {
        for (const { id, run } of registry.sweeps) {
          // The organisation is read for each: a sweep may change it.
          await sweep(id, organisationId, async () => await run({ ...work, organisation: await loadOrganisation(db, organisationId) }));
        }
      }
    },
  };
}

/** Runs it unless another process does: a lock that the database gives back when this process dies. */
async function aloneInAllProcesses(db: Db, name: string, run: () => Promise<void>): Promise<void> {
  await db.$transaction(
    async (tx) => {
      const [lock] = await tx.$queryRaw<{ got: boolean }[]>`SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS got`;
      if (!lock?.got) return;
      const stirring = stir(tx);
      try {
        await run();
      } finally {
        await stirring.end();
      }
    },
    { maxWait: 20_000, timeout: LONGEST_MS },
  );
}

function stir(tx: Tx): { readonly end: () => Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    last = tx.$executeRaw`SELECT 1`.catch(() => undefined);
  }, STIR_MS);
  return {
    end: async () => {
      clearInterval(timer);
      await last;
    },
  };
}

async function tidy({ db, clock }: Work): Promise<void> {
  const before = (ms: number) => new Date(clock.now().getTime() - ms);
  await db.handled.deleteMany({ where: { at: { lt: before(KEEP_HANDLED_MS) } } });
  await db.job.deleteMany({ where: { state: 'done', doneAt: { lt: before(KEEP_JOBS_MS) } } });
  await db.pace.deleteMany({
    where: { nextAt: { lt: before(KEEP_PACE_MS) }, OR: [{ pausedUntil: null }, { pausedUntil: { lt: clock.now() } }] },
  });
  await removeExpiredPictures(db, clock.now());
  // What waited for a workspace that was removed looks for another one.
  await db.$executeRaw`
    UPDATE delivery d SET "workspaceId" = NULL
    FROM workspace w
    WHERE w."removedAt" IS NOT NULL AND w."organisationId" = d."organisationId" AND w.id = d."workspaceId" AND d.state = 'pending'`;
}
