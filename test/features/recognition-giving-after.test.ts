import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { findPosted } from '../../src/delivery/find-posted.js';
import { post } from '../../src/features/recognition/ledger/store-ledger.js';
import { inTransaction } from '../../src/people/db.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { hostile } from '../support/hostile.js';
import { allowanceIn, balanceIn, expectSound, REASON, useKudosCompany } from '../support/kudos-company.js';
import { cardsOf, hintOf, keysIn, type TestBot } from '../support/test-bot.js';

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

const balance = (person: BuiltPerson) => balanceIn(database, bot, person);
const left = async (person: BuiltPerson, period = '2027-03') => (await allowanceIn(database, bot, person, period)) ?? 'nothing given';
const sound = () => expectSound(database, bot);

async function giveTo(giver: BuiltPerson, people: readonly BuiltPerson[], more: object = {}): Promise<Answer> {
  const form = await bot.as(giver).command('kudos');
  const answer = await bot.as(giver).submit(form, { people: people.map(hintOf), reason: REASON, public: true, ...more });
  await bot.runDue();
  return answer;
}
const refused = (answer: Answer) => {
  const keys = answer.kind === 'errors' ? Object.values(answer.errors).flatMap(keysIn) : keysIn(answer);
  return [...new Set(keys.filter((key) => key.includes('errors')))];
};
const publicCard = () => bot.messagesIn(channel).at(-1)?.card;
/** The ticks after a change: a shared card is composed anew at most once in three seconds. */
async function later(seconds = 4): Promise<void> {
  bot.clock.forward({ seconds });
  await bot.runDue();
}

async function tallies(kind: 'receivedPoints' | 'givenPoints' | 'receivedCount' = 'receivedPoints'): Promise<Record<string, number>> {
  const rows = await database.db.kudosTally.findMany({ where: { period: '2027-03', subjectKind: 'person', valueId: '' } });
  const names = new Map([boss, ana, ben, cy].map((person) => [person.id, person.name.split(' ')[0] ?? '']));
  return Object.fromEntries(rows.flatMap((row) => (row[kind] === 0 ? [] : [[names.get(row.subjectId), row[kind]]])));
}

/** Spends points as a reward does. */
async function spend(person: BuiltPerson, amount: number): Promise<void> {
  const entries = [
    { kind: 'balance' as const, owner: person.id, amount: -amount },
    { kind: 'spent' as const, owner: bot.organisation.id, amount },
  ];
  await inTransaction(database.db, async (tx) => {
    await post(tx, { organisationId: bot.organisation.id, kind: 'fulfil', actorId: person.id, entries }, bot.clock.now());
  });
}

