import { describe, expect, it } from 'vitest';
import type { CommandToken } from '../../src/core/interaction.js';
import type { Answer } from '../../src/core/reply.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { allowanceIn, balanceIn, expectSound, REASON, useKudosCompany } from '../support/kudos-company.js';
import { cardsOf, hintOf, keysIn, refusedWith, type TestBot } from '../support/test-bot.js';

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
const left = async (person: BuiltPerson, period = '2027-03') => await allowanceIn(database, bot, person, period);

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
    await expectSound(database, bot);
    expect(cardsOf(answer)[0]?.actions).toHaveLength(2);
    expect(refusedWith(await giveTo(ana, [ana]))).toEqual({ people: 'recognition.errors.self' });
  });
});

/** A command as a platform hands it over: `@ana` and the like are mentions. */
async function say(giver: BuiltPerson, text: string): Promise<Answer> {
  const people: Readonly<Record<string, BuiltPerson>> = { '@ana': ana, '@ben': ben, '@cy': cy, '@boss': boss };
  const tokens = text
    .split(' ')
    .filter(Boolean)
    .map((word): CommandToken => {
      const mentioned = people[word];
      return mentioned ? { kind: 'person', hint: hintOf(mentioned) } : { kind: 'word', text: word };
    });
  const row = await database.db.workspace.findFirstOrThrow({ where: { id: giver.workspaceId } });
  said += 1;
  return await bot.dispatch({
    kind: 'command',
    command: 'kudos',
    text,
    tokens,
    files: [],
    actor: { platform: giver.platform, workspaceExternalId: row.externalId, externalId: giver.externalId },
    place: { kind: 'channel', externalId: 'C-anywhere' },
    onceKey: `said-${said}`,
    requestId: `said-${said}`,
  });
}
let said = 0;

/** What the newest kudos holds, as it was understood. */
async function given() {
  const row = await database.db.kudos.findFirst({ orderBy: { id: 'desc' }, include: { receivers: { orderBy: { personId: 'asc' } } } });
  if (!row) return undefined;
  const value = row.valueId ? await database.db.serviceValue.findFirst({ where: { id: row.valueId } }) : undefined;
  const names = new Map([ana, ben, cy, boss].map((person) => [person.id, person.name]));
  const to = row.receivers.map((receiver) => names.get(receiver.personId));
  return { to: to.sort(), words: row.words, points: row.points, value: value?.code, public: row.public };
}

/** What the form that opened holds: its line, and what stands in its fields. */
function formOf(answer: Answer) {
  if (answer.kind !== 'form') throw new Error(`No form: ${JSON.stringify(answer)}`);
  const initial = Object.fromEntries(answer.form.fields.flatMap((field) => ('initial' in field ? [[field.name, field.initial]] : [])));
  return { line: keysIn(answer.form.intro)[0], initial, fields: answer.form.fields };
}

