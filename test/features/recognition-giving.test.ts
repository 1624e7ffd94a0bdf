import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/reply.js';
import { auditLedger, balanceOf } from '../../src/features/recognition/ledger/store-ledger.js';
import { aChannel, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardsOf, hintOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
const REASON = 'calming an upset guest at the door';

let bot: TestBot;
let boss: BuiltPerson;
let ana: BuiltPerson;
let ben: BuiltPerson;
let cy: BuiltPerson;
let channel: { readonly id: string; readonly externalId: string };

beforeEach(async () => {
  await database.reset();
  // Monday 1 March 2027, 11:00 in Riga.
  bot = await testBot({ now: '2027-03-01T09:00:00Z', database });
  boss = await bot.person({ name: 'Boss', role: 'manager' });
  ana = await bot.person({ name: 'Ana Ozola' });
  ben = await bot.person({ name: 'Ben Kalns' });
  cy = await bot.person({ name: 'Cy Liepa' });
  channel = await aChannel(database.db, bot.organisation, { name: 'kudos', members: [boss, ana, ben, cy] });
  await database.db.recognitionSettings.create({ data: { organisationId: bot.organisation.id, channelId: channel.id } });
});

const balance = async (person: BuiltPerson) =>
  (await balanceOf(database.db, bot.organisation.id, { kind: 'balance', owner: person.id })) ?? 0;
const left = async (person: BuiltPerson, period = '2027-03') =>
  await balanceOf(database.db, bot.organisation.id, { kind: 'allowance', owner: person.id, period });

const errorsOf = (answer: Answer) => {
  if (answer.kind !== 'errors') throw new Error(`Not refused: ${JSON.stringify(answer)}`);
  return Object.fromEntries(Object.entries(answer.errors).map(([field, text]) => [field, keysIn(text)[0]]));
};

async function giveTo(giver: BuiltPerson, people: readonly BuiltPerson[], more: object = {}): Promise<Answer> {
  const form = await bot.as(giver).command('kudos');
  return await bot.as(giver).submit(form, { people: people.map(hintOf), reason: REASON, public: true, ...more });
}

describe('the form', () => {
  it('gives kudos: the receivers hear it, the channel sees it, the points move', async () => {
    const answer = await giveTo(ana, [ben, cy], { points: '10' });
    expect(keysIn(answer)).toContain('recognition.given.lead');
    await bot.runDue();
    expect(keysIn(bot.messagesTo(ben)[0]?.card)[0]).toBe('recognition.received.summary');
    expect(keysIn(bot.messagesIn(channel)[0]?.card)[0]).toBe('recognition.card.summary');
    expect([await balance(ben), await balance(cy), await left(ana)]).toEqual([10, 10, 80]);
    expect(await auditLedger(database.db, bot.organisation.id)).toEqual([]);
    expect(cardsOf(answer)[0]?.actions).toHaveLength(2);
    expect(errorsOf(await giveTo(ana, [ana]))).toEqual({ people: 'recognition.errors.self' });
  });
});
