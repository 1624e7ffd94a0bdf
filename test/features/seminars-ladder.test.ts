import { beforeEach, expect, it } from 'vitest';
import { enqueueMany } from '../../src/delivery/enqueue.js';
import { climb, isOvertaken, mayNudge } from '../../src/features/seminars/answering/ladder.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, type SeminarCompany, type SeriesOverrides, seminarCompany, theFirstDate } from '../support/seminar-company.js';
import { keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;
let dateId: string;

/** A seminar on Tuesday 9 March 2027, 10:00 in Riga; Ana is going, Ben may come, Cy can't; the others have said nothing. */
async function planned(overrides: Partial<SeriesOverrides> = {}) {
  const { bot, host, ana, ben, cy } = company;
  const series = await aSeries(bot, { hostId: host.id, ...overrides });
  dateId = (await theFirstDate(bot, series.id)).id;
  await answer(ana, 'going');
  await answer(ben, 'maybe');
  await answer(cy, 'cant');
  await bot.runDue();
}

const answer = async (person: BuiltPerson, wanted: 'going' | 'maybe' | 'cant') =>
  await company.bot.as(person).press({ id: `seminars.${wanted}`, payload: { dateId } });

/** How many messages of a sort somebody has. */
const told = (person: BuiltPerson, key: string) =>
  company.bot.messagesTo(person).filter((message) => keysIn(message.card).includes(key)).length;
const reminders = (person: BuiltPerson) => told(person, 'seminars.reminder.summary');
const nudges = (person: BuiltPerson) => told(person, 'seminars.nudge.summary');

async function at(instant: string) {
  company.bot.clock.to(instant);
  await company.bot.runDue();
}

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

it('reminds a week, a day and an hour before; asks the silent once; leaves those who can’t alone', async () => {
  await planned();
  const { owner, boss, host, ana, ben, cy } = company;
  await at('2027-03-02T07:59:00Z');
  expect([ana, ben, cy, boss].map(reminders)).toEqual([0, 0, 0, 0]);
  await at('2027-03-02T08:00:30Z');
  expect([ana, ben, cy, boss, owner, host].map(reminders)).toEqual([1, 1, 0, 0, 0, 1]);
  expect([ana, ben, cy, boss, owner, host].map(nudges)).toEqual([0, 0, 0, 1, 1, 0]);
  await at('2027-03-08T08:00:30Z');
  expect([ana, ben, cy, boss, host].map(reminders)).toEqual([2, 2, 0, 0, 2]);
  await at('2027-03-09T07:00:30Z');
  expect([ana, ben, cy, boss, host].map(reminders)).toEqual([3, 3, 0, 0, 3]);
  expect(told(ana, 'seminars.reminder.in_minutes')).toBe(1);
  await at('2027-03-09T08:00:30Z');
  await at('2027-03-10T08:00:30Z');
  expect([ana, ben, cy, boss].map(reminders)).toEqual([3, 3, 0, 0]);
  expect([ana, ben, cy, boss, owner, host].map(nudges)).toEqual([0, 0, 0, 1, 1, 0]);
});

it('sends the latest stage alone after a stop of three days over a reminder, and nothing for what is over', async () => {
  await planned({ plan: { rhythm: { kind: 'weekly', every: 1 } } });
  const { ana, boss } = company;
  // Stopped from the 6th to the 9th, past the day before, and begun again in the last hour.
  await at('2027-03-05T08:00:00Z');
  expect(reminders(ana)).toBe(1);
  await at('2027-03-09T07:20:00Z');
  expect(reminders(ana)).toBe(2);
  expect(told(ana, 'seminars.reminder.in_minutes')).toBe(1);
  const rows = await database.db.delivery.findMany({
    where: { message: 'seminars.reminder', personId: ana.id },
    orderBy: { subjectKey: 'asc' },
  });
  expect(rows.map(({ state, payload }) => [(payload as { stage: number }).stage, state])).toEqual(
    expect.arrayContaining([
      [1440, 'skipped'],
      [60, 'sent'],
    ]),
  );
  const before = company.bot.messages().length;
  await database.db.seminarDate.updateMany({
    where: { startsAt: { gt: new Date('2027-03-10T00:00:00Z') } },
    data: { nextStageAt: null, postAt: null, phaseAt: null },
  });
  // The last hour's reminder of the second one falls into a stop as well: that one is over then.
  await database.db.seminarDate.updateMany({
    where: { startsAt: new Date('2027-03-16T08:00:00Z') },
    data: { nextStage: 60, nextStageAt: new Date('2027-03-16T07:00:00Z') },
  });
  company.bot.clock.to('2027-03-19T08:00:00Z');
  await company.bot.runDue();
  const news = company.bot.messages().slice(before);
  expect(keysIn(news.map(({ card }) => card)).filter((key) => /reminder|nudge|post\./.test(key))).toEqual([]);
  expect(nudges(boss)).toBe(1);
});

it('lets a reminder that waited for working hours go when a later one has come', async () => {
  // Monday 08:00 UTC is the next opening after Sunday: then the last hour's reminder is due as well.
  await planned({ plan: { firstDay: '2027-03-08', minutes: 600, rhythm: { kind: 'once' } } });
  const { ana } = company;
  await at('2027-03-07T08:00:30Z');
  expect(reminders(ana)).toBe(0);
  await at('2027-03-08T07:00:30Z');
  expect(reminders(ana)).toBe(1);
  expect(told(ana, 'seminars.reminder.in_minutes')).toBe(1);
});

it('keeps to each person’s own zone and hours, but never comes after the start', async () => {
  const { bot, host } = company;
  const kolkata = await bot.person({ name: 'Kiran Rao', zone: 'Asia/Kolkata' });
  const york = await bot.person({ name: 'Nora York', zone: 'America/New_York' });
  const series = await aSeries(bot, { hostId: host.id, plan: { rhythm: { kind: 'once' }, minutes: 17 * 60 } });
  dateId = (await theFirstDate(bot, series.id)).id;
  for (const person of [kolkata, york]) await answer(person, 'going');
  // 17:00 in Riga is 20:30 in Kolkata and 10:00 in New York; a day before it nobody works in Kolkata.
  await at('2027-03-08T15:00:30Z');
  expect([reminders(kolkata), reminders(york)]).toEqual([0, 1]);
  await at('2027-03-09T03:30:30Z');
  expect([reminders(kolkata), reminders(york)]).toEqual([1, 1]);
  // The last hour's comes in time, long after the day is over in Kolkata.
  await at('2027-03-09T14:00:30Z');
  expect([reminders(kolkata), reminders(york)]).toEqual([2, 2]);
});

it('drops what was said of a start that has moved, and reminds of the new one', async () => {
  await planned();
  const { bot, ana } = company;
  // Enqueued on Tuesday, held back: the bot of the platform is busy until the date has moved.
  await at('2027-03-02T08:00:30Z');
  await database.db.delivery.updateMany({ where: { message: 'seminars.reminder' }, data: { state: 'pending', sentAt: null } });
  const shown = reminders(ana);
  const startsAt = new Date('2027-03-16T08:00:00Z');
  await database.db.seminarDate.updateMany({
    where: { id: dateId },
    data: {
      startsAt,
      endsAt: new Date('2027-03-16T09:00:00Z'),
      sequence: 1,
      nextStage: 10_080,
      nextStageAt: new Date('2027-03-09T08:00:00Z'),
    },
  });
  await bot.runDue();
  expect(await database.db.delivery.count({ where: { message: 'seminars.reminder', lastError: 'date_moved' } })).toBe(3);
  expect(reminders(ana)).toBe(shown);
  await at('2027-03-09T08:00:30Z');
  expect(reminders(ana)).toBe(shown + 1);
});

it('says nothing of a date that was cancelled, or to whoever can’t come any more', async () => {
  await planned();
  const { ana, ben } = company;
  company.bot.clock.to('2027-03-02T08:00:30Z');
  await answer(ana, 'cant');
  await company.bot.runDue();
  expect([reminders(ana), reminders(ben)]).toEqual([0, 1]);
  await database.db.seminarDate.updateMany({ where: { id: dateId }, data: { state: 'cancelled', sequence: 1 } });
  await at('2027-03-08T08:00:30Z');
  expect(reminders(ben)).toBe(1);
});

it('asks only those who still have to come where one date is enough', async () => {
  const { bot, host, ana, ben, boss } = company;
  const series = await aSeries(bot, {
    hostId: host.id,
    requirement: 'once',
    audience: { kind: 'people', personIds: [ana.id, ben.id] },
    plan: { rhythm: { kind: 'weekly', every: 1 } },
  });
  dateId = (await theFirstDate(bot, series.id)).id;
  await answer(ben, 'going');
  await at('2027-03-02T08:00:30Z');
  expect([ana, ben, boss].map(nudges)).toEqual([1, 0, 0]);
  // A week later the next date asks Ana again, and Ben, who goes to the first one, not.
  await at('2027-03-09T08:00:30Z');
  expect([ana, ben, boss].map(nudges)).toEqual([2, 0, 0]);
});

it('reaches whoever is going in the last hour although the day is full of messages; a maybe is left alone then', async () => {
  await planned();
  const { bot, ana, ben } = company;
  bot.clock.to('2027-03-09T07:00:00Z');
  const now = bot.clock.now();
  const others = [ana, ben].flatMap((person) =>
    Array.from({ length: 5 }, (_, index) => ({
      organisationId: bot.organisation.id,
      subjectKey: `test:${person.id}:${index}`,
      message: 'seminars.nudge',
      payload: { dateId, personId: person.id },
      to: { personId: person.id },
      priority: 'bulk' as const,
      capped: true,
      dueAt: now,
    })),
  );
  await inTransaction(database.db, (tx) => enqueueMany(tx, others, now));
  await database.db.delivery.updateMany({
    where: { subjectKey: { startsWith: 'test:' } },
    data: { state: 'sent', capDay: new Date('2027-03-09') },
  });
  await bot.runDue();
  expect([reminders(ana), reminders(ben)]).toEqual([1, 0]);
});

it('shows the current state in a reminder that was sent before', async () => {
  await planned();
  const { bot, ana, channel } = company;
  await at('2027-03-02T08:00:30Z');
  const post = bot.messagesIn(channel)[0]?.card;
  expect(post).toBeDefined();
  const { externalId } = await database.db.workspace.findFirstOrThrow();
  await bot.dispatch({
    kind: 'action',
    ref: { id: 'seminars.cant', payload: { dateId } },
    actor: { platform: 'slack', workspaceExternalId: externalId, externalId: ana.externalId },
    place: { kind: 'channel', externalId: channel.externalId },
    onceKey: 'in-the-channel',
    requestId: 'in-the-channel',
  });
  bot.clock.forward({ seconds: 4 });
  await bot.runDue();
  expect(told(ana, 'seminars.own.cant')).toBe(1);
  expect(told(ana, 'seminars.own.going')).toBe(0);
});

it('asks the silent hours before the start, unless the whole ladder lies in the last ones', () => {
  const startsAt = new Date('2027-03-09T08:00:00Z');
  const anHourBefore = new Date('2027-03-09T07:00:00Z');
  expect(mayNudge({ startsAt }, [10_080, 60], new Date('2027-03-09T05:00:00Z'))).toBe(true);
  expect(mayNudge({ startsAt }, [10_080, 60], anHourBefore)).toBe(false);
  expect(mayNudge({ startsAt }, [60, 15], anHourBefore)).toBe(true);
});

it('takes of several due stages the latest, and none once the date has begun', () => {
  const startsAt = new Date('2027-03-09T08:00:00Z');
  const ladder = [60, 10_080, 1_440];
  const stageAt = (instant: string, due: number) => climb({ startsAt }, ladder, due, new Date(instant));
  expect(stageAt('2027-03-02T08:00:00Z', 10_080)).toEqual({ send: 10_080, next: { stage: 1_440, at: new Date('2027-03-08T08:00:00Z') } });
  expect(stageAt('2027-03-09T07:30:00Z', 10_080)).toEqual({ send: 60, next: undefined });
  expect(stageAt('2027-03-09T08:00:00Z', 60)).toEqual({ send: undefined, next: undefined });
  // The ladder was changed: the stage that was due is none of it any more.
  expect(climb({ startsAt }, [60], 1_440, new Date('2027-03-08T09:00:00Z'))).toEqual({
    send: undefined,
    next: { stage: 60, at: new Date('2027-03-09T07:00:00Z') },
  });
  expect(isOvertaken({ startsAt }, ladder, 1_440, new Date('2027-03-09T06:59:59Z'))).toBe(false);
  expect(isOvertaken({ startsAt }, ladder, 1_440, new Date('2027-03-09T07:00:00Z'))).toBe(true);
});
