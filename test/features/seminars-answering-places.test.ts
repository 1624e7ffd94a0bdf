import { beforeEach, expect, it } from 'vitest';
import { answerDate } from '../../src/features/seminars/answering/answer.js';
import { moveUp, refreshPost } from '../../src/features/seminars/answering/post.js';
import { putOnNext } from '../../src/features/seminars/answering/put-on.js';
import type { SeminarDate, Series } from '../../src/features/seminars/model.js';
import { countAnswers, lockDates } from '../../src/features/seminars/store-dates.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aSeries, contextOf, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';
import { keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;
let series: Series;
let dates: SeminarDate[];

/** A required seminar with one place on each of its dates, the first on 9 March 2027. */
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
  series = await aSeries(company.bot, { hostId: company.host.id, requirement: 'every', capacity: 1 });
  dates = await theDates(company.bot, series.id);
});

const dateAt = (index: number): SeminarDate => {
  const date = dates[index];
  if (!date) throw new Error(`There is no date ${index}.`);
  return date;
};

async function answer(person: BuiltPerson, index: number, wanted: 'going' | 'maybe' | 'cant') {
  const context = await contextOf(company.bot);
  const act = { dateId: dateAt(index).id, personId: person.id, wanted, source: 'self' as const };
  return await inTransaction(database.db, (tx) => answerDate(context, tx, act, company.bot.clock.now()));
}

async function put(person: BuiltPerson, of: Series | SeminarDate = series, after: Date = company.bot.clock.now()) {
  const context = await contextOf(company.bot);
  return await inTransaction(database.db, (tx) => putOnNext(context, tx, of, person.id, after, company.bot.clock.now()));
}

const told = (person: BuiltPerson, key: string) =>
  company.bot.messagesTo(person).filter((message) => keysIn(message.card).includes(key)).length;

it('puts somebody on the next date with room, and tells them once why', async () => {
  const { bot, ana, ben } = company;
  await answer(ben, 0, 'going');
  expect((await put(ana))?.id).toBe(dateAt(1).id);
  // Asked for again, the place is there already.
  expect((await put(ana))?.id).toBe(dateAt(1).id);
  await bot.runDue();
  expect(told(ana, 'seminars.put_on.required')).toBe(1);
  expect(await countAnswers(database.db, bot.organisation.id, dateAt(1).id)).toEqual({ going: 1, maybe: 0, cant: 0, waiting: 0 });
  const row = await database.db.seminarAnswer.findFirstOrThrow({ where: { dateId: dateAt(1).id } });
  expect(row.source).toBe('put_on');
});

it('leaves out dates that somebody can’t come to, and tells whoever missed one so', async () => {
  const { bot, ana } = company;
  await answer(ana, 1, 'cant');
  expect((await put(ana, dateAt(0), dateAt(0).startsAt))?.id).toBe(dateAt(2).id);
  await bot.runDue();
  expect(told(ana, 'seminars.put_on.missed')).toBe(1);
  expect(told(ana, 'seminars.put_on.required')).toBe(0);
});

it('finds nothing where every date is full', async () => {
  const { ana } = company;
  await database.db.seminarDate.updateMany({ where: { id: { not: dateAt(0).id } }, data: { state: 'cancelled' } });
  await answer(company.ben, 0, 'going');
  expect(await put(ana)).toBeUndefined();
  expect(await database.db.seminarAnswer.count({ where: { personId: ana.id } })).toBe(0);
});

it('gives two who are put on at once places of their own', async () => {
  const { ana, ben, cy } = company;
  const given = await Promise.all([ana, ben, cy].map((person) => put(person)));
  expect(new Set(given.map((date) => date?.id))).toEqual(new Set([0, 1, 2].map((index) => dateAt(index).id)));
});

it('fills the places of a raised capacity from the waiting list, in order', async () => {
  const { bot, ana, ben, cy, boss } = company;
  for (const person of [ana, ben, cy, boss]) await answer(person, 0, 'going');
  const context = await contextOf(bot);
  const now = bot.clock.now();
  await database.db.seminarDate.updateMany({ where: { id: dateAt(0).id }, data: { capacity: 3 } });
  const moved = await inTransaction(database.db, async (tx) => {
    const [date] = await lockDates(tx, bot.organisation.id, [dateAt(0).id]);
    if (!date) throw new Error('It is not there.');
    return await moveUp(context, tx, date, now);
  });
  expect([...moved].sort()).toEqual([ben.id, cy.id].sort());
  await bot.runDue();
  expect([ana, ben, cy, boss].map((person) => told(person, 'seminars.moved_up.lead'))).toEqual([0, 1, 1, 0]);
});

it('gives the place of whoever has left to the next in the line', async () => {
  const { bot, ana, ben } = company;
  await answer(ana, 0, 'going');
  await answer(ben, 0, 'going');
  await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left', leftAt: bot.clock.now() } });
  await database.db.account.updateMany({ where: { personId: ana.id }, data: { status: 'left' } });
  await bot.runDue();
  expect(told(ben, 'seminars.moved_up.lead')).toBe(1);
  expect(await countAnswers(database.db, bot.organisation.id, dateAt(0).id)).toEqual({ going: 1, maybe: 0, cant: 0, waiting: 0 });
});

it('has direct messages about a date composed again when it changes', async () => {
  const { bot, ana } = company;
  await put(ana);
  await bot.runDue();
  const startsAt = new Date('2027-03-10T08:00:00Z');
  await database.db.seminarDate.updateMany({
    where: { id: dateAt(0).id },
    data: { startsAt, endsAt: new Date('2027-03-10T09:00:00Z'), sequence: 1 },
  });
  bot.clock.forward({ minutes: 1 });
  await inTransaction(database.db, (tx) => refreshPost(tx, bot.organisation.id, dateAt(0).id, bot.clock.now()));
  await bot.runDue();
  const card = bot.messagesTo(ana).find((message) => keysIn(message.card).includes('seminars.put_on.required'));
  expect(JSON.stringify(card)).toContain(startsAt.toISOString());
});

it('invites by e-mail who has a place, and takes it back from who gives it up', async () => {
  await database.reset();
  company = await seminarCompany(database, undefined, { mail: 'recording' });
  const { bot, ana, ben, host } = company;
  const one = await aSeries(bot, { hostId: host.id, capacity: 1 });
  const [first] = await theDates(bot, one.id);
  const press = async (person: BuiltPerson, verb: string) =>
    await bot.as(person).press({ id: `seminars.${verb}`, payload: { dateId: first?.id ?? '' } });
  const mailsTo = async (person: BuiltPerson) => {
    const rows = await database.db.mail.findMany({
      where: { personId: person.id, spec: 'seminars.invitation' },
      orderBy: { subjectKey: 'asc' },
    });
    return rows.map(({ payload }) => (payload as { method: string }).method);
  };
  await press(ana, 'going');
  await press(ben, 'going');
  expect([await mailsTo(ana), await mailsTo(ben)]).toEqual([['REQUEST'], []]);
  await press(ana, 'maybe');
  expect([await mailsTo(ana), await mailsTo(ben)]).toEqual([['REQUEST', 'CANCEL'], ['REQUEST']]);
});
