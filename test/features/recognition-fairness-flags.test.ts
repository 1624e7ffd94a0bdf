import { beforeEach, describe, expect, it } from 'vitest';
import {
  BURST_SHARE,
  burstOf,
  COPIED_LEAST,
  endedMonth,
  type FlagEvidence,
  isCopied,
  isMutual,
  MUTUAL_LEAST,
  monthEnd,
} from '../../src/features/recognition/fairness/rules.js';
import { give } from '../../src/features/recognition/giving/give.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, cardsOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;
let ben: BuiltPerson;
let cy: BuiltPerson;

beforeEach(async () => {
  await database.reset();
  // Wednesday 10 March 2027, 11:00 in Riga.
  bot = await testBot({ now: '2027-03-10T09:00:00Z', database, organisation: { dailyCap: 50 } });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  ana = await bot.person({ name: 'Ana' });
  ben = await bot.person({ name: 'Ben' });
  cy = await bot.person({ name: 'Cy' });
  await aChannel(database.db, bot.organisation);
});

let count = 0;
/** Gives kudos with a reason of its own, unless one is given. */
async function kudos(from: BuiltPerson, to: BuiltPerson, more: { words?: string; points?: number; public?: boolean } = {}) {
  count += 1;
  return await give(
    { ...bot.work, organisation: bot.organisation },
    {
      giverId: from.id,
      receiverIds: [to.id],
      valueId: null,
      words: `for calming upset guest number ${count}`,
      points: 1,
      public: true,
      source: 'peer',
      ...more,
    },
  );
}
const times = async (many: number, act: () => Promise<unknown>) => {
  for (let index = 0; index < many; index++) {
    await act();
    bot.clock.forward({ seconds: 1 });
  }
};
const told = (person: BuiltPerson) =>
  bot
    .messagesTo(person)
    .filter((message) => /^recognition\.flag\./.test(keysIn(message.card)[0] ?? ''))
    .map((message) => message.card);
const flags = () => database.db.recognitionFlag.findMany({ orderBy: { createdAt: 'asc' } });

