import { beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/core/roles.js';
import { stripFeedback } from '../../src/features/feedback/privacy/strip.js';
import { takeAnswer } from '../../src/features/feedback/replying/answer.js';
import { mayRead } from '../../src/features/feedback/rights.js';
import { setAbout } from '../../src/features/feedback/sorting/deciding.js';
import { findFeedback } from '../../src/features/feedback/store-feedback.js';
import { inTransaction } from '../../src/people/db.js';
import type { BuiltPerson } from '../support/builders.js';
import { accepted, type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aCase, aPrivateCase, caseOf } from '../support/feedback-cases.js';
import { hintOf, keysIn } from '../support/test-bot.js';

// Who may read and do what, when it changes meanwhile.

const database = useDatabase();
let company: CustomerCompany;
/** A manager who is in nobody's line. */
let mara: BuiltPerson;
const SECRET = 'zirgbesis';

beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
  mara = await company.bot.person({ name: 'Mara Osis', role: 'manager' });
  // First names that two have: a manager has to say whom they mean.
  for (const name of ['Anna Zarina', 'Viktors Krumins']) await company.bot.person({ name });
});

const shows = (value: unknown): boolean => JSON.stringify(value).includes(SECRET);
const lies = (person: BuiltPerson) => company.bot.messagesTo(person).map(({ card }) => card);
const press = async (person: BuiltPerson, id: string, payload: Record<string, string | number>) =>
  await company.bot.as(person).press({ id: `feedback.${id}`, payload });
const later = async () => {
  company.bot.clock.to(new Date(company.bot.clock.now().getTime() + 10_000));
  await company.bot.runDue();
};

/** What a manager says of an entry: it is about somebody. */
async function about(feedbackId: string, person: BuiltPerson, kind = 'complaint', by = mara) {
  const { bot } = company;
  const form = await press(by, 'concerns_open', { feedbackId });
  const done = await bot.as(by).submit(form, { people: [hintOf(person)], kind });
  await later();
  return done;
}