describe('the command', () => {
  const BOTH = { to: ['Ben Kalns', 'Cy Liepa'], words: 'calming an upset guest', points: 10, value: 'ownership', public: true };
  it.each([
    ['@ben @cy for calming an upset guest #ownership +10', BOTH],
    ['+10 #ownership @ben and @cy calming an upset guest', BOTH],
    ['for calming an upset guest @ben , @cy +10 points #own', BOTH],
    ['#Ownership @ben +10 @cy for calming an upset guest', BOTH],
    ['Ben Kalns, cy liepa: for calming an upset guest +10 #ownership', BOTH],
    ['to ben and Cy for calming an upset guest #OWNERSHIP +10 pts', BOTH],
    [
      'private @ben par viesa nomierināšanu',
      { to: ['Ben Kalns'], words: 'viesa nomierināšanu', points: 0, value: undefined, public: false },
    ],
    [
      '@ben for helping @cy with 3 tables',
      { to: ['Ben Kalns'], words: 'helping Cy Liepa with 3 tables', points: 0, value: undefined, public: true },
    ],
    [
      'Ben for fixing order #42 at -5 degrees',
      { to: ['Ben Kalns'], words: 'fixing order #42 at -5 degrees', points: 0, value: undefined, public: true },
    ],
    [
      '@ben <!channel> *look* at this </b>',
      { to: ['Ben Kalns'], words: '<!channel> *look* at this </b>', points: 0, value: undefined, public: true },
    ],
  ])('understands “%s”', async (text, understood) => {
    const answer = await say(ana, text);
    expect(keysIn(answer)).toContain('recognition.given.lead');
    expect(await given()).toEqual(understood);
  });

  it.each<readonly [string, string, object]>([
    ['@ben', 'recognition.errors.reason_missing', { people: 1 }],
    ['@ben thanks!', 'recognition.errors.reason_short', { people: 1, reason: 'thanks!' }],
    ['for calming an upset guest', 'recognition.missing.nobody', { reason: 'calming an upset guest' }],
    ['be great to every guest please', 'recognition.missing.nobody', { reason: 'be great to every guest please' }],
    ['Zelda for calming an upset guest +5', 'recognition.missing.unknown', { reason: 'calming an upset guest', points: '5' }],
    ['@frontdesk for calming an upset guest', 'recognition.missing.group', { reason: 'calming an upset guest' }],
    ['@ben for calming an upset guest #loyalty', 'recognition.missing.value', { people: 1, reason: 'calming an upset guest' }],
    ...['+0', '-5', '+1.5', '+1000000000000', '+10^12', '+5 +6'].map(
      (points) =>
        [
          `@ben for calming an upset guest ${points}`,
          'recognition.errors.points_invalid',
          { people: 1, reason: 'calming an upset guest', points },
        ] as const,
    ),
    ['@ben for calming an upset guest +60', 'recognition.missing.pair_cap', { people: 1, points: '60' }],
    ['@ben @cy for calming an upset guest +60', 'recognition.missing.too_few_points', { people: 2, points: '60' }],
    ['@ana @ben for calming an upset guest', 'recognition.missing.self', { people: 1 }],
    [`@ben ${'very '.repeat(101)}kind`, 'recognition.errors.reason_long', { people: 1, reason: `${'very '.repeat(101)}kind` }],
  ])('asks what is missing in “%s”, with everything that was typed', async (text, line, typed) => {
    const form = formOf(await say(ana, text));
    expect(form.line).toBe(line);
    const initial = { ...form.initial, people: ((form.initial.people as string[] | undefined) ?? []).length };
    expect(initial).toMatchObject(typed);
    expect(await given()).toBeUndefined();
  });

  it('lets choose between people of one name', async () => {
    const team = await database.db.team.create({
      data: { organisationId: bot.organisation.id, id: bot.organisation.id, name: 'Front desk', createdAt: bot.clock.now() },
    });
    const other = await bot.person({ name: 'Ben Kalns', teamId: team.id });
    const opened = await say(ana, 'Ben Kalns for calming an upset guest +5');
    const { line, fields } = formOf(opened);
    expect(line).toBe('recognition.missing.unsure');
    const choice = fields.find((field) => field.name === 'who1');
    if (choice?.kind !== 'choice') throw new Error('Nothing to choose from.');
    expect(choice.options.map((option) => option.value).sort()).toEqual([ben.id, other.id].sort());
    const answer = await bot.as(ana).submit(opened, { who1: other.id, reason: 'calming an upset guest', points: '5', public: true });
    expect(keysIn(answer)).toContain('recognition.given.lead');
    expect([await balance(ben), await balance(other)]).toEqual([0, 5]);
  });

  it('gives nothing to a bot, a guest, or somebody who left', async () => {
    const guest = await bot.person({ name: 'Guest', isGuest: true });
    const former = await bot.person({ name: 'Former', status: 'left' });
    for (const person of [guest, former]) {
      const form = await bot.as(ana).command(`kudos`);
      expect(refusedWith(await bot.as(ana).submit(form, { people: [hintOf(person)], reason: REASON }))).toEqual({
        people: 'recognition.missing.mention',
      });
      expect(formOf(await bot.as(ana).command('kudos for calming an upset guest', { mention: person })).line).toBe(
        'recognition.missing.mention_named',
      );
    }
    expect(formOf(await bot.as(ana).command('kudos x', { mention: { ...ben, externalId: 'UBOT' } })).line).toBe(
      'recognition.missing.mention',
    );
  });
});