describe('flags', { timeout: 60_000 }, () => {
  it('tell managers of kudos back and forth, with the evidence, once', async () => {
    await times(MUTUAL_LEAST, () => kudos(ana, ben, { words: `for being so nice, again ${count}` }));
    await times(MUTUAL_LEAST - 1, () => kudos(ben, ana));
    await bot.runDue();
    expect(await flags()).toEqual([]);
    await kudos(ben, ana, { words: 'for something private', public: false });
    await bot.runDue();
    const [card, ...more] = told(boss);
    expect(more).toEqual([]);
    expect(keysIn(card)[0]).toBe('recognition.flag.mutual');
    expect(card?.rows).toHaveLength(6);
    expect(JSON.stringify(card)).toContain('so nice');
    expect(JSON.stringify(card)).not.toContain('something private');
    expect(keysIn(card)).toContain('recognition.flag.private');
    // Nobody is punished, and those whom it is about hear nothing of it.
    expect(told(ana)).toEqual([]);
    await kudos(ana, ben);
    bot.clock.forward({ days: 1 });
    await bot.runDue();
    expect(told(boss)).toHaveLength(1);
    expect(await flags()).toHaveLength(1);
    // Until somebody has seen it, it tells what has come since.
    const flag = await database.db.recognitionFlag.findFirstOrThrow();
    const { count: there, back } = flag.evidence as unknown as FlagEvidence;
    expect(flag.personIds[0] === ana.id ? [there, back] : [back, there]).toEqual([4, 3]);
  });

  it('tell of a reason that was copied, however it is written, and not of reactions', async () => {
    const words = ['Thank you for all your help', 'thank you, for ALL your help!', 'Thank  you for all your hélp'];
    await times(2, () => kudos(ana, ben, { words: '' }));
    for (const each of words.slice(0, 2)) await kudos(ana, ben, { words: each });
    await kudos(cy, ben, { words: words[0] ?? '' });
    await bot.runDue();
    expect(await flags()).toEqual([]);
    await kudos(ana, cy, { words: words[2] ?? '' });
    await bot.runDue();
    expect(keysIn(told(boss)[0])[0]).toBe('recognition.flag.copied');
    expect(await flags()).toMatchObject([{ kind: 'copied_reasons', evidence: { count: COPIED_LEAST } }]);
    // Seen once, it rests; a month later the same may be asked about again.
    const seen = await bot.as(boss).click('recognition.flag_seen');
    expect(keysIn(seen)).toContain('recognition.flag.seen_by');
    await kudos(ana, cy, { words: words[0] ?? '' });
    await bot.runDue();
    expect(await flags()).toHaveLength(1);
    bot.clock.forward({ days: 40 });
    await times(COPIED_LEAST, () => kudos(ana, cy, { words: words[0] ?? '' }));
    await bot.runDue();
    expect(await flags()).toHaveLength(2);
  });

  it('tell of an allowance that was given away in the last two days of a month', async () => {
    bot.clock.to('2027-03-29T09:00:00Z');
    await kudos(cy, ana, { points: 50 });
    bot.clock.to('2027-03-30T09:00:00Z');
    await kudos(ana, ben, { points: 30 });
    await kudos(ana, cy, { points: 25 });
    // A team is thanked, and too little is given.
    for (let index = 0; index < 5; index++) await kudos(ben, await bot.person(), { points: 20 });
    bot.clock.to('2027-03-31T20:59:00Z');
    await kudos(boss, ana, { points: 49 });
    // A minute after midnight in Riga it is April.
    bot.clock.to('2027-03-31T21:01:00Z');
    await kudos(boss, ben, { points: 50 });
    bot.clock.to('2027-04-01T09:00:00Z');
    await bot.runDue();
    expect(await flags()).toMatchObject([
      { kind: 'month_end_burst', personIds: [ana.id, ben.id, cy.id], evidence: { points: 55, allowance: 100, month: '2027-03', count: 2 } },
    ]);
    expect(keysIn(told(boss)[0])[0]).toBe('recognition.flag.burst');
    bot.clock.forward({ days: 1 });
    await bot.runDue();
    expect(await flags()).toHaveLength(1);
  });

  it('never go to a manager who is part of them, but to another one, or to owners', async () => {
    const owner = await bot.person({ name: 'Owner', role: 'owner' });
    await times(MUTUAL_LEAST, async () => [await kudos(ana, boss), await kudos(boss, ana)]);
    await bot.runDue();
    expect(told(boss)).toEqual([]);
    expect(told(owner)).toHaveLength(1);
    const [flag] = await flags();
    for (const id of ['recognition.flag_show', 'recognition.flag_seen']) {
      expect(keysIn(await bot.as(boss).press({ id, payload: { flagId: flag?.id ?? '' } }))[0]).toBe('recognition.errors.flag_not_yours');
    }
    expect(cardsOf(await bot.as(boss).command('kudos flags'))[0]?.rows).toEqual([]);
    const list = await bot.as(owner).command('kudos flags');
    expect(cardsOf(list)[0]?.rows).toHaveLength(1);
    // Two look at once: it was seen by one, and both see by whom.
    const vera = await bot.person({ name: 'Vera', role: 'manager' });
    const both = await Promise.all(
      [owner, vera].map(async (one) => await bot.as(one).press({ id: 'recognition.flag_seen', payload: { flagId: flag?.id ?? '' } })),
    );
    expect(both.every((answer) => keysIn(answer).includes('recognition.flag.seen_by'))).toBe(true);
    expect(await database.db.auditEvent.count({ where: { verb: 'recognition.flag_seen' } })).toBe(1);
    bot.clock.forward({ seconds: 5 });
    await bot.runDue();
    expect(told(owner).flatMap(buttonsOf)).toEqual([]);
  });

  it('count neither what was taken back nor what customers said', async () => {
    await times(MUTUAL_LEAST, () => kudos(ana, ben));
    await times(MUTUAL_LEAST, () => kudos(ben, ana));
    const { id } = await database.db.kudos.findFirstOrThrow();
    await database.db.kudos.updateMany({ where: { id }, data: { state: 'taken_back' } });
    await database.db.kudosReceiver.updateMany({ where: { kudosId: id }, data: { state: 'taken_back' } });
    await bot.runDue();
    expect(await flags()).toEqual([]);
    await database.db.kudos.updateMany({ where: { id }, data: { state: 'given', source: 'customer' } });
    await database.db.kudosReceiver.updateMany({ where: { kudosId: id }, data: { state: 'given' } });
    await bot.runDue();
    expect(await flags()).toEqual([]);
  });
});

describe('the rules', () => {
  it('of exchanges and copies are named bounds', () => {
    expect([
      isMutual(MUTUAL_LEAST, MUTUAL_LEAST),
      isMutual(100, MUTUAL_LEAST - 1),
      isCopied(COPIED_LEAST),
      isCopied(COPIED_LEAST - 1),
    ]).toEqual([true, false, true, false]);
  });

  it('of the month’s end ask for most of an allowance on one or two people', () => {
    const spent = (...points: number[]) => points.map((each, index) => ({ personId: `p${index}`, points: each }));
    expect(burstOf(spent(10, 100 * BURST_SHARE), 100)).toEqual({ personIds: ['p1'], points: 50 });
    expect(burstOf(spent(25, 5, 25), 100)).toEqual({ personIds: ['p0', 'p2'], points: 50 });
    expect(burstOf(spent(24, 24, 24, 24), 100)).toBeUndefined();
    expect(burstOf(spent(0), 0)).toBeUndefined();
  });

  it('know where a month ends, also where the clocks change', () => {
    expect(monthEnd('2027-03', 'Europe/Riga')).toEqual({ from: new Date('2027-03-29T21:00:00Z'), to: new Date('2027-03-31T21:00:00Z') });
    expect(monthEnd('2026-12', 'Asia/Kolkata').to).toEqual(new Date('2026-12-31T18:30:00Z'));
    expect(['2027-04-01', '2027-01-03', '2027-04-04'].map(endedMonth)).toEqual(['2027-03', '2026-12', undefined]);
  });
});
