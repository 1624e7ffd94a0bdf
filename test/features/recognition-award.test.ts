import { beforeEach, describe, expect, it } from 'vitest';
import { type Award, auditLedger, award, takeBackAward } from '../../src/features/recognition/index.js';
import { balanceOf } from '../../src/features/recognition/ledger/store-ledger.js';
import { redeem } from '../../src/features/recognition/rewards/redeem.js';
import { createReward } from '../../src/features/recognition/rewards/store-rewards.js';
import { inTransaction } from '../../src/people/db.js';
import { newId } from '../../src/people/ids.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { keysIn, type TestBot, testBot } from '../support/test-bot.js';

// Points that nobody gives: for attending or hosting a seminar.

const database = useDatabase();
const NOW = '2027-03-02T09:00:00Z';
let bot: TestBot;
let ana: BuiltPerson;
let ben: BuiltPerson;
let host: BuiltPerson;
const ORIGIN = 'seminar:0193b5c0-0000-7000-8000-000000000001:attended';

beforeEach(async () => {
  await database.reset();
  bot = await testBot({ now: NOW, database });
  ana = await bot.person({ name: 'Ana' });
  ben = await bot.person({ name: 'Ben' });
  host = await bot.person({ name: 'Host', role: 'owner' });
});

const organisationId = () => bot.organisation.id;
const within = <T>(act: (context: Parameters<typeof award>[0]) => Promise<T>): Promise<T> =>
  inTransaction(database.db, async (tx) => await act({ ...bot.work, organisation: bot.organisation, tx }));
const give = (personIds: readonly string[], more: Partial<Award> = {}) =>
  within((context) => award(context, { personIds, points: 10, reasonCode: 'seminar_attended', originKey: ORIGIN, ...more }));
const takeBack = (personId: string, originKey = ORIGIN) =>
  within((context) => takeBackAward(context, { originKey, personId, byId: host.id }));
const balance = async (person: BuiltPerson) => (await balanceOf(database.db, organisationId(), { kind: 'balance', owner: person.id })) ?? 0;

async function spend(person: BuiltPerson, price: number): Promise<void> {
  const draft = { name: 'Mug', description: '', emoji: '🎁', audience: { kind: 'everyone' as const }, moneyMinor: null, currency: 'EUR' };
  const reward = { ...draft, price, stock: null, perPersonLimit: null, needsApproval: false, fulfillerId: host.id };
  const rewardId = await inTransaction(database.db, (tx) => createReward(tx, organisationId(), host.id, reward, bot.clock.now()));
  await redeem(
    { ...bot.work, organisation: bot.organisation },
    { personId: person.id, rewardId, price, requestKey: newId(bot.clock.now()) },
  );
}

describe('an award', () => {
  it('is given once for one act, however often it is asked for', async () => {
    expect([...(await give([ana.id, ben.id]))].sort()).toEqual([ana.id, ben.id].sort());
    expect(await give([ana.id, ben.id])).toEqual([]);
    await give([host.id], { reasonCode: 'seminar_hosted', points: 25, originKey: ORIGIN.replace('attended', 'hosted') });
    expect([await balance(ana), await balance(ben), await balance(host)]).toEqual([10, 10, 25]);
    // Another act is another award.
    expect(await give([ana.id], { originKey: ORIGIN.replace('0001', '0002') })).toEqual([ana.id]);
    expect(await auditLedger(database.db, organisationId())).toEqual([]);
  });

  it('is given once when two processes give it at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => give([ana.id, ben.id, host.id])));
    expect(results.filter((awarded) => awarded.length > 0)).toHaveLength(1);
    expect([await balance(ana), await balance(ben), await balance(host)]).toEqual([10, 10, 10]);
    expect(await auditLedger(database.db, organisationId())).toEqual([]);
  });

  it('is not given with a transaction that fails, nor to whoever left or is of another organisation', async () => {
    const failing = within(async (context) => {
      await award(context, { personIds: [ana.id], points: 10, reasonCode: 'seminar_attended', originKey: ORIGIN });
      throw new Error('The date was cancelled.');
    });
    await expect(failing).rejects.toThrow('cancelled');
    expect(await balance(ana)).toBe(0);
    const stranger = await (await testBot({ now: NOW, database })).person({ name: 'Stranger' });
    await database.db.person.update({
      where: { organisationId_id: { organisationId: organisationId(), id: ben.id } },
      data: { status: 'left' },
    });
    expect(await give([ana.id, ben.id, stranger.id])).toEqual([ana.id]);
    expect(await database.db.award.count()).toBe(1);
  });

  it('refuses what are no points', async () => {
    for (const points of [0, -5, 1.5]) await expect(give([ana.id], { points })).rejects.toThrow(RangeError);
    expect(await give([])).toEqual([]);
    expect(await database.db.ledgerMovement.count()).toBe(0);
  });

  it('is taken back as far as it is not spent, once, and can be given again', async () => {
    await give([ana.id, ben.id]);
    await spend(ana, 7);
    expect(await takeBack(ana.id)).toBe(true);
    expect(await takeBack(ana.id)).toBe(false);
    expect(await takeBack(ana.id, 'seminar:none:attended')).toBe(false);
    expect(await balance(ana)).toBe(0);
    // Seven were spent: they are the organisation's loss.
    const entries = await database.db.ledgerEntry.findMany({ where: { movement: { kind: 'take_back' } }, include: { account: true } });
    expect(entries.map(({ amount, account }) => [account.kind, amount]).sort()).toEqual([
      ['balance', -3],
      ['issued', 10],
      ['loss', -7],
    ]);
    expect(await balance(ben)).toBe(10);
    expect(await give([ana.id, ben.id])).toEqual([ana.id]);
    expect(await balance(ana)).toBe(10);
    expect(await auditLedger(database.db, organisationId())).toEqual([]);
  });

  it('stands in the own history and in the file for the books, with what it is for', async () => {
    await give([ana.id]);
    await give([ana.id], { reasonCode: 'seminar_hosted', points: 25, originKey: `${ORIGIN}:hosted` });
    await takeBack(ana.id);
    const mine = keysIn(await bot.as(ana).command('kudos me'));
    expect(mine).toEqual(
      expect.arrayContaining(['recognition.me.row_attended', 'recognition.me.row_hosted', 'recognition.me.row_award_back']),
    );
    const exported = await bot.as(host).command('kudos export movements 2027');
    if (exported.kind !== 'file') throw new Error('No file.');
    const csv = Buffer.from(exported.file.content).toString();
    for (const reason of ['seminar_attended', 'seminar_hosted', 'award_taken_back']) expect(csv).toContain(reason);
  });
});