describe('adding to others’ kudos', () => {
  it('gives each receiver the joiner’s points once, and the cards tell of it', async () => {
    await giveTo(ana, [ben, cy], { points: '10' });
    expect(keysIn(await bot.as(boss).click('recognition.join', publicCard()))).toContain('recognition.join.done');
    expect(keysIn(await bot.as(boss).click('recognition.join', publicCard()))).toContain('recognition.join.before');
    expect([await balance(ben), await balance(cy), await left(boss)]).toEqual([15, 15, 190]);
    const messages = bot.messages().length;
    await later();
    expect(bot.messages()).toHaveLength(messages);
    expect(keysIn(publicCard())).toContain('recognition.card.joined');
    expect(keysIn(bot.messagesTo(ben).at(-1)?.card)).toContain('recognition.card.joined');
    expect(await tallies()).toEqual({ Ben: 15, Cy: 15 });
    expect(await tallies('givenPoints')).toEqual({ Ana: 20, Boss: 10 });
    for (const person of [ana, ben])
      expect(refused(await bot.as(person).click('recognition.join', publicCard()))).toEqual(['recognition.errors.own_kudos']);
    await sound();
  });

  it('is one thing however often and from how many places it is asked for at once', async () => {
    await giveTo(ana, [ben]);
    const card = publicCard();
    await Promise.all(Array.from({ length: 8 }, () => bot.as(cy).click('recognition.join', card)));
    expect([await balance(ben), await left(cy)]).toEqual([5, 95]);
    await sound();
  });

  it('by a reaction at the card, on Teams and on Slack; taken away within five minutes it takes the points back', async () => {
    await giveTo(ana, [ben]);
    const { platform, message } = await reactionAt(channel);
    expect(platform).toBe('slack');
    await react(cy, 'tada', message);
    expect(await balance(ben)).toBe(0);
    await react(cy, 'bellhop_bell', message);
    expect([await balance(ben), await left(cy)]).toEqual([5, 95]);
    bot.clock.forward({ minutes: 5 });
    await react(cy, 'bellhop_bell', message, { added: false });
    expect([await balance(ben), await left(cy), await tallies()]).toEqual([0, 100, {}]);
    await react(cy, 'bellhop_bell', message);
    expect(await balance(ben)).toBe(5);
    bot.clock.forward({ minutes: 5, seconds: 1 });
    await react(cy, 'bellhop_bell', message, { added: false });
    expect(await balance(ben)).toBe(5);
    await sound();
  });

  it('by a like on Teams', async () => {
    const there = await aChannel(database.db, bot.organisation, { platform: 'teams', name: 'kudos' });
    await database.db.recognitionSettings.updateMany({ data: { channelId: there.id } });
    const dana = await bot.person({ name: 'Dana', platform: 'teams' });
    await giveTo(ana, [ben]);
    const { message } = await reactionAt(there);
    await react(dana, 'sad', message);
    expect(await balance(ben)).toBe(0);
    await react(dana, 'like', message);
    expect(await balance(ben)).toBe(5);
  });

  it('says so when the joiner has too few points', async () => {
    await giveTo(ana, [ben]);
    await giveTo(cy, [boss], { points: '49' });
    await giveTo(cy, [ana], { points: '49' });
    expect(refused(await bot.as(cy).click('recognition.join', publicCard()))).toEqual(['recognition.errors.own_kudos']);
    const first = bot.messagesIn(channel)[0]?.card;
    expect(refused(await bot.as(cy).click('recognition.join', first))).toEqual(['recognition.errors.too_few_points']);
    expect(await balance(ben)).toBe(0);
  });
});

let reactions = 0;
interface At {
  readonly conversationId: string;
  readonly externalId: string;
  readonly author?: ReturnType<typeof hintOf>;
}
async function react(
  person: BuiltPerson,
  emoji: string,
  message: At,
  { added = true, onceKey }: { added?: boolean; onceKey?: string } = {},
) {
  reactions += 1;
  const workspace = await database.db.workspace.findFirstOrThrow({ where: { id: person.workspaceId } });
  return await bot.dispatch({
    kind: 'reaction',
    added,
    emoji,
    message,
    actor: { platform: person.platform, workspaceExternalId: workspace.externalId, externalId: person.externalId },
    place: { kind: 'channel', externalId: message.conversationId },
    onceKey: onceKey ?? `reaction-${reactions}`,
    requestId: `reaction-${reactions}`,
  });
}
/** Where the newest card of a channel stands. */
async function reactionAt(where: { readonly id: string }) {
  const row = await database.db.delivery.findFirstOrThrow({ where: { channelId: where.id, state: 'sent' }, orderBy: { id: 'desc' } });
  const workspace = await database.db.workspace.findFirstOrThrow({ where: { id: row.workspaceId ?? '' } });
  return { platform: workspace.platform, message: { conversationId: row.conversationId ?? '', externalId: row.externalId ?? '' } };
}

