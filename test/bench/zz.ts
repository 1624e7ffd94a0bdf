import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/core/clock.js';
import { answerDate, settleAnswer } from '../../src/features/seminars/answering/answer.js';
import { refreshSoon } from '../../src/features/seminars/answering/post.js';
import { writeAnswer } from '../../src/features/seminars/answering/store-answers.js';
import { inTransaction } from '../../src/people/db.js';
import { openDatabase } from '../../src/runtime/database.js';
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { migrate } from '../../src/runtime/migrate.js';
import { aChannel, anOrganisation, aWork, aWorkspace, silentLog } from '../support/builders.js';
import { withDataDir } from './bot.js';
import { inParallel } from './company.js';
import { percentile } from './figures.js';
import { addPeople } from './kudos-history.js';
import { addSeminars } from './seminar-history.js';

await withDataDir(async (dataDir) => {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
  const database = openDatabase({ connection: { ...server.connection() }, poolSize: 10, log: silentLog });
  const db = database.prisma;
  await migrate({ ...server.connection() }, fileURLToPath(new URL('../../prisma/migrations', import.meta.url)));
  const now = systemClock.now();
  const organisation = await anOrganisation(db);
  const { id: workspaceId } = await aWorkspace(db, organisation);
  const channel = await aChannel(db, organisation, { name: 'a' });
  await addPeople(db, organisation.id, workspaceId, 2000, now);
  await addSeminars(db, organisation.id, { series: 12, datesEach: 1, answersEach: 0 }, 2000, channel.id, now);
  const context = { ...aWork(db, { clock: systemClock }), organisation };
  const people = await db.person.findMany({ select: { id: true }, take: 2000 });
  const dates = await db.seminarDate.findMany({ where: { postAt: null }, orderBy: { startsAt: 'asc' } });
  const free = dates.filter((d) => d.capacity === null), full = dates.filter((d) => d.capacity !== null);
  const go = async (name: string, dateId: string, run: (act: any) => Promise<unknown>) => {
    const took: number[] = [];
    const began = performance.now();
    await inParallel(people, 10, async ({ id }) => { const b = performance.now(); await run({ dateId, personId: id, wanted: 'going', source: 'self' }); took.push(performance.now() - b); });
    console.log(name, `${(2000 / ((performance.now() - began) / 1000)).toFixed(0)} a second, p50 ${percentile(took, .5).toFixed(1)}, p99 ${percentile(took, .99).toFixed(1)}`);
  };
  for (let round = 0; round < 2; round++) {
    await go('in the transaction', free[round]!.id, (act) => inTransaction(db, (tx) => answerDate(context, tx, act, systemClock.now())));
    await go('after the commit  ', free[round + 2]!.id, async (act) => { await inTransaction(db, (tx) => settleAnswer(context, tx, act, systemClock.now())); await refreshSoon(context, act.dateId, [act.personId], systemClock.now()); });
    await go('one statement     ', free[round + 4]!.id, async (act) => { await writeAnswer(db, organisation.id, act, systemClock.now()); await refreshSoon(context, act.dateId, [act.personId], systemClock.now()); });
    if (round === 0) {
      await go('capacity, in the tx', full[0]!.id, (act) => inTransaction(db, (tx) => answerDate(context, tx, act, systemClock.now())));
      await go('capacity, statement', full[1]!.id, async (act) => { await writeAnswer(db, organisation.id, act, systemClock.now()); await refreshSoon(context, act.dateId, [act.personId], systemClock.now()); });
    }
  }
  await database.close();
  await server.stop();
});
process.exit(0);