describe('What turns out to be about a colleague', () => {
  it('is taken from the channel and from whoever looked after it, that colleague first of all', async () => {
    const { bot, ana, ben, boss, channel } = company;
    for (const [minutes, owner] of [ana, ben].entries()) {
      const { case: of, said: entry } = await aCase(database, company, { words: `We waited ${minutes} minutes for that ${SECRET}.` });
      await bot.as(boss).submit(await press(boss, 'assign_open', { caseId: of.id }), { person: [hintOf(owner)] });
      await later();
      expect(shows(lies(owner)), owner.name).toBe(true);
      await about(entry.id, ana);
      expect(await caseOf(database, company, of.id)).toMatchObject({ private: true, state: 'open', ownerId: null });
      expect(shows(lies(owner)), owner.name).toBe(false);
      expect(shows(bot.messagesIn(channel).map(({ card }) => card))).toBe(false);
      for (const id of ['entry', 'about', 'contact_open'])
        expect(shows(await press(owner, id, { feedbackId: entry.id, offset: 0 }))).toBe(false);
      expect(shows(lies(boss))).toBe(true);
    }
  });

  it('gets a case of its own again where it went into another one, which stays as it is', async () => {
    const { bot, ana, boss, ben } = company;
    const one = await aCase(database, company, { words: 'The till was closed.' });
    const other = await aCase(database, company, { words: `She is a ${SECRET}.` });
    await bot.as(boss).submit(await press(boss, 'merge_open', { caseId: other.case.id }), { into: '', number: String(one.case.number) });
    expect(await caseOf(database, company, other.case.id)).toMatchObject({ mergedIntoId: one.case.id });
    await about(other.said.id, ana);
    expect(await caseOf(database, company, one.case.id)).toMatchObject({ private: false, state: 'open' });
    expect(await caseOf(database, company, other.case.id)).toMatchObject({
      private: true,
      state: 'open',
      outcome: null,
      closedAt: null,
      mergedIntoId: null,
    });
    expect(shows(await press(boss, 'case', { caseId: other.case.id }))).toBe(true);
    expect(keysIn(await press(ben, 'case', { caseId: other.case.id }))).toContain('feedback.errors.case_gone');
    expect(shows(await press(boss, 'history', { caseId: one.case.id, offset: 0 }))).toBe(false);
    expect(keysIn(await press(boss, 'history', { caseId: other.case.id, offset: 0 }))).toContain('feedback.event.made_private');
  });

  it('opens up nothing that it went into, when it is about nobody after all', async () => {
    const { bot, ana, boss } = company;
    const first = await aPrivateCase(database, company, ana, { words: `She is a ${SECRET}.` });
    const other = await aPrivateCase(database, company, ana, { words: 'She was rude, too.' });
    await bot.as(boss).submit(await press(boss, 'merge_open', { caseId: other.case.id }), { into: '', number: String(first.case.number) });
    expect(await caseOf(database, company, other.case.id)).toMatchObject({ mergedIntoId: first.case.id });
    const { id: talkId } = await database.db.feedbackTalk.findFirstOrThrow({ where: { feedbackId: other.said.id } });
    await press(boss, 'talk_not', { talkId });
    await press(mara, 'clear', { feedbackId: other.said.id });
    expect(await findFeedback(database.db, bot.organisation.id, other.said.id)).toMatchObject({ state: 'passed' });
    expect(await caseOf(database, company, first.case.id)).toMatchObject({ private: true });
    expect(await caseOf(database, company, other.case.id)).toMatchObject({ private: false, state: 'open', mergedIntoId: null });
  });

  it('tells its own writer nothing when it is about that one', async () => {
    const { bot, ana } = company;
    const logged = await said(bot, { stars: 2, words: 'The coffee was cold.', source: 'in_person', loggedById: ana.id });
    expect(keysIn(await press(ana, 'logged', { feedbackId: logged.id }))).not.toContain('feedback.errors.gone');
    await about(logged.id, ana);
    expect(keysIn(await press(ana, 'logged', { feedbackId: logged.id }))).toEqual(['feedback.errors.gone', 'feedback.errors.gone']);
  });

  it('isn’t told by a number either', async () => {
    const { bot, ana } = company;
    const entry = await said(bot, { stars: 1, words: `Anna Kalna, that ${SECRET}, kept us waiting in the queue.` });
    expect(entry).toMatchObject({ state: 'private' });
    expect(entry.themes.length).toBeGreaterThan(0);
    for (const person of [ana, mara]) {
      expect(keysIn(await bot.as(person).command('customer themes')), person.name).not.toContain('feedback.themes.trend.up');
      const card = await press(person, 'theme', { themeId: entry.themes[0]?.id ?? '' });
      expect(keysIn(card), person.name).toContain('feedback.themes.trend.none');
      expect(JSON.stringify(card)).not.toMatch(/"kind":"number","value":1[,}]/);
    }
  });

  it('is no praise any more that waits to be confirmed', async () => {
    const { bot, ana } = company;
    const praise = await said(bot, { stars: 5, words: `Anna Kalna was wonderful, not the ${SECRET} that I feared.` });
    expect(await database.db.praiseProposal.count({ where: { state: 'proposed' } })).toBe(1);
    await about(praise.id, ana);
    expect(await database.db.praiseProposal.findFirstOrThrow()).toMatchObject({ state: 'dismissed', quote: '' });
    expect(shows(lies(mara))).toBe(false);
    expect(await bot.work.db.feedbackTalk.count()).toBe(1);
  });
});

describe('What waits to be decided', () => {
  it('is not for whom it is about, however the door called it', async () => {
    const { bot } = company;
    const held = await said(bot, { stars: 1, kind: 'comment', words: 'Viktors was rude.' });
    expect(held).toMatchObject({ state: 'held' });
    for (const id of ['entry', 'about', 'waiting_entry', 'concerns_open', 'clear']) {
      expect(shows(await press(company.boss, id, { feedbackId: held.id, offset: 0 })), id).toBe(false);
      expect(keysIn(await press(company.boss, id, { feedbackId: held.id, offset: 0 })), id).toContain('feedback.errors.gone');
    }
  });

  it('is escalated to those alone who may open its case', async () => {
    const { bot, boss, owner, ana, ben } = company;
    const held = await said(bot, { stars: 1, words: 'Anna was rude.' });
    expect(await caseOf(database, company, held.caseId ?? '')).toMatchObject({ private: true });
    for (const day of ['02', '03', '04', '05', '08', '09']) {
      bot.clock.to(`2027-03-${day}T10:00:00Z`);
      await bot.runDue();
    }
    const told = [boss, owner, ana, ben, mara].filter((person) => keysIn(lies(person)).includes('feedback.escalation.title'));
    expect(told.length).toBeGreaterThan(0);
    for (const person of told) expect((await press(person, 'case', { caseId: held.caseId ?? '' })).kind, person.name).not.toBe('nothing');
    for (const person of told) {
      expect(keysIn(await press(person, 'case', { caseId: held.caseId ?? '' })), person.name).not.toContain('feedback.errors.case_gone');
    }
    expect(keysIn(await bot.as(mara).press({ id: 'feedback.reply', payload: { caseId: held.caseId ?? '' } }))).not.toContain(
      'feedback.reply.sent',
    );
  });

  it('of an import about a name that many have is for managers whose name it isn’t', async () => {
    const { bot, boss, owner } = company;
    const { id } = await accepted(bot, { stars: 1, words: 'Viktors was rude.', quiet: true, happenedAt: new Date('2026-05-01T10:00:00Z') });
    await bot.runDue();
    const entry = await findFeedback(database.db, bot.organisation.id, id);
    if (!entry) throw new Error('It is gone.');
    expect(entry.concerns.map(({ personId }) => personId)).toContain(boss.id);
    const reads = async ({ id: personId }: BuiltPerson, role: Role) =>
      await mayRead({ db: database.db, organisation: bot.organisation, person: { ...boss, id: personId } as never, role }, entry);
    expect(await reads(boss, 'manager')).toBe(false);
    expect(await reads(owner, 'owner')).toBe(true);
  });
});

