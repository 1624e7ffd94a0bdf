import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { refreshFeedback } from '../../src/features/feedback/refresh.js';
import { type AtWork, askOf, nextAskAt } from '../../src/features/feedback/talks/rules.js';
import { createFeatures } from '../../src/features/index.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from '../support/builders.js';
import { type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, cardsOf, keysIn, refusedWith } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  // Monday 1 March 2027, 10:00 in Riga: talks are due by Monday the 8th.
  company = await customerCompany(database);
});

const WORDS = 'She shouted at me in front of everyone.';
let complaints = 0;
const complaint = async (...about: BuiltPerson[]) =>
  await said(company.bot, {
    stars: 1,
    words: `${WORDS} (${++complaints})`,
    concernIds: (about.length > 0 ? about : [company.ana]).map(({ id }) => id),
  });
/** First lines of what lies with somebody, talks alone. */
const heard = (person: BuiltPerson) =>
  company.bot
    .messagesTo(person)
    .map(({ card }) => keysIn(card.summary)[0] ?? '')
    .filter((key) => key.startsWith('feedback.talks'));
const talkOf = async (person: BuiltPerson = company.ana) =>
  await database.db.feedbackTalk.findFirstOrThrow({ where: { personId: person.id } });
const at = async (day: string, time = '08:00') => {
  company.bot.clock.to(`${day}T${time}:00Z`);
  await company.bot.runDue();
};
/** Has the boss note the talk with Ana. */
const haveTalked = async (values: object = { agreed: 'Take a breath first.' }) => {
  const { bot, boss } = company;
  const noted = await bot.as(boss).submit(await bot.as(boss).click('feedback.talk_done'), { ...values });
  await bot.runDue();
  return noted;
};

describe('a complaint about a colleague', () => {
  it('is for the line alone: the words, the day, how to hold the talk; the colleague hears nothing', async () => {
    const { bot, boss, ana, owner, ben } = company;
    const entry = await complaint();
    expect(entry.state).toBe('private');
    expect(heard(boss)).toEqual(['feedback.talks.ask.first']);
    const card = bot.messagesTo(boss).find(({ card: shown }) => keysIn(shown.summary).includes('feedback.talks.ask.first'))?.card;
    expect(JSON.stringify(card)).toContain(WORDS);
    expect(JSON.stringify(card)).toContain('2027-03-08');
    expect(keysIn(card)).toEqual(expect.arrayContaining(['feedback.talks.advice', 'feedback.talks.private']));
    expect(card && buttonsOf(card).map(({ id }) => id)).toEqual([
      'feedback.talk_done',
      'feedback.talk_later',
      'feedback.talk_not',
      'feedback.case',
    ]);
    for (const person of [ana, ben, owner]) expect(heard(person)).toEqual([]);
    expect(JSON.stringify(bot.messagesTo(ana))).not.toContain('shouted');
  });

  it('is for the owners where nobody stands above, and never for anyone whom it is about', async () => {
    const { boss, ben, owner } = company;
    await complaint(ben);
    expect(heard(owner)).toEqual(['feedback.talks.ask.first']);
    expect(heard(boss)).toEqual([]);
    // Ana's line manager is meant, too: an owner talks with both.
    await complaint(company.ana, boss);
    expect(heard(owner)).toHaveLength(3);
    expect(heard(boss)).toEqual([]);
    await complaint(owner);
    expect(heard(owner)).toHaveLength(3);
    expect(await database.db.feedbackTalk.count({ where: { personId: owner.id, lineId: null } })).toBe(1);
  });

  it('about the only owner has managers hear that another is needed, and no more; the new owner is asked', async () => {
    const { bot, boss, ben, owner, managers, channel } = company;
    const third = await bot.person({ name: 'Maris Ozols', role: 'manager' });
    await complaint(owner, boss);
    for (const person of [owner, boss, ben]) expect(heard(person)).toEqual([]);
    expect(heard(third)).toEqual(['feedback.talks.unheard']);
    const [card] = bot.messagesTo(third).map(({ card: shown }) => JSON.stringify(shown));
    for (const secret of ['shouted', owner.name, boss.name, 'talkId']) expect(card).not.toContain(secret);
    for (const place of [managers, channel]) expect(JSON.stringify(bot.messagesIn(place))).not.toContain('shouted');
    expect(keysIn(await bot.as(third).home())).toContain('feedback.talks.unheard');
    expect(keysIn(await bot.as(boss).home())).not.toContain('feedback.talks.unheard');
    const payload = { talkId: (await talkOf(owner)).id };
    expect(keysIn(await bot.as(third).press({ id: 'feedback.talk', payload }))).toContain('feedback.errors.talk_gone');
    // Once a week, however much waits; of what is about them managers learn nothing.
    await complaint(owner);
    expect(JSON.stringify(bot.messagesTo(boss).at(-1)?.card)).toContain('"count":1');
    await at('2027-03-05');
    expect(heard(third)).toHaveLength(1);
    await at('2027-03-15');
    expect(heard(third)).toHaveLength(2);
    await database.db.person.updateMany({ where: { id: ben.id }, data: { role: 'owner' } });
    await at('2027-03-15', '08:06');
    expect(heard(ben)).toEqual(Array.from({ length: 3 }, () => 'feedback.talks.ask.first'));
    expect((await talkOf(owner)).dueOn).toEqual(new Date('2027-03-22T00:00:00Z'));
    expect(keysIn(await bot.as(third).home())).not.toContain('feedback.talks.unheard');
    expect(heard(owner)).toEqual([]);
  });

  it('is asked about once for each, however often it is sorted', async () => {
    const entry = await complaint();
    const { openTalks } = await import('../../src/features/feedback/talks/open-talks.js');
    const context = await contextOf(company.bot);
    for (let again = 0; again < 3; again++) {
      await inTransaction(context.db, async (tx) => await openTalks(context, tx, entry.id, context.clock.now()));
    }
    await company.bot.runDue();
    expect(heard(company.boss)).toHaveLength(1);
  });
});

