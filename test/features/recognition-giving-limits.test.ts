import { describe, expect, it } from 'vitest';
import type { Reaction } from '../../src/core/feature.js';
import { plain } from '../../src/core/text.js';
import { findValueByTag } from '../../src/features/recognition/giving/find-value.js';
import { type Gift, give } from '../../src/features/recognition/giving/give.js';
import { readPoints, reasonProblem } from '../../src/features/recognition/giving/reason.js';
import { recognition } from '../../src/features/recognition/index.js';
import { listValues, valueName } from '../../src/features/recognition/store-settings.js';
import { inTransaction } from '../../src/people/db.js';
import type { JobContext, WorkContext } from '../../src/people/handlers.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { type BuiltPerson, manyPeople } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { hostile } from '../support/hostile.js';
import { allowanceIn, balanceIn, expectSound, REASON, useKudosCompany } from '../support/kudos-company.js';
import { hintOf, keysIn, type TestBot } from '../support/test-bot.js';

const database = useDatabase();

let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;
let ben: BuiltPerson;
let cy: BuiltPerson;
let channel: { readonly id: string; readonly externalId: string };

// Monday 1 March 2027, 11:00 in Riga.
useKudosCompany(database, '2027-03-01T09:00:00Z', (company) => {
  ({ bot, boss, ana, ben, cy, channel } = company);
});

const context = (): WorkContext => ({ ...bot.work, organisation: bot.organisation });
const gift = (giver: BuiltPerson, receivers: readonly BuiltPerson[], points: number, more: Partial<Gift> = {}): Gift => ({
  giverId: giver.id,
  receiverIds: receivers.map((one) => one.id),
  valueId: null,
  words: REASON,
  points,
  public: true,
  source: 'peer',
  ...more,
});
const giving = async (...args: Parameters<typeof gift>) => await give(context(), gift(...args));
const code = async (promise: Promise<unknown>) =>
  await promise.then(
    () => 'given',
    (error: unknown) => (error as { code?: string }).code,
  );
const balance = (person: BuiltPerson) => balanceIn(database, bot, person);
const left = async (person: BuiltPerson, period = '2027-03') => await allowanceIn(database, bot, person, period);
const sound = () => expectSound(database, bot);

describe('the allowance', () => {
  it('is given to its last point, and not one more', async () => {
    await giving(ana, [ben, cy], 50);
    expect(await left(ana)).toBe(0);
    expect(await code(giving(ana, [boss], 1))).toBe('recognition.too_few_points');
    expect(await code(giving(ana, [boss], 0))).toBe('given');
    await sound();
  });

  it('is larger for managers and for whoever leads anybody', async () => {
    await database.db.recognitionSettings.updateMany({ data: { pairCap: 1000 } });
    await database.db.person.updateMany({ where: { id: cy.id }, data: { lineManagerId: ben.id } });
    expect(await code(giving(boss, [ana], 200))).toBe('given');
    expect(await code(giving(ben, [ana], 200))).toBe('given');
    expect(await code(giving(ana, [ben], 101))).toBe('recognition.too_few_points');
  });

  it('never goes below zero, however many give at the same time', async () => {
    await database.db.recognitionSettings.updateMany({ data: { pairCap: 1000 } });
    const results = await Promise.all(Array.from({ length: 20 }, () => code(giving(ana, [ben, cy], 5))));
    expect(results.filter((result) => result === 'given')).toHaveLength(10);
    expect(results.filter((result) => result === 'recognition.too_few_points')).toHaveLength(10);
    expect([await left(ana), await balance(ben), await balance(cy)]).toEqual([0, 50, 50]);
    await sound();
  });

  it('survives everybody giving everybody at once', async () => {
    const people = [ana, ben, cy, boss];
    await Promise.all(people.flatMap((giver) => people.filter((one) => one !== giver).map((receiver) => giving(giver, [receiver], 7))));
    for (const person of people) expect(await balance(person)).toBe(21);
    await sound();
  });

  it('begins anew with the month of the organisation’s zone, and nothing is carried over', async () => {
    // 23:30 in Riga on 31 March; in UTC it is 20:30, after the change of clocks.
    bot.clock.to('2027-03-31T20:30:00Z');
    await giving(ana, [ben, cy], 30);
    bot.clock.to('2027-03-31T21:30:00Z');
    await giving(ana, [ben, cy], 50);
    expect([await left(ana, '2027-03'), await left(ana, '2027-04')]).toEqual([40, 0]);
    expect(await code(giving(ana, [boss], 1))).toBe('recognition.too_few_points');
    await sound();
  });
});

