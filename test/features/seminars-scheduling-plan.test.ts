import { beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/core/registry.js';
import { createSweeper } from '../../src/delivery/sweeps.js';
import { scheduling } from '../../src/features/seminars/scheduling/index.js';
import { placeDates } from '../../src/features/seminars/scheduling/place-dates.js';
import { inTransaction } from '../../src/people/db.js';
import { feature } from '../../src/people/handlers.js';
import { localDay } from '../../src/people/hours.js';
import { useDatabase } from '../support/database.js';
import { aSeries, contextOf, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

/** A tick of scheduling's own sweeps, as one process runs it. */
const tick = async () => {
  const registry = createRegistry([feature({ name: 'seminars', sweeps: scheduling.sweeps ?? [] })]);
  await createSweeper({ work: company.bot.work, registry }).runAll();
};

const days = async (seriesId: string) => (await theDates(company.bot, seriesId)).map(({ startsAt }) => localDay(startsAt, 'Europe/Riga'));
const rowOf = async (id: string) => await database.db.seminarSeries.findFirstOrThrow({ where: { id } });

describe('the dates of a series', () => {
  it('are made for 400 days and more, and follow as time goes by, none twice', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id });
    const before = await days(series.id);
    expect(before.slice(0, 3)).toEqual(['2027-03-09', '2027-04-13', '2027-05-11']);
    expect(before.at(-1)).toBe('2028-04-11');
    await tick();
    expect(await days(series.id)).toEqual(before);
    for (const now of ['2027-05-01T09:00:00Z', '2027-09-20T09:00:00Z', '2028-03-01T09:00:00Z']) {
      bot.clock.to(now);
      await Promise.all([tick(), tick()]);
      const made = await days(series.id);
      expect(new Set(made).size).toBe(made.length);
      const reach = new Date(new Date(now).getTime() + 400 * 86_400_000).toISOString().slice(0, 10);
      expect((made.at(-1) ?? '') >= reach.slice(0, 7)).toBe(true);
    }
    const all = await days(series.id);
    // No month is missing, whatever the times at which they were made.
    expect(all.map((day) => day.slice(0, 7))).toEqual(
      all.map((_day, index) => new Date(Date.UTC(2027, 2 + index, 1)).toISOString().slice(0, 7)),
    );
  });

  it('are as their series has them, and leave alone what was cancelled or moved', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id, capacity: 8, link: 'https://meet.example/' });
    const [first, second] = await theDates(bot, series.id);
    expect(first).toMatchObject({ capacity: 8, link: 'https://meet.example/', place: 'Room 4', hostId: host.id, ruleDay: '2027-03-09' });
    await database.db.seminarDate.updateMany({ where: { id: first?.id ?? '' }, data: { state: 'cancelled' } });
    await database.db.seminarDate.updateMany({
      where: { id: second?.id ?? '' },
      data: { startsAt: new Date('2027-04-14T07:00:00Z'), endsAt: new Date('2027-04-14T08:00:00Z') },
    });
    const planned = (await theDates(bot, series.id)).map(({ ruleDay, startsAt, endsAt }) => ({
      ruleDay: ruleDay ?? '',
      day: ruleDay ?? '',
      startsAt,
      endsAt,
    }));
    const context = await contextOf(bot);
    const made = await inTransaction(database.db, async (tx) => await placeDates(context, tx, series, planned, bot.clock.now()));
    expect(made).toBe(0);
    expect(await theDates(bot, series.id)).toHaveLength(planned.length);
  });

  it('that begin in some years are there from the first one on', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id, plan: { firstDay: '2029-02-01' } });
    expect(await days(series.id)).toEqual(['2029-02-13']);
    await tick();
    expect(await days(series.id)).toEqual(['2029-02-13']);
    bot.clock.to('2028-06-01T09:00:00Z');
    await tick();
    expect((await days(series.id)).length).toBeGreaterThan(3);
  });

  it('of a rule with an end are all there at once, and the series ends when the last one is over', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id, plan: { ending: { count: 3 } } });
    expect(await days(series.id)).toEqual(['2027-03-09', '2027-04-13', '2027-05-11']);
    bot.clock.to('2027-05-11T06:00:00Z');
    await tick();
    expect((await rowOf(series.id)).endedAt).toBeNull();
    bot.clock.to('2027-05-13T06:00:00Z');
    await tick();
    expect((await rowOf(series.id)).endedAt).toEqual(bot.clock.now());
    expect(await days(series.id)).toHaveLength(3);
  });

  it('that were added keep a series running whose rule is at its end', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id, plan: { rhythm: { kind: 'once' } } });
    const [only] = await database.db.seminarDate.findMany({ where: { seriesId: series.id } });
    if (!only) throw new Error('no date');
    const added = {
      ...only,
      id: crypto.randomUUID(),
      ruleDay: null,
      startsAt: new Date('2027-06-01T07:00:00Z'),
      endsAt: new Date('2027-06-01T08:00:00Z'),
    };
    await database.db.seminarDate.create({ data: added });
    bot.clock.to('2027-03-12T09:00:00Z');
    await tick();
    expect((await rowOf(series.id)).endedAt).toBeNull();
    bot.clock.to('2027-06-03T09:00:00Z');
    await tick();
    expect((await rowOf(series.id)).endedAt).not.toBeNull();
  });
});

