import { beforeEach, describe, expect, it } from 'vitest';
import { EVENT_KINDS, type EventKind, note } from '../../src/features/feedback/cases/events.js';
import { openCase } from '../../src/features/feedback/cases/open-case.js';
import { to } from '../../src/features/feedback/refs.js';
import { inTransaction } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import { text } from '../support/builders.js';
import { type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { aCase, aPrivateCase } from '../support/feedback-cases.js';
import { buttonsOf, cardsOf, keysIn } from '../support/test-bot.js';

const database = useDatabase();

let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

describe('what happened to a case', () => {
  it('is one history, the latest first, a page at a time, with what was noted', async () => {
    const { bot, ana } = company;
    const { case: opened } = await aCase(database, company);
    await bot.as(ana).press(to.claim(opened.id));
    for (let index = 1; index <= 8; index++) {
      await bot.as(ana).submit(await bot.as(ana).press(to.note(opened.id)), { note: `Note ${index}` });
    }
    const first = await bot.as(ana).press(to.history(opened.id));
    const quotes = (answer: typeof first) =>
      cardsOf(answer).flatMap((card) =>
        (card.body ?? []).filter((block) => block.kind === 'quote').map((block) => JSON.stringify(block.text)),
      );
    expect(quotes(first).map((text) => /Note \d/.exec(text)?.[0])).toEqual([8, 7, 6, 5, 4, 3, 2].map((index) => `Note ${index}`));
    const older = cardsOf(first)
      .flatMap(buttonsOf)
      .find((button) => button.id === 'feedback.history');
    const second = await bot.as(ana).press(older ?? null);
    expect(keysIn(cardsOf(second)[0]?.body)).toEqual(
      expect.arrayContaining(['feedback.event.noted', 'feedback.event.claimed', 'feedback.event.opened']),
    );
    expect(
      cardsOf(second)
        .flatMap(buttonsOf)
        .map((button) => button.id),
    ).toContain('feedback.case');
  });

  it('names what was found and what was done', async () => {
    const { bot, ana } = company;
    const { case: opened } = await aCase(database, company);
    await bot.as(ana).press(to.claim(opened.id));
    await bot.as(ana).submit(await bot.as(ana).press(to.resolve(opened.id)), { cause: 'One till\nand no bell', action: 'Two tills' });
    const body = cardsOf(await bot.as(ana).press(to.history(opened.id)))[0]?.body ?? [];
    const quoted = body.flatMap((block) => (block.kind === 'quote' ? [text(block.text)] : []));
    expect(quoted).toEqual(['feedback.case.root_cause: One till\nand no bell', 'feedback.case.action_taken: Two tills']);
  });

  it('has a line for everything that can happen, also when those who did it are gone', async () => {
    const { bot, ana, ben } = company;
    const { case: opened } = await aCase(database, company);
    const organisationId = bot.organisation.id;
    const messageId = newId(bot.clock.now());
    await database.db.feedbackMessage.create({
      data: { organisationId, id: messageId, caseId: opened.id, direction: 'in', words: 'Thank you!', at: bot.clock.now(), onceKey: 'x' },
    });
    const data = {
      personId: ben.id,
      from: 'low',
      to: 'high',
      priority: 'high',
      until: '2027-03-03T07:00:00Z',
      number: 7,
      satisfaction: 3,
      messageId,
      told: [ben.id],
    };
    const write = async (kind: EventKind, actorId: string | null) =>
      await inTransaction(
        database.db,
        async (tx) => await note(tx, { organisationId, caseId: opened.id, actorId, kind, data }, bot.clock.now()),
      );
    for (const kind of EVENT_KINDS) await write(kind, ana.id);
    await write('resumed', null);
    await write('escalated', newId(bot.clock.now()));
    const told = new Set<string>();
    let words = '';
    for (let offset = 0; offset < EVENT_KINDS.length + 3; offset += 7) {
      const page = await bot.as(ana).press(to.history(opened.id, offset));
      for (const key of keysIn(cardsOf(page)[0]?.body)) told.add(key);
      words += JSON.stringify(page);
    }
    for (const kind of EVENT_KINDS.filter((one) => one !== 'escalated'))
      expect(told, kind).toContain(`feedback.event.${kind}`.replace(/event\.opened$/, 'event.opened_by'));
    expect(told).toContain('feedback.event.escalated.owner');
    expect(words).toContain('Thank you!');
    // Each behind the one before although all of it was in one instant.
    const rows = await database.db.feedbackCaseEvent.findMany({ where: { caseId: opened.id }, orderBy: { at: 'asc' } });
    expect(rows.slice(1, 1 + EVENT_KINDS.length).map(({ kind }) => kind)).toEqual([...EVENT_KINDS]);
    expect(new Set(rows.map(({ at }) => at.getTime())).size).toBe(rows.length);
  });

  it('loses the words of whoever is erased, and gives back what was theirs', async () => {
    const { bot, owner, ana } = company;
    const { case: opened } = await aCase(database, company);
    await bot.as(ana).press(to.claim(opened.id));
    await bot.as(ana).submit(await bot.as(ana).press(to.note(opened.id)), { note: 'I was ill that day.' });
    await database.db.person.update({
      where: { organisationId_id: { organisationId: bot.organisation.id, id: ana.id } },
      data: { status: 'left' },
    });
    const asked = await bot.as(owner).command('bellhop erase x', { mention: ana });
    await bot.as(owner).click('bellhop.erase', asked);
    await bot.runDue();
    expect((await database.db.feedbackCaseEvent.findMany({ where: { kind: 'noted' } })).map(({ words }) => words)).toEqual(['']);
    expect(await database.db.feedbackCase.findFirst()).toMatchObject({ state: 'open', ownerId: null });
  });
});

describe('cases that open at the same time', () => {
  it('have numbers of their own, one for each piece of feedback', async () => {
    const { bot } = company;
    const context = await contextOf(bot);
    const heard = [];
    for (const word of ['soup', 'coat', 'floor', 'phone', 'price', 'lamp'])
      heard.push(await said(bot, { stars: 4, words: `The ${word} was fine.` }));
    const opening = heard
      .flatMap((each) => [each, each])
      .map(
        async (said) =>
          await inTransaction(database.db, async (tx) => {
            await tx.$queryRaw`SELECT 1 FROM feedback WHERE id = ${said.id}::uuid FOR UPDATE`;
            return await openCase(context, tx, { ...said, private: false }, bot.clock.now());
          }),
      );
    const ids = await Promise.all(opening);
    expect(new Set(ids).size).toBe(6);
    const numbers = (await database.db.feedbackCase.findMany({ orderBy: { number: 'asc' } })).map(({ number }) => number);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is not opened by hand for what isn’t theirs to read, nor before a manager has looked at it', async () => {
    const { bot, boss, ana, ben } = company;
    const { said: hidden } = await aPrivateCase(database, company, ana);
    const refusedTo = async (person: typeof ana, id: string) => keysIn(await bot.as(person).press(to.openCase(id)))[0];
    for (const person of [ana, ben]) expect(await refusedTo(person, hidden.id)).toBe('feedback.errors.gone');
    const repeated = await said(bot, { stars: 4, words: 'The soup was good, thank you.' });
    await database.db.feedback.updateMany({ where: { id: repeated.id }, data: { state: 'doubtful' } });
    expect(await refusedTo(ben, repeated.id)).toBe('feedback.errors.gone');
    expect(await refusedTo(boss, repeated.id)).toBe('feedback.errors.case_too_early');
  });
});