describe('the day of a talk', () => {
  it('is a day of work where the colleague works', async () => {
    // Monday 22 March and seven days: Easter Monday.
    company.bot.clock.to('2027-03-22T08:00:00Z');
    await complaint();
    expect((await talkOf()).dueOn).toEqual(new Date('2027-03-30T00:00:00Z'));
  });
});

describe('reminders', () => {
  it('come the day before, when it is overdue, three times more, and then the next in line hears', async () => {
    const { boss, owner } = company;
    await complaint();
    await at('2027-03-05', '06:59');
    expect(heard(boss)).toHaveLength(1);
    // The working day before Monday is Friday.
    await at('2027-03-05', '07:01');
    expect(heard(boss).at(-1)).toBe('feedback.talks.ask.soon');
    await at('2027-03-09');
    expect(heard(boss).at(-1)).toBe('feedback.talks.ask.overdue');
    for (const day of ['2027-03-12', '2027-03-17', '2027-03-22']) await at(day);
    expect(heard(boss)).toHaveLength(6);
    expect(heard(owner)).toEqual([]);
    await at('2027-03-25');
    expect(heard(owner)).toEqual(['feedback.talks.ask.up']);
    await at('2027-05-25');
    expect([heard(boss).length, heard(owner).length]).toEqual([6, 1]);
    expect((await talkOf()).nextAskAt).toBeNull();
  });

  it('after a gap are one, the latest', async () => {
    await complaint();
    await at('2027-03-20', '10:00');
    await at('2027-03-22', '10:00');
    expect(heard(company.boss)).toHaveLength(2);
    expect(heard(company.boss).at(-1)).toBe('feedback.talks.ask.overdue');
  });

  it('wait for working days', () => {
    const work: AtWork = {
      zone: 'Europe/Riga',
      hours: { start: 540, end: 1020, days: [1, 2, 3, 4, 5] },
      isHoliday: (day) => day === '2027-03-05' || day === '2027-03-09',
    };
    const now = new Date('2027-03-01T08:00:00Z');
    expect(nextAskAt(work, 1, '2027-03-08', now)).toEqual(new Date('2027-03-04T07:00:00Z'));
    expect(nextAskAt(work, 2, '2027-03-08', now)).toEqual(new Date('2027-03-10T07:00:00Z'));
    // Tomorrow: nothing is left before it.
    expect(nextAskAt(work, 1, '2027-03-02', now)).toEqual(new Date('2027-03-03T07:00:00Z'));
    expect(nextAskAt(work, 3, '2027-02-22', now)).toEqual(new Date('2027-03-04T07:00:00Z'));
    const never: AtWork = { ...work, hours: { ...work.hours, days: [] }, isHoliday: () => true };
    expect(nextAskAt(never, 3, '2027-02-22', now).getTime()).toBeGreaterThan(now.getTime());
    expect([askOf(0, '2027-03-08', '2027-03-20'), askOf(1, '2027-03-08', '2027-03-08'), askOf(1, '2027-03-08', '2027-03-09')]).toEqual([
      1, 2, 3,
    ]);
    expect([askOf(3, '2027-03-08', '2027-03-12'), askOf(6, '2027-03-08', '2027-03-22')]).toEqual([4, 7]);
  });
});

