import { beforeEach, describe, expect, it } from 'vitest';
import { localDay } from '../../src/people/hours.js';
import { useDatabase } from '../support/database.js';
import { aSeries, type SeminarCompany, seminarCompany, theDates } from '../support/seminar-company.js';

const database = useDatabase();
let company: SeminarCompany;

beforeEach(async () => {
  await database.reset();
  company = await seminarCompany(database);
});

describe('the dates of a series', () => {
  it('are made for 400 days and more', async () => {
    const { bot, host } = company;
    const series = await aSeries(bot, { hostId: host.id });
    const dates = await theDates(bot, series.id);
    expect(dates.map(({ startsAt }) => localDay(startsAt, 'Europe/Riga')).slice(0, 3)).toEqual(['2027-03-09', '2027-04-13', '2027-05-11']);
    expect(dates.length).toBeGreaterThanOrEqual(13);
    expect(series.plannedTo >= '2028-04-04').toBe(true);
  });
});
