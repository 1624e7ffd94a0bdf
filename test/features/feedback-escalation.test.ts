import { beforeEach, describe, expect, it } from 'vitest';
import { findCase } from '../../src/features/feedback/store-cases.js';
import { newId } from '../../src/people/ids.js';
import type { BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, customerCompany, type SaidOverrides, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  // Monday 1 March 2027, 10:00 in Riga.
  company = await customerCompany(database);
});

/** A case of one star: due in a working day, Tuesday 10:00 in Riga. @returns its id */
async function complaint(overrides: SaidOverrides = {}): Promise<string> {
  const { caseId } = await said(company.bot, { stars: 1, words: 'The soup was cold.', locationId: company.location.id, ...overrides });
  if (caseId === null) throw new Error('No case was opened.');
  return caseId;
}

async function at(instant: string): Promise<void> {
  company.bot.clock.to(instant);
  await company.bot.runDue();
}

/** The steps that a person was told of, by who they are in the list. */
const steps = (person: BuiltPerson) =>
  company.bot.messagesTo(person).filter(({ card }) => keysIn(card).includes('feedback.escalation.title')).length;
const toldNow = () => ({
  owner: steps(company.owner),
  boss: steps(company.boss),
  ana: steps(company.ana),
  ben: steps(company.ben),
});
const claim = async (person: BuiltPerson, caseId: string) =>
  await company.bot.as(person).press({ id: 'feedback.claim', payload: { caseId } });
const lead = async (leadId: string | null, managerId: string | null = null) =>
  await database.db.feedbackLead.create({
    data: { organisationId: company.bot.organisation.id, locationId: company.location.id, leadId, managerId },
  });
const leave = async (person: BuiltPerson) => await database.db.person.updateMany({ where: { id: person.id }, data: { status: 'left' } });
const load = async (caseId: string) => await findCase(database.db, company.bot.organisation.id, caseId);

const NOBODY = { owner: 0, boss: 0, ana: 0, ben: 0 };

