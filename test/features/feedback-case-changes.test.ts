import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { confirmCase, reopenCase } from '../../src/features/feedback/cases/ending.js';
import { resumeDue } from '../../src/features/feedback/cases/pausing.js';
import type { Case } from '../../src/features/feedback/model.js';
import { to } from '../../src/features/feedback/refs.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, contextOf, customerCompany } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aCase, aPrivateCase, caseOf, eventsOf } from '../support/feedback-cases.js';
import { cardsOf, keysIn, leadOf, refusedWith } from '../support/test-bot.js';

const database = useDatabase();

describe('what is done to a case', () => {
  let company: CustomerCompany;
  beforeEach(async () => {
    await database.reset();
    company = await customerCompany(database, undefined, {
      mail: 'recording',
      setup: { publicUrl: 'https://bell.example' },
    });
  });
  const now = async (id: string) => await caseOf(database, company, id);
  const claimed = async (by: BuiltPerson, overrides = {}) => {
    const { case: opened } = await aCase(database, company, overrides);
    await company.bot.as(by).press(to.claim(opened.id));
    return opened;
  };
  const proposedDay = (answer: Answer) =>
    answer.kind === 'form' ? answer.form.fields.flatMap((field) => (field.kind === 'date' ? [field.initial] : []))[0] : answer;

  it('rests until a morning, goes on by itself, and is due so much later as working time went by', async () => {
    const { bot, ana } = company;
    const { id, dueAt } = await claimed(ana);
    const form = await bot.as(ana).press(to.pause(id));
    expect(proposedDay(form)).toBe('2027-03-08');
    expect(refusedWith(await bot.as(ana).submit(form, { until: '2027-03-01' }))).toEqual({
      until: 'feedback.errors.pause_day',
      reason: 'feedback.errors.pause_reason',
    });
    expect(refusedWith(await bot.as(ana).submit(form, { until: '2027-13-40', reason: 'x' }))).toEqual({
      until: 'feedback.errors.pause_day',
    });
    expect(refusedWith(await bot.as(ana).submit(form, { until: '2027-12-01', reason: 'x' }))).toEqual({
      until: 'feedback.errors.pause_day',
    });
    expect(leadOf(await bot.as(ana).submit(form, { until: '2027-03-03', reason: 'The part is on its way' }))).toBe('feedback.pause.paused');
    expect(await now(id)).toMatchObject({
      pausedUntil: new Date('2027-03-03T07:00:00Z'),
      pausedAt: bot.clock.now(),
      dueAt,
      nextStepAt: null,
    });

    bot.clock.to('2027-03-03T06:59:00Z');
    await resumeDue(await contextOf(bot));
    expect((await now(id)).pausedUntil).not.toBeNull();
    // The sweep comes late: the pause ended when it was to end.
    bot.clock.to('2027-03-03T11:00:00Z');
    await resumeDue(await contextOf(bot));
    // It rested for seven working hours on Monday and eight on Tuesday.
    expect(await now(id)).toMatchObject({ pausedUntil: null, pausedAt: null, dueAt: new Date('2027-03-04T15:00:00Z') });
    expect((await now(id)).nextStepAt).toEqual(new Date('2027-03-04T15:00:00Z'));
    await bot.runDue();
    expect(keysIn(bot.messagesTo(ana).at(-1)?.card.lead)[0]).toBe('feedback.news.resumed');
    expect(await eventsOf(database, company, id)).toEqual(['opened', 'claimed', 'paused', 'resumed']);
  });

  it('is proposed to rest until a day of work', async () => {
    const { bot, ana } = company;
    const { id } = await claimed(ana);
    // In a week it will be Easter Monday.
    bot.clock.to('2027-03-22T08:00:00Z');
    expect(proposedDay(await bot.as(ana).press(to.pause(id)))).toBe('2027-03-30');
  });

  it('is resumed before, and the priority that changes afterwards keeps the pause', async () => {
    const { bot, ana, ben, boss } = company;
    const { id } = await claimed(ana);
    await bot.as(ana).submit(await bot.as(ana).press(to.pause(id)), { until: '2027-03-10', reason: 'x' });
    bot.clock.forward({ minutes: 60 });
    expect(leadOf(await bot.as(ana).press(to.resume(id)))).toBe('feedback.case.resumed');
    expect((await now(id)).dueAt).toEqual(new Date('2027-03-03T09:00:00Z'));
    expect(leadOf(await bot.as(ben).press(to.priority(id)))).toBe('feedback.errors.case_not_yours');
    const form = await bot.as(boss).press(to.priority(id));
    expect(refusedWith(await bot.as(boss).submit(form, { priority: 'soon' }))).toEqual({ priority: 'feedback.errors.priority_missing' });
    expect(leadOf(await bot.as(boss).submit(form, { priority: 'urgent' }))).toBe('feedback.prioritise.changed');
    // Two hours from 10:00, and the one that it rested.
    expect(await now(id)).toMatchObject({ priority: 'urgent', dueAt: new Date('2027-03-01T11:00:00Z') });
  });

  it('goes on once when its customer isn’t content, more urgent, with its owner told', async () => {
    const { bot, ana } = company;
    const { id } = await claimed(ana);
    const context = await contextOf(bot);
    const says = async (satisfaction: number) =>
      await inTransaction(
        database.db,
        async (tx) => await reopenCase(context, tx, id, bot.clock.now(), { satisfaction, words: 'Nothing changed.' }),
      );
    const resolve = async () =>
      await bot.as(ana).submit(await bot.as(ana).press(to.resolve(id)), { cause: 'One till', action: 'Opened another' });
    expect(await says(2)).toBe(false);
    await resolve();
    bot.clock.forward({ minutes: 60 });
    expect(await says(1)).toBe(true);
    expect(await now(id)).toMatchObject({
      state: 'claimed',
      ownerId: ana.id,
      priority: 'high',
      reopenedAt: bot.clock.now(),
      // Eight working hours from 11:00.
      dueAt: new Date('2027-03-02T09:00:00Z'),
      satisfaction: 1,
      resolvedAt: null,
      rootCause: 'One till',
      step: 0,
    });
    await bot.runDue();
    expect(keysIn(bot.messagesTo(ana).at(-1)?.card.lead)).toContain('feedback.news.reopened');
    expect(bot.messagesTo(ana).at(-1)?.card.body?.[0]).toEqual({ kind: 'quote', text: { kind: 'words', words: 'Nothing changed.' } });
    await resolve();
    expect(await says(1)).toBe(false);
    expect((await now(id)).state).toBe('resolved');
    const confirmed = async () =>
      await inTransaction(database.db, async (tx) => await confirmCase(context, tx, id, bot.clock.now(), { satisfaction: 5 }));
    expect(await confirmed()).toBe(true);
    expect(await confirmed()).toBe(false);
    expect(await now(id)).toMatchObject({ state: 'closed', outcome: 'confirmed', closedById: null, satisfaction: 5 });
  });

  const merged = async (by: BuiltPerson, caseId: string, values: Record<string, string>) =>
    await company.bot.as(by).submit(await company.bot.as(by).press(to.merge(caseId)), values);

  it('is merged into a likely one, or one by its number, and leads on to it', async () => {
    const { bot, ana, boss, channel } = company;
    const first = await claimed(ana, { words: 'Waited an hour at the till in the morning.', contact: { email: 'guest@example.org' } });
    const { case: second } = await aCase(database, company, {
      words: 'The till again: an hour of waiting.',
      contact: { email: 'Guest@example.org' },
    });
    const { case: third } = await aCase(database, company, { words: 'The soup was cold.', locationId: null });
    const form = await bot.as(boss).press(to.merge(second.id));
    const choices = form.kind === 'form' ? form.form.fields.flatMap((field) => (field.kind === 'choice' ? field.options : [])) : [];
    expect(choices.map(({ value }) => value)).toEqual([first.id]);

    expect(refusedWith(await merged(boss, second.id, {}))).toEqual({ number: 'feedback.errors.merge_missing' });
    expect(refusedWith(await merged(boss, second.id, { number: '77' }))).toEqual({ number: 'feedback.errors.merge_unknown' });
    expect(refusedWith(await merged(boss, second.id, { number: String(second.number) }))).toEqual({
      number: 'feedback.errors.merge_itself',
    });
    expect(leadOf(await merged(boss, second.id, { into: first.id }))).toBe('feedback.merge.merged');
    expect(await now(second.id)).toMatchObject({ state: 'closed', outcome: 'merged', mergedIntoId: first.id });
    expect(await eventsOf(database, company, first.id)).toEqual(['opened', 'claimed', 'merged_in']);
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(keysIn(bot.messagesTo(ana).at(-1)?.card.lead)[0]).toBe('feedback.news.merged_in');
    const cards = bot.messagesIn(channel).map(({ card }) => card);
    const leadsOn = cards.filter((card) => keysIn(card).includes('feedback.case.goes_on'));
    expect(leadsOn).toHaveLength(1);
    expect(JSON.stringify(leadsOn[0])).toContain('The till again');

    // Whatever leads to the merged one shows where it goes on; what its customer says is said to that one.
    expect(cardsOf(await bot.as(boss).command(`customer case ${second.number}`))[0]?.title).toEqual(
      cardsOf(await bot.as(boss).command(`customer case ${first.number}`))[0]?.title,
    );
    expect(leadOf(await merged(boss, third.id, { number: String(second.number) }))).toBe('feedback.merge.merged');
    expect(await now(third.id)).toMatchObject({ mergedIntoId: first.id });
  });

  it('leads on over several mergings, and two who merge two cases into one another do it once', async () => {
    const { bot, boss, owner } = company;
    const words = ['The soup was cold.', 'Nobody answered the phone.', 'The floor was wet.'];
    const cases = [];
    for (const each of words) cases.push((await aCase(database, company, { words: each })).case);
    const [one, two, three] = cases as [Case, Case, Case];
    await merged(boss, one.id, { number: `#${two.number}` });
    await merged(boss, two.id, { into: three.id });
    expect((await now(one.id)).mergedIntoId).toBe(three.id);
    const { case: four } = await aCase(database, company, { words: 'They lost my coat.' });
    const forms = [await bot.as(boss).press(to.merge(three.id)), await bot.as(owner).press(to.merge(four.id))] as const;
    const answers = await Promise.all([
      bot.as(boss).submit(forms[0], { number: String(four.number) }),
      bot.as(owner).submit(forms[1], { number: String(three.number) }),
    ]);
    expect(answers.filter((answer) => leadOf(answer) === 'feedback.merge.merged')).toHaveLength(1);
    const states = [await now(three.id), await now(four.id)].map(({ outcome }) => outcome);
    expect(states.filter((outcome) => outcome === null)).toHaveLength(1);
    const survivor = (await now(three.id)).outcome === null ? three : four;
    expect((await now(one.id)).mergedIntoId).toBe(survivor.id);
  });

  it('is never merged over the wall around what is about a colleague', async () => {
    const { owner, ana, ben } = company;
    const { case: open } = await aCase(database, company);
    const { case: aboutAna } = await aPrivateCase(database, company, ana);
    const { case: aboutBen } = await aPrivateCase(database, company, ben, { words: 'He laughed at me.' });
    const { case: aboutAnaToo } = await aPrivateCase(database, company, ana, { words: 'Very rude, and loud.' });
    for (const into of [open, aboutBen]) {
      expect(refusedWith(await merged(owner, aboutAna.id, { number: String(into.number) }))).toEqual({
        number: 'feedback.errors.merge_private',
      });
    }
    expect(refusedWith(await merged(owner, open.id, { number: String(aboutAna.number) }))).toEqual({
      number: 'feedback.errors.merge_private',
    });
    expect(leadOf(await merged(owner, aboutAna.id, { number: String(aboutAnaToo.number) }))).toBe('feedback.merge.merged');
  });

  it('goes on without an owner who has left meanwhile', async () => {
    const { bot, ana, boss, channel } = company;
    const { id } = await claimed(ana);
    const other = await claimed(ana, { words: 'The soup was cold.' });
    await bot.as(ana).submit(await bot.as(ana).press(to.resolve(id)), { cause: 'x', action: 'y' });
    await database.db.person.update({
      where: { organisationId_id: { organisationId: bot.organisation.id, id: ana.id } },
      data: { status: 'left' },
    });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(await now(other.id)).toMatchObject({ state: 'open', ownerId: null });
    expect(await eventsOf(database, company, other.id)).toEqual(['opened', 'claimed', 'left']);
    expect(keysIn(bot.messagesIn(channel).map(({ card }) => card))).toContain('feedback.case.state.open');
    await inTransaction(database.db, async (tx) => await reopenCase(await contextOf(bot), tx, id, bot.clock.now()));
    expect(await now(id)).toMatchObject({ state: 'open', ownerId: null, priority: 'high' });
    expect(leadOf(await bot.as(boss).press(to.claim(id)))).toBe('feedback.case.yours');
  });
});
