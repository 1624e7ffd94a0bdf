import { createSweeper, type Sweeper } from '../../src/delivery/sweeps.js';
import type { Db } from '../../src/people/db.js';
import type { BellhopRegistry, Work } from '../../src/people/handlers.js';
import { listOrganisationIds, loadOrganisation } from '../../src/people/organisation.js';

/** Sweeps that are running at this moment, of all bots of the test file. */
const running = new Set<string>();
/** Written once: the tables of all databases of a run are the same. */
let query: string | undefined;

interface Footprint {
  /** How the names of its tables begin. */
  readonly tables: RegExp;
  /** What its set-up writes for everybody, which isn't use yet. */
  readonly setUp?: { readonly tables: RegExp; readonly sweep: string };
  /** Rows of those that say as much: somebody has given them. */
  readonly given?: string;
}

/** How to see that somebody uses a feature; one that isn't here counts as used. */
const FOOTPRINTS: Readonly<Record<string, Footprint>> = {
  handbook: { tables: /^handbook_/ },
  recognition: { tables: /^(award|kudos|ledger_|praise_|recognition_|redemption|reward|service_value)/ },
  seminars: { tables: /^seminar_/ },
  feedback: {
    tables: /^feedback/,
    setUp: { tables: /^feedback_(consent|page|question|settings|theme)$/, sweep: 'feedback.defaults' },
    given: 'SELECT 1 FROM feedback_settings WHERE "channelId" IS NOT NULL',
  },
};

/** Whether a sweep has to run, where these features are used. */
function isWanted(sweep: string, used: ReadonlySet<string>): boolean {
  const footprint = FOOTPRINTS[featureOf(sweep)];
  return footprint === undefined || footprint.setUp?.sweep === sweep || used.has(featureOf(sweep));
}

const featureOf = (sweep: string) => sweep.split('.')[0] ?? '';

/**
 * The engine's sweeper, but
 * - without the transaction that holds a lock for other processes around each sweep: half of all that stories sent to the
 *   database were those. Here bots live in one process, and a sweep that another bot is at is left to it just so, and one
 *   that fails is logged and runs again at the next tick;
 * - without the sweeps of features that nobody uses yet: half of the rest. They would find nothing, which
 *   test/features/unused-features.test.ts shows of every sweep, with the engine's own sweeper.
 */
export function testSweeper({ work, registry }: { readonly work: Work; readonly registry: BellhopRegistry }): Sweeper {
  const { db } = work;
  const engine = createSweeper({ work, registry: { ...registry, sweeps: [] } });
  return {
    runAll: async () => {
      await engine.runAll();
      const used = await findUsed(db);
      for (const organisationId of await listOrganisationIds(db)) {
        const sweeps = registry.sweeps.filter(({ id }) => isWanted(id, used));
        let organisation = await loadOrganisation(db, organisationId);
        for (const [index, { id, run }] of sweeps.entries()) {
          const name = `${id}:${organisationId}`;
          if (running.has(name)) continue;
          // What a feature's sweeps have changed of the organisation the next feature's see.
          if (featureOf(id) !== featureOf(sweeps[index - 1]?.id ?? id)) organisation = await loadOrganisation(db, organisationId);
          running.add(name);
          try {
            await run({ ...work, organisation });
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

/** The features that somebody in the database uses. */
async function findUsed(db: Db): Promise<ReadonlySet<string>> {
  query ??= await usedQuery(db);
  const rows = await db.$queryRawUnsafe<{ feature: string }[]>(query);
  return new Set(rows.map(({ feature }) => feature));
}

async function usedQuery(db: Db): Promise<string> {
  const found = await db.$queryRaw<{ name: string }[]>`
    SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`;
  const rowsOf = ({ tables, setUp, given }: Footprint) => [
    ...found.flatMap(({ name }) => (tables.test(name) && !setUp?.tables.test(name) ? [`SELECT 1 FROM ${name}`] : [])),
    ...(given ? [given] : []),
  ];
  return Object.entries(FOOTPRINTS)
    .map(([name, footprint]) => {
      const some = rowsOf(footprint).map((rows) => `EXISTS (${rows})`);
      return `SELECT '${name}' AS feature WHERE ${some.join(' OR ')}`;
    })
    .join(' UNION ALL ');
}