describe('the cap of a pair', () => {
  it('counts kudos and what was added, by the organisation’s month; what was taken back counts no more', async () => {
    await giving(ana, [ben], 45);
    const id = await giving(cy, [ben], 1);
    await bot.runDue();
    await bot.as(ana).press({ id: 'recognition.join', payload: { kudosId: id } });
    expect(await code(giving(ana, [ben], 1))).toBe('recognition.pair_cap');
    expect(await code(giving(ana, [ben, cy], 1))).toBe('recognition.pair_cap');
    expect(await code(giving(ana, [cy], 1))).toBe('given');
    await bot.as(cy).press({ id: 'recognition.take_back', payload: { kudosId: id } });
    expect(await code(giving(ana, [ben], 5))).toBe('given');
    // Still March in Riga, though not by much; an hour later it is April there and March in UTC.
    bot.clock.to('2027-03-31T20:59:00Z');
    expect(await code(giving(ana, [ben], 1))).toBe('recognition.pair_cap');
    bot.clock.to('2027-03-31T21:00:00Z');
    expect(await code(giving(ana, [ben], 50))).toBe('given');
    await sound();
  });

  it('holds when both clicks come at once', async () => {
    const results = await Promise.all([1, 2, 3].map(() => code(giving(ana, [ben], 30))));
    expect(results.sort()).toEqual(['given', 'recognition.pair_cap', 'recognition.pair_cap']);
  });
});

describe('who and how much', () => {
  it.each([
    ['oneself', () => gift(ana, [ana], 5), 'recognition.self'],
    ['oneself in a group', () => gift(ana, [ben, ana], 5), 'recognition.self'],
    ['oneself by a customer', () => gift(boss, [boss], 5, { source: 'customer' }), 'recognition.self'],
    ['nobody', () => gift(ana, [], 5), 'recognition.nobody'],
    ['a stranger', () => gift(ana, [{ ...ben, id: bot.organisation.id }], 5), 'recognition.receiver_gone'],
    ['minus one', () => gift(ana, [ben], -1), 'recognition.points_invalid'],
    ['a fraction', () => gift(ana, [ben], 0.5), 'recognition.points_invalid'],
    ['a million millions', () => gift(ana, [ben], 10 ** 12), 'recognition.points_invalid'],
    ['an unknown value', () => gift(ana, [ben], 1, { valueId: bot.organisation.id }), 'recognition.value_gone'],
  ])('%s: refused', async (_, made, refused) => {
    expect(await code(give(context(), made()))).toBe(refused);
    expect(await database.db.kudos.count()).toBe(0);
    expect(await database.db.delivery.count()).toBe(0);
  });

  it('a crowd, somebody who left, a guest: refused; guests who are let in: not', async () => {
    const crowd = await manyPeople(database.db, bot.organisation, 200);
    expect(await code(giving(ana, crowd, 0))).toBe('recognition.too_many_people');
    const [former, guest] = [await bot.person({ status: 'left' }), await bot.person({ isGuest: true })];
    for (const person of [former, guest]) expect(await code(giving(ana, [ben, person], 0))).toBe('recognition.receiver_gone');
    const open = { ...context(), organisation: { ...bot.organisation, guestsAllowed: true } };
    expect(await code(give(open, gift(ana, [guest], 0)))).toBe('given');
  });

  it('one origin gives once, however many bring it', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => giving(boss, [ben], 10, { source: 'customer', originKey: 'praise:1' })));
    expect(new Set(ids).size).toBe(1);
    expect([await balance(ben), await left(boss)]).toEqual([10, undefined]);
    await sound();
  });

  it.each([
    ['', 0],
    [' +10 ', 10],
    ['1000', 1000],
    ['1001', undefined],
    ['0', undefined],
    ['-3', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['ten', undefined],
    ['9'.repeat(40), undefined],
  ])('points typed as “%s”', (typed, points) => expect(readPoints(typed)).toBe(points));

  it.each([
    ['              x              ', 'recognition.errors.reason_short'],
    [`a${'\u200b'.repeat(30)}`, 'recognition.errors.reason_short'],
    ['\n \t \u3164 \u2800', 'recognition.errors.reason_missing'],
    ['x'.repeat(501), 'recognition.errors.reason_long'],
    ['👩🏽‍🍳 served 40 guests', undefined],
    [hostile(400), undefined],
  ])('a reason like %j', (typed, problem) => expect(keysIn(reasonProblem(typed))[0]).toBe(problem));
});

describe('a private one', () => {
  it('is seen by giver and receiver alone: no channel, no leaderboard, nothing to join or report', async () => {
    const form = await bot.as(ana).command('kudos');
    const answer = await bot.as(ana).submit(form, { people: [hintOf(ben)], reason: REASON, points: '10', public: false });
    expect(keysIn(answer)).toContain('recognition.shown.private');
    await bot.runDue();
    const told = bot.messages().filter((message) => JSON.stringify(message.card).includes(REASON));
    expect(told.map((message) => message.to.externalId)).toEqual([ben.externalId]);
    expect(await database.db.kudosTally.count()).toBe(0);
    const { id: kudosId } = await database.db.kudos.findFirstOrThrow();
    for (const id of ['recognition.join', 'recognition.report', 'recognition.given', 'recognition.mend_open', 'recognition.take_back']) {
      const answered = await bot.as(cy).press({ id, payload: { kudosId } });
      expect(JSON.stringify(answered)).not.toContain(REASON);
      expect(keysIn(answered).join()).toMatch(/errors/);
    }
    expect([await balance(ben), await left(ana)]).toEqual([10, 90]);
    await sound();
  });
});

