import { beforeEach, describe, expect, it } from 'vitest';
import { dueAfterPause, dueOf, nextStep } from '../../src/features/feedback/following/due.js';
import { newId } from '../../src/people/ids.js';
import type { WorkingHours } from '../../src/people/model.js';
import { type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

const at = (instant: string) => new Date(instant);

/** When a case is due that came in at an instant, by the defaults: urgent 2 h, high 8 h, normal 16 h, low 40 h. */
async function due(from: string, priority: 'urgent' | 'high' | 'normal' | 'low', locationId: string | null = null): Promise<string> {
  const { organisation } = await contextOf(company.bot);
  return (await dueOf(database.db, organisation, locationId, priority, at(from))).toISOString();
}

async function aLocation(name: string, of: { zone?: string; country?: string; hours?: WorkingHours }): Promise<string> {
  const { id } = await database.db.location.create({
    data: {
      organisationId: company.bot.organisation.id,
      id: newId(company.bot.clock.now()),
      name,
      createdAt: company.bot.clock.now(),
      ...(of.zone && { zone: of.zone }),
      ...(of.country && { country: of.country }),
      ...(of.hours && { workStart: of.hours.start, workEnd: of.hours.end, workDays: [...of.hours.days] }),
    },
  });
  return id;
}

describe('When a case is due', () => {
  it.each([
    ['within the day', '2027-03-01T08:00:00Z', 'urgent', '2027-03-01T10:00:00.000Z'],
    ['the next day', '2027-03-01T14:00:00Z', 'urgent', '2027-03-02T08:00:00.000Z'],
    ['over the weekend', '2027-03-05T14:00:00Z', 'urgent', '2027-03-08T08:00:00.000Z'],
    ['when it came in the night', '2027-03-02T00:30:00Z', 'high', '2027-03-02T15:00:00.000Z'],
    // Good Friday 26 March, the clocks change on the 28th, Easter Monday on the 29th: 9:00 in Riga is 6:00 UTC then.
    ['over Easter and the change of clocks', '2027-03-25T14:00:00Z', 'urgent', '2027-03-30T07:00:00.000Z'],
    ['in winter time again', '2027-10-29T13:00:00Z', 'urgent', '2027-11-01T08:00:00.000Z'],
    ['after five working days', '2027-03-01T07:00:00Z', 'low', '2027-03-05T15:00:00.000Z'],
  ] as const)('counts working time: %s', async (_, from, priority, expected) => {
    expect(await due(from, priority)).toBe(expected);
  });

  it('counts by the location’s own zone, hours and holidays', async () => {
    const tokyo = await aLocation('Tokyo', { zone: 'Asia/Tokyo', country: 'JP', hours: { start: 600, end: 1200, days: [6, 7] } });
    // Saturday 6 March, 19:00 in Tokyo: one hour is left of the day, the other one is Sunday's.
    expect(await due('2027-03-06T10:00:00Z', 'urgent', tokyo)).toBe('2027-03-07T02:00:00.000Z');
    const oslo = await aLocation('Oslo', { zone: 'Europe/Oslo', country: 'NO' });
    // 17 May is Norway's day, and a working day in Riga.
    expect(await due('2027-05-17T07:00:00Z', 'urgent', oslo)).toBe('2027-05-18T09:00:00.000Z');
    expect(await due('2027-05-17T07:00:00Z', 'urgent')).toBe('2027-05-17T09:00:00.000Z');
  });

  it('is as the organisation has set it', async () => {
    await database.db.feedbackSettings.update({
      where: { organisationId: company.bot.organisation.id },
      data: { dueMinutes: { urgent: 30, high: 60, normal: 90, low: 120 } },
    });
    expect(await due('2027-03-01T08:00:00Z', 'normal')).toBe('2027-03-01T09:30:00.000Z');
  });
});

describe('What follows the due time', () => {
  it('gives each step its working time after it, and none after the last', async () => {
    const { organisation } = await contextOf(company.bot);
    const dueAt = at('2027-03-05T14:00:00Z');
    const steps: (string | undefined)[] = [];
    for (const step of [0, 1, 2, 3, 4]) {
      steps.push((await nextStep(database.db, organisation, { locationId: null, dueAt, step }))?.toISOString());
    }
    // Friday 16:00 in Riga; after 0, 2, 4 and 8 hours.
    expect(steps).toEqual([
      '2027-03-05T14:00:00.000Z',
      '2027-03-08T08:00:00.000Z',
      '2027-03-08T10:00:00.000Z',
      '2027-03-08T14:00:00.000Z',
      undefined,
    ]);
  });

  it('moves the due time by the working time of a pause', async () => {
    const { organisation } = await contextOf(company.bot);
    const paused = async (pausedAt: string | null, until: string) => {
      const of = { locationId: null, dueAt: at('2027-03-05T14:00:00Z'), pausedAt: pausedAt === null ? null : at(pausedAt) };
      return (await dueAfterPause(database.db, organisation, of, at(until))).toISOString();
    };
    expect(await paused('2027-03-05T13:00:00Z', '2027-03-08T08:00:00Z')).toBe('2027-03-08T09:00:00.000Z');
    // A pause of a weekend is none.
    expect(await paused('2027-03-05T15:00:00Z', '2027-03-08T07:00:00Z')).toBe('2027-03-05T14:00:00.000Z');
    expect(await paused(null, '2027-03-09T08:00:00Z')).toBe('2027-03-05T14:00:00.000Z');
  });

  it('is written down when a case opens', async () => {
    const { caseId } = await said(company.bot, { stars: 1, words: 'The room was cold.', locationId: company.location.id });
    const of = await database.db.feedbackCase.findFirstOrThrow({ where: { id: caseId ?? '' } });
    // One star is high: a working day, from Monday 10:00 in Riga.
    expect([of.priority, of.dueAt.toISOString(), of.nextStepAt?.toISOString()]).toEqual([
      'high',
      '2027-03-02T08:00:00.000Z',
      '2027-03-02T08:00:00.000Z',
    ]);
  });
});
