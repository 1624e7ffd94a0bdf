import { beforeEach, expect, it } from 'vitest';
import { countAnswers } from '../../src/features/seminars/store-dates.js';
import { useDatabase } from '../support/database.js';
import { aSeries, type SeminarCompany, seminarCompany, theFirstDate } from '../support/seminar-company.js';
import { cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: SeminarCompany;
let dateId: string;

/** One place, which Ben has. */
beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
  const { bot, ben, host } = company;
  ({ id: dateId } = await theFirstDate(bot, (await aSeries(bot, { hostId: host.id, capacity: 1 })).id));
  await press(ben, 'going');
});

const press = async (person: SeminarCompany['host'], wanted: 'going' | 'maybe' | 'cant') =>
  keysIn(cardsOf(await company.bot.as(person).press({ id: `seminars.${wanted}`, payload: { dateId } })));

const counts = () => countAnswers(database.db, company.bot.organisation.id, dateId);

it('the host comes without a place, and does not wait for one', async () => {
  const { host } = company;
  expect(await press(host, 'going')).toContain('seminars.own.hosts');
  expect(await counts()).toEqual({ going: 1, maybe: 0, cant: 0, waiting: 0 });
});

it('a host who can’t come and then can after all takes that back', async () => {
  const { host, ana } = company;
  expect(await press(host, 'cant')).toContain('seminars.own.cant_host');
  expect(await counts()).toEqual({ going: 1, maybe: 0, cant: 1, waiting: 0 });
  expect(await press(host, 'going')).toContain('seminars.own.hosts');
  expect(await counts()).toEqual({ going: 1, maybe: 0, cant: 0, waiting: 0 });
  // Nobody else comes so easily.
  expect(await press(ana, 'going')).toContain('seminars.own.waiting');
});

it('of a date that is cancelled nothing is taken back', async () => {
  const { host } = company;
  await press(host, 'cant');
  await database.db.seminarDate.updateMany({ where: { id: dateId }, data: { state: 'cancelled' } });
  expect(await press(host, 'going')).toContain('seminars.own.cancelled');
  expect((await counts()).cant).toBe(1);
});