describe('after the talk', () => {
  it('the person reads what was agreed and by whom, and answers; the line reads the answer', async () => {
    const { bot, boss, ana } = company;
    await complaint();
    expect(refusedWith(await bot.as(boss).submit(await bot.as(boss).click('feedback.talk_done'), { agreed: ' ' }))).toEqual({
      agreed: 'feedback.errors.talk_agreed_missing',
    });
    expect(keysIn(await haveTalked())).toContain('feedback.talks.lead.talked');
    expect(heard(ana)).toEqual(['feedback.talks.own_lead']);
    const card = JSON.stringify(bot.messagesTo(ana).at(-1)?.card);
    expect(card).toContain('Take a breath first.');
    expect(card).toContain(boss.name);
    expect(card).not.toContain('shouted');
    const view = await bot.as(ana).click('feedback.talk_view');
    expect(refusedWith(await bot.as(ana).submit(view, { view: '' }))).toEqual({ view: 'feedback.errors.talk_view_missing' });
    await bot.as(ana).submit(view, { view: 'It was my first day.' });
    await bot.runDue();
    expect(heard(boss).at(-1)).toBe('feedback.talks.answered');
    expect(JSON.stringify(bot.messagesTo(boss).at(-1)?.card)).toContain('It was my first day.');
    // Changed later: the same card, no other message.
    const count = heard(boss).length;
    await bot
      .as(ana)
      .submit(await bot.as(ana).press({ id: 'feedback.talk_view', payload: { talkId: (await talkOf()).id } }), { view: 'Sorry.' });
    bot.clock.forward({ seconds: 4 });
    await bot.runDue();
    expect(heard(boss)).toHaveLength(count);
    expect(JSON.stringify(bot.messagesTo(boss).at(-1)?.card)).toContain('Sorry.');
    await at('2027-04-01');
    expect(heard(boss)).toHaveLength(count);
  });

  it('shows the customer’s words only where the line ticked so, and the contact never', async () => {
    const { bot, ana } = company;
    await said(bot, { stars: 1, words: WORDS, concernIds: [ana.id], contact: { name: 'Carla Customer', email: 'carla@example.com' } });
    await haveTalked({ agreed: 'Listen.', shows: true });
    const card = JSON.stringify(bot.messagesTo(ana).at(-1)?.card);
    expect(card).toContain('shouted');
    expect(card).not.toMatch(/Carla|carla@/);
  });

  it('is held once: a second note finds it settled', async () => {
    const { bot, boss, owner } = company;
    await complaint();
    const { id: talkId } = await talkOf();
    const forms = await Promise.all([boss, owner].map((person) => bot.as(person).press({ id: 'feedback.talk_done', payload: { talkId } })));
    await bot.as(boss).submit(forms[0] as Answer, { agreed: 'One.' });
    expect(keysIn(await bot.as(owner).submit(forms[1] as Answer, { agreed: 'Two.' }))).toContain('feedback.errors.talk_over');
    expect((await talkOf()).agreed).toBe('One.');
    for (const id of ['talk_later', 'talk_not']) {
      expect(keysIn(await bot.as(boss).press({ id: `feedback.${id}`, payload: { talkId } }))).toContain('feedback.errors.talk_over');
    }
  });
});

