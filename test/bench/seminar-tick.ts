import { performance } from 'node:perf_hooks';
import { systemClock } from '../../src/core/clock.js';
import type { Sweep } from '../../src/core/feature.js';
import { createFeatures } from '../../src/features/index.js';
import type { Db } from '../../src/people/db.js';
import type { WorkContext } from '../../src/people/handlers.js';
import { aChannel, anOrganisation, aWork, aWorkspace } from '../support/builders.js';
import { type Figure, percentile } from './figures.js';
import { addPeople } from './kudos-history.js';
import { withDatabase } from './own-database.js';
import { addSeminars } from './seminar-history.js';

const PEOPLE = 10_000;
const SERIES = 10_000;
const ANSWERS_EACH = 100;
const DATES_EACH = 13;
const TICKS = 30;
/** Dates whose reminder comes due in the tick that has something to do. */
const DUE = 50;
const AT_MOST = 200;

/** What a tick costs with 10,000 series, their dates a year ahead, and 1,000,000 answers. In this process, at the store. */
export async function tick(): Promise<Figure[]> {
  return await withDatabase(measure);
}

async function measure(db: Db): Promise<Figure[]> {
  const now = systemClock.now();
  const organisation = await anOrganisation(db);
  const { id: workspaceId } = await aWorkspace(db, organisation);
  const channel = await aChannel(db, organisation, { name: 'announcements' });
  await db.organisation.update({ where: { id: organisation.id }, data: { announcementsChannelId: channel.id } });
  await addPeople(db, organisation.id, workspaceId, PEOPLE, now);
  await addSeminars(db, organisation.id, { series: SERIES, datesEach: DATES_EACH, answersEach: ANSWERS_EACH }, PEOPLE, channel.id, now);
  await db.$executeRaw`VACUUM ANALYZE`;
  const sweeps = createFeatures({ directories: new Map() }).find(({ name }) => name === 'seminars')?.sweeps ?? [];
  const context: WorkContext = {
    ...aWork(db, { clock: systemClock }),
    organisation: { ...organisation, announcementsChannelId: channel.id },
  };
  const run = async (of: readonly Sweep<WorkContext>[]) => {
    const began = performance.now();
    for (const sweep of of) await sweep.run(context);
    return performance.now() - began;
  };
  const first = await run(sweeps);
  const ladder = sweeps.filter(({ id }) => id === 'seminars.ladder');
  const each: { id: string; took: number }[] = [];
  for (const sweep of sweeps) each.push({ id: sweep.id, took: await run([sweep]) });
  console.log(`seminars, a tick's parts in ms: ${each.map(({ id, took }) => `${id} ${took.toFixed(1)}`).join(', ')}`);
  const looks: number[] = [];
  const ticks: number[] = [];
  for (let index = 0; index < TICKS; index++) {
    looks.push(await run(ladder));
    ticks.push(await run(sweeps));
  }
  const answers = await db.seminarAnswer.count();
  await db.$executeRaw`
    UPDATE seminar_date d SET "startsAt" = d."startsAt" - span, "endsAt" = d."endsAt" - span, "nextStageAt" = d."nextStageAt" - span
    FROM (SELECT id, "nextStageAt" - ${now}::timestamptz AS span FROM seminar_date WHERE "nextStage" = 1440 ORDER BY "nextStageAt" LIMIT ${DUE}) due
    WHERE d.id = due.id`;
  const busy = await run(ladder);
  const jobs = await db.job.count({ where: { kind: 'seminars.remind' } });
  return [
    { name: 'answers to 10,000 series', unit: 'count', measured: answers, exactly: SERIES * ANSWERS_EACH },
    { name: 'a tick looks for due reminders: p99', unit: 'ms', measured: percentile(looks, 0.99), atMost: AT_MOST },
    { name: 'the same: median', unit: 'ms', measured: percentile(looks, 0.5) },
    { name: 'all that a tick does for seminars: p99', unit: 'ms', measured: percentile(ticks, 0.99), atMost: AT_MOST },
    { name: 'the same: median', unit: 'ms', measured: percentile(ticks, 0.5) },
    { name: 'the very first one', unit: 'ms', measured: first },
    { name: `a tick that finds ${DUE} due`, unit: 'ms', measured: busy, atMost: AT_MOST },
    { name: 'reminders of dates begun by it', unit: 'count', measured: jobs, exactly: DUE },
  ];
}