describe('The escalation list', () => {
  it('runs by itself: owner, lead, manager, the organisation’s owners, each once', async () => {
    await lead(company.ben.id);
    const caseId = await complaint();
    await claim(company.ana, caseId);
    await at('2027-03-02T07:59:00Z');
    expect(toldNow()).toEqual(NOBODY);
    await at('2027-03-02T08:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, ana: 1 });
    await at('2027-03-02T08:01:00Z');
    await at('2027-03-02T10:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, ana: 1, ben: 1 });
    await at('2027-03-02T12:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, ana: 1, ben: 1, boss: 1 });
    await at('2027-03-03T08:00:00Z');
    await at('2027-03-09T08:00:00Z');
    expect(toldNow()).toEqual({ owner: 1, boss: 1, ana: 1, ben: 1 });
    const told = await database.db.feedbackCaseEvent.findMany({ where: { caseId, kind: 'escalated' }, orderBy: { at: 'asc' } });
    expect(told.map(({ data }) => (data as { to: string }).to)).toEqual(['owner', 'lead', 'manager', 'organisation']);
    expect((await load(caseId))?.nextStepAt).toBeNull();
  });

  it('tells the lead when nobody has taken it, with the case in one line and one button', async () => {
    await lead(company.ben.id);
    const caseId = await complaint();
    await at('2027-03-02T08:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, ben: 1 });
    const card = company.bot.messagesTo(company.ben).at(-1)?.card;
    expect(keysIn(card?.lead)).toContain('feedback.escalation.nobodys');
    expect(keysIn(card?.summary)).toContain('feedback.case.name');
    expect(card?.actions?.map((one) => ('ref' in one ? one.ref : undefined))).toEqual([{ id: 'feedback.case', payload: { caseId } }]);
    expect(JSON.stringify(card)).not.toContain('soup');
  });

  it('goes past who has left: the owner’s line manager, then managers, then owners', async () => {
    await lead(company.ben.id);
    const caseId = await complaint();
    await claim(company.ana, caseId);
    await leave(company.ben);
    await at('2027-03-02T10:00:00Z');
    // No lead is left: Ana's line manager is.
    expect(toldNow()).toEqual({ ...NOBODY, boss: 1 });
    await leave(company.boss);
    await at('2027-03-02T12:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, boss: 1, owner: 1 });
  });

  it('keeps working time over a weekend and holidays', async () => {
    // Thursday 25 March, 16:00: Good Friday, a weekend with a change of clocks and Easter Monday lie before it is due.
    await lead(company.ben.id);
    company.bot.clock.to('2027-03-25T14:00:00Z');
    await complaint();
    for (const hour of ['2027-03-26T10:00:00Z', '2027-03-28T12:00:00Z', '2027-03-29T12:00:00Z', '2027-03-30T12:59:00Z']) await at(hour);
    expect(toldNow()).toEqual(NOBODY);
    await at('2027-03-30T13:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, ben: 1 });
  });

  it('tells the latest step alone after a standstill, and in the night at the next opening', async () => {
    await lead(company.ben.id);
    const caseId = await complaint();
    await claim(company.ana, caseId);
    // Friday night, three days on.
    await at('2027-03-05T22:00:00Z');
    expect(toldNow()).toEqual(NOBODY);
    await at('2027-03-08T07:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, owner: 1 });
    expect(await database.db.feedbackCaseEvent.count({ where: { caseId, kind: 'escalated' } })).toBe(1);
  });

  it('tells nobody of a case that rests, is resolved, or was looked after while the message waited', async () => {
    await lead(company.ben.id);
    const [paused, resolved, waiting] = [await complaint(), await complaint({ words: 'Dirty.' }), await complaint({ words: 'Rude.' })];
    for (const caseId of [paused, resolved, waiting]) await claim(company.ana, caseId);
    const resolve = async (caseId: string) => {
      const form = await company.bot.as(company.ana).press({ id: 'feedback.resolve_open', payload: { caseId } });
      await company.bot.as(company.ana).submit(form, { cause: 'The stove', action: 'It was repaired' });
    };
    const pausing = await company.bot.as(company.ana).press({ id: 'feedback.pause_open', payload: { caseId: paused } });
    await company.bot.as(company.ana).submit(pausing, { until: '2027-03-04', reason: 'A part is ordered' });
    await resolve(resolved);
    await at('2027-03-02T22:00:00Z');
    await resolve(waiting);
    await at('2027-03-03T08:00:00Z');
    expect(toldNow()).toEqual(NOBODY);
  });

  it('goes on where a case has rested long enough, so much later', async () => {
    const caseId = await complaint();
    await claim(company.ana, caseId);
    company.bot.clock.to('2027-03-01T12:00:00Z');
    const pausing = await company.bot.as(company.ana).press({ id: 'feedback.pause_open', payload: { caseId } });
    await company.bot.as(company.ana).submit(pausing, { until: '2027-03-03', reason: 'A part is ordered' });
    const until = (await load(caseId))?.pausedUntil;
    if (!until) throw new Error('It does not rest.');
    await at(until.toISOString());
    const resumed = await load(caseId);
    expect(resumed).toMatchObject({ pausedUntil: null, pausedAt: null, state: 'claimed' });
    // Four of its eight hours were left when it began to rest, on Monday at 14:00 in Riga.
    expect(resumed?.dueAt.toISOString()).toBe('2027-03-03T11:00:00.000Z');
    await at('2027-03-03T10:59:00Z');
    expect(toldNow()).toEqual(NOBODY);
    await at('2027-03-03T11:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, ana: 1 });
  });

  it('begins anew when a case is reopened', async () => {
    await lead(company.ben.id);
    const caseId = await complaint();
    await claim(company.ana, caseId);
    await at('2027-03-02T08:00:00Z');
    await database.db.feedbackCase.updateMany({
      where: { id: caseId },
      data: {
        reopenedAt: company.bot.clock.now(),
        step: 0,
        dueAt: new Date('2027-03-03T08:00:00Z'),
        nextStepAt: new Date('2027-03-03T08:00:00Z'),
      },
    });
    await at('2027-03-03T08:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, ana: 2 });
  });

  it('reckons anew when the list is changed', async () => {
    await lead(company.ben.id);
    const caseId = await complaint();
    await claim(company.ana, caseId);
    const form = await company.bot.as(company.boss).press({ id: 'feedback.ladder_open', payload: {} });
    await company.bot.as(company.boss).submit(form, { to_1: 'manager', after_1: '60' });
    await at('2027-03-02T08:30:00Z');
    expect(toldNow()).toEqual(NOBODY);
    await at('2027-03-02T09:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, boss: 1 });
    expect((await load(caseId))?.nextStepAt).toBeNull();
  });
});

describe('The escalation list of a complaint about a colleague', () => {
  it('tells the line and owners, never whom it is about', async () => {
    await lead(company.ana.id, company.ana.id);
    await database.db.person.updateMany({ where: { id: company.boss.id }, data: { lineManagerId: company.owner.id } });
    const caseId = await complaint({ concernIds: [company.ana.id], kind: 'complaint' });
    expect((await load(caseId))?.private).toBe(true);
    await at('2027-03-02T08:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, boss: 1 });
    await at('2027-03-02T12:00:00Z');
    expect(toldNow()).toEqual({ ...NOBODY, boss: 1, owner: 1 });
    await at('2027-03-10T08:00:00Z');
    expect(toldNow()).toMatchObject({ ana: 0, ben: 0 });
  });

  it('tells nobody beside the line either while a manager still has to say whether it is about that colleague', async () => {
    const other = await company.bot.person({ name: 'Other Manager', role: 'manager' });
    await lead(other.id, other.id);
    await complaint({ concernIds: [company.ana.id], kind: 'complaint' });
    await database.db.feedback.updateMany({ data: { state: 'held' } });
    await at('2027-03-02T08:00:00Z');
    expect([steps(other), steps(company.boss)]).toEqual([0, 1]);
    await at('2027-03-02T12:00:00Z');
    expect([steps(other), steps(company.owner)]).toEqual([0, 1]);
  });
});

describe('Many open cases', () => {
  it('that are overdue after a standstill are told one by one to begin with, then together', async () => {
    for (let index = 0; index < 12; index++) await complaint({ words: `Complaint number ${index}.` });
    await at('2027-03-02T12:00:00Z');
    const messages = company.bot.messagesTo(company.boss);
    expect(steps(company.boss)).toBeGreaterThanOrEqual(5);
    expect(messages.length).toBeLessThan(12);
    const told = new Set(JSON.stringify(messages.map(({ card }) => card)).match(/"caseId":"[^"]+"/g));
    expect(told.size).toBe(12);
  });

  it('cost a look nothing that isn’t due', async () => {
    const organisationId = company.bot.organisation.id;
    const caseId = await complaint();
    const rows = Array.from({ length: 3_000 }, (_, index) => ({ id: newId(company.bot.clock.now()), index }));
    await database.db.feedback.createMany({
      data: rows.map(({ id, index }) => ({
        organisationId,
        id,
        reference: `R${index}`,
        onceKey: `many:${index}`,
        bodyDigest: '',
        source: 'page' as const,
        kind: 'complaint' as const,
        state: 'passed' as const,
        channelId: company.channel.id,
        receivedAt: company.bot.clock.now(),
      })),
    });
    await database.db.feedbackCase.createMany({
      data: rows.map(({ id, index }) => ({
        organisationId,
        id: newId(company.bot.clock.now()),
        number: 100 + index,
        feedbackId: id,
        priority: 'low' as const,
        openedAt: company.bot.clock.now(),
        dueAt: new Date('2027-04-01T08:00:00Z'),
        nextStepAt: new Date('2027-04-01T08:00:00Z'),
        linkNonce: `n${index}`,
      })),
    });
    await database.pool.query('ANALYZE feedback_case');
    const { rows: plan } = await database.pool.query(
      `EXPLAIN SELECT id FROM feedback_case WHERE "organisationId" = '${organisationId}' AND "nextStepAt" <= '2027-03-02T08:00:00Z' ORDER BY "nextStepAt", id LIMIT 50`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('feedback_case_step');
    await at('2027-03-02T08:00:00Z');
    expect((await load(caseId))?.step).toBe(1);
  });
});
