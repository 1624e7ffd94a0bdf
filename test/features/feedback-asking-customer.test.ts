import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stripFeedback } from '../../src/features/feedback/privacy/strip.js';
import { linkOf } from '../../src/features/feedback/replying/link.js';
import { findCase } from '../../src/features/feedback/store-cases.js';
import { inTransaction } from '../../src/people/db.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import type { BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, customerCompany, type SaidOverrides, said } from '../support/customer-company.js';
import { type CustomersDoor, linkIn, openCustomersDoor } from '../support/customer-page.js';
import { useDatabase } from '../support/database.js';
import { PUBLIC_URL } from '../support/feature-door.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
let door: CustomersDoor;

beforeAll(async () => {
  door = await openCustomersDoor(() => company.bot);
});
afterAll(async () => await door.close(100));
beforeEach(async () => {
  await database.reset();
  const setup = { publicUrl: PUBLIC_URL, localise: createLocaliser() };
  company = await customerCompany(database, undefined, { mail: 'recording', setup });
});

const ZANE = { email: 'zane@customers.example' };
async function complaint(overrides: SaidOverrides = {}): Promise<string> {
  const { caseId } = await said(company.bot, {
    stars: 1,
    words: 'The soup was cold.',
    contact: ZANE,
    language: 'en',
    locationId: company.location.id,
    ...overrides,
  });
  if (caseId === null) throw new Error('No case was opened.');
  return caseId;
}
const press = async (person: BuiltPerson, verb: string, caseId: string) =>
  await company.bot.as(person).press({ id: `feedback.${verb}`, payload: { caseId } });
const load = async (caseId: string) => await findCase(database.db, company.bot.organisation.id, caseId);
const mails = () => company.bot.mailsTo(ZANE as BuiltPerson);
async function resolve(caseId: string, person = company.ana): Promise<void> {
  await press(person, 'claim', caseId);
  const form = await press(person, 'resolve_open', caseId);
  await company.bot.as(person).submit(form, { cause: 'The stove', action: 'It was repaired' });
  await company.bot.runDue();
}
const told = (person: BuiltPerson, news: string) =>
  company.bot.messagesTo(person).filter(({ card }) => keysIn(card.lead).includes(`feedback.news.${news}`)).length;

describe('Asking whether it is put right', () => {
  it('happens once for each resolution, and says nothing of cause and action', async () => {
    const caseId = await complaint();
    await resolve(caseId);
    await company.bot.runDue();
    expect(mails()).toHaveLength(1);
    expect(mails()[0]?.subject).toContain('is it put right?');
    expect(mails()[0]?.text).not.toMatch(/stove|repaired|Anna/);
    expect(await load(caseId)).toMatchObject({ askedAt: company.bot.clock.now() });
    const page = await door.open(linkIn(mails()[0]));
    expect(page.words).toContain('We believe that it is put right. Is it?');
    expect(page.html).not.toMatch(/stove|repaired/);
  });

  it('has the channel’s card offer to close the case once the customer was silent for long', async () => {
    const caseId = await complaint();
    await resolve(caseId);
    const offers = () =>
      company.bot
        .messagesIn(company.channel)
        .flatMap(({ card }) => buttonsOf(card))
        .map(({ id }) => id);
    company.bot.clock.to('2027-03-15T07:59:00Z');
    await company.bot.runDue();
    expect(offers()).not.toContain('feedback.close');
    company.bot.clock.to('2027-03-15T08:00:00Z');
    await company.bot.runDue();
    expect(offers()).toContain('feedback.close');
    expect((await load(caseId))?.nextStepAt).toBeNull();
  });

  it('asks nobody who left no e-mail address', async () => {
    const caseId = await complaint({ contact: { phone: '+371 2000 0000' } });
    await resolve(caseId);
    expect(await load(caseId)).toMatchObject({ state: 'resolved', askedAt: null, closableAt: company.bot.clock.now() });
    expect(await database.db.mail.count()).toBe(0);
  });

  it('isn’t sent for a case that was reopened before it went out', async () => {
    const caseId = await complaint();
    await press(company.ana, 'claim', caseId);
    const form = await press(company.ana, 'resolve_open', caseId);
    await company.bot.as(company.ana).submit(form, { cause: 'The stove', action: 'It was repaired' });
    await database.db.feedbackCase.updateMany({ where: { id: caseId }, data: { state: 'claimed', resolvedAt: null } });
    await company.bot.runDue();
    expect(mails()).toHaveLength(0);
  });
});

