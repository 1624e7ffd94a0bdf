import { performance } from 'node:perf_hooks';
import { systemClock } from '../../src/core/clock.js';
import { give } from '../../src/features/recognition/giving/give.js';
import { auditLedger, balanceOf } from '../../src/features/recognition/ledger/store-ledger.js';
import { monthOf, periodsOf } from '../../src/features/recognition/periods.js';
import { topPeople, topTeams } from '../../src/features/recognition/seeing/store-top.js';
import { listValues } from '../../src/features/recognition/store-settings.js';
import type { Db } from '../../src/people/db.js';
import { anOrganisation, aWork, aWorkspace } from '../support/builders.js';
import { type Figure, percentile } from './figures.js';
import { addKudos, addPeople } from './kudos-history.js';
import { withDatabase } from './own-database.js';

const PEOPLE = 100_000;
const FEW = 10_000;
const MANY = 1_000_000;
const TIMES = 300;
const WARM_UP = 100;
/** So much dearer may an act be with a million kudos than with ten thousand. */
const GROWTH = 1.5;

/** What recognition costs in an organisation of 100,000, with 10,000 and with 1,000,000 kudos. In this process, at the store. */
export async function recognition(): Promise<Figure[]> {
  return await withDatabase(compare);
}

interface Cost {
  readonly p50: number;
  readonly p99: number;
}

async function compare(db: Db): Promise<Figure[]> {
  const now = systemClock.now();
  const organisation = await anOrganisation(db);
  const { id: workspaceId } = await aWorkspace(db, organisation);
  const values = (await listValues(db, organisation.id)).map((value) => value.id);
  await addPeople(db, organisation.id, workspaceId, PEOPLE, now);
  await addKudos(db, organisation.id, PEOPLE, [0, FEW], values, now);
  await db.$executeRaw`VACUUM ANALYZE`;
  const few = await measure(db, organisation, values, 0);
  await addKudos(db, organisation.id, PEOPLE, [FEW, MANY], values, now);
  await db.$executeRaw`VACUUM ANALYZE`;
  const many = await measure(db, organisation, values, (TIMES + WARM_UP) * 2);
  const problems = (await auditLedger(db, organisation.id)).filter((problem) => problem.startsWith('movement'));
  const acts = ['give', 'top', 'balance'] as const;
  return [
    ...acts.map((act) => ({
      name: `a million kudos: ${act}, p99`,
      unit: 'ms' as const,
      measured: many[act].p99,
      atMost: act === 'give' ? 50 : 30,
    })),
    ...acts.map((act) => ({ name: `a million kudos: ${act}, median`, unit: 'ms' as const, measured: many[act].p50 })),
    ...acts.map((act) => ({
      name: `${act}: ten thousand kudos, median`,
      unit: 'ms' as const,
      measured: few[act].p50,
    })),
    ...acts.map((act) => ({
      name: `${act}: times its cost with ten thousand`,
      unit: 'times' as const,
      measured: many[act].p50 / few[act].p50,
      atMost: GROWTH,
    })),
    { name: 'movements that do not balance', unit: 'count', measured: problems.length, exactly: 0 },
  ];
}

type Acts = Readonly<Record<'give' | 'top' | 'balance', Cost>>;

async function measure(
  db: Db,
  organisation: Awaited<ReturnType<typeof anOrganisation>>,
  values: readonly string[],
  from: number,
): Promise<Acts> {
  const context = { ...aWork(db, { clock: systemClock }), organisation };
  const ids = await db.person.findMany({
    where: { organisationId: organisation.id },
    select: { id: true },
    orderBy: { id: 'asc' },
    take: 20_000,
  });
  const person = (index: number): string => ids[(from + index) * 7]?.id ?? '';
  const periods = periodsOf(monthOf(systemClock.now(), organisation.zone));
  return {
    give: await costOf((index) =>
      give(context, {
        giverId: person(index),
        receiverIds: [person(index + TIMES + WARM_UP)],
        valueId: values[index % values.length] ?? null,
        words: `Calmed an upset guest in room ${index} and stayed until all was well.`,
        points: 10,
        public: true,
        source: 'peer',
      }),
    ),
    top: await costOf((index) => {
      const board = { organisationId: organisation.id, period: periods[index % 3] ?? '', valueId: index % 5 ? null : (values[0] ?? null) };
      return index % 2 ? topTeams(db, board, 10) : topPeople(db, board, 10);
    }),
    balance: await costOf((index) => balanceOf(db, organisation.id, { kind: 'balance', owner: person(index) })),
  };
}

/** Runs an act one after another, after a warm-up. */
async function costOf(act: (index: number) => Promise<unknown>): Promise<Cost> {
  const took: number[] = [];
  for (let index = -WARM_UP; index < TIMES; index++) {
    const began = performance.now();
    await act(index + WARM_UP);
    if (index >= 0) took.push(performance.now() - began);
  }
  return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) };
}