describe('where it is shown', () => {
  const given = async (giver: BuiltPerson) => {
    const form = await bot.as(giver).command('kudos');
    return keysIn(await bot.as(giver).submit(form, { people: [hintOf(ben)], reason: REASON, public: true }));
  };
  it('says when no channel is set, and to managers how to set one', async () => {
    await database.db.recognitionSettings.updateMany({ data: { channelId: null } });
    expect(await given(ana)).toContain('recognition.shown.nowhere');
    expect(await given(boss)).toContain('recognition.shown.set_channel');
  });
  it('says when the channel can’t be posted to', async () => {
    await database.db.channel.updateMany({ data: { archivedAt: bot.clock.now() } });
    expect(await given(ana)).toContain('recognition.shown.unreachable');
  });
});

describe('the shortcut at a message', () => {
  const shortcut = async (message?: Reaction['message']) => {
    const workspace = await database.db.workspace.findFirstOrThrow();
    return await bot.dispatch({
      kind: 'shortcut',
      shortcut: 'recognition.give_kudos',
      ...(message && { message }),
      actor: { platform: 'slack', workspaceExternalId: workspace.externalId, externalId: ana.externalId },
      place: { kind: 'channel', externalId: channel.externalId },
      onceKey: `shortcut-${JSON.stringify(message ?? '').length}`,
      requestId: 'shortcut',
    });
  };
  const initial = (answer: Awaited<ReturnType<typeof shortcut>>) => {
    if (answer.kind !== 'form') throw new Error('No form.');
    const fields = answer.form.fields.flatMap((field) => ('initial' in field ? [[field.name, field.initial]] : []));
    return { line: keysIn(answer.form.intro)[0], ...Object.fromEntries(fields) };
  };

  it('thanks its author and quotes it', async () => {
    const opened = initial(await shortcut({ text: `I stayed until <the> end. ${hostile(900)}`, author: hintOf(ben) }));
    expect(opened).toMatchObject({ people: [ben.externalId], line: undefined });
    expect(opened.reason).toContain('I stayed until <the> end.');
    expect(opened.reason.length).toBeLessThan(400);
  });
  it.each([
    ['without a message', undefined, undefined],
    ['at one’s own', () => ({ text: 'Mine', author: hintOf(ana) }), 'recognition.missing.self'],
    ['at a bot’s', () => ({ text: 'Beep' }), 'recognition.missing.mention'],
  ])('%s opens the form too', async (_, message, line) => {
    expect(initial(await shortcut(message?.())).line).toBe(line);
  });
});

describe('a person who is erased', () => {
  it('leaves no words, on posted cards neither; points and what others wrote stay', async () => {
    await giving(ana, [ben], 10);
    await giving(ben, [ana], 5, { words: 'covering my shift on Sunday' });
    await bot.runDue();
    const received = () => JSON.stringify(bot.messagesTo(ben).map((message) => message.card));
    expect(received()).toContain(REASON);
    await inTransaction(database.db, async (tx) => {
      await recognition.erase?.({ ...context(), tx } as JobContext, ana.id);
    });
    bot.clock.forward({ seconds: 5 });
    await bot.runDue();
    expect(received()).not.toContain(REASON);
    const rows = await database.db.kudos.findMany({ orderBy: { createdAt: 'asc' } });
    expect(rows.map((row) => [row.words, row.wordsDigest === ''])).toEqual(
      expect.arrayContaining([
        ['', true],
        ['covering my shift on Sunday', false],
      ]),
    );
    expect(await balance(ben)).toBe(10);
    await sound();
  });
});

describe('in every language', () => {
  const localise = createLocaliser();
  it('finds values by their names, whatever the language, and by beginnings that only one has', async () => {
    const values = await listValues(database.db, bot.organisation.id);
    const find = (tag: string) => findValueByTag({ localise }, values, tag)?.code;
    expect(['ownership', 'Atbildība', 'ATBILDIBA', 'own', 'komandasdarbs', 'komandas-darbs', 'spe'].map(find)).toEqual([
      'ownership',
      'ownership',
      'ownership',
      'ownership',
      'teamwork',
      'teamwork',
      'speed',
    ]);
    expect(['', 'x', 'loyalty'].map(find)).toEqual([undefined, undefined, undefined]);
    const codes = values.map((value) => value.code);
    expect(codes.map((one) => find(one ?? ''))).toEqual(codes);
    expect(values.map((value) => plain(localise(valueName(value), { locale: 'lv', zone: 'UTC' })))).not.toContain('Ownership');
  });

  it('counts points as the language does', async () => {
    const say = (locale: string, points: number) =>
      plain(localise({ kind: 'key', key: 'recognition.points', params: { points } }, { locale, zone: 'UTC' }));
    expect([0, 1, 2, 10, 11, 21].map((points) => say('lv', points))).toEqual([
      '0 punktu',
      '1 punkts',
      '2 punkti',
      '10 punktu',
      '11 punktu',
      '21 punkts',
    ]);
    expect([0, 1, 2].map((points) => say('en', points))).toEqual(['0 points', '1 point', '2 points']);
  });
});
