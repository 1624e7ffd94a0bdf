import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandToken } from '../../src/core/interaction.js';
import { proposePraise } from '../../src/features/recognition/index.js';
import { auditLedger, balanceOf } from '../../src/features/recognition/ledger/store-ledger.js';
import { readQuote } from '../../src/features/recognition/praise/command.js';
import { inTransaction } from '../../src/people/db.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { hostile } from '../support/hostile.js';
import { buttonsOf, cardsOf, hintOf, keysIn, refusedWith, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let boss: BuiltPerson;
let vera: BuiltPerson;
let ana: BuiltPerson;
let ben: BuiltPerson;
let channel: { readonly id: string; readonly externalId: string };

beforeEach(async () => {
  await database.reset();
  // Wednesday 10 March 2027, 11:00 in Riga.
  bot = await testBot({ now: '2027-03-10T09:00:00Z', database });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  vera = await bot.person({ name: 'Vera', role: 'manager' });
  ana = await bot.person({ name: 'Ana Ozola' });
  ben = await bot.person({ name: 'Ben Kalns' });
  channel = await aChannel(database.db, bot.organisation);
  await database.db.organisation.updateMany({ data: { announcementsChannelId: channel.id } });
});

/** What lies in a person's chat, without the monthly report that a manager gets by itself. */
const mail = (person: BuiltPerson) =>
  bot.messagesTo(person).filter((message) => !keysIn(message.card)[0]?.startsWith('recognition.fairness.'));
const balance = async (person: BuiltPerson) =>
  (await balanceOf(database.db, bot.organisation.id, { kind: 'balance', owner: person.id })) ?? 0;
const told = (person: BuiltPerson) => mail(person).map((message) => keysIn(message.card)[0]);
const settle = async () => {
  await bot.runDue();
  bot.clock.forward({ seconds: 5 });
  await bot.runDue();
};
const propose = async (personIds: readonly string[], sourceKey = 'feedback:7', quote = 'She made our evening.') =>
  await inTransaction(database.db, async (tx) => {
    const context = { ...bot.work, organisation: bot.organisation };
    return await proposePraise(tx, context, { sourceKey, quote, personIds }, bot.clock.now());
  });
const press = async (person: BuiltPerson, id: string) => await bot.as(person).click(id);

describe('a customer’s praise', { timeout: 60_000 }, () => {
  it('that a manager passes on becomes kudos with one click, from the organisation’s points', async () => {
    const card = await bot.as(boss).command('kudos praise Ana Ozola and Ben “They made our evening.”');
    expect(keysIn(card)[0]).toBe('recognition.praise.lead');
    await bot.runDue();
    // The other managers have it too; those who are praised hear nothing yet.
    expect(told(vera)).toEqual(['recognition.praise.lead']);
    expect([...told(ana), ...told(boss)]).toEqual([]);
    const done = await bot.as(boss).click('recognition.praise_confirm', card);
    expect(keysIn(done)[0]).toBe('recognition.praise.confirmed');
    await settle();
    expect(told(vera)).toEqual(['recognition.praise.confirmed']);
    expect([await balance(ana), await balance(ben)]).toEqual([20, 20]);
    expect(keysIn(mail(ana)[0]?.card)).toEqual(expect.arrayContaining(['recognition.a_customer']));
    expect(keysIn(bot.messagesIn(channel)[0]?.card)[0]).toBe('recognition.card.summary_customer');
    expect(JSON.stringify(bot.messagesIn(channel)[0]?.card)).toContain('They made our evening.');
    const kudos = await database.db.kudos.findFirstOrThrow();
    expect(kudos).toMatchObject({ source: 'customer', giverId: boss.id, words: 'They made our evening.' });
    expect((await database.db.praiseProposal.findFirstOrThrow()).kudosId).toBe(kudos.id);
    expect((await database.db.ledgerMovement.findMany()).map((movement) => movement.kind)).toEqual(['award']);
    expect(await auditLedger(database.db, bot.organisation.id)).toEqual([]);
  });

  it('that another feature brings is asked about once', async () => {
    const first = await propose([ana.id, ana.id]);
    expect(await propose([ben.id])).toBe(first);
    await bot.runDue();
    expect([told(boss), told(vera)]).toEqual([['recognition.praise.lead'], ['recognition.praise.lead']]);
    expect(await database.db.praiseProposal.count()).toBe(1);
    await expect(propose([], 'feedback:8')).rejects.toThrow('recognition.praise_nobody');
    await expect(propose([ana.id], 'feedback:8', ' ')).rejects.toThrow('recognition.praise_quote');
    await expect(propose([ana.id], 'feedback:8', 'x'.repeat(1001))).rejects.toThrow('recognition.praise_quote');
  });

  it('is decided once, although two managers decide at the same time', async () => {
    await propose([ana.id]);
    await bot.runDue();
    const answers = await Promise.all([press(boss, 'recognition.praise_confirm'), press(vera, 'recognition.praise_confirm')]);
    expect(answers.map((answer) => keysIn(answer)[0])).toEqual(['recognition.praise.confirmed', 'recognition.praise.confirmed']);
    expect(await database.db.kudos.count()).toBe(1);
    expect(await balance(ana)).toBe(20);
    await propose([ana.id], 'feedback:8');
    await settle();
    const both = await Promise.all([press(boss, 'recognition.praise_confirm'), press(vera, 'recognition.praise_dismiss')]);
    expect(keysIn(both[0])[0]).toBe(keysIn(both[1])[0]);
    const { state } = await database.db.praiseProposal.findFirstOrThrow({ where: { sourceKey: 'feedback:8' } });
    expect(await balance(ana)).toBe(state === 'confirmed' ? 40 : 20);
  });

  it('is confirmed with other points, a value and in private where a manager wants so', async () => {
    await propose([ana.id]);
    await bot.runDue();
    const form = await press(boss, 'recognition.praise_change');
    expect(refusedWith(await bot.as(boss).submit(form, { points: '1001' }))).toEqual({ points: 'recognition.errors.praise_points' });
    expect(refusedWith(await bot.as(boss).submit(form, { points: '-5' }))).toEqual({ points: 'recognition.errors.praise_points' });
    expect(refusedWith(await bot.as(boss).submit(form, { points: '5', value: 'nothing' }))).toEqual({
      value: 'recognition.errors.value_gone',
    });
    const value = await database.db.serviceValue.findFirstOrThrow({ where: { code: 'courtesy' } });
    await bot.as(boss).submit(form, { points: '50', value: value.id, public: false });
    await settle();
    expect(await database.db.kudos.findFirstOrThrow()).toMatchObject({ points: 50, public: false, valueId: value.id });
    expect(bot.messagesIn(channel)).toEqual([]);
    // Whoever opens or sends a form too late sees what was decided.
    expect(keysIn(await bot.as(vera).submit(form, { points: '5' }))[0]).toBe('recognition.praise.confirmed');
    const { id } = await database.db.praiseProposal.findFirstOrThrow();
    const late = await bot.as(vera).press({ id: 'recognition.praise_change', payload: { praiseId: id } });
    expect(keysIn(late)[0]).toBe('recognition.praise.confirmed');
  });

  it('is never confirmed by whoever is praised', async () => {
    const owner = await bot.person({ name: 'Owner', role: 'owner' });
    await propose([boss.id, vera.id]);
    await bot.runDue();
    // No manager is left: owners are asked.
    expect([told(boss), told(vera), told(owner)]).toEqual([[], [], ['recognition.praise.lead']]);
    const { id: praiseId } = await database.db.praiseProposal.findFirstOrThrow();
    for (const id of ['recognition.praise_confirm', 'recognition.praise_change', 'recognition.praise_dismiss', 'recognition.praise_show']) {
      expect(keysIn(await bot.as(boss).press({ id, payload: { praiseId } }))[0]).toBe('recognition.errors.praise_yours');
    }
    expect(cardsOf(await bot.as(boss).home()).flatMap(keysIn)).not.toContain('recognition.fair.home_title');
    const own = await bot.as(boss).command('kudos praise "Your manager is lovely."', { mention: boss });
    expect(keysIn(own)[0]).toBe('recognition.praise.others_asked');
    expect(cardsOf(own).flatMap(buttonsOf)).toEqual([]);
    await press(owner, 'recognition.praise_confirm');
    expect([await balance(boss), await balance(vera)]).toEqual([20, 20]);
  });

  it('waits in a list, and goes to those who are still here', async () => {
    await propose([ana.id, ben.id]);
    await database.db.account.updateMany({ where: { personId: ben.id }, data: { status: 'left' } });
    await database.db.person.updateMany({ where: { id: ben.id }, data: { status: 'left' } });
    expect(keysIn(await bot.as(boss).command('kudos praise'))[0]).toBe('recognition.praise.list_lead');
    const list = await bot.as(boss).click('recognition.praise_list', await bot.as(boss).home());
    await bot.as(boss).click('recognition.praise_confirm', await bot.as(boss).click('recognition.praise_show', list));
    expect([await balance(ana), await balance(ben)]).toEqual([20, 0]);
    await propose([ana.id], 'feedback:9');
    await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left' } });
    await bot.runDue();
    expect(
      keysIn(
        await bot
          .as(vera)
          .click(
            'recognition.praise_confirm',
            await bot.as(vera).click('recognition.praise_show', await bot.as(vera).command('kudos praise')),
          ),
      )[0],
    ).toBe('recognition.errors.praise_nobody');
  });

  it('is typed into a form where nothing follows the command', async () => {
    const form = await bot.as(boss).command('kudos praise');
    expect(refusedWith(await bot.as(boss).submit(form, { people: [], quote: ' ' }))).toEqual({
      people: 'recognition.errors.praise_whom',
      quote: 'recognition.errors.praise_words',
    });
    expect(refusedWith(await bot.as(boss).submit(form, { people: [{ by: 'typed', typed: 'Nobody' }], quote: 'Nice.' }))).toEqual({
      people: 'recognition.errors.whom_unknown',
    });
    const card = await bot.as(boss).submit(form, { people: [hintOf(ana)], quote: hostile(1000) });
    expect(keysIn(card)[0]).toBe('recognition.praise.lead');
    await bot.as(boss).click('recognition.praise_confirm', card);
    await bot.runDue();
    expect((await database.db.kudos.findFirstOrThrow()).words).toBe(hostile(1000));
  });

  it.each([
    ['kudos praise Ana', 'recognition.errors.praise_how'],
    ['kudos praise "Nobody is named."', 'recognition.errors.praise_how'],
    ['kudos praise Nobody "Lovely."', 'recognition.errors.whom_unknown'],
    [`kudos praise Ana "${'x'.repeat(1001)}"`, 'recognition.errors.praise_quote'],
  ])('says what is missing (%#)', async (typed, error) => {
    expect(keysIn(await bot.as(boss).command(typed))[0]).toBe(error);
    expect(keysIn(await bot.as(ana).command(typed))[0]).toBe('core.errors.role_needed');
  });

  it('loses its words when somebody who was praised is erased', async () => {
    const owner = await bot.person({ name: 'Owner', role: 'owner' });
    await propose([ana.id], 'feedback:1', 'Ana was lovely.');
    await propose([ben.id], 'feedback:2', 'Ben was lovely.');
    await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left', leftAt: bot.clock.now() } });
    await bot.as(owner).click('bellhop.erase', await bot.as(owner).command('bellhop erase Ana'));
    const [first, second] = await database.db.praiseProposal.findMany({ orderBy: { sourceKey: 'asc' } });
    expect([first?.quote, first?.state, second?.quote]).toEqual(['', 'dismissed', 'Ben was lovely.']);
  });
});

it('a command is read: who is praised, and what was said', () => {
  const mention = { by: 'account', externalId: 'U1' } as const;
  const read = (text: string) => {
    const tokens = text
      .split(/\s+/)
      .map((word): CommandToken => (word === '@m' ? { kind: 'person', hint: mention } : { kind: 'word', text: word }));
    return readQuote({ tokens, text });
  };
  const typed = (...names: string[]) => names.map((name) => ({ by: 'typed', typed: name }));
  expect(read('@m "So kind!"')).toEqual({ people: [mention], quote: 'So kind!' });
  expect(read('"So kind!" @m')).toEqual({ people: [mention], quote: 'So kind!' });
  expect(read('@m They said: lovely')).toEqual({ people: [mention], quote: 'They said: lovely' });
  expect(read('Ana Ozola, b@x.lv un @m „Ļoti  laipna, "tiešām".”')).toEqual({
    people: [...typed('Ana Ozola', 'b@x.lv'), mention],
    quote: 'Ļoti  laipna, "tiešām".',
  });
  expect(read('@Ana @Ben «Merci»')).toEqual({ people: typed('Ana', 'Ben'), quote: 'Merci' });
  expect(read('Ana "never closed')).toEqual({ people: typed('Ana'), quote: 'never closed' });
  expect(read('Ana')).toEqual({ people: [], quote: 'Ana' });
});
