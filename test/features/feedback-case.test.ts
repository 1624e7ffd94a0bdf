import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { to } from '../../src/features/feedback/refs.js';
import type { BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aCase, caseOf, eventsOf } from '../support/feedback-cases.js';
import { buttonsOf, cardsOf, hintOf, keysIn, leadOf, refusedWith } from '../support/test-bot.js';

const database = useDatabase();

let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database, undefined, {
    mail: 'recording',
    setup: { publicUrl: 'https://bell.example' },
  });
});

const it1 = async () => (await aCase(database, company)).case;
const now = async (id: string) => await caseOf(database, company, id);
const buttons = (answer: Answer) =>
  cardsOf(answer)
    .flatMap(buttonsOf)
    .map((button) => button.id);
const resolveBy = async (person: BuiltPerson, caseId: string, values = { cause: 'One till', action: 'Opened another' }) =>
  await company.bot.as(person).submit(await company.bot.as(person).press(to.resolve(caseId)), values);

describe('a case', () => {
  it('opens with a number and a due time in working hours, and is claimed once', async () => {
    const { bot, ana, ben } = company;
    const opened = await it1();
    // Monday 10:00 in Riga, and 16 working hours: two days of eight.
    expect(opened).toMatchObject({ number: 1, state: 'open', priority: 'normal', dueAt: new Date('2027-03-03T08:00:00Z') });
    expect((await aCase(database, company, { stars: 1 })).case).toMatchObject({ number: 2, priority: 'high' });

    const [one, other] = await Promise.all([bot.as(ana).press(to.claim(opened.id)), bot.as(ben).press(to.claim(opened.id))]);
    const leads = [leadOf(one), leadOf(other)].sort();
    expect(leads).toEqual(['feedback.case.yours', 'feedback.errors.case_claimed']);
    const winner = leadOf(one) === 'feedback.case.yours' ? ana : ben;
    expect(await now(opened.id)).toMatchObject({ state: 'claimed', ownerId: winner.id, version: 1, respondedAt: bot.clock.now() });
    expect(await eventsOf(database, company, opened.id)).toEqual(['opened', 'claimed']);
    // Again by whoever has it: nothing more happens.
    expect(leadOf(await bot.as(winner).press(to.claim(opened.id)))).not.toBe('feedback.errors.case_claimed');
    expect((await now(opened.id)).version).toBe(1);
  });

  it('shows in the channel who looks after it', async () => {
    const { bot, ana, channel } = company;
    const opened = await it1();
    const post = () => keysIn(bot.messagesIn(channel).at(-1)?.card);
    expect(post()).toContain('feedback.case.state.open');
    await bot.as(ana).press(to.claim(opened.id));
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(post()).toContain('feedback.case.state.claimed');
    expect(post()).not.toContain('feedback.case.claim');
  });

  it('is given back, and to somebody else, who gets it as a message', async () => {
    const { bot, ana, ben, boss } = company;
    const { id } = await it1();
    await bot.as(ana).press(to.claim(id));
    expect(leadOf(await bot.as(ben).press(to.assign(id)))).toBe('feedback.errors.case_not_yours');
    expect(leadOf(await bot.as(ben).press({ id: 'feedback.give_back', payload: { caseId: id } }))).toBe('feedback.errors.case_not_yours');
    expect(leadOf(await bot.as(ana).press({ id: 'feedback.give_back', payload: { caseId: id } }))).toBe('feedback.case.given_back');
    expect(await now(id)).toMatchObject({ state: 'open', ownerId: null, claimedAt: null });

    const form = await bot.as(boss).press(to.assign(id));
    expect(refusedWith(await bot.as(boss).submit(form, {}))).toEqual({ person: 'people.errors.people_missing' });
    expect(refusedWith(await bot.as(boss).submit(form, { person: [hintOf(ana), hintOf(ben)] }))).toEqual({
      person: 'feedback.errors.assign_one',
    });
    expect(leadOf(await bot.as(boss).submit(form, { person: [hintOf(boss)] }))).toBe('feedback.case.yours');
    const again = await bot.as(boss).press(to.assign(id));
    expect(leadOf(await bot.as(boss).submit(again, { person: [hintOf(ben)] }))).toBe('feedback.assign.assigned');
    expect(await now(id)).toMatchObject({ state: 'claimed', ownerId: ben.id });
    await bot.runDue();
    const news = bot.messagesTo(ben).at(-1)?.card;
    expect(keysIn(news?.lead)[0]).toBe('feedback.news.assigned');
    expect(news && buttonsOf(news).map((button) => button.id)).toContain('feedback.resolve_open');
  });

  it('tells whoever works on it all that was rated', async () => {
    const { said: heard } = await aCase(database, company, { ratings: { courtesy: 3, waiting: 1 } });
    const shown = cardsOf(await company.bot.as(company.ana).press(to.case(heard.caseId ?? '')))[0]?.body;
    expect(keysIn(shown)).toEqual(expect.arrayContaining(['feedback.scale.courtesy', 'feedback.scale.waiting']));
  });

  it('takes notes of anyone who may read it, also when it is over', async () => {
    const { bot, ben } = company;
    const { id } = await it1();
    const form = await bot.as(ben).press(to.note(id));
    expect(refusedWith(await bot.as(ben).submit(form, { note: '  ' }))).toEqual({ note: 'feedback.errors.note_missing' });
    expect(refusedWith(await bot.as(ben).submit(form, { note: 'x'.repeat(2001) }))).toEqual({ note: 'feedback.errors.too_long' });
    expect(leadOf(await bot.as(ben).submit(form, { note: 'I was there: <!channel> & co' }))).toBe('feedback.note.noted');
    const history = await bot.as(ben).press(to.history(id));
    expect(JSON.stringify(cardsOf(history)[0]?.body)).toContain('I was there: <!channel> & co');
  });

  it('is resolved with a cause and an action only, and closed by somebody else where nobody can be asked', async () => {
    const { bot, ana, ben } = company;
    const { id } = await it1();
    expect(leadOf(await bot.as(ana).press(to.resolve(id)))).toBe('feedback.errors.case_claim_first');
    await bot.as(ana).press(to.claim(id));
    expect(leadOf(await bot.as(ana).press(to.close(id)))).toBe('feedback.errors.case_not_resolved');
    expect(refusedWith(await resolveBy(ana, id, { cause: '', action: ' ' }))).toEqual({
      cause: 'feedback.errors.cause_missing',
      action: 'feedback.errors.action_missing',
    });
    expect(refusedWith(await resolveBy(ana, id, { cause: 'x'.repeat(501), action: 'y'.repeat(1001) }))).toEqual({
      cause: 'feedback.errors.too_long',
      action: 'feedback.errors.too_long',
    });
    expect(leadOf(await resolveBy(ana, id))).toBe('feedback.resolve.resolved');
    expect(await now(id)).toMatchObject({
      state: 'resolved',
      rootCause: 'One till',
      actionTaken: 'Opened another',
      askedAt: null,
      resolverId: ana.id,
    });
    expect((await now(id)).closableAt).toEqual(bot.clock.now());
    // The form that was open at the same time.
    expect(leadOf(await bot.as(ana).press(to.resolve(id)))).toBe('feedback.errors.case_resolved');

    expect(buttons(await bot.as(ana).press(to.case(id)))).not.toContain('feedback.close');
    expect(leadOf(await bot.as(ana).press(to.close(id)))).toBe('feedback.errors.case_close_other');
    expect(buttons(await bot.as(ben).press(to.case(id)))).toContain('feedback.close');
    expect(leadOf(await bot.as(ben).press(to.close(id)))).toBe('feedback.case.closed');
    expect(await now(id)).toMatchObject({ state: 'closed', outcome: 'unconfirmed', closedById: ben.id });
    expect(await eventsOf(database, company, id)).toEqual(['opened', 'claimed', 'resolved', 'closed']);
    expect(leadOf(await bot.as(ana).press(to.claim(id)))).toBe('feedback.errors.case_closed');
  });

  it('waits 14 silent days for a customer who can be asked', async () => {
    const { bot, ana, ben } = company;
    const { case: opened } = await aCase(database, company, { contact: { email: 'guest@example.org' } });
    await bot.as(ana).press(to.claim(opened.id));
    // The first word to the customer counts, not the claim.
    expect((await now(opened.id)).respondedAt).toBeNull();
    expect(buttons(await bot.as(ana).press(to.case(opened.id)))).toContain('feedback.reply_open');
    expect(leadOf(await resolveBy(ana, opened.id))).toBe('feedback.resolve.resolved_asked');
    expect(await now(opened.id)).toMatchObject({ askedAt: bot.clock.now(), closableAt: new Date('2027-03-15T08:00:00Z') });
    expect(await eventsOf(database, company, opened.id)).toEqual(['opened', 'claimed', 'resolved', 'asked']);
    expect(leadOf(await bot.as(ben).press(to.close(opened.id)))).toBe('feedback.errors.case_close_later');
    bot.clock.to('2027-03-15T07:59:59Z');
    expect(leadOf(await bot.as(ben).press(to.close(opened.id)))).toBe('feedback.errors.case_close_later');
    bot.clock.to('2027-03-15T08:00:00Z');
    expect(leadOf(await bot.as(ana).press(to.close(opened.id)))).toBe('feedback.errors.case_close_other');
    expect(leadOf(await bot.as(ben).press(to.close(opened.id)))).toBe('feedback.case.closed');
  });

  it('is opened by hand for feedback that has none, once', async () => {
    const { bot, ana } = company;
    const { said: praise } = await aCase(database, company, { stars: 5, words: 'Lovely' });
    await database.db.feedbackCaseEvent.deleteMany({});
    await database.db.feedbackCase.deleteMany({});
    const answers = await Promise.all([1, 2].map(async () => await bot.as(ana).press(to.openCase(praise.id))));
    expect(answers.map(leadOf)).toContain('feedback.case.opened');
    const cases = await database.db.feedbackCase.findMany();
    expect(cases).toHaveLength(1);
    expect(await eventsOf(database, company, cases[0]?.id ?? '')).toEqual(['opened']);
  });

  it('keeps what somebody else has decided since: the second sees what the first did', async () => {
    const { bot, owner, boss, ana, ben } = company;
    const { id } = await it1();
    const forms = [await bot.as(boss).press(to.assign(id)), await bot.as(owner).press(to.assign(id))] as const;
    expect(leadOf(await bot.as(boss).submit(forms[0], { person: [hintOf(ana)] }))).toBe('feedback.assign.assigned');
    expect(leadOf(await bot.as(owner).submit(forms[1], { person: [hintOf(ben)] }))).toBe('feedback.errors.case_moved');
    const old = { id: 'feedback.give_back', payload: { caseId: id, ownerId: ben.id } };
    expect(leadOf(await bot.as(boss).press(old))).toBe('feedback.errors.case_moved');
    expect((await now(id)).ownerId).toBe(ana.id);

    const priorities = [await bot.as(boss).press(to.priority(id)), await bot.as(owner).press(to.priority(id))] as const;
    expect(leadOf(await bot.as(boss).submit(priorities[0], { priority: 'urgent' }))).toBe('feedback.prioritise.changed');
    expect(leadOf(await bot.as(owner).submit(priorities[1], { priority: 'low' }))).toBe('feedback.errors.case_reprioritised');
    expect((await now(id)).priority).toBe('urgent');

    const resolving = [await bot.as(boss).press(to.resolve(id)), await bot.as(ana).press(to.resolve(id))] as const;
    const values = { cause: 'One till', action: 'Opened another' };
    const both = await Promise.all([bot.as(boss).submit(resolving[0], values), bot.as(ana).submit(resolving[1], values)]);
    expect(both.map((answer) => (answer.kind === 'errors' ? refusedWith(answer) : leadOf(answer))).sort()).toEqual(
      ['feedback.resolve.resolved', { form: 'feedback.errors.case_resolved' }].sort(),
    );
    expect((await eventsOf(database, company, id)).filter((kind) => kind === 'resolved')).toHaveLength(1);
    const notes = await Promise.all(
      [ana, ben].map(async (person) => await bot.as(person).submit(await bot.as(person).press(to.note(id)), { note: person.name })),
    );
    expect(notes.map(leadOf)).toEqual(['feedback.note.noted', 'feedback.note.noted']);
    expect((await eventsOf(database, company, id)).filter((kind) => kind === 'noted')).toHaveLength(2);
  });
});
