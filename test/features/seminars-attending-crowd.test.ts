import { beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/core/registry.js';
import { createJobRunner } from '../../src/delivery/jobs.js';
import { createSweeper } from '../../src/delivery/sweeps.js';
import { createFeatures } from '../../src/features/index.js';
import { manyPeople } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { dateFor, TIMES } from '../support/seminar-attending.js';
import { type SeminarCompany, seminarCompany } from '../support/seminar-company.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

/** As many processes as one likes, on one database. */
function aProcess(processId: string) {
  const registry = createRegistry(createFeatures({ directories: new Map() }));
  const { work } = company.bot;
  return { sweeper: createSweeper({ work, registry }), jobs: createJobRunner({ work, registry, processId }) };
}

describe('two processes and 1,200 people', () => {
  it('ask everybody to check in once, and settle everybody once', { timeout: 60_000 }, async () => {
    const { bot, host } = company;
    const { db } = database;
    const people = await manyPeople(db, bot.organisation, 1_200);
    const ids = people.map(({ id }) => id);
    const date = await dateFor(company, [], { requirement: 'every', audience: { kind: 'people', personIds: ids } });
    await db.seminarSettings.create({ data: { organisationId: bot.organisation.id, attendPoints: 1 } });
    await db.seminarAnswer.createMany({
      data: ids.map((personId) => ({
        organisationId: bot.organisation.id,
        dateId: date.id,
        personId,
        state: 'going' as const,
        answeredAt: bot.clock.now(),
      })),
    });
    const both = [aProcess('one'), aProcess('two')];
    const tick = async () => {
      await Promise.all(both.map(({ sweeper }) => sweeper.runAll()));
      await Promise.all(both.map(({ jobs }) => jobs.runDue()));
    };
    bot.clock.to(TIMES.opens);
    await tick();
    expect(await db.delivery.count({ where: { message: 'seminars.check_in' } })).toBe(1_200);
    const there = ids.slice(0, 700);
    await db.seminarAttendance.createMany({
      data: there.map((personId) => ({
        organisationId: bot.organisation.id,
        dateId: date.id,
        personId,
        attended: true,
        via: 'button' as const,
        at: bot.clock.now(),
      })),
    });
    bot.clock.to(TIMES.over);
    await tick();
    const recorded = async (attended: boolean) =>
      await db.seminarAttendance.count({ where: { dateId: date.id, attended, personId: { not: host.id } } });
    expect([await recorded(true), await recorded(false)]).toEqual([700, 500]);
    expect(await db.seminarCatchUp.count({ where: { state: 'waiting' } })).toBe(500);
    expect(await db.delivery.count({ where: { message: 'seminars.opinion' } })).toBe(700);
    expect(await db.award.count({ where: { reason: 'seminar_attended', points: 1 } })).toBe(700);
    expect(await db.delivery.count({ where: { message: 'seminars.after_host' } })).toBe(1);
    expect(await db.auditEvent.count({ where: { verb: 'seminars.settled' } })).toBe(1);
  });
});