describe('the organisation’s emoji at a message', () => {
  const at = (author: BuiltPerson, externalId = '1.1'): At => ({ conversationId: channel.externalId, externalId, author: hintOf(author) });

  it('gives a little once, is told in one message, and is shown in no channel', async () => {
    await react(ana, 'bellhop_bell', at(ben), { onceKey: 'same' });
    await react(ana, 'bellhop_bell', at(ben), { onceKey: 'same' });
    await react(ana, 'bellhop_bell', at(ben));
    await bot.runDue();
    await react(cy, 'bellhop_bell', at(ben));
    await later();
    expect([await balance(ben), await left(ana), await left(cy)]).toEqual([10, 95, 95]);
    expect(bot.messagesTo(ben)).toHaveLength(1);
    expect(JSON.stringify(bot.messagesTo(ben)[0]?.card)).toContain('"points":10');
    expect(bot.messagesIn(channel)).toEqual([]);
    await react(boss, 'bellhop_bell', at(ben, '2.2'));
    await bot.runDue();
    expect(bot.messagesTo(ben)).toHaveLength(2);
    await sound();
  });

  it('gives nothing to oneself, for another emoji, or when it is turned off', async () => {
    await react(ana, 'bellhop_bell', at(ana));
    await react(ana, 'tada', at(ben));
    await database.db.recognitionSettings.updateMany({ data: { reactionEmoji: '' } });
    await react(ana, '', at(ben));
    await database.db.recognitionSettings.updateMany({ data: { reactionEmoji: 'bellhop_bell', reactionPoints: 0 } });
    await react(ana, 'bellhop_bell', at(ben));
    expect(await database.db.kudos.count()).toBe(0);
  });

  it('taken away within five minutes takes it back, and a late copy of the first event gives nothing', async () => {
    await react(ana, 'bellhop_bell', at(ben), { onceKey: 'first' });
    bot.clock.forward({ minutes: 4 });
    await react(ana, 'bellhop_bell', at(ben), { added: false });
    expect([await balance(ben), await left(ana)]).toEqual([0, 100]);
    await react(ana, 'bellhop_bell', at(ben), { onceKey: 'first' });
    expect(await balance(ben)).toBe(0);
    await bot.runDue();
    expect(bot.messagesTo(ben)).toEqual([]);
    await react(ana, 'bellhop_bell', at(ben), { onceKey: 'second' });
    bot.clock.forward({ minutes: 6 });
    await react(ana, 'bellhop_bell', at(ben), { added: false });
    expect([await balance(ben), await left(ana), await tallies()]).toEqual([5, 95, { Ben: 5 }]);
    await sound();
  });

  it('says once a month that the points are spent', async () => {
    await giveTo(ana, [ben, cy], { points: '50' });
    expect(keysIn(await react(ana, 'bellhop_bell', at(boss)))).toContain('recognition.errors.too_few_points');
    expect(await react(ana, 'bellhop_bell', at(boss, '2.2'))).toEqual({ kind: 'nothing' });
    expect(await balance(boss)).toBe(0);
  });
});

describe('mending', () => {
  it('changes words and value for an hour; every card shows it', async () => {
    const answer = await giveTo(ana, [ben], { points: '10' });
    const value = await database.db.serviceValue.findFirstOrThrow({ where: { code: 'speed' } });
    const form = await bot.as(ana).click('recognition.mend_open', answer);
    expect(refused(await bot.as(ana).submit(form, { reason: 'short', value: 'none' }))).toEqual(['recognition.errors.reason_short']);
    const mended = await bot.as(ana).submit(form, { reason: `for ${hostile(300)}`, value: value.id });
    expect(keysIn(mended)).toContain('recognition.given.mended');
    await later();
    for (const card of [publicCard(), bot.messagesTo(ben).at(-1)?.card]) {
      expect(keysIn(card)).toEqual(expect.arrayContaining(['recognition.card.edited', 'recognition.values.speed']));
      expect(JSON.stringify(card)).toContain(JSON.stringify(hostile(300)).slice(1, 60));
    }
    const bySpeed = await database.db.kudosTally.findMany({ where: { valueId: value.id, period: '2027-03', subjectKind: 'person' } });
    expect(bySpeed.map((row) => [row.receivedCount, row.receivedPoints]).sort()).toEqual([
      [0, 0],
      [1, 10],
    ]);
    expect(await tallies('receivedCount')).toEqual({ Ben: 1 });
    bot.clock.forward({ hours: 1 });
    expect(refused(await bot.as(ana).click('recognition.mend_open', mended))).toEqual(['recognition.errors.too_late']);
    expect(refused(await bot.as(ana).submit(form, { reason: REASON, value: 'none' }))).toEqual(['recognition.errors.too_late']);
  });

  it('is reached from one’s own list too, when the first answer is gone', async () => {
    await giveTo(ana, [ben], { points: '10' });
    const mine = await bot.as(ana).press({ id: 'recognition.me', payload: { view: 'given', offset: 0 } });
    const form = await bot.as(ana).click('recognition.mend_open', await bot.as(ana).click('recognition.given', mine));
    expect(form.kind).toBe('form');
  });

  it('is for the giver alone', async () => {
    const answer = await giveTo(ana, [ben], { points: '10', public: false });
    for (const id of ['recognition.mend_open', 'recognition.take_back'] as const) {
      expect(refused(await bot.as(cy).click(id, answer))).toEqual(['recognition.errors.kudos_gone']);
    }
    const form = await bot.as(ana).click('recognition.mend_open', answer);
    const other = await bot.as(cy).submit(form, { reason: 'nothing that you said at all', value: 'none' });
    expect(refused(other)).toEqual(['recognition.errors.kudos_gone']);
    expect(JSON.stringify(other)).not.toContain(REASON);
  });
});

