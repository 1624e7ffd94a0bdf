import { beforeEach, describe, expect, it } from 'vitest';
import { auditLedger, balanceOf } from '../../src/features/recognition/ledger/store-ledger.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { hostile } from '../support/hostile.js';
import { hintOf, keysIn, refusedWith, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let owner: BuiltPerson;
let ana: BuiltPerson;

beforeEach(async () => {
  await database.reset();
  // Wednesday 10 March 2027, 11:00 in Riga.
  bot = await testBot({ now: '2027-03-10T09:00:00Z', database });
  owner = await bot.person({ name: 'Owner', role: 'owner' });
  ana = await bot.person({ name: 'Ana Ozola' });
});

const balance = async (person: BuiltPerson) =>
  (await balanceOf(database.db, bot.organisation.id, { kind: 'balance', owner: person.id })) ?? 0;
const correct = async (typed: string) => await bot.as(owner).command(`kudos correct ${typed}`);

describe('a correction', { timeout: 60_000 }, () => {
  it('is a new entry that the person hears of, with the reason', async () => {
    expect(keysIn(await correct('Ana Ozola +20 Lost at the tombola +5'))[0]).toBe('recognition.correct.done');
    await bot.runDue();
    expect(await balance(ana)).toBe(20);
    expect(keysIn(bot.messagesTo(ana)[0]?.card)[0]).toBe('recognition.corrected.more');
    expect(JSON.stringify(bot.messagesTo(ana)[0]?.card)).toContain('Lost at the tombola +5');
    await correct('@Ana −5 counted twice');
    await bot.runDue();
    expect(await balance(ana)).toBe(15);
    expect(keysIn(bot.messagesTo(ana)[1]?.card)[0]).toBe('recognition.corrected.less');
    const movements = await database.db.ledgerMovement.findMany();
    expect(movements.map(({ kind, actorId, reason }) => ({ kind, actorId, reason }))).toEqual(
      Array(2).fill({ kind: 'correction', actorId: owner.id, reason: 'owner_correction' }),
    );
    const audited = await database.db.auditEvent.findMany({ where: { verb: 'recognition.points_corrected' } });
    expect(audited.map(({ subjectId, data }) => [subjectId, (data as { amount: number }).amount]).sort()).toEqual(
      [
        [ana.id, -5],
        [ana.id, 20],
      ].sort(),
    );
    expect(JSON.stringify(audited)).not.toContain('tombola');
    expect(await auditLedger(database.db, bot.organisation.id)).toEqual([]);
  });

  it('never goes below zero, however many come at once', async () => {
    await correct('Ana +20 a start');
    const answers = await Promise.all(Array.from({ length: 5 }, () => correct('Ana -8 too much')));
    expect(answers.filter((answer) => keysIn(answer)[0] === 'recognition.correct.done')).toHaveLength(2);
    expect(answers.filter((answer) => keysIn(answer)[0] === 'recognition.errors.correct_too_few')).toHaveLength(3);
    expect(await balance(ana)).toBe(4);
    expect(await auditLedger(database.db, bot.organisation.id)).toEqual([]);
  });

  it.each([
    ['Ana +20', 'recognition.errors.correct_reason'],
    ['Ana +0 nothing', 'recognition.errors.correct_amount'],
    ['Ana +2.5 a half', 'recognition.errors.correct_amount'],
    ['Ana +1000000000000 a fortune', 'recognition.errors.correct_amount'],
    ['Ana +10001 a fortune', 'recognition.errors.correct_amount'],
    ['Ana -1 too little', 'recognition.errors.correct_too_few'],
    ['Ana plenty of points', 'recognition.errors.correct_how'],
    ['+20 for nobody', 'recognition.errors.correct_how'],
    ['Nobody +20 a reason', 'recognition.errors.whom_unknown'],
    ['Owner +20 for myself', 'recognition.errors.correct_self'],
    ['Ana, Owner +20 for two', 'recognition.errors.correct_whom'],
    ['Anna +20 which one', 'recognition.errors.whom_unsure'],
  ])('says what has to be mended (%s)', async (typed, error) => {
    await bot.person({ name: 'Anna Kalna' });
    await bot.person({ name: 'Anna Liepa' });
    expect(keysIn(await correct(typed))[0]).toBe(error);
    expect(await database.db.ledgerMovement.count()).toBe(0);
  });

  it('is typed into a form too, and shown as it was typed', async () => {
    const form = await bot.as(owner).command('kudos correct');
    const filled = { person: [hintOf(ana)], amount: '20', words: hostile(1000) };
    const submit = async (values: object) => await bot.as(owner).submit(form, { ...filled, ...values });
    expect(refusedWith(await submit({ person: [], amount: '', words: '' }))).toEqual({
      person: 'recognition.errors.correct_whom',
      amount: 'recognition.errors.correct_amount_missing',
      words: 'recognition.errors.correct_reason',
    });
    expect(refusedWith(await submit({ amount: '1e3' }))).toEqual({ amount: 'recognition.errors.correct_amount' });
    expect(refusedWith(await submit({ amount: '-3' }))).toEqual({ amount: 'recognition.errors.correct_too_few' });
    expect(refusedWith(await submit({ person: [hintOf(owner)] }))).toEqual({ person: 'recognition.errors.correct_self' });
    expect(refusedWith(await submit({ person: [{ by: 'typed', typed: 'Nobody' }] }))).toEqual({
      person: 'recognition.errors.whom_unknown',
    });
    expect(keysIn(await submit({}))[0]).toBe('recognition.correct.done');
    await bot.runDue();
    expect(JSON.stringify(bot.messagesTo(ana)[0]?.card)).toContain(JSON.stringify(hostile(1000)).slice(1, 300));
  });

  it('is for owners', async () => {
    const boss = await bot.person({ name: 'Boss', role: 'manager' });
    for (const person of [boss, ana])
      expect(keysIn(await bot.as(person).command('kudos correct Ana +20 why'))[0]).toBe('core.errors.role_needed');
  });

  it('loses its words when the person is erased; its entries stay', async () => {
    await correct('Ana +20 a start');
    await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left', leftAt: bot.clock.now() } });
    await bot.as(owner).click('bellhop.erase', await bot.as(owner).command('bellhop erase Ana'));
    expect(await database.db.ledgerNote.count()).toBe(0);
    expect(await balance(ana)).toBe(20);
    expect(await auditLedger(database.db, bot.organisation.id)).toEqual([]);
  });
});
