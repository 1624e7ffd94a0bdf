import { expect, it } from 'vitest';
import { hoursOfLocation } from '../../src/people/business-hours.js';
import { newId } from '../../src/people/ids.js';
import { anOrganisation, BUILT_AT } from '../support/builders.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

it('takes each part from the location, and what it has none of from the organisation', async () => {
  await database.reset();
  const organisation = await anOrganisation(database.db);
  const place = async (name: string, given: object) => {
    const id = newId(BUILT_AT);
    await database.db.location.create({ data: { organisationId: organisation.id, id, name, createdAt: BUILT_AT, ...given } });
    return id;
  };
  const of = async (locationId: string | null) => await hoursOfLocation(database.db, organisation, locationId);
  const own = { zone: 'Europe/Riga', hours: { start: 540, end: 1020, days: [1, 2, 3, 4, 5] }, country: 'LV' };
  expect(await of(null)).toEqual(own);
  expect(await of(newId(BUILT_AT))).toEqual(own);
  expect(await of(await place('As the head office', {}))).toEqual(own);
  expect(await of(await place('Open late', { workEnd: 1320 }))).toEqual({ ...own, hours: { ...own.hours, end: 1320 } });
  const there = { zone: 'America/New_York', country: 'US-NY', workStart: 480, workEnd: 1200, workDays: [6, 7] };
  expect(await of(await place('New York', there))).toEqual({
    zone: 'America/New_York',
    hours: { start: 480, end: 1200, days: [6, 7] },
    country: 'US-NY',
  });
  expect(await of(await place('Nowhere', { zone: 'Mars/Olympus', country: 'XA' }))).toEqual({ ...own, country: null });
  // Another organisation's location is none.
  const other = await anOrganisation(database.db, { zone: 'Asia/Kolkata', country: null });
  expect(await hoursOfLocation(database.db, other, await place('Ours', there))).toEqual({
    ...own,
    zone: 'Asia/Kolkata',
    country: expect.toSatisfy((country) => country === other.country),
  });
});