describe('taking back', () => {
  it('returns all points, those of who joined too, and every card says so', async () => {
    const answer = await giveTo(ana, [ben, cy], { points: '10' });
    await bot.as(boss).click('recognition.join', publicCard());
    const [first, second] = await Promise.all([1, 2].map(() => bot.as(ana).click('recognition.take_back', answer)));
    for (const one of [first, second]) expect(keysIn(one)).toContain('recognition.given.taken_back');
    expect([await balance(ben), await balance(cy), await left(ana), await left(boss)]).toEqual([0, 0, 100, 200]);
    await later();
    expect(keysIn(publicCard())).toContain('recognition.card.taken_back');
    expect(JSON.stringify(publicCard())).not.toContain(REASON);
    expect(keysIn(bot.messagesTo(ben).at(-1)?.card)).toContain('recognition.received.taken_back');
    expect([await tallies(), await tallies('givenPoints'), await tallies('receivedCount')]).toEqual([{}, {}, {}]);
    expect(
      refused(await bot.as(cy).press({ id: 'recognition.join', payload: { kudosId: (await database.db.kudos.findFirstOrThrow()).id } })),
    ).toEqual(['recognition.errors.kudos_closed']);
    await sound();
  });

  it('takes what is not spent; the rest is the organisation’s loss', async () => {
    const answer = await giveTo(ana, [ben, cy], { points: '10' });
    await spend(ben, 7);
    await bot.as(ana).click('recognition.take_back', answer);
    expect([await balance(ben), await balance(cy), await left(ana)]).toEqual([0, 0, 100]);
    const loss = await database.db.ledgerEntry.findMany({ where: { account: { kind: 'loss' } } });
    expect(loss.map((entry) => entry.amount)).toEqual([-7]);
    await sound();
  });

  it('says kindly when the hour has passed', async () => {
    const answer = await giveTo(ana, [ben], { points: '10' });
    bot.clock.forward({ hours: 1 });
    expect(refused(await bot.as(ana).click('recognition.take_back', answer))).toEqual(['recognition.errors.too_late']);
    expect(
      cardsOf(
        await bot.as(ana).press({ id: 'recognition.given', payload: { kudosId: (await database.db.kudos.findFirstOrThrow()).id } }),
      )[0]?.actions,
    ).toBeUndefined();
    expect(await balance(ben)).toBe(10);
  });

  it('before anything was sent, nobody hears of it', async () => {
    const form = await bot.as(ana).command('kudos');
    const answer = await bot.as(ana).submit(form, { people: [hintOf(ben)], reason: REASON, public: true });
    await bot.as(ana).click('recognition.take_back', answer);
    await bot.runDue();
    expect(bot.messages()).toEqual([]);
  });
});

describe('a posted message', () => {
  it('is found by where it stands, in its own workspace', async () => {
    await giveTo(ana, [ben]);
    const { message } = await reactionAt(channel);
    const found = await findPosted(database.db, bot.organisation.id, ana.workspaceId, message);
    expect(found?.message).toBe('recognition.card');
    expect(await findPosted(database.db, bot.organisation.id, bot.organisation.id, message)).toBeUndefined();
  });
});