describe('the talk', () => {
  it('can be put off once, with a reason', async () => {
    const { bot, boss } = company;
    await complaint();
    const form = await bot.as(boss).click('feedback.talk_later');
    expect(refusedWith(await bot.as(boss).submit(form, { day: '2027-03-01' }))).toEqual({
      day: 'feedback.errors.talk_day',
      reason: 'feedback.errors.talk_reason_missing',
    });
    for (const day of ['2027-06-01', 'soon', '']) {
      expect(refusedWith(await bot.as(boss).submit(form, { day, reason: 'On leave' }))).toEqual({ day: 'feedback.errors.talk_day' });
    }
    const moved = await bot.as(boss).submit(form, { day: '2027-03-16', reason: 'She is on leave' });
    expect(JSON.stringify(moved)).toContain('She is on leave');
    expect(
      cardsOf(moved)
        .flatMap(buttonsOf)
        .map(({ id }) => id),
    ).not.toContain('feedback.talk_later');
    expect(keysIn(await bot.as(boss).submit(form, { day: '2027-03-17', reason: 'Again' }))).toContain('feedback.errors.talk_moved');
    await at('2027-03-09');
    expect(heard(boss)).toHaveLength(1);
    await at('2027-03-15');
    expect(heard(boss)).toHaveLength(2);
  });

  it('about somebody else goes back to managers, and can come again', async () => {
    const { bot, boss, ana, owner } = company;
    const entry = await complaint();
    expect(keysIn(await bot.as(boss).click('feedback.talk_not'))).toContain('feedback.talks.not_done');
    await bot.runDue();
    const row = await database.db.feedback.findFirstOrThrow({ where: { id: entry.id }, include: { concerns: true } });
    expect([row.state, row.concerns]).toEqual(['held', []]);
    expect(await talkOf()).toMatchObject({ state: 'dropped', nextAskAt: null });
    expect(bot.messagesTo(boss).flatMap(({ card }) => keysIn(card.summary))).toContain('feedback.waiting.told');
    const form = await bot.as(owner).press({ id: 'feedback.concerns_open', payload: { feedbackId: entry.id } });
    await bot.as(owner).submit(form, { people: [{ by: 'account', externalId: ana.externalId }], kind: 'complaint' });
    bot.clock.forward({ seconds: 4 });
    await bot.runDue();
    expect(await talkOf()).toMatchObject({ state: 'open' });
    expect(heard(boss)).toEqual(['feedback.talks.ask.first']);
    expect(keysIn(await bot.as(boss).command('customer talks'))).toContain('feedback.talks.lead.open');
  });

  it('that is about two stays private when one of them is taken off', async () => {
    const { bot, boss, ana, ben } = company;
    const entry = await complaint(ana, ben);
    await bot.as(boss).click('feedback.talk_not');
    expect(await database.db.feedback.findFirstOrThrow({ where: { id: entry.id } })).toMatchObject({ state: 'private' });
    expect(await talkOf(ben)).toMatchObject({ state: 'open' });
  });

  it('goes to the line of this moment, and ends when the person leaves', async () => {
    const { bot, boss, ana, ben, owner } = company;
    await complaint();
    await database.db.person.updateMany({ where: { id: ana.id }, data: { lineManagerId: ben.id } });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(heard(ben)).toEqual(['feedback.talks.ask.first']);
    expect(heard(boss)).toEqual(['feedback.talks.withdrawn']);
    const talkId = (await talkOf()).id;
    expect(keysIn(await bot.as(boss).press({ id: 'feedback.talk', payload: { talkId } }))).toContain('feedback.errors.talk_gone');
    // An employee can well be somebody's line.
    expect(JSON.stringify(await bot.as(ben).press({ id: 'feedback.talk', payload: { talkId } }))).toContain('shouted');
    await database.db.person.updateMany({ where: { id: ben.id }, data: { status: 'left' } });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(heard(owner)).toEqual(['feedback.talks.ask.first']);
    await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left' } });
    bot.clock.forward({ minutes: 1 });
    await bot.runDue();
    expect(await talkOf()).toMatchObject({ state: 'dropped', nextAskAt: null });
    await at('2027-03-10');
    expect(heard(owner)).toHaveLength(1);
  });

  it('loses its words when one of the two is erased', async () => {
    const { bot, boss, ana } = company;
    await complaint();
    await haveTalked();
    await bot.as(ana).submit(await bot.as(ana).click('feedback.talk_view'), { view: 'My own words.' });
    await bot.runDue();
    const context = await contextOf(bot);
    const registry = createFeatures({ directories: new Map() });
    await inTransaction(context.db, async (tx) => {
      for (const feature of registry) await feature.erase?.({ ...context, tx }, boss.id);
    });
    expect(await talkOf()).toMatchObject({ agreed: '', answer: 'My own words.', state: 'talked' });
    bot.clock.forward({ seconds: 4 });
    await bot.runDue();
    expect(JSON.stringify(bot.messagesTo(ana).map(({ card }) => card))).not.toContain('Take a breath');
    await inTransaction(context.db, async (tx) => {
      for (const feature of registry) await feature.erase?.({ ...context, tx }, ana.id);
    });
    expect(await talkOf()).toMatchObject({ agreed: '', answer: '' });
  });

  it('shows no customer’s words any more once they were removed', async () => {
    const { bot, boss } = company;
    const entry = await complaint();
    expect(JSON.stringify(bot.messagesTo(boss).map(({ card }) => card))).toContain('shouted');
    await inTransaction(database.db, async (tx) => {
      await tx.feedback.updateMany({ where: { id: entry.id }, data: { words: [], strippedAt: bot.clock.now() } });
      await refreshFeedback(tx, bot.organisation.id, entry.id, bot.clock.now());
    });
    bot.clock.forward({ seconds: 4 });
    await bot.runDue();
    expect(JSON.stringify(bot.messagesTo(boss).map(({ card }) => card))).not.toContain('shouted');
  });
});
