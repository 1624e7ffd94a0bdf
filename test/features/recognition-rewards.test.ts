import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';
import { recognition } from '../../src/features/recognition/index.js';
import { auditLedger, balanceOf } from '../../src/features/recognition/ledger/store-ledger.js';
import { inTransaction } from '../../src/people/db.js';
import { erasePerson } from '../../src/people/erase.js';
import { type BuiltPerson, manyPeople } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { addReward, award, lookAt, redeemAs, rewardValues } from '../support/rewards.js';
import { buttonsOf, cardsOf, fileOf, hintOf, keysIn, refusedWith, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

let bot: TestBot;
let owner: BuiltPerson;
let boss: BuiltPerson;
let lead: BuiltPerson;
let ana: BuiltPerson;
beforeEach(async () => {
  await database.reset();
  // Monday 1 March 2027, 11:00 in Riga.
  bot = await testBot({ now: '2027-03-01T09:00:00Z', database });
  owner = await bot.person({ name: 'Olga Owner', role: 'owner' });
  boss = await bot.person({ name: 'Boris Boss', role: 'manager' });
  lead = await bot.person({ name: 'Lina Lead', role: 'manager' });
  ana = await bot.person({ name: 'Ana Ozola', lineManager: lead });
});

afterEach(async () => {
  // Whatever happened: the ledger balances, and what is put aside belongs to what is open.
  expect(await auditLedger(database.db, bot.organisation.id)).toEqual([]);
  const open = await database.db.redemption.groupBy({
    by: ['personId'],
    where: { state: { in: ['requested', 'approved'] } },
    _sum: { price: true },
  });
  const reserved = await database.db.ledgerAccount.findMany({ where: { kind: 'reserved', balance: { gt: 0 } } });
  expect(Object.fromEntries(reserved.map((account) => [account.ownerId, account.balance]))).toEqual(
    Object.fromEntries(open.map((row) => [row.personId, row._sum.price])),
  );
});

const points = async (person: { readonly id: string }, kind: 'balance' | 'reserved' = 'balance') =>
  (await balanceOf(database.db, bot.organisation.id, { kind, owner: person.id })) ?? 0;
const stock = async (id: string) => (await database.db.reward.findFirstOrThrow({ where: { id } })).stock;
const states = async () => (await database.db.redemption.findMany({ orderBy: { id: 'asc' } })).map((row) => row.state);
const newest = (person: BuiltPerson) => bot.messagesTo(person).at(-1)?.card;
const newestKeys = (person: BuiltPerson) => keysIn(newest(person));
const first = (answer: Answer) => keysIn(answer)[0];
const press = async (person: BuiltPerson, id: string, redemptionId: string) =>
  await bot.as(person).press({ id, payload: { redemptionId } });
const redemptionId = async () => (await database.db.redemption.findFirstOrThrow({ orderBy: { id: 'desc' } })).id;

describe('the catalogue', () => {
  it('is kept by managers and shown to those whom a reward is meant for', async () => {
    const ben = await bot.person({ name: 'Ben' });
    await award(bot, ana, 150);
    expect(keysIn(await bot.as(ana).command('kudos rewards'))).toContain('recognition.rewards.none');
    const coffee = await addReward(bot, boss, {
      emoji: '☕',
      picture: [fileOf('cup.png', PNG)],
      description: 'At the corner.',
      stock: '3',
    });
    await addReward(bot, boss, { name: 'Day off', price: '500' });
    await addReward(bot, boss, { name: 'For Ben', price: '10', audience: 'people', people: [hintOf(ben)] });
    await addReward(bot, boss, { name: 'None left', price: '20', stock: '0' });
    const card = cardsOf(await bot.as(ana).command('kudos rewards'))[0];
    expect(card?.rows?.map((row) => [JSON.stringify(row.text).match(/"words":"([^"]*)"/)?.[1], keysIn(row.action?.label)[0]])).toEqual([
      ['🎁 None left', 'recognition.rewards.look'],
      ['☕ Coffee for two', 'recognition.rewards.redeem'],
      ['🎁 Day off', 'recognition.rewards.look'],
    ]);
    const shown = cardsOf(await lookAt(bot, ana, coffee))[0];
    expect(shown?.body?.map((block) => block.kind)).toEqual(['picture', 'paragraph']);
    expect(keysIn(await bot.as(ana).command('kudos rewards add'))).toContain('core.errors.role_needed');
    expect(keysIn(await bot.as(ana).command('kudos rewards open'))).toContain('core.errors.role_needed');
    expect(keysIn(await bot.as(ana).command('kudos export movements'))).toContain('core.errors.role_needed');
    expect(keysIn(await bot.as(ana).command('kudos away'))).toContain('core.errors.role_needed');
    expect(keysIn(await bot.as(ana).command('kudos rewards fly'))).toContain('recognition.errors.rewards_verb');

    await bot.as(boss).press({ id: 'recognition.reward_archive', payload: { rewardId: coffee, archive: true } });
    expect(keysIn(await lookAt(bot, ana, coffee))[0]).toBe('recognition.errors.reward_archived');
    expect(JSON.stringify(await bot.as(ana).command('kudos rewards'))).not.toContain('Coffee');
    expect(JSON.stringify(await bot.as(boss).command('kudos rewards manage'))).toContain('Coffee');
    await bot.as(boss).press({ id: 'recognition.reward_archive', payload: { rewardId: coffee, archive: false } });
    expect(JSON.stringify(await bot.as(ana).command('kudos rewards'))).toContain('Coffee');
  });

  it.each([
    [{ name: ' ' }, { name: 'recognition.errors.reward_name' }],
    [{ name: 'x'.repeat(61) }, { name: 'recognition.errors.reward_name_long' }],
    [{ price: '0' }, { price: 'recognition.errors.reward_price' }],
    [{ price: '-5' }, { price: 'recognition.errors.reward_price' }],
    [{ price: '1.5' }, { price: 'recognition.errors.reward_price' }],
    [{ price: '1000000000000' }, { price: 'recognition.errors.reward_price' }],
    [{ price: undefined }, { price: 'recognition.errors.reward_price' }],
    [{ stock: '-1' }, { stock: 'recognition.errors.reward_stock' }],
    [{ stock: 'many' }, { stock: 'recognition.errors.reward_stock' }],
    [{ limit: '0' }, { limit: 'recognition.errors.reward_limit_number' }],
    [{ money: '12.505' }, { money: 'recognition.errors.reward_money' }],
    [{ money: '-1' }, { money: 'recognition.errors.reward_money' }],
    [{ emoji: 'ab' }, { emoji: 'recognition.errors.reward_emoji' }],
    [{ audience: 'people' }, { people: 'people.errors.people_missing' }],
    [{ audience: 'channel' }, { channel: 'people.errors.channel_missing' }],
    [{ audience: undefined }, { audience: 'recognition.errors.reward_audience' }],
    [{ fulfiller: [] }, { fulfiller: 'recognition.errors.reward_fulfiller' }],
    [{ fulfiller: [{ by: 'typed', typed: 'Nobody' }] }, { fulfiller: 'people.errors.person_unknown' }],
    [{ picture: [fileOf('a.png', 'not a picture')] }, { picture: 'recognition.errors.reward_picture_kind' }],
    [
      { name: '', price: 'x', money: 'y', fulfiller: [] },
      {
        name: 'recognition.errors.reward_name',
        price: 'recognition.errors.reward_price',
        money: 'recognition.errors.reward_money',
        fulfiller: 'recognition.errors.reward_fulfiller',
      },
    ],
  ])('says at each field what has to be mended (%#)', async (values, errors) => {
    const form = await bot.as(boss).command('kudos rewards add');
    expect(refusedWith(await bot.as(boss).submit(form, rewardValues(boss, values as never)))).toEqual(errors);
    expect(await database.db.reward.count()).toBe(0);
  });

  it('keeps what was redeemed while a manager had the form open', async () => {
    const id = await addReward(bot, boss, { stock: '5', money: '12,50' });
    await award(bot, ana, 1000);
    const form = await bot.as(boss).press({ id: 'recognition.reward_edit', payload: { rewardId: id } });
    await redeemAs(bot, ana, id);
    await redeemAs(bot, ana, id);
    expect(await stock(id)).toBe(3);
    const saved = await bot.as(boss).submit(form, rewardValues(lead, { stock: '6', price: '120', money: '1 000' }));
    expect(keysIn(saved)).toContain('recognition.manage.saved');
    expect(await database.db.reward.findFirst()).toMatchObject({
      stock: 4,
      price: 120,
      moneyMinor: 100_000,
      currency: 'EUR',
      fulfillerId: lead.id,
    });
    // What was asked for keeps its price.
    expect(await points(ana, 'reserved')).toBe(200);
  });

  it('keeps a value in the currency that the organisation had before, unless another is typed', async () => {
    const id = await addReward(bot, boss, { money: '12.50' });
    await database.db.recognitionSettings.create({ data: { organisationId: bot.organisation.id, currency: 'JPY' } });
    const change = async (values: FormValues) =>
      await bot
        .as(boss)
        .submit(await bot.as(boss).press({ id: 'recognition.reward_edit', payload: { rewardId: id } }), rewardValues(boss, values));
    await change({ name: 'Coffee' });
    expect(await database.db.reward.findFirst()).toMatchObject({ name: 'Coffee', moneyMinor: 1250, currency: 'EUR' });
    expect(refusedWith(await change({ money: '12.50' }))).toEqual({ money: 'recognition.errors.reward_money' });
    await change({ money: '2000' });
    expect(await database.db.reward.findFirst()).toMatchObject({ moneyMinor: 2000, currency: 'JPY' });
    await change({ money: '' });
    expect(await database.db.reward.findFirst()).toMatchObject({ moneyMinor: null, currency: 'JPY' });
  });

  it('takes a picture with a command', async () => {
    const id = await addReward(bot, boss);
    const send = async (text: string, files = [fileOf('cup.png', PNG)]) => await bot.as(boss).command(text, { files });
    expect(keysIn(await send('kudos rewards picture'))).toContain('recognition.errors.picture_which');
    expect(keysIn(await send('kudos rewards picture Nothing'))).toContain('recognition.errors.reward_unknown');
    expect(keysIn(await send('kudos rewards picture coffee for two', []))).toContain('recognition.errors.picture_missing');
    expect(keysIn(await send('kudos rewards picture coffee for two', [fileOf('a.png', 'x')]))).toContain(
      'recognition.errors.picture_refused',
    );
    expect(keysIn(await send('kudos rewards picture Coffee for TWO'))).toContain('recognition.manage.pictured');
    await send('kudos rewards picture Coffee for TWO');
    expect(await database.db.picture.count()).toBe(1);
    expect((await database.db.reward.findFirstOrThrow({ where: { id } })).pictureId).not.toBeNull();
    expect(keysIn(await bot.as(ana).command('kudos rewards picture Coffee', { files: [fileOf('a.png', PNG)] }))).toContain(
      'core.errors.role_needed',
    );
  });
});

describe('redeeming', () => {
  it('puts points aside, has the reward handed over with a code, and spends them', async () => {
    const id = await addReward(bot, boss, { stock: '1' }, lead);
    await award(bot, ana, 150);
    const card = await lookAt(bot, ana, id);
    expect(keysIn(card)).toEqual(expect.arrayContaining(['recognition.reward.ask', 'recognition.reward.remains']));
    expect(first(await bot.as(ana).click('recognition.redeem', card))).toBe('recognition.redemption.own_approved');
    expect([await points(ana), await points(ana, 'reserved'), await stock(id)]).toEqual([50, 100, 0]);
    // A second press of the same card redeems nothing, and shows the first.
    expect(first(await bot.as(ana).click('recognition.redeem', card))).toBe('recognition.redemption.own_approved');
    expect(await states()).toEqual(['approved']);

    await bot.runDue();
    expect(newestKeys(lead)[0]).toBe('recognition.redemption.staff_approved');
    expect(bot.messagesTo(boss)).toHaveLength(0);
    const waiting = await bot.as(lead).home();
    expect(keysIn(waiting)).toContain('recognition.redemption.waiting_lead');
    const form = await bot.as(lead).click('recognition.redemption_hand_over');
    expect(refusedWith(await bot.as(lead).submit(form, {}))).toEqual({ note: 'recognition.errors.hand_over_empty' });
    const handed = await bot.as(lead).submit(form, { note: 'Enjoy!', code: 'SECRET-4711' });
    expect(first(handed)).toBe('recognition.redemption.staff_fulfilled');
    expect([await points(ana), await points(ana, 'reserved')]).toEqual([50, 0]);

    await bot.runDue();
    expect(newestKeys(ana)[0]).toBe('recognition.redemption.own_fulfilled');
    expect(JSON.stringify(newest(ana))).toContain('Enjoy!');
    const told = await bot.as(ana).click('recognition.redemption_code');
    expect(JSON.stringify(told)).toContain('SECRET-4711');
    // Nobody else gets it, and it lies nowhere in the clear: not in messages, answers that are kept, or files.
    for (const other of [boss, owner, lead]) {
      expect(first(await press(other, 'recognition.redemption_code', await redemptionId()))).toBe('recognition.errors.redemption_gone');
    }
    expect(JSON.stringify(bot.messages())).not.toContain('SECRET');
    for (const table of ['delivery', 'handled', 'audit_event', 'redemption', 'ledger_movement']) {
      expect(JSON.stringify((await database.pool.query(`SELECT * FROM ${table}`)).rows)).not.toContain('SECRET');
    }
    const csv = await bot.as(boss).command('kudos export redemptions');
    if (csv.kind !== 'file') throw new Error('No file.');
    expect(Buffer.from(csv.file.content).toString()).not.toMatch(/SECRET|Enjoy/);
    expect(keysIn(await bot.as(ana).command('kudos rewards mine'))).toContain('recognition.redemption.mine_row');
    // Over is over.
    expect(first(await press(ana, 'recognition.redemption_cancel', await redemptionId()))).toBe('recognition.redemption.own_fulfilled');
    expect(first(await press(lead, 'recognition.redemption_hand_over', await redemptionId()))).toBe(
      'recognition.redemption.staff_fulfilled',
    );
    expect(await states()).toEqual(['fulfilled']);
  });

  it('says what is in the way', async () => {
    const ben = await bot.person({ name: 'Ben' });
    const coffee = await addReward(bot, boss, { limit: '1', stock: '5' });
    const benOnly = await addReward(bot, boss, { name: 'B', audience: 'people', people: [hintOf(ben)] });
    await award(bot, ana, 60);
    const ask = async (person: BuiltPerson, rewardId: string, price = 100) =>
      first(await bot.as(person).press({ id: 'recognition.redeem', payload: { rewardId, price, nonce: crypto.randomUUID() } }));
    expect(await ask(ana, coffee)).toBe('recognition.errors.redeem_too_few');
    expect(first(await lookAt(bot, ana, coffee))).toBe('recognition.errors.redeem_too_few');
    await award(bot, ana, 500);
    expect(await ask(ana, benOnly)).toBe('recognition.errors.reward_not_for_you');
    expect(await ask(ana, crypto.randomUUID())).toBe('recognition.errors.reward_gone');
    // The price changed between the card and the press: asked again with the new one.
    const card = await lookAt(bot, ana, coffee);
    await bot
      .as(boss)
      .submit(
        await bot.as(boss).press({ id: 'recognition.reward_edit', payload: { rewardId: coffee } }),
        rewardValues(boss, { price: '120', limit: '1', stock: '5' }),
      );
    const again = await bot.as(ana).click('recognition.redeem', card);
    expect(first(again)).toBe('recognition.reward.price_changed');
    expect(await states()).toEqual([]);
    expect(first(await bot.as(ana).click('recognition.redeem', again))).toBe('recognition.redemption.own_approved');
    expect(await ask(ana, coffee, 120)).toBe('recognition.errors.reward_limit');
    expect(first(await lookAt(bot, ana, coffee))).toBe('recognition.errors.reward_limit');
    await bot.as(boss).press({ id: 'recognition.reward_archive', payload: { rewardId: coffee, archive: true } });
    expect(await ask(ana, coffee, 120)).toBe('recognition.errors.reward_archived');
    expect([await points(ana), await points(ana, 'reserved')]).toEqual([440, 120]);
  });

  it('gives a stock of ten to exactly ten of a hundred at once', { timeout: 60_000 }, async () => {
    const id = await addReward(bot, boss, { stock: '10' });
    const crowd = await manyPeople(database.db, bot.organisation, 100);
    for (const one of crowd) await award(bot, one, 100);
    const keys = await Promise.all(
      crowd.map(async (one) =>
        first(await bot.as(one).press({ id: 'recognition.redeem', payload: { rewardId: id, price: 100, nonce: crypto.randomUUID() } })),
      ),
    );
    expect(keys.filter((key) => key === 'recognition.redemption.own_approved')).toHaveLength(10);
    expect(keys.filter((key) => key === 'recognition.errors.reward_sold_out')).toHaveLength(90);
    expect([await stock(id), (await states()).length]).toEqual([0, 10]);
    const left = await Promise.all(crowd.map(async (one) => await points(one)));
    expect(left.filter((balance) => balance === 0)).toHaveLength(10);
  });

  it('redeems once for twenty presses of one card, and within the limit for twenty cards', async () => {
    const id = await addReward(bot, boss, { price: '10' });
    await award(bot, ana, 1000);
    const card = await lookAt(bot, ana, id);
    await Promise.all(Array.from({ length: 20 }, async () => await bot.as(ana).click('recognition.redeem', card)));
    expect([await states(), await points(ana)]).toEqual([['approved'], 990]);
    const two = await addReward(bot, boss, { name: 'Two each', price: '10', limit: '2' });
    await Promise.all(Array.from({ length: 20 }, async () => await redeemAs(bot, ana, two)));
    expect([(await states()).length, await points(ana)]).toEqual([3, 970]);
    // And never more than there is.
    const dear = await addReward(bot, boss, { name: 'Dear', price: '400' });
    await Promise.all(Array.from({ length: 10 }, async () => await redeemAs(bot, ana, dear)));
    expect([(await states()).length, await points(ana)]).toEqual([5, 170]);
  });
});

describe('approval', () => {
  it('is asked of the line manager; whoever decides first wins', async () => {
    const id = await addReward(bot, boss, { approval: true, stock: '1' });
    await award(bot, ana, 100);
    expect(first(await redeemAs(bot, ana, id))).toBe('recognition.redemption.own_requested');
    await bot.runDue();
    expect(newestKeys(lead)[0]).toBe('recognition.redemption.staff_requested');
    expect(bot.messagesTo(boss)).toHaveLength(0);
    const request = await redemptionId();
    expect(first(await press(ana, 'recognition.redemption_approve', request))).toBe('recognition.errors.own_redemption');
    const ben = await bot.person({ name: 'Ben' });
    expect(first(await press(ben, 'recognition.redemption_approve', request))).toBe('recognition.errors.decide_not_yours');
    expect(first(await press(ben, 'recognition.redemption_handle', request))).toBe('recognition.errors.decide_not_yours');

    // A manager finds it among what is open, and is quicker.
    const open = await bot.as(boss).command('kudos rewards open');
    const handled = await bot.as(boss).click('recognition.redemption_handle', open);
    await bot.as(boss).click('recognition.redemption_approve', handled);
    expect(first(await bot.as(lead).click('recognition.redemption_refuse', newest(lead)))).toBe('recognition.redemption.staff_approved');
    bot.clock.forward({ seconds: 4 });
    await bot.runDue();
    const leads = bot.messagesTo(lead).find((message) => message.updates > 0);
    expect(keysIn(leads?.card)[0]).toBe('recognition.redemption.staff_approved');
    expect(leads && buttonsOf(leads.card)).toEqual([]);
    expect(newestKeys(ana)[0]).toBe('recognition.redemption.own_approved');
    expect(newestKeys(boss)[0]).toBe('recognition.redemption.staff_approved');
    // What was approved can still be cancelled by a manager, with a reason.
    const cancelling = await bot
      .as(boss)
      .click('recognition.redemption_refuse', await press(boss, 'recognition.redemption_handle', request));
    expect(keysIn(cancelling)).toContain('recognition.redemption.cancel_form');
    await bot.as(boss).submit(cancelling, { reason: 'The café has closed.' });
    expect([await states(), await points(ana), await stock(id)]).toEqual([['cancelled'], 100, 1]);
    await bot.runDue();
    expect(JSON.stringify(newest(ana))).toContain('The café has closed.');
  });

  it('is refused with a reason, and gives points and stock back once', async () => {
    const id = await addReward(bot, boss, { approval: true, stock: '1' });
    await award(bot, ana, 100);
    await redeemAs(bot, ana, id);
    await bot.runDue();
    const form = await bot.as(lead).click('recognition.redemption_refuse');
    expect(refusedWith(await bot.as(lead).submit(form, { reason: ' ' }))).toEqual({ reason: 'recognition.errors.refuse_reason' });
    await Promise.all([1, 2, 3].map(async () => await bot.as(lead).submit(form, { reason: 'Next month, please.' })));
    expect([await states(), await points(ana), await stock(id)]).toEqual([['rejected'], 100, 1]);
    await bot.runDue();
    expect(newestKeys(ana)[0]).toBe('recognition.redemption.own_rejected');
    expect(JSON.stringify(newest(ana))).toContain('Next month, please.');
    expect(await database.db.ledgerMovement.count({ where: { kind: 'refund' } })).toBe(1);
  });

  it('never comes from the one who redeems, whatever the role', async () => {
    const id = await addReward(bot, boss, { approval: true });
    for (const one of [boss, lead, owner]) await award(bot, one, 100);
    for (const one of [boss, owner]) {
      await redeemAs(bot, one, id);
      expect(first(await press(one, 'recognition.redemption_approve', await redemptionId()))).toBe('recognition.errors.own_redemption');
    }
    await bot.runDue();
    // The managers are asked where there is no line manager, the one who redeems never.
    const asked = (person: BuiltPerson) =>
      bot.messagesTo(person).filter((message) => keysIn(message.card)[0] === 'recognition.redemption.staff_requested').length;
    expect([asked(boss), asked(lead), asked(owner)]).toEqual([1, 2, 0]);
    await database.db.person.updateMany({ where: { id: { in: [boss.id, owner.id] } }, data: { role: 'employee' } });
    // Now the only manager redeems: nobody could approve it.
    expect(first(await redeemAs(bot, lead, id))).toBe('recognition.errors.nobody_approves');
    expect(await points(lead)).toBe(100);
  });

  it('goes to the deputy of a manager who is away, and comes back', async () => {
    const dana = await bot.person({ name: 'Dana Deputy' });
    const id = await addReward(bot, boss, { approval: true });
    await award(bot, ana, 300);
    await redeemAs(bot, ana, id);
    await bot.runDue();
    const form = await bot.as(lead).click('recognition.away', newest(lead));
    expect(refusedWith(await bot.as(lead).submit(form, { until: '2027-02-28', deputy: [hintOf(lead)] }))).toEqual({
      until: 'recognition.errors.away_past',
      deputy: 'recognition.errors.away_self',
    });
    expect(refusedWith(await bot.as(lead).submit(form, { until: 'soon', deputy: [] }))).toEqual({
      until: 'recognition.errors.away_until',
      deputy: 'people.errors.people_missing',
    });
    expect(keysIn(await bot.as(lead).command('kudos away tomorrow'))).toContain('recognition.errors.away_how');
    expect(keysIn(await bot.as(lead).command('kudos away 2027-03-05 Nobody'))).toContain('recognition.errors.away_refused');
    expect(keysIn(await bot.as(lead).command('kudos away 2027-03-05', { mention: dana }))).toContain('recognition.away.set');
    // What waits already goes to the deputy too.
    await bot.runDue();
    expect(newestKeys(dana)[0]).toBe('recognition.redemption.staff_requested');
    expect(keysIn(await bot.as(dana).home())).toContain('recognition.redemption.waiting_lead');
    expect(keysIn(await bot.as(dana).command('kudos rewards open'))).toContain('recognition.redemption.open_lead');
    await bot.as(dana).click('recognition.redemption_approve', newest(dana));
    expect(await states()).toEqual(['approved']);
    // The deputy's own wish is the managers' to decide.
    await database.db.person.update({
      where: { organisationId_id: { organisationId: bot.organisation.id, id: dana.id } },
      data: { lineManagerId: lead.id },
    });
    await award(bot, dana, 100);
    await redeemAs(bot, dana, id);
    expect(first(await press(dana, 'recognition.redemption_approve', await redemptionId()))).toBe('recognition.errors.own_redemption');
    await bot.runDue();
    expect(newestKeys(boss)[0]).toBe('recognition.redemption.staff_requested');
    await bot.as(lead).click('recognition.away_end', await bot.as(lead).command('kudos away'));
    await redeemAs(bot, ana, id);
    expect(first(await press(dana, 'recognition.redemption_approve', await redemptionId()))).toBe('recognition.errors.decide_not_yours');
    expect(first(await press(lead, 'recognition.redemption_approve', await redemptionId()))).toBe('recognition.redemption.staff_approved');
  });

  it('and cancelling at once end in one state, with the points in one place', { timeout: 60_000 }, async () => {
    const id = await addReward(bot, boss, { approval: true, price: '10', stock: '20' });
    await award(bot, ana, 200);
    for (let round = 0; round < 15; round++) {
      await redeemAs(bot, ana, id);
      const request = await redemptionId();
      const refusing = await bot
        .as(boss)
        .press({ id: 'recognition.redemption_refuse', payload: { redemptionId: request, from: 'requested' } });
      await Promise.all([
        press(lead, 'recognition.redemption_approve', request),
        press(ana, 'recognition.redemption_cancel', request),
        bot.as(boss).submit(refusing, { reason: 'No.' }),
        press(owner, 'recognition.redemption_approve', request),
      ]);
    }
    const ended = await states();
    const open = ended.filter((state) => state === 'approved').length;
    expect(ended).toHaveLength(15);
    expect([await points(ana), await points(ana, 'reserved'), await stock(id)]).toEqual([200 - open * 10, open * 10, 20 - open]);
    expect(await database.db.ledgerMovement.count({ where: { kind: 'refund' } })).toBe(15 - open);
  });
});

describe('handing over', () => {
  it('is the managers’ when the fulfiller has left', async () => {
    const fay = await bot.person({ name: 'Fay' });
    const id = await addReward(bot, boss, {}, fay);
    await award(bot, ana, 100);
    await redeemAs(bot, ana, id);
    await bot.runDue();
    expect(newestKeys(fay)[0]).toBe('recognition.redemption.staff_approved');
    const other = await bot.person({ name: 'Other' });
    expect(first(await press(other, 'recognition.redemption_hand_over', await redemptionId()))).toBe('recognition.errors.decide_not_yours');
    await database.db.person.updateMany({ where: { id: fay.id }, data: { status: 'left' } });
    await bot.runDue();
    expect(newestKeys(boss)[0]).toBe('recognition.redemption.staff_approved');
    await bot.as(boss).submit(await bot.as(boss).click('recognition.redemption_hand_over', newest(boss)), { note: 'At my desk.' });
    expect(await states()).toEqual(['fulfilled']);
  });

  it('twice at once, and against a cancellation, happens once', { timeout: 60_000 }, async () => {
    const id = await addReward(bot, boss, { price: '10' });
    await award(bot, ana, 100);
    for (let round = 0; round < 8; round++) {
      await redeemAs(bot, ana, id);
      const form = await press(boss, 'recognition.redemption_hand_over', await redemptionId());
      await Promise.all([
        bot.as(boss).submit(form, { code: `A-${round}` }),
        press(ana, 'recognition.redemption_cancel', await redemptionId()),
        bot.as(boss).submit(form, { code: `B-${round}` }),
      ]);
    }
    const done = (await states()).filter((state) => state === 'fulfilled').length;
    expect((await states()).every((state) => state === 'fulfilled' || state === 'cancelled')).toBe(true);
    expect([await points(ana), await points(ana, 'reserved')]).toEqual([100 - done * 10, 0]);
    expect(await database.db.ledgerMovement.count({ where: { kind: 'fulfil' } })).toBe(done);
  });
});

describe('somebody who leaves', () => {
  it('gets what is open back, and is forgotten when erased', async () => {
    const id = await addReward(bot, boss, { stock: '5' });
    await award(bot, ana, 300);
    await redeemAs(bot, ana, id);
    await bot
      .as(boss)
      .submit(await press(boss, 'recognition.redemption_hand_over', await redemptionId()), { note: 'For Ana.', code: 'X-1' });
    await redeemAs(bot, ana, id);
    await database.db.person.updateMany({ where: { id: ana.id }, data: { status: 'left' } });
    await bot.runDue();
    expect([await states(), await points(ana), await stock(id)]).toEqual([['fulfilled', 'cancelled'], 200, 4]);
    await inTransaction(database.db, async (tx) => {
      await erasePerson(tx, bot.organisation.id, ana.id, bot.clock.now());
      await recognition.erase?.({ ...bot.work, organisation: bot.organisation, tx }, ana.id);
    });
    expect(await database.db.redemption.findMany({ select: { words: true, sealedCode: true } })).toEqual([
      { words: null, sealedCode: null },
      { words: null, sealedCode: null },
    ]);
  });
});

describe('reports', () => {
  const csv = async (text: string): Promise<string[][]> => {
    const answer = await bot.as(boss).command(text);
    if (answer.kind !== 'file') throw new Error(`No file: ${JSON.stringify(answer)}`);
    return Buffer.from(answer.file.content)
      .toString()
      .replace('\ufeff', '')
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
  };

  it('tell movements, redemptions, and what each person got in money', async () => {
    const evil = await bot.person({ name: '=HYPERLINK(1)' });
    const card = await addReward(bot, boss, { name: 'Gift card', money: '25.50' });
    for (const one of [ana, evil]) await award(bot, one, 400);
    for (const one of [ana, ana, evil]) {
      await redeemAs(bot, one, card);
      await bot.as(boss).submit(await press(boss, 'recognition.redemption_hand_over', await redemptionId()), { note: 'Here.' });
    }
    await redeemAs(bot, ana, card);
    const movements = await csv('kudos export movements 2027');
    expect(movements).toHaveLength(1 + 2 * (await database.db.ledgerMovement.count()));
    const sum = (column: number) => movements.slice(1).reduce((total, line) => total + Number(line[column]), 0);
    expect(sum(4)).toBe(sum(5));
    expect(movements.some((line) => line[3] === "'=HYPERLINK(1)")).toBe(true);
    expect(await csv('kudos export movements 2026')).toHaveLength(1);
    expect(await csv('kudos export movements 2027-03')).toHaveLength(movements.length);

    const redemptions = await csv('kudos export redemptions');
    const anas = redemptions.filter((line) => line[1] === 'Ana Ozola');
    expect(anas.map((line) => [line[4], line[5], line[6], line[7], line[13]])).toEqual(
      Array.from({ length: 3 }, () => ['Gift card', '100', '25.50', 'EUR', '51.00']),
    );
    const values = await csv('kudos export values 2027');
    expect(values.slice(1)).toEqual([
      ["'=HYPERLINK(1)", '', '', '2027', '1', '100', '25.50', 'EUR'],
      ['Ana Ozola', '', '', '2027', '2', '200', '51.00', 'EUR'],
    ]);
    for (const wrong of [
      'kudos export',
      'kudos export points',
      'kudos export values 27',
      'kudos export values 2027-13',
      'kudos export values 2027 x',
    ]) {
      expect(first(await bot.as(boss).command(wrong))).toBe('recognition.errors.export_how');
    }
  });
});

it('shows lists page by page', async () => {
  for (let index = 0; index < 9; index++)
    await addReward(bot, boss, { name: `Reward ${index}`, price: String(10 + index), approval: index % 2 === 0 });
  await award(bot, ana, 1000);
  const list = await bot.as(ana).command('kudos rewards');
  expect(cardsOf(list)[0]?.rows).toHaveLength(7);
  expect(cardsOf(await bot.as(ana).click('recognition.rewards', list))[0]?.rows).toHaveLength(2);
  for (const reward of await database.db.reward.findMany()) await redeemAs(bot, ana, reward.id);
  const mine = await bot.as(ana).command('kudos rewards mine');
  expect(cardsOf(await bot.as(ana).click('recognition.redemptions_mine', mine))[0]?.rows).toHaveLength(2);
  const open = await bot.as(boss).command('kudos rewards open');
  expect(cardsOf(await bot.as(boss).click('recognition.redemptions_open', open))[0]?.rows).toHaveLength(2);
  expect(cardsOf(await bot.as(boss).command('kudos rewards manage'))[0]?.rows).toHaveLength(7);
});