describe('drafts', () => {
  it('are forgotten after a month', async () => {
    const { bot, boss } = company;
    const row = { organisationId: bot.organisation.id, personId: boss.id, fields: {} };
    await database.db.seminarDraft.create({ data: { ...row, id: crypto.randomUUID(), createdAt: bot.clock.now() } });
    bot.clock.forward({ days: 29 });
    await tick();
    expect(await database.db.seminarDraft.count()).toBe(1);
    bot.clock.forward({ days: 2 });
    await tick();
    expect(await database.db.seminarDraft.count()).toBe(0);
  });
});

describe('who joins while a seminar runs', () => {
  const answers = async (personId: string) =>
    await database.db.seminarAnswer.findMany({ where: { personId }, select: { dateId: true, state: true, source: true } });

  it('is put on the next date of what is required, once, and told once', async () => {
    const { bot, host, ana } = company;
    const series = await aSeries(bot, { hostId: host.id, requirement: 'once' });
    bot.clock.to('2027-03-15T09:00:00Z');
    const newcomer = await bot.person({ name: 'Nora Nova', joinedAt: new Date('2027-03-15T08:00:00Z') });
    const next = (await theDates(bot, series.id))[1];
    await Promise.all([tick(), tick()]);
    await tick();
    expect(await answers(newcomer.id)).toEqual([{ dateId: next?.id, state: 'going', source: 'put_on' }]);
    expect(await answers(ana.id)).toEqual([]);
    await bot.runDue();
    expect(bot.messagesTo(newcomer)).toHaveLength(1);
  });

  it('and says that it doesn’t suit is left alone', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id, requirement: 'every' });
    bot.clock.to('2027-03-15T09:00:00Z');
    const newcomer = await bot.person({ joinedAt: new Date('2027-03-15T08:00:00Z') });
    await tick();
    await database.db.seminarAnswer.updateMany({ where: { personId: newcomer.id }, data: { state: 'cant', source: 'self' } });
    await tick();
    expect((await answers(newcomer.id)).map(({ state }) => state)).toEqual(['cant']);
    expect(series.requirement).toBe('every');
  });

  it('is left out of what is voluntary, for others, over, or full', async () => {
    const { bot, host, ana, ben } = company;
    await aSeries(bot, { hostId: host.id });
    await aSeries(bot, { hostId: host.id, requirement: 'once', audience: { kind: 'people', personIds: [ana.id] } });
    await aSeries(bot, { hostId: host.id, requirement: 'once', track: 'managers' });
    await aSeries(bot, { hostId: host.id, requirement: 'once', plan: { rhythm: { kind: 'once' } } });
    const full = await aSeries(bot, { hostId: host.id, requirement: 'once', capacity: 1, plan: { ending: { count: 2 } } });
    for (const date of await theDates(bot, full.id)) {
      await database.db.seminarAnswer.create({
        data: { organisationId: bot.organisation.id, dateId: date.id, personId: ben.id, state: 'going', answeredAt: bot.clock.now() },
      });
    }
    bot.clock.to('2027-03-15T09:00:00Z');
    const newcomer = await bot.person({ joinedAt: new Date('2027-03-15T08:00:00Z') });
    // Who hosts it has no need to be put on it.
    await aSeries(bot, { hostId: newcomer.id, requirement: 'once', plan: { firstDay: '2027-04-13' } });
    await database.db.seminarSeries.updateMany({ where: { hostId: newcomer.id }, data: { createdAt: new Date('2027-03-02T08:00:00Z') } });
    await tick();
    expect(await answers(newcomer.id)).toEqual([]);
  });

  it('is new: the track of new employees takes those who joined before it was scheduled too', async () => {
    const { bot, host } = company;
    await database.db.person.updateMany({ data: { joinedAt: new Date('2020-01-01T00:00:00Z') } });
    const fresh = await bot.person({ joinedAt: new Date('2027-02-20T08:00:00Z') });
    const older = await bot.person({ joinedAt: new Date('2026-11-01T08:00:00Z') });
    await aSeries(bot, { hostId: host.id, requirement: 'once', track: 'new_employees' });
    await tick();
    expect(await answers(fresh.id)).toHaveLength(1);
    expect(await answers(older.id)).toEqual([]);
  });
});
