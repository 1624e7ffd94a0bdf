import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { Answer } from '../../src/core/reply.js';
import { plain } from '../../src/core/text.js';
import { takeBack } from '../../src/features/recognition/giving/close.js';
import { type Gift, give } from '../../src/features/recognition/giving/give.js';
import { post } from '../../src/features/recognition/ledger/store-ledger.js';
import { periodText } from '../../src/features/recognition/seeing/parts.js';
import { mondayOf, periodBefore, ranked, trendOf, weekBefore } from '../../src/features/recognition/seeing/rules.js';
import { listValues } from '../../src/features/recognition/store-settings.js';
import { inTransaction } from '../../src/people/db.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { BUILT_AT, type BuiltPerson, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { buttonsOf, cardsOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;
let ben: BuiltPerson;
let cy: BuiltPerson;

async function begin(now: string): Promise<void> {
  await database.reset();
  bot = await testBot({ now, database });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  ana = await bot.person({ name: 'Ana Ozola' });
  ben = await bot.person({ name: 'Ben Kalns' });
  cy = await bot.person({ name: 'Cy Liepa' });
}

// Monday 1 March 2027, 11:00 in Riga.
beforeEach(async () => await begin('2027-03-01T09:00:00Z'));

async function thank(giver: BuiltPerson, receivers: readonly BuiltPerson[], points: number, more: Partial<Gift> = {}): Promise<string> {
  const gift = { giverId: giver.id, receiverIds: receivers.map(({ id }) => id), valueId: null, words: 'calming an upset guest', points };
  return await give({ ...bot.work, organisation: bot.organisation }, { ...gift, public: true, source: 'peer', ...more });
}

const cardOf = (answer: Answer): Card => {
  const [card] = cardsOf(answer);
  if (!card) throw new Error(`No card: ${JSON.stringify(answer)}`);
  return card;
};
const rowsOf = (answer: Answer) => (cardOf(answer).rows ?? []).map((row) => text(row.text));
const factsOf = (answer: Answer) =>
  (cardOf(answer).facts ?? []).map(({ label, value }) => `${text(label)}: ${text(value)}`.replaceAll('recognition.me.', ''));
const leadOf = (answer: Answer) => (cardOf(answer).lead ? text(cardOf(answer).lead as never) : '');
const footerOf = (answer: Answer) => (cardOf(answer).footer ? text(cardOf(answer).footer as never) : '');
const short = (shown: string) => shown.replaceAll(/(recognition|core)\./g, '');

async function valueId(code: string): Promise<string> {
  const found = (await listValues(database.db, bot.organisation.id)).find((value) => value.code === code);
  if (!found) throw new Error(`There is no value ${code}.`);
  return found.id;
}

