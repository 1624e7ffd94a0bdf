import { beforeEach, describe, expect, it } from 'vitest';
import type { Said } from '../../src/features/feedback/model.js';
import { postingPart } from '../../src/features/feedback/posting/index.js';
import type { BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, cardOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

const CONTACT = { name: 'Kate Customer', email: 'kate@example.com', phone: '+371 20000000' } as const;

let company: CustomerCompany;
let entry: Said;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
  entry = await said(company.bot, { stars: 1, words: 'The bill was wrong.', contact: CONTACT });
});

const ask = async (person: BuiltPerson = company.ana) =>
  await company.bot.as(person).press({ id: 'feedback.contact_open', payload: { feedbackId: entry.id } });
const look = async (reason: string, person: BuiltPerson = company.ana) =>
  await company.bot.as(person).submit(await ask(person), { reason });
const views = async () => await database.db.feedbackContactView.findMany({ orderBy: [{ at: 'asc' }, { id: 'asc' }] });

describe('a customer’s contact', () => {
  it('is on no card of its own accord', async () => {
    const shown = [
      ...company.bot.messages().map(({ card }) => card),
      cardOf(await company.bot.as(company.boss).press({ id: 'feedback.entry', payload: { feedbackId: entry.id } })),
    ];
    for (const secret of Object.values(CONTACT)) expect(JSON.stringify(shown)).not.toContain(secret);
  });

  it('is shown for a reason, to the one who asked, once, and that is written down', async () => {
    const answer = await look('To call back about the bill.');
    expect(answer).toMatchObject({ kind: 'whisper', secret: true });
    for (const secret of Object.values(CONTACT)) expect(JSON.stringify(answer)).toContain(secret);
    expect(await views()).toMatchObject([{ feedbackId: entry.id, personId: company.ana.id, reason: 'To call back about the bill.' }]);
    const [event] = await database.db.auditEvent.findMany({ where: { verb: 'feedback.contact_shown' } });
    expect(event).toMatchObject({ actorId: company.ana.id, subjectId: entry.id });
    expect(JSON.stringify(event)).not.toContain('bill');
  });

  it('asks for the reason until there is one', async () => {
    for (const reason of ['', '   ', '\u200b\u200b\u200b', 'x', '…!?']) {
      const answer = await look(reason);
      expect(answer.kind === 'errors' ? Object.keys(answer.errors) : answer.kind).toEqual(['reason']);
    }
    expect(keysIn(await look('x'.repeat(201)))).toContain('feedback.errors.reason_long');
    expect(await views()).toEqual([]);
  });

  it('tells managers who looked and why, and nobody else', async () => {
    await look('To call back about the bill.');
    await look('She has called twice.', company.ben);
    const open = async (person: BuiltPerson) =>
      cardOf(await company.bot.as(person).press({ id: 'feedback.entry', payload: { feedbackId: entry.id } }));
    const seen = await open(company.boss);
    expect(keysIn(seen)).toContain('feedback.posting.entry.seen_by');
    for (const part of [company.ana.name, company.ben.name, 'To call back about the bill.', 'She has called twice.'])
      expect(JSON.stringify(seen.body)).toContain(part);
    expect(keysIn(await open(company.ben))).not.toContain('feedback.posting.entry.seen_by');
    for (let index = 0; index < 5; index++) await look('And once more.');
    expect(keysIn(await open(company.boss))).toContain('feedback.posting.entry.seen_more');
  });

  it('is not for whom the feedback isn’t for', async () => {
    const form = await ask(company.ben);
    await database.db.feedback.updateMany({ data: { state: 'held' } });
    expect(keysIn(await ask(company.ben))).toContain('feedback.errors.gone');
    expect(keysIn(await company.bot.as(company.ben).submit(form, { reason: 'I want to know.' }))).toContain('feedback.errors.gone');
    expect(await views()).toEqual([]);
  });

  it('is gone when it was removed, also for a form that lies open', async () => {
    const form = await ask();
    await database.db.feedback.updateMany({ data: { contactSealed: null, contactHash: null } });
    expect(keysIn(await company.bot.as(company.ana).submit(form, { reason: 'I want to know.' }))).toContain('feedback.errors.no_contact');
    expect(keysIn(await ask())).toContain('feedback.errors.no_contact');
    expect(await views()).toEqual([]);
    const card = cardOf(await company.bot.as(company.ana).press({ id: 'feedback.entry', payload: { feedbackId: entry.id } }));
    expect(buttonsOf(card).map(({ id }) => id)).not.toContain('feedback.contact_open');
  });

  it('keeps who looked when they are erased, without their words', async () => {
    await look('To call back about the bill.');
    const context = await contextOf(company.bot);
    await database.db.$transaction(async (tx) => await postingPart.erase?.({ ...context, tx }, company.ana.id));
    expect(await views()).toMatchObject([{ personId: company.ana.id, reason: '' }]);
    await expect(database.db.feedbackContactView.deleteMany()).rejects.toThrow();
  });
});