describe('A happy customer', () => {
  it('closes the case as confirmed, and the owner hears of it', async () => {
    const caseId = await complaint();
    await resolve(caseId);
    const page = await door.open(linkIn(mails()[0]));
    const thanks = await door.send(page, { right: 'yes', rating: '5', words: 'Thank you!' });
    expect(thanks.words).toContain('We are glad that it is put right.');
    expect(thanks.html).not.toContain('<form');
    await door.send(page, { right: 'yes', rating: '5', words: 'Thank you!' });
    await company.bot.runDue();
    expect(await load(caseId)).toMatchObject({ state: 'closed', outcome: 'confirmed', satisfaction: 5 });
    expect(told(company.ana, 'confirmed')).toBe(1);
    expect(await database.db.feedbackMessage.count({ where: { caseId } })).toBe(1);
  });

  it('needs no rating and no words', async () => {
    const caseId = await complaint();
    await resolve(caseId);
    const page = await door.open(linkIn(mails()[0]));
    expect((await door.send(page, { right: 'maybe' })).status).toBe(422);
    expect((await door.send(page, { right: 'yes', rating: '6' })).status).toBe(422);
    await door.send(page, { right: 'yes' });
    expect(await load(caseId)).toMatchObject({ state: 'closed', outcome: 'confirmed', satisfaction: null });
  });

  it('counts also after the case was closed without their word', async () => {
    const caseId = await complaint();
    await resolve(caseId);
    company.bot.clock.to('2027-03-16T08:00:00Z');
    const card = await press(company.boss, 'case', caseId);
    expect(
      cardsOf(card)
        .flatMap(buttonsOf)
        .map(({ id }) => id),
    ).toContain('feedback.close');
    await press(company.boss, 'close', caseId);
    expect(await load(caseId)).toMatchObject({ state: 'closed', outcome: 'unconfirmed' });
    await door.send(await door.open(linkIn(mails()[0])), { right: 'yes', rating: '4' });
    expect(await load(caseId)).toMatchObject({ state: 'closed', outcome: 'confirmed', satisfaction: 4 });
  });
});

describe('An unhappy customer', () => {
  it.each([
    ['says no', { right: 'no', words: 'Still cold.' }],
    ['rates it low', { right: 'yes', rating: '2', words: 'Still cold.' }],
  ])('reopens the case once, with a higher priority: %s', async (_, answer) => {
    const caseId = await complaint();
    await resolve(caseId);
    const page = await door.open(linkIn(mails()[0]));
    const sorry = await door.send(page, answer);
    await door.send(page, answer);
    expect(sorry.words).toContain('We are sorry that it isn’t put right yet.');
    await company.bot.runDue();
    const reopened = await load(caseId);
    expect(reopened).toMatchObject({ state: 'claimed', priority: 'urgent', ownerId: company.ana.id, step: 0 });
    expect(reopened?.dueAt.toISOString()).toBe('2027-03-01T10:00:00.000Z');
    expect(told(company.ana, 'reopened')).toBe(1);
    expect(await database.db.feedbackCaseEvent.count({ where: { caseId, kind: 'reopened' } })).toBe(1);
  });

  it('is heard by a manager the second time, and the case stays resolved', async () => {
    const caseId = await complaint();
    await resolve(caseId);
    await door.send(await door.open(linkIn(mails()[0])), { right: 'no' });
    company.bot.clock.to('2027-03-01T09:00:00Z');
    await company.bot.runDue();
    await resolve(caseId);
    expect(mails()).toHaveLength(2);
    const again = await door.send(await door.open(linkIn(mails()[1])), { right: 'no', rating: '1', words: 'No.' });
    expect(again.words).toContain('A manager has been told');
    await company.bot.runDue();
    expect(await load(caseId)).toMatchObject({ state: 'resolved', satisfaction: 1 });
    expect([told(company.ana, 'unhappy'), told(company.boss, 'unhappy')]).toEqual([1, 1]);
    expect((await database.db.feedbackCaseEvent.findMany({ where: { caseId, kind: 'unhappy' } })).length).toBe(1);
  });

  it('who answers an older page is kept, and changes nothing', async () => {
    const caseId = await complaint();
    await resolve(caseId);
    const [first, second] = [await door.open(linkIn(mails()[0])), await door.open(linkIn(mails()[0]))];
    await door.send(first, { right: 'no' });
    const late = await door.send(second, { right: 'yes', words: 'I was too quick.' });
    expect(late.status).toBe(200);
    expect(await load(caseId)).toMatchObject({ state: 'claimed', outcome: null });
    expect((await database.db.feedbackMessage.findMany({ where: { caseId } })).map(({ words }) => words)).toContain('I was too quick.');
  });
});