describe('/kudos me', () => {
  it('shows whoever has nothing yet what there is to give: more to those who lead', async () => {
    expect(short(leadOf(await bot.as(ana).command('kudos me')))).toBe('me.lead(balance=0, left=100)');
    expect(short(leadOf(await bot.as(boss).command('kudos me')))).toBe('me.lead(balance=0, left=200)');
    await bot.person({ name: 'Dace', lineManager: cy });
    expect(short(leadOf(await bot.as(cy).command('kudos me')))).toBe('me.lead(balance=0, left=200)');
    await database.db.recognitionSettings.create({ data: { organisationId: bot.organisation.id, allowance: 0 } });
    expect(short(leadOf(await bot.as(ana).command('kudos me')))).toBe('me.lead(balance=0, left=0)');
    expect(rowsOf(await bot.as(ana).command('kudos me'))).toEqual([]);
  });

  it('tells balance, allowance, what was given and received, and the movements in words, the newest first', async () => {
    await thank(ana, [ben], 10);
    bot.clock.forward({ minutes: 1 });
    await thank(ana, [ben, cy], 0, { words: 'staying late' });
    bot.clock.forward({ minutes: 1 });
    await thank(boss, [ben], 20, { source: 'customer', words: 'Ben found my bag.' });
    bot.clock.forward({ minutes: 1 });
    const regretted = await thank(cy, [ben], 5, { words: 'something quickly regretted' });
    bot.clock.forward({ minutes: 1 });
    await takeBack({ ...bot.work, organisation: bot.organisation }, regretted, { personId: cy.id }, 'taken_back', 'giver');
    const mine = await bot.as(ben).command('kudos me');
    expect(short(leadOf(mine))).toBe('me.lead(balance=30, left=100)');
    expect(factsOf(mine)).toEqual([
      'received: counts(kudos=3, points=30)',
      'given: counts(kudos=0, points=0)',
      'received_in_all: counts(kudos=3, points=30)',
      'given_in_all: counts(kudos=0, points=0)',
    ]);
    expect(rowsOf(mine).map(short)).toEqual([
      'me.row_taken_back(points=5, person=Cy Liepa)',
      'me.row_give(points=5, person=Cy Liepa)',
      'me.row_customer(points=20)',
      'me.row_give(points=0, person=Ana Ozola)',
      'me.row_give(points=10, person=Ana Ozola)',
    ]);
    const details = (cardOf(mine).rows ?? []).map((row) => text(row.detail as never));
    expect(details).toEqual([
      '2027-03-01',
      '2027-03-01',
      'Ben found my bag. · 2027-03-01',
      'staying late · 2027-03-01',
      'calming an upset guest · 2027-03-01',
    ]);
    const hers = await bot.as(ana).command('kudos me');
    expect(short(leadOf(hers))).toBe('me.lead(balance=0, left=90)');
    expect(factsOf(hers)[1]).toBe('given: counts(kudos=2, points=10)');
    // What a customer said is nobody's gift.
    expect(factsOf(await bot.as(boss).command('kudos me'))[3]).toBe('given_in_all: counts(kudos=0, points=0)');
    const given = await bot.as(ana).press({ id: 'recognition.me', payload: { view: 'given', offset: 0 } });
    expect(rowsOf(given).map(short)).toEqual([
      'me.row_given(people=Ben Kalns, Cy Liepa, points=0, receivers=2)',
      'me.row_given(people=Ben Kalns, points=10, receivers=1)',
    ]);
  });

  it('tells of rewards and corrections, and what is set aside', async () => {
    await thank(ana, [ben], 50);
    const { organisation } = bot;
    const reward = {
      organisationId: organisation.id,
      id: '00000000-0000-7000-8000-000000000001',
      name: 'Coffee',
      description: '',
      emoji: '☕',
    };
    await database.db.reward.create({
      data: {
        ...reward,
        price: 30,
        audienceKind: 'everyone',
        currency: 'EUR',
        fulfillerId: boss.id,
        needsApproval: false,
        createdAt: BUILT_AT,
        createdById: boss.id,
      },
    });
    const redemptionId = '00000000-0000-7000-8000-000000000002';
    await database.db.redemption.create({
      data: {
        organisationId: organisation.id,
        id: redemptionId,
        rewardId: reward.id,
        personId: ben.id,
        state: 'requested',
        rewardName: 'Coffee',
        price: 30,
        currency: 'EUR',
        requestedAt: BUILT_AT,
        requestKey: 'a',
      },
    });
    const move = async (
      kind: 'redeem' | 'refund' | 'correction',
      from: 'balance' | 'reserved' | 'issued',
      to: 'balance' | 'reserved' | 'issued',
      amount: number,
    ) => {
      bot.clock.forward({ minutes: 1 });
      const owner = (account: string) => (account === 'issued' ? organisation.id : ben.id);
      await inTransaction(
        database.db,
        async (tx) =>
          await post(
            tx,
            {
              organisationId: organisation.id,
              kind,
              actorId: boss.id,
              ...(kind === 'correction' ? {} : { redemptionId }),
              entries: [
                { kind: from, owner: owner(from), amount: -amount },
                { kind: to, owner: owner(to), amount },
              ],
            },
            bot.clock.now(),
          ),
      );
    };
    await move('redeem', 'balance', 'reserved', 30);
    expect(short(leadOf(await bot.as(ben).command('kudos me')))).toBe('me.lead_reserved(balance=20, left=100, reserved=30)');
    await move('refund', 'reserved', 'balance', 30);
    await move('correction', 'issued', 'balance', 7);
    await move('correction', 'balance', 'issued', 1);
    expect(rowsOf(await bot.as(ben).command('kudos me')).map(short)).toEqual([
      'me.row_corrected_down(points=1, person=Boss)',
      'me.row_corrected_up(points=7, person=Boss)',
      'me.row_refunded(points=30, reward=Coffee)',
      'me.row_redeemed(points=30, reward=Coffee)',
      'me.row_give(points=50, person=Ana Ozola)',
    ]);
  });

  it('pages by seven, to both ends', async () => {
    for (let index = 0; index < 16; index++) {
      bot.clock.forward({ minutes: 1 });
      await thank(ana, [ben], index % 2, { words: `number ${index} of all of them` });
    }
    const words = (answer: Answer) => (cardOf(answer).rows ?? []).map((row) => Number(text(row.detail as never).split(' ')[1]));
    const first = await bot.as(ben).command('kudos me');
    const second = await bot.as(ben).press(buttonsOf(cardOf(first))[0] ?? null);
    const third = await bot.as(ben).press(buttonsOf(cardOf(second))[0] ?? null);
    expect([first, second, third].map(words)).toEqual([
      [15, 14, 13, 12, 11, 10, 9],
      [8, 7, 6, 5, 4, 3, 2],
      [1, 0],
    ]);
    expect(short(footerOf(third))).toBe('rows.shown_of(from=15, to=16, total=16)');
    expect(await bot.as(ben).press(buttonsOf(cardOf(third))[0] ?? null)).toEqual({ kind: 'update', card: cardOf(second) });
    const given = await bot.as(ana).press({ id: 'recognition.me', payload: { view: 'given', offset: 14 } });
    expect(words(given)).toEqual([1, 0]);
  });

  it('counts the month in the organisation’s zone: its last hour and the next one’s first', async () => {
    // Midnight in Riga is 21:00 UTC in summer: 31 March, 23:59, and 1 April.
    await begin('2027-03-31T20:59:00Z');
    await thank(ana, [ben], 10);
    bot.clock.forward({ minutes: 2 });
    expect(short(leadOf(await bot.as(ana).command('kudos me')))).toBe('me.lead(balance=0, left=100)');
    await thank(ana, [ben], 5);
    expect(factsOf(await bot.as(ben).command('kudos me'))).toEqual([
      'received: counts(kudos=1, points=5)',
      'given: counts(kudos=0, points=0)',
      'received_in_all: counts(kudos=2, points=15)',
      'given_in_all: counts(kudos=0, points=0)',
    ]);
    expect(short(leadOf(await bot.as(ana).command('kudos me')))).toBe('me.lead(balance=0, left=95)');
    const months = [
      await bot.as(cy).command('kudos top'),
      await bot.as(cy).press({ id: 'recognition.top', payload: { period: '2027-03' } }),
    ];
    expect(months.map((answer) => text(cardOf(answer).rows?.[0]?.detail as never))).toEqual([
      'recognition.me.counts(kudos=1, points=5)',
      'recognition.me.counts(kudos=1, points=10)',
    ]);
  });
});