describe('What was removed', () => {
  it('is in nobody’s chat any more', async () => {
    const { bot, boss, ana, owner } = company;
    const open = await aCase(database, company, { words: `We waited for that ${SECRET}.` });
    await bot.as(boss).submit(await press(boss, 'assign_open', { caseId: open.case.id }), { person: [hintOf(ana)] });
    const personal = await said(bot, { stars: 1, words: `Anna Kalna is a ${SECRET}.` });
    await bot.as(boss).submit(await bot.as(boss).click('feedback.talk_done'), { agreed: 'Count to ten.', shows: true });
    await later();
    for (const person of [ana, boss]) expect(shows(lies(person)), person.name).toBe(true);
    const context = await contextOf(bot);
    await inTransaction(
      database.db,
      async (tx) => await stripFeedback(tx, bot.organisation.id, [open.said.id, personal.id], context.clock.now()),
    );
    await later();
    for (const person of [ana, boss, owner]) expect(shows(lies(person)), person.name).toBe(false);
    expect(shows(bot.messages().map(({ card }) => card))).toBe(false);
  });
});

describe('A customer who was erased', () => {
  it('has what they wrote to a case that went into another one removed from that one’s cards too, and writes no more', async () => {
    const { bot, boss, ana } = company;
    const one = await aCase(database, company, { words: 'The till was closed.' });
    const other = await aCase(database, company, { words: 'Nobody was at the till.', contact: { email: 'zane@customers.example' } });
    await bot.as(boss).submit(await press(boss, 'assign_open', { caseId: one.case.id }), { person: [hintOf(ana)] });
    await bot.as(boss).submit(await press(boss, 'merge_open', { caseId: other.case.id }), { into: '', number: String(one.case.number) });
    const context = await contextOf(bot);
    const write = async (onceKey: string) =>
      await takeAnswer(context, { caseId: other.case.id, onceKey, words: `Where is that ${SECRET}?` });
    expect(await write('first')).toBe('answered');
    await later();
    expect(shows(lies(ana))).toBe(true);
    await inTransaction(database.db, async (tx) => await stripFeedback(tx, bot.organisation.id, [other.said.id], context.clock.now()));
    await later();
    expect(shows(lies(ana))).toBe(false);
    expect(await write('second')).toBe('over');
    expect(shows(await database.db.feedbackMessage.findMany())).toBe(false);
  });
});

describe('Two who decide at once', () => {
  it('decide once: the second finds it decided', async () => {
    const { bot, ana, boss } = company;
    const held = await said(bot, { stars: 4, words: 'Anna took her time.' });
    const asMara = { ...(await contextOf(bot)), person: mara, role: 'manager' } as never;
    const asBoss = { ...(await contextOf(bot)), person: boss, role: 'manager' } as never;
    const complaint = { personIds: [ana.id], kind: 'complaint' } as const;
    const outcomes = await Promise.all([setAbout(asMara, held.id, complaint), setAbout(asBoss, held.id, complaint)]);
    expect([...outcomes].sort()).toEqual(['before', 'done']);
    expect(await database.db.feedbackCase.count()).toBe(1);
    expect(await database.db.feedbackTalk.count()).toBe(1);
  });
});
