import { createSweeper, type Sweeper } from '../../src/delivery/sweeps.js';
import type { BellhopRegistry, Work } from '../../src/people/handlers.js';
import { listOrganisationIds, loadOrganisation } from '../../src/people/organisation.js';

/** Sweeps that are running at this moment, of all bots of the test file. */
const running = new Set<string>();

/**
 * The engine's sweeper, but without the transaction that holds a lock for other processes around each sweep: half of all
 * that stories sent to the database were those. Here bots live in one process, and a sweep that another bot is at is left
 * to it just so, and one that fails is logged and runs again at the next tick.
 */
export function testSweeper({ work, registry }: { readonly work: Work; readonly registry: BellhopRegistry }): Sweeper {
  const { db } = work;
  const engine = createSweeper({ work, registry: { ...registry, sweeps: [] } });
  return {
    runAll: async () => {
      await engine.runAll();
      for (const organisationId of await listOrganisationIds(db)) {
        for (const { id, run } of registry.sweeps) {
          const name = `${id}:${organisationId}`;
          if (running.has(name)) continue;
          running.add(name);
          try {
            await run({ ...work, organisation: await loadOrganisation(db, organisationId) });
          } catch (error) {
            work.log.error({ err: error, sweep: id, organisationId }, 'A sweep failed; it runs again at the next tick.');
          } finally {
            running.delete(name);
          }
        }
      }
    },
  };
}