describe('/kudos top', () => {
  it('ranks people by the points of public kudos; who has as many shares the place', async () => {
    const dace = await bot.person({ name: 'Dace' });
    await thank(ana, [ben, cy], 20);
    await thank(boss, [ana], 30);
    await thank(boss, [dace], 10);
    // Seen by nobody else, so it moves nobody up.
    await thank(boss, [dace], 40, { public: false });
    const top = await bot.as(dace).command('kudos top');
    expect(rowsOf(top).map(short)).toEqual([
      'top.row(rank=1, name=Ana Ozola)',
      'top.row(rank=2, name=Ben Kalns)',
      'top.row(rank=2, name=Cy Liepa)',
      'top.row(rank=4, name=Dace)',
    ]);
    expect(short(footerOf(top))).toBe('top.own(rank=4, points=10)');
    expect(footerOf(await bot.as(boss).command('kudos top'))).toBe('');
  });

  it('leaves out who left the leaderboards or the organisation, and their places too', async () => {
    await thank(boss, [ana], 40);
    await thank(boss, [ben], 30);
    await thank(boss, [cy], 20);
    await bot.as(ana).click('recognition.leaderboards', await bot.as(ana).command('kudos me'));
    await database.db.person.updateMany({ where: { id: ben.id }, data: { status: 'left' } });
    expect(rowsOf(await bot.as(cy).command('kudos top')).map(short)).toEqual(['top.row(rank=1, name=Cy Liepa)']);
    expect(short(footerOf(await bot.as(cy).command('kudos top')))).toBe('top.own(rank=1, points=20)');
    // Nobody off the leaderboards is told a place.
    expect(footerOf(await bot.as(ana).command('kudos top'))).toBe('');
    expect(short(footerOf(await bot.as(ana).command('kudos me')))).toBe('me.off');
    await bot.as(ana).click('recognition.leaderboards', await bot.as(ana).command('kudos me'));
    expect(rowsOf(await bot.as(cy).command('kudos top')).map(short)[0]).toBe('top.row(rank=1, name=Ana Ozola)');
  });

  it('goes by quarter, year, value and team, in words of any order and by buttons', async () => {
    const { db } = database;
    const team = await db.team.create({
      data: { organisationId: bot.organisation.id, id: '00000000-0000-7000-8000-00000000000a', name: 'Reception', createdAt: BUILT_AT },
    });
    await db.person.updateMany({ where: { id: { in: [ana.id, ben.id] } }, data: { teamId: team.id } });
    await thank(cy, [ana], 10, { valueId: await valueId('ownership') });
    await thank(cy, [ben], 20, { valueId: await valueId('speed') });
    bot.clock.to('2027-04-05T09:00:00Z');
    expect(keysIn(cardOf(await bot.as(cy).command('kudos top')).lead)).toEqual(['recognition.top.nobody']);
    expect(rowsOf(await bot.as(cy).command('kudos top quarter'))).toEqual([]);
    const year = await bot.as(cy).command('kudos top #Ownership year');
    expect(rowsOf(year).map(short)).toEqual(['top.row(rank=1, name=Ana Ozola)']);
    expect(keysIn(cardOf(year).title)).toContain('recognition.values.ownership');
    const teams = await bot.as(cy).command('kudos top teams year');
    expect(rowsOf(teams).map(short)).toEqual(['top.row(rank=1, name=Reception)']);
    expect(text(cardOf(teams).rows?.[0]?.detail as never)).toBe('recognition.me.counts(kudos=2, points=30)');
    expect(rowsOf(await bot.as(cy).command('kudos top own team year')).map(short)).toEqual(['top.row(rank=1, name=Reception)']);
    const before = await bot.as(cy).press({ id: 'recognition.top', payload: { period: periodBefore('2027-04') } });
    expect(rowsOf(before)).toHaveLength(2);
    const values = await bot.as(cy).click('recognition.top_values', before);
    expect(cardOf(values).rows).toHaveLength(5);
    const speed = await bot.as(cy).press(cardOf(values).rows?.[4]?.action?.ref ?? null);
    expect(rowsOf(speed).map(short)).toEqual(['top.row(rank=1, name=Ben Kalns)']);
    expect(keysIn(await bot.as(cy).command('kudos top nonsense'))[0]).toBe('recognition.errors.top_unknown');
    expect(await bot.as(cy).press({ id: 'recognition.top', payload: { period: '2027-13' } })).toMatchObject({ kind: 'home' });
  });

  it('pages, and goes no deeper than the first seventy', async () => {
    const { db } = database;
    const crowd = await Promise.all(
      Array.from({ length: 80 }, async (_, index) => await bot.person({ name: `P${String(index).padStart(2, '0')}`, platform: null })),
    );
    await db.kudosTally.createMany({
      data: crowd.map(({ id }, index) => ({
        organisationId: bot.organisation.id,
        period: '2027-03',
        subjectKind: 'person',
        subjectId: id,
        receivedPoints: 100 - index,
        receivedCount: 1,
      })),
    });
    let page = await bot.as(ana).command('kudos top');
    const seen = rowsOf(page);
    for (let turns = 0; turns < 20; turns++) {
      const more = cardOf(page).actions?.find((action) => keysIn(action.label)[0] === 'core.rows.more');
      if (more?.kind !== 'button') break;
      page = await bot.as(ana).press(more.ref);
      seen.push(...rowsOf(page));
    }
    expect(seen.map(short)).toEqual(
      Array.from({ length: 70 }, (_, index) => `top.row(rank=${index + 1}, name=P${String(index).padStart(2, '0')})`),
    );
  });
});

