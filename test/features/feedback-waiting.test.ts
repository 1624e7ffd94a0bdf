import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { type CustomerCompany, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, cardsOf, hintOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

const row = async (id: string) => await database.db.feedback.findFirstOrThrow({ where: { id }, include: { concerns: true, cases: true } });
const buttons = (answer: Answer) =>
  cardsOf(answer)
    .flatMap(buttonsOf)
    .map(({ id }) => id);
const audited = async () =>
  (await database.db.auditEvent.findMany({ where: { verb: { startsWith: 'feedback.' } }, orderBy: { at: 'asc' } })).map(({ verb }) => verb);

/** A manager opens what waits, and the first of it. */
async function look(manager = company.boss): Promise<Answer> {
  const list = await company.bot.as(manager).command('customer waiting');
  return await company.bot.as(manager).click('feedback.waiting_entry', list);
}

const doubtful = async (words = 'Buy cheap things now') => await said(company.bot, { words, doubts: ['hidden_field'] });

describe('what is doubted waits for a manager', () => {
  it('shows why, and goes on once it is real', async () => {
    const { bot, boss, channel } = company;
    const { id } = await said(bot, { stars: 1, words: 'Dirty floor', doubts: ['too_quick', 'many_links'] });
    expect(bot.messagesIn(channel)).toEqual([]);
    expect(await database.db.feedbackCase.count()).toBe(0);
    const card = await look();
    expect(keysIn(card)).toEqual(
      expect.arrayContaining(['feedback.doubt.too_quick', 'feedback.doubt.many_links', 'feedback.waiting.why.doubtful']),
    );
    const after = await bot.as(boss).click('feedback.real', card);
    expect(keysIn(after)).toContain('feedback.waiting.done.real');
    await bot.runDue();
    expect(await row(id)).toMatchObject({
      state: 'passed',
      decidedById: boss.id,
      doubts: ['too_quick', 'many_links'],
      cases: [{ private: false }],
    });
    expect(bot.messagesIn(channel)).toHaveLength(1);
    expect(await audited()).toEqual(['feedback.called_real']);
  });

  it('is private once it is real and about a colleague', async () => {
    const { bot, boss, ana, channel } = company;
    const { id } = await said(bot, { stars: 1, words: 'Anna Kalna shouted', doubts: ['too_quick'] });
    const after = await bot.as(boss).click('feedback.real', await look());
    expect(keysIn(after)).toContain('feedback.waiting.done.real');
    expect(await row(id)).toMatchObject({ state: 'private', concerns: [{ personId: ana.id }] });
    await bot.runDue();
    expect(bot.messagesIn(channel)).toEqual([]);
  });

  it('can be called spam, and taken back from the list of spam', async () => {
    const { bot, boss } = company;
    const { id } = await doubtful();
    const spam = await bot.as(boss).click('feedback.spam', await look());
    expect(keysIn(spam)).toContain('feedback.waiting.done.spam');
    expect(await row(id)).toMatchObject({ state: 'spam' });
    const none = await bot.as(boss).command('customer waiting');
    expect(keysIn(none)).toContain('feedback.waiting.none');
    const list = await bot.as(boss).click('feedback.spam_list', none);
    const entry = await bot.as(boss).click('feedback.waiting_entry', list);
    expect(keysIn(entry)).toContain('feedback.waiting.decided.spam');
    bot.clock.forward({ seconds: 1 });
    await bot.as(boss).click('feedback.spam_undo', entry);
    expect(await row(id)).toMatchObject({ state: 'doubtful', decidedById: null });
    expect(await audited()).toEqual(['feedback.called_spam', 'feedback.spam_taken_back']);
  });

  it('is decided once: who comes second sees what the first one decided', async () => {
    const { bot, boss, owner, channel } = company;
    const { id } = await doubtful();
    const [first, second] = [await look(boss), await look(owner)];
    await bot.as(boss).click('feedback.spam', first);
    const late = await bot.as(owner).click('feedback.real', second);
    expect(keysIn(late)).toContain('feedback.waiting.decided.spam');
    expect(keysIn(late)).not.toContain('feedback.waiting.done.real');
    expect(await row(id)).toMatchObject({ state: 'spam', decidedById: boss.id });
    await bot.runDue();
    expect(bot.messagesIn(channel)).toEqual([]);
  });

  it('is decided once when two press at the same moment', async () => {
    const { bot, boss, owner } = company;
    await doubtful();
    const [one, other] = [await look(boss), await look(owner)];
    const answers = await Promise.all([bot.as(boss).click('feedback.spam', one), bot.as(owner).click('feedback.real', other)]);
    const done = answers.flatMap(keysIn).filter((key) => key.startsWith('feedback.waiting.done.'));
    expect(new Set(done).size).toBe(1);
    expect(await audited()).toHaveLength(1);
  });

  it('is for managers alone', async () => {
    const { bot, ben } = company;
    const { id } = await doubtful();
    expect(keysIn(await bot.as(ben).command('customer waiting'))).not.toContain('feedback.waiting.lead');
    for (const act of ['real', 'spam', 'clear', 'waiting_entry', 'concerns_open', 'nobody_named']) {
      const answer = await bot.as(ben).press({ id: `feedback.${act}`, payload: { feedbackId: id } });
      expect(keysIn(answer).join()).toMatch(/errors/);
    }
    expect(await row(id)).toMatchObject({ state: 'doubtful' });
  });
});

describe('words that name a colleague are held', () => {
  it('until a manager clears them for the channel', async () => {
    const { bot, boss, channel } = company;
    const { id } = await said(bot, { stars: 5, words: 'Anna was wonderful' });
    const card = await look();
    expect(keysIn(card)).toEqual(expect.arrayContaining(['feedback.waiting.why.praise', 'feedback.waiting.fact.named']));
    await bot.as(boss).click('feedback.clear', card);
    await bot.runDue();
    expect(await row(id)).toMatchObject({ state: 'passed', concerns: [{ how: 'named' }] });
    expect(bot.messagesIn(channel)).toHaveLength(1);
  });

  it('or says that nobody is named: then a case is for everyone', async () => {
    const { bot, boss, channel } = company;
    const { id } = await said(bot, { stars: 1, words: 'so anna the cat did not move' });
    expect(await row(id)).toMatchObject({ state: 'held', cases: [{ private: true }] });
    const card = await look();
    expect(buttons(card)).not.toContain('feedback.clear');
    await bot.as(boss).click('feedback.nobody_named', card);
    await bot.runDue();
    expect(await row(id)).toMatchObject({ state: 'passed', concerns: [], cases: [{ private: false }] });
    expect(bot.messagesIn(channel)).toHaveLength(1);
  });

  it('never lets a complaint about somebody into a channel', async () => {
    const { bot, boss } = company;
    const { id } = await said(bot, { stars: 1, words: 'so anna was rude' });
    const answer = await bot.as(boss).press({ id: 'feedback.clear', payload: { feedbackId: id } });
    expect(keysIn(answer)).toContain('feedback.errors.about_colleague');
    expect(await row(id)).toMatchObject({ state: 'held', decidedById: null });
  });

  it('becomes private when a manager says whom a complaint is about', async () => {
    const { bot, boss, ana, channel } = company;
    const { id } = await said(bot, { stars: 1, words: 'so anna was rude' });
    const form = await bot.as(boss).click('feedback.concerns_open', await look());
    if (form.kind !== 'form') throw new Error('No form.');
    expect(form.form.fields.find(({ name }) => name === 'people')).toMatchObject({ initial: [ana.externalId] });
    expect(await bot.as(boss).submit(form, { people: [], kind: 'complaint' })).toMatchObject({
      errors: { people: { key: 'feedback.errors.about_nobody' } },
    });
    const after = await bot.as(boss).submit(form, { people: [hintOf(ana)], kind: 'complaint' });
    expect(keysIn(after)).toContain('feedback.about.done_private');
    expect(await row(id)).toMatchObject({ state: 'private', concerns: [{ how: 'chosen' }], cases: [{ private: true }] });
    expect(await database.db.feedbackTalk.count()).toBe(1);
    await bot.runDue();
    expect(bot.messagesIn(channel)).toEqual([]);
    const again = await bot.as(company.owner).submit(form, { people: [hintOf(company.ben)], kind: 'praise' });
    expect(keysIn(again)).toContain('feedback.waiting.decided.private');
  });

  it('is withdrawn from the channel when a manager finds that a complaint there is about a colleague', async () => {
    const { bot, boss, ana, channel } = company;
    const { id } = await said(bot, { stars: 1, words: 'The girl at the second counter was rude' });
    expect(JSON.stringify(bot.messagesIn(channel))).toContain('second counter');
    const form = await bot.as(boss).press({ id: 'feedback.concerns_open', payload: { feedbackId: id } });
    await bot.as(boss).submit(form, { people: [hintOf(ana)], kind: 'complaint' });
    bot.clock.forward({ seconds: 5 });
    await bot.runDue();
    expect(await row(id)).toMatchObject({ state: 'private', cases: [{ private: true }] });
    expect(JSON.stringify(bot.messagesIn(channel).map(({ card }) => card))).not.toContain('second counter');
  });

  it('becomes praise to celebrate when a manager says so, and still waits to be cleared', async () => {
    const { bot, boss, ben, channel } = company;
    const { id } = await said(bot, { stars: 4, words: 'so anna and her colleague were kind' });
    const form = await bot.as(boss).click('feedback.concerns_open', await look());
    const after = await bot.as(boss).submit(form, { people: [hintOf(ben)], kind: 'praise' });
    expect(buttons(after)).toContain('feedback.clear');
    expect(await database.db.praiseProposal.findMany()).toMatchObject([{ sourceKey: `feedback:${id}` }]);
    await bot.as(boss).click('feedback.clear', after);
    await bot.runDue();
    expect(bot.messagesIn(channel)).toHaveLength(1);
    expect(await row(id)).toMatchObject({ state: 'passed', kind: 'praise', concerns: [{ personId: ben.id }] });
  });

  it('is never seen nor decided by the manager whom it is about', async () => {
    const { bot, boss, owner } = company;
    const { id } = await said(bot, { stars: 4, words: 'Viktors Berzs talked with us' });
    expect(await row(id)).toMatchObject({ state: 'held' });
    expect(keysIn(await bot.as(boss).command('customer waiting'))).toContain('feedback.waiting.none');
    for (const act of ['clear', 'waiting_entry', 'concerns_open', 'nobody_named']) {
      const answer = await bot.as(boss).press({ id: `feedback.${act}`, payload: { feedbackId: id } });
      expect(keysIn(answer)).toContain('feedback.errors.gone');
    }
    expect(await row(id)).toMatchObject({ state: 'held', decidedById: null });
    expect(bot.messagesTo(boss)).toEqual([]);
    expect(bot.messagesTo(owner).flatMap(({ card }) => keysIn(card))).toContain('feedback.waiting.told');
    await bot.as(owner).click('feedback.clear', await look(owner));
    expect(await row(id)).toMatchObject({ state: 'passed' });
  });
});

describe('managers hear of what waits', () => {
  const told = (person = company.boss) =>
    company.bot.messagesTo(person).filter(({ card }) => keysIn(card).some((key) => key.startsWith('feedback.waiting.told')));

  it('once while something waits, and the message counts what comes meanwhile', async () => {
    const { bot, boss } = company;
    for (let index = 0; index < 5; index++) await doubtful(`Buy cheap things, number ${index}`);
    bot.clock.forward({ seconds: 10 });
    await bot.runDue();
    expect([told().length, told(company.owner).length, told(company.ben).length]).toEqual([1, 1, 0]);
    expect(told()[0]?.card.lead).toMatchObject({ params: { count: 5 } });
    const list = await bot.as(boss).click('feedback.waiting');
    expect(cardsOf(list)[0]?.rows).toHaveLength(5);
    for (let index = 0; index < 5; index++) await bot.as(boss).click('feedback.spam', await look());
    bot.clock.forward({ seconds: 10 });
    await bot.runDue();
    expect(told()[0]?.card.lead).toMatchObject({ key: 'feedback.waiting.told_none' });
    await doubtful('Something else');
    expect(told()).toHaveLength(2);
  });

  it('and see it in their home, page by page', async () => {
    const { bot, boss, ben } = company;
    for (let index = 0; index < 9; index++) await doubtful(`Buy cheap things, number ${index}`);
    expect(keysIn(await bot.as(boss).home())).toContain('feedback.waiting.told');
    expect(keysIn(await bot.as(ben).home())).not.toContain('feedback.waiting.told');
    const list = await bot.as(boss).command('customer waiting');
    expect(cardsOf(list)[0]?.rows).toHaveLength(7);
    const next = await bot.as(boss).press({ id: 'feedback.waiting', payload: { offset: 7 } });
    expect(cardsOf(next)[0]?.rows).toHaveLength(2);
    expect(cardsOf(await bot.as(boss).press({ id: 'feedback.waiting', payload: { offset: 70 } }))[0]?.rows).toHaveLength(7);
  });
});