describe('Customers of cases that went into one', () => {
  const IEVA = { email: 'ieva@customers.example' };
  const mailsOf = (whom: { readonly email: string }) => company.bot.mailsTo(whom as BuiltPerson);
  /** Anna merges the first case into the second, and resolves that. */
  async function merged(from: SaidOverrides, into: SaidOverrides = {}): Promise<{ readonly from: string; readonly into: string }> {
    const ids = { from: await complaint(from), into: await complaint({ words: 'Icy broth!', ...into }) };
    await press(company.ana, 'claim', ids.from);
    const form = await press(company.ana, 'merge_open', ids.from);
    await company.bot.as(company.ana).submit(form, { into: ids.into });
    await resolve(ids.into);
    return ids;
  }
  const pageOf = async (whom: { readonly email: string }) => await door.open(linkIn(mailsOf(whom).at(-1)));
  const events = async (caseId: string) =>
    (await database.db.feedbackCaseEvent.findMany({ where: { caseId }, orderBy: { at: 'asc' } })).map(({ kind }) => kind);

  it('are asked on their own pages; their yes is noted, the case’s own customer decides', async () => {
    const { into } = await merged({ contact: IEVA });
    expect([mails().length, mailsOf(IEVA).length]).toEqual([1, 1]);
    const page = await pageOf(IEVA);
    expect(page.words).toContain('together with another message');
    expect(page.html).toContain('name="right"');
    expect([page.words.includes('soup was cold'), page.words.includes('broth')]).toEqual([true, false]);
    const thanked = await door.send(page, { right: 'yes' });
    expect(thanked.words).toContain('We are glad');
    await door.send(page, { right: 'yes' });
    expect(await load(into)).toMatchObject({ state: 'resolved', outcome: null });
    expect((await events(into)).filter((kind) => kind === 'answered')).toHaveLength(1);
    expect((await pageOf(IEVA)).html).not.toContain('name="right"');
    const history = await company.bot.as(company.ana).press({ id: 'feedback.history', payload: { caseId: into, offset: 0 } });
    expect(keysIn(history)).toEqual(expect.arrayContaining(['feedback.event.confirmed', 'feedback.reply.other_customer']));
    await door.send(await pageOf(ZANE), { right: 'yes' });
    expect(await load(into)).toMatchObject({ state: 'closed', outcome: 'confirmed' });
  });

  it('open it again by a no, once: also when its own customer was content', async () => {
    const { into } = await merged({ contact: IEVA });
    await door.send(await pageOf(ZANE), { right: 'yes' });
    expect(await load(into)).toMatchObject({ state: 'closed', outcome: 'confirmed' });
    const answer = await door.send(await pageOf(IEVA), { right: 'no', words: 'Mine was cold again.' });
    expect(answer.words).toContain('more urgently');
    await company.bot.runDue();
    expect(await load(into)).toMatchObject({ state: 'claimed', priority: 'urgent', outcome: null, closedAt: null });
    expect(told(company.ana, 'reopened')).toBe(1);
    // The words are theirs, and are shown beside what happened as long as they are kept.
    const history = async () =>
      JSON.stringify(await company.bot.as(company.ana).press({ id: 'feedback.history', payload: { caseId: into, offset: 0 } }));
    expect(await history()).toContain('Mine was cold again.');
    expect(await database.db.feedbackCaseEvent.count({ where: { words: { contains: 'cold again' } } })).toBe(0);
    // Everybody is asked anew; another no is for a manager.
    company.bot.clock.forward({ hours: 1 });
    await resolve(into);
    expect([mails().length, mailsOf(IEVA).length]).toEqual([2, 2]);
    await door.send(await pageOf(IEVA), { right: 'no', words: 'Still cold.' });
    await company.bot.runDue();
    expect(await load(into)).toMatchObject({ state: 'resolved' });
    expect(told(company.boss, 'unhappy')).toBe(1);
    await door.send(await pageOf(ZANE), { right: 'yes' });
    expect(await load(into)).toMatchObject({ state: 'closed', outcome: 'confirmed' });
  });

  it('decide where its own customer left no contact; nobody closes it before they had time to', async () => {
    const { into } = await merged({ contact: IEVA }, { contact: undefined });
    expect(await load(into)).toMatchObject({ askedAt: company.bot.clock.now() });
    expect(keysIn(await press(company.boss, 'close', into))).toContain('feedback.errors.case_close_later');
    await door.send(await pageOf(IEVA), { right: 'yes', rating: '5' });
    expect(await load(into)).toMatchObject({ state: 'closed', outcome: 'confirmed', satisfaction: 5 });
  });

  it('keep their time to answer when all that its own customer left is removed', async () => {
    const { into } = await merged({ contact: IEVA });
    const own = await load(into);
    await inTransaction(database.db, async (tx) => {
      await stripFeedback(tx, company.bot.organisation.id, [own?.feedbackId ?? ''], company.bot.clock.now());
    });
    expect(keysIn(await press(company.boss, 'close', into))).toContain('feedback.errors.case_close_later');
    await door.send(await pageOf(IEVA), { right: 'yes' });
    expect(await load(into)).toMatchObject({ state: 'closed', outcome: 'confirmed' });
  });

  it('who wrote twice is asked once, and answers by either link', async () => {
    const { from, into } = await merged({});
    expect(mails()).toHaveLength(1);
    const { vault, publicUrl } = company.bot.work;
    const twin = await load(from);
    const page = await door.open((twin && linkOf({ vault, publicUrl }, twin)) ?? '');
    await door.send(page, { right: 'yes' });
    expect(await load(into)).toMatchObject({ state: 'closed', outcome: 'confirmed' });
  });

  it('whose mail server takes nothing leave it to those whom the question reached', async () => {
    const { from, into } = await merged({ contact: IEVA });
    const [asked] = await database.db.mail.findMany({ where: { spec: 'feedback.ask', payload: { path: ['caseId'], equals: from } } });
    const dead = async (id: string) => {
      await database.db.mail.updateMany({ where: { id }, data: { state: 'dead', settledAt: company.bot.clock.now() } });
      await company.bot.runDue();
    };
    await dead(asked?.id ?? '');
    expect(keysIn(await press(company.boss, 'close', into))).toContain('feedback.errors.case_close_later');
    expect(await events(into)).toContain('mail_failed');
    const [own] = await database.db.mail.findMany({ where: { spec: 'feedback.ask', payload: { path: ['caseId'], equals: into } } });
    await dead(own?.id ?? '');
    await press(company.boss, 'close', into);
    expect(await load(into)).toMatchObject({ state: 'closed', outcome: 'unconfirmed' });
  });
});