describe('App Home', () => {
  it('shows the points, what is left to give, and the last thanks', async () => {
    const section = async () => cardsOf(await bot.as(ben).home()).find((card) => keysIn(card.title)[0] === 'recognition.home.title');
    expect((await section())?.facts).toBeUndefined();
    await thank(ana, [ben], 10, { public: false });
    const card = await section();
    expect(text(card?.lead as never)).toBe('recognition.me.lead(balance=10, left=100)');
    expect(card?.facts?.map(({ value }) => text(value))).toEqual(['Ana Ozola · calming an upset guest · 2027-03-01']);
    expect(keysIn(await bot.as(ben).click('recognition.me', card))).toContain('recognition.me.title');
    expect(await bot.as(ben).click('recognition.give_open', card)).toMatchObject({ kind: 'form' });
  });
});

describe('the rules', () => {
  it('share places, step back over years, and know weeks over both changes of clocks', () => {
    expect(ranked([9, 7, 7, 1, 1, 0].map((points) => ({ points }))).map(({ rank }) => rank)).toEqual([1, 2, 2, 4, 4, 6]);
    expect(['2027-01', '2027-Q1', '2027', '2027-Q3'].map(periodBefore)).toEqual(['2026-12', '2026-Q4', '2026', '2027-Q2']);
    expect(['2027-03-01', '2027-03-07', '2027-03-08'].map(mondayOf)).toEqual(['2027-03-01', '2027-03-01', '2027-03-08']);
    const hours = (week: string) => {
      const { from, to } = weekBefore(week, 'Europe/Riga');
      return (to.getTime() - from.getTime()) / 3_600_000;
    };
    expect(['2027-03-22', '2027-03-29', '2027-11-01'].map(hours)).toEqual([168, 167, 169]);
  });

  it('call a change a change only where there are enough people', () => {
    const findings = { people: 10, reached: 6, peopleBefore: 10, reachedBefore: 4, kudos: 0, silent: 0 };
    const none = { teamLow: null, teamLowShare: null, teamHigh: null, teamHighShare: null };
    const nowhere = { locationLow: null, locationLowShare: null, locationHigh: null, locationHighShare: null };
    const trend = (more: object) => trendOf({ ...findings, ...none, ...nowhere, ...more });
    expect([trend({}), trend({ reached: 3 }), trend({ reached: 4 }), trend({ peopleBefore: 4 }), trend({ people: 4, reached: 4 })]).toEqual(
      ['up', 'down', 'same', 'unknown', 'unknown'],
    );
  });

  it('speak of points and months as people do', () => {
    const localise = createLocaliser();
    const say = (locale: string, shown: Parameters<typeof plain>[0] | ReturnType<typeof periodText>) =>
      plain(localise(shown as ReturnType<typeof periodText>, { locale, zone: 'UTC' }));
    expect(['2027-03', '2027-Q4', '2027'].map((period) => say('en', periodText(period)))).toEqual([
      'March 2027',
      'October to December 2027',
      '2027',
    ]);
    expect(['2027-03', '2027-Q4', '2027'].map((period) => say('lv', periodText(period)))).toEqual([
      '2027. gada marts',
      '2027. gada oktobris–decembris',
      '2027. gads',
    ]);
    const lead = (locale: string, count: number) =>
      plain(localise({ kind: 'key', key: 'recognition.me.counts', params: { kudos: count, points: count } }, { locale, zone: 'UTC' }));
    expect([0, 1, 2, 21].map((count) => lead('lv', count))).toEqual([
      '0 pateicību, 0 punktu',
      '1 pateicība, 1 punkts',
      '2 pateicības, 2 punkti',
      '21 pateicība, 21 punkts',
    ]);
    expect([0, 1, 2].map((count) => lead('en', count))).toEqual(['0 kudos, 0 points', '1 kudos, 1 point', '2 kudos, 2 points']);
  });
});
