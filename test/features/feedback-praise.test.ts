import { beforeEach, describe, expect, it } from 'vitest';
import { celebrate } from '../../src/features/feedback/talks/praise.js';
import { inTransaction } from '../../src/people/db.js';
import { type CustomerCompany, contextOf, customerCompany, said } from '../support/customer-company.js';
import { useDatabase } from '../support/database.js';
import { keysIn } from '../support/test-bot.js';

const database = useDatabase();
let company: CustomerCompany;
beforeEach(async () => {
  await database.reset();
  company = await customerCompany(database);
});

const WORDS = 'Anna Kalna was wonderful, she found my bag!';
const praises = async () => await database.db.praiseProposal.findMany();

describe('praise for a named colleague', () => {
  it('is brought to managers once, and reaches the channel only when one clears the words', async () => {
    const { bot, ana, boss, owner, ben, channel } = company;
    const entry = await said(bot, { stars: 5, words: WORDS });
    expect(entry).toMatchObject({ state: 'held', kind: 'praise', concerns: [{ personId: ana.id }] });
    expect(bot.messagesIn(channel)).toEqual([]);
    expect(JSON.stringify([ana, ben].flatMap((person) => bot.messagesTo(person)))).not.toContain('found my bag');
    const [praise, ...more] = await praises();
    expect(more).toEqual([]);
    expect(praise).toMatchObject({ sourceKey: `feedback:${entry.id}`, quote: WORDS, personIds: [ana.id] });
    const offered = bot.messagesTo(boss).find(({ card }) => JSON.stringify(card).includes('recognition.praise'));
    expect(JSON.stringify(offered?.card)).toContain('found my bag');
    expect(keysIn(await bot.as(owner).press({ id: 'feedback.clear', payload: { feedbackId: entry.id } }))).not.toContain(
      'feedback.errors.gone',
    );
    await bot.runDue();
    expect(JSON.stringify(bot.messagesIn(channel).map(({ card }) => card))).toContain('found my bag');
    expect(await praises()).toHaveLength(1);
    const context = await contextOf(bot);
    for (let again = 0; again < 3; again++) {
      await inTransaction(context.db, async (tx) => await celebrate(context, tx, entry.id, bot.clock.now()));
    }
    expect(await praises()).toHaveLength(1);
  });

  it('becomes kudos with one click', async () => {
    const { bot, boss, ana } = company;
    await said(bot, { stars: 5, words: WORDS });
    await bot.as(boss).click('recognition.praise_confirm');
    await bot.runDue();
    const [kudos] = await database.db.kudos.findMany();
    expect(kudos).toBeDefined();
    expect(JSON.stringify(bot.messagesTo(ana).map(({ card }) => card))).toContain('found my bag');
  });

  it('of many names the first twenty, and cuts a long quote between characters', async () => {
    const { bot } = company;
    const crowd = await Promise.all(Array.from({ length: 22 }, async (_, index) => await bot.person({ name: `Person Number${index}` })));
    await said(bot, { stars: 5, words: `Thank you! ${'👩‍🍳 '.repeat(700)}`, concernIds: crowd.map(({ id }) => id) });
    const [praise] = await praises();
    expect(praise?.personIds).toHaveLength(20);
    expect(praise?.quote.length).toBeLessThanOrEqual(1_000);
    expect(praise?.quote).toMatch(/👩‍🍳…$/u);
  });

  it('is nothing where nobody is here any more, where there are no words, and where it is a complaint', async () => {
    const { bot, ana, ben } = company;
    const gone = await bot.person({ name: 'Gone Garoza', status: 'left' });
    await said(bot, { stars: 5, words: 'Thank you, dear Gone!', concernIds: [gone.id] });
    await said(bot, { stars: 5, kind: 'praise', concernIds: [ana.id] });
    await said(bot, { stars: 1, words: 'Not helpful at all.', concernIds: [ben.id] });
    expect(await praises()).toEqual([]);
  });
});
