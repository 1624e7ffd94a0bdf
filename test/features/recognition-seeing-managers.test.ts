import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { Answer } from '../../src/core/reply.js';
import { takeBack } from '../../src/features/recognition/giving/close.js';
import { type Gift, give } from '../../src/features/recognition/giving/give.js';
import { listValues } from '../../src/features/recognition/store-settings.js';
import { BUILT_AT, type BuiltPerson, type PersonOverrides, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { cardsOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let giver: BuiltPerson;

async function begin(now: string): Promise<void> {
  await database.reset();
  bot = await testBot({ now, database });
  giver = await bot.person({ name: 'Giver', role: 'owner' });
}

async function thank(receivers: readonly BuiltPerson[], more: Partial<Gift> = {}): Promise<string> {
  const gift = { giverId: giver.id, receiverIds: receivers.map(({ id }) => id), valueId: null, words: 'calming an upset guest', points: 0 };
  return await give({ ...bot.work, organisation: bot.organisation }, { ...gift, public: true, source: 'peer', ...more });
}

/** People of a line manager. */
const team = async (manager: BuiltPerson, names: readonly string[], more: PersonOverrides = {}): Promise<BuiltPerson[]> => {
  const people: BuiltPerson[] = [];
  for (const name of names) people.push(await bot.person({ name, lineManager: manager, ...more }));
  return people;
};

const told = (person: BuiltPerson, message: 'digest' | 'fairness') =>
  bot.messagesTo(person).filter(({ posted }) => keysIn(posted.title)[0] === `recognition.${message}.title`);
const cardOf = (answer: Answer | Card): Card => {
  const [card] = cardsOf(answer);
  if (!card) throw new Error('No card.');
  return card;
};
const shown = (value: unknown) => text(value as Parameters<typeof text>[0]).replaceAll('recognition.', '');
const rowsOf = (answer: Answer | Card) =>
  (cardOf(answer).rows ?? []).map((row) => `${shown(row.text)}: ${row.detail ? shown(row.detail) : ''}`);

describe('the weekly digest', () => {
  // Wednesday 3 March 2027.
  beforeEach(async () => await begin('2027-03-03T09:00:00Z'));

  it('tells a line manager on Monday morning who got how many, for which values, in one message', async () => {
    const lead = await bot.person({ name: 'Lead' });
    const [ana, ben] = (await team(lead, ['Ana', 'Ben', 'Cy'])) as [BuiltPerson, BuiltPerson];
    const [courtesy, , ownership] = await listValues(database.db, bot.organisation.id);
    await thank([ana], { valueId: courtesy?.id ?? null, words: 'first thing that was said' });
    bot.clock.forward({ minutes: 1 });
    await thank([ana], { valueId: ownership?.id ?? null, public: false, words: 'secret words of two people' });
    bot.clock.forward({ minutes: 1 });
    await thank([ben, ana], { words: 'both of them stayed late' });
    const regretted = await thank([ben], { words: 'this one is taken back' });
    await takeBack({ ...bot.work, organisation: bot.organisation }, regretted, { personId: giver.id }, 'taken_back', 'giver');
    for (const at of ['2027-03-07T21:00:00Z', '2027-03-08T06:59:00Z']) {
      bot.clock.to(at);
      await bot.runDue();
      expect(told(lead, 'digest')).toEqual([]);
    }
    bot.clock.to('2027-03-08T07:00:00Z');
    await bot.runDue();
    const [digest, ...more] = told(lead, 'digest');
    expect(more).toEqual([]);
    if (!digest) throw new Error('Nothing was told.');
    expect(shown(digest.card.summary)).toBe('digest.summary(people=2, kudos=3)');
    expect(rowsOf(digest.card)).toEqual(['Ana: digest.kudos(count=3) · values.courtesy, values.ownership', 'Ben: digest.kudos(count=1)']);
    const quotes = (digest.card.body ?? []).map((block) => (block.kind === 'quote' ? shown(block.text) : ''));
    expect(quotes).toEqual(['both of them stayed late', 'first thing that was said']);
    expect(JSON.stringify(digest.card)).not.toContain('secret');
    expect(told(giver, 'digest')).toEqual([]);
    expect(keysIn(await bot.as(lead).click('recognition.top', digest.card))).toContain('recognition.top.title');
    // Once a week, whatever else happens.
    await thank([ana]);
    bot.clock.to('2027-03-10T09:00:00Z');
    await bot.runDue();
    expect(told(lead, 'digest')).toHaveLength(1);
    bot.clock.to('2027-03-15T07:00:00Z');
    await bot.runDue();
    expect(told(lead, 'digest').map(({ posted }) => shown(posted.summary))).toEqual([
      'digest.summary(people=2, kudos=3)',
      'digest.summary(people=1, kudos=1)',
    ]);
  });

  it('pages a large line, and shows nobody another one’s people', async () => {
    const lead = await bot.person({ name: 'Lead' });
    const people = await team(
      lead,
      Array.from({ length: 9 }, (_, index) => `P${index}`),
    );
    await thank(people);
    bot.clock.to('2027-03-08T08:00:00Z');
    await bot.runDue();
    const card = told(lead, 'digest')[0]?.card as Card;
    expect(rowsOf(card)).toHaveLength(7);
    expect(rowsOf(await bot.as(lead).click('recognition.digest', card)).map((row) => row.slice(0, 2))).toEqual(['P7', 'P8']);
    expect(shown(cardOf(await bot.as(giver).press({ id: 'recognition.digest', payload: { week: '2027-03-08', offset: 0 } })).lead)).toBe(
      'digest.none',
    );
  });

  it('says nothing when there was nothing, or nothing is left of it', async () => {
    const lead = await bot.person({ name: 'Lead' });
    const [ana] = (await team(lead, ['Ana'])) as [BuiltPerson];
    const kudosId = await thank([ana]);
    bot.clock.to('2027-03-08T06:00:00Z');
    await bot.runDue();
    await takeBack({ ...bot.work, organisation: bot.organisation }, kudosId, { personId: giver.id }, 'removed', 'report');
    bot.clock.to('2027-03-08T08:00:00Z');
    await bot.runDue();
    bot.clock.to('2027-03-15T08:00:00Z');
    await bot.runDue();
    expect(told(lead, 'digest')).toEqual([]);
  });

  it('after a stop tells of the latest week only', async () => {
    const lead = await bot.person({ name: 'Lead' });
    const [ana] = (await team(lead, ['Ana'])) as [BuiltPerson];
    await thank([ana]);
    await bot.runDue();
    bot.clock.to('2027-03-10T09:00:00Z');
    await thank([ana]);
    await thank([ana]);
    // From Wednesday on nothing runs, over a Monday, up to Thursday of the week after.
    bot.clock.to('2027-03-18T09:00:00Z');
    await bot.runDue();
    await bot.runDue();
    expect(told(lead, 'digest').map(({ posted }) => shown(posted.summary))).toEqual(['digest.summary(people=1, kudos=2)']);
  });

  it('comes in everybody’s own morning, and over both changes of clocks', async () => {
    const zones = { riga: 'Europe/Riga', york: 'America/New_York', auckland: 'Pacific/Auckland' };
    const leads: [string, BuiltPerson, BuiltPerson][] = [];
    for (const [name, zone] of Object.entries(zones)) {
      const lead = await bot.person({ name, zone });
      leads.push([name, lead, (await team(lead, [`${name}’s`]))[0] as BuiltPerson]);
    }
    const at: string[] = [];
    // Riga changes on 28 March and 31 October, New York on 14 March and 7 November.
    for (const [week, sunday] of [
      ['2027-03-10', 14],
      ['2027-03-24', 28],
      ['2027-10-27', 31],
    ] as const) {
      bot.clock.to(`${week}T12:00:00Z`);
      await thank(leads.map(([, , person]) => person));
      for (const hours of [19, 20, 24 + 5, 24 + 6, 24 + 7, 24 + 12, 24 + 13, 24 + 14]) {
        bot.clock.to(`${week.slice(0, 8)}${sunday}T00:00:00Z`);
        bot.clock.forward({ hours });
        const before = leads.map(([, lead]) => told(lead, 'digest').length);
        await bot.runDue();
        for (const [index, [name, lead]] of leads.entries()) {
          if (told(lead, 'digest').length > (before[index] ?? 0)) at.push(`${name} ${bot.clock.now().toISOString().slice(5, 16)}`);
        }
      }
    }
    expect(at).toEqual([
      'auckland 03-14T20:00',
      'riga 03-15T07:00',
      'york 03-15T13:00',
      'auckland 03-28T20:00',
      'riga 03-29T06:00',
      'york 03-29T13:00',
      'auckland 10-31T20:00',
      'riga 11-01T07:00',
      'york 11-01T13:00',
    ]);
  }, 90_000);
});

describe('the fairness report', () => {
  const places = async (names: readonly string[]) =>
    await Promise.all(
      names.map(async (name, index) => {
        const [id, place] = [`00000000-0000-7000-8000-00000000000${index}`, `00000000-0000-7000-8000-00000000001${index}`];
        await database.db.team.create({ data: { organisationId: bot.organisation.id, id, name, createdAt: BUILT_AT } });
        await database.db.location.create({
          data: { organisationId: bot.organisation.id, id: place, name: `${name} house`, createdAt: BUILT_AT },
        });
        return { teamId: id, locationId: place };
      }),
    );
  const people = async (count: number, more: PersonOverrides) =>
    await Promise.all(Array.from({ length: count }, async (_, index) => await bot.person({ ...more, name: `${more.name} ${index}` })));
  const old = new Date('2025-01-01T09:00:00Z');

  beforeEach(async () => await begin('2027-03-03T09:00:00Z'));

  it('is for managers, and says nothing of fewer than five', async () => {
    const ana = await bot.person({ name: 'Ana' });
    expect(keysIn(await bot.as(ana).command('kudos fairness'))).toEqual(['core.errors.role_needed', 'core.errors.role_needed']);
    expect(keysIn(await bot.as(ana).press({ id: 'recognition.silent', payload: { offset: 0 } }))).toContain('core.errors.role_needed');
    expect(shown(cardOf(await bot.as(giver).command('kudos fairness')).lead)).toBe('fairness.too_few(people=2)');
  });

  it('states how evenly recognition spreads over teams and locations, and how that has changed', async () => {
    const [kitchen, reception, garage] = (await places(['Kitchen', 'Reception', 'Garage'])) as [
      PersonOverrides,
      PersonOverrides,
      PersonOverrides,
    ];
    await database.db.person.updateMany({ where: { id: giver.id }, data: { joinedAt: old } });
    const cooks = await people(5, { name: 'Cook', joinedAt: old, ...kitchen });
    const clerks = await people(5, { name: 'Clerk', joinedAt: old, ...reception });
    await people(2, { name: 'Driver', joinedAt: old, ...garage });
    // 150 days ago: two of thirteen.
    bot.clock.to('2026-10-04T09:00:00Z');
    await thank(cooks.slice(0, 2));
    bot.clock.to('2027-03-03T09:00:00Z');
    await thank(clerks.slice(0, 4));
    await thank(clerks.slice(0, 2), { public: false });
    await thank(cooks.slice(0, 1));
    const report = await bot.as(giver).command('kudos fairness');
    const card = cardOf(report);
    expect(shown(card.lead)).toBe(`fairness.lead_up(share=${5 / 13}, before=${2 / 13}, days=90)`);
    expect((card.body ?? []).map((block) => (block.kind === 'paragraph' ? shown(block.text) : ''))).toEqual([
      'fairness.teams_uneven(low=Kitchen, lowShare=0.2, high=Reception, highShare=0.8)',
      'fairness.locations_uneven(low=Kitchen house, lowShare=0.2, high=Reception house, highShare=0.8)',
    ]);
    expect((card.facts ?? []).map((fact) => shown(fact.value))).toEqual([
      'fairness.reached_value(reached=5, people=13)',
      '0.5',
      'fairness.people(count=8)',
    ]);
    const teams = await bot.as(giver).click('recognition.groups', report);
    expect(rowsOf(teams)).toEqual([
      'Kitchen: fairness.group(share=0.2, people=5, each=0.2)',
      'Reception: fairness.group(share=0.8, people=5, each=1.2)',
      'Garage: fairness.group_too_few(people=2)',
      'fairness.no_team: fairness.group_too_few(people=1)',
    ]);
    const locations = await bot.as(giver).click('recognition.groups', teams);
    expect(rowsOf(locations)[0]).toBe('Kitchen house: fairness.group(share=0.2, people=5, each=0.2)');
    await thank(cooks);
    expect((cardOf(await bot.as(giver).command('kudos fairness')).body ?? []).map((block) => keysIn(block)[0])).toEqual([
      'recognition.fairness.teams_even',
      'recognition.fairness.locations_even',
    ]);
  });

  it('lists who received nothing for 90 days, the own line first; newcomers, leavers and guests are left out', async () => {
    const lead = await bot.person({ name: 'Lead', role: 'manager', joinedAt: old });
    await people(7, { name: 'Other', joinedAt: old });
    const [zane] = (await team(lead, ['Zane', 'Yana'], { joinedAt: old })) as [BuiltPerson];
    await bot.person({ name: 'Newcomer', joinedAt: new Date('2026-12-15T09:00:00Z') });
    await bot.person({ name: 'Former', joinedAt: old, status: 'left' });
    await bot.person({ name: 'Guest', joinedAt: old, isGuest: true });
    bot.clock.to('2026-11-02T09:00:00Z');
    await thank([zane]);
    bot.clock.to('2026-12-10T09:00:00Z');
    const thanked = await team(lead, ['Thanked'], { joinedAt: old });
    await thank(thanked);
    bot.clock.to('2027-03-03T09:00:00Z');
    const silent = await bot.as(lead).click('recognition.silent', await bot.as(lead).command('kudos fairness'));
    expect(shown(cardOf(silent).lead)).toBe('fairness.silent_lead_own(count=10, own=2, days=90)');
    expect(rowsOf(silent).slice(0, 4)).toEqual([
      'Yana: fairness.own · fairness.never',
      'Zane: fairness.own · fairness.last(day=2026-11-02)',
      'Lead: fairness.never',
      'Other 0: fairness.never',
    ]);
    expect(rowsOf(await bot.as(lead).click('recognition.silent', silent))).toHaveLength(3);
    expect(shown(cardOf(await bot.as(giver).press({ id: 'recognition.silent', payload: { offset: 0 } })).lead)).toBe(
      'fairness.silent_lead(count=10, days=90)',
    );
  });

  it('comes to managers on the first working day of the month, once, and not where nobody gives kudos', async () => {
    const lead = await bot.person({ name: 'Lead', role: 'manager', joinedAt: old });
    const ana = await bot.person({ name: 'Ana', joinedAt: old });
    const dismissed = await bot.person({ name: 'Dismissed', role: 'manager', joinedAt: old });
    bot.clock.to('2027-04-01T08:00:00Z');
    await bot.runDue();
    expect(told(lead, 'fairness')).toEqual([]);
    await thank([ana]);
    // 1 May is a Saturday.
    bot.clock.to('2027-04-30T21:30:00Z');
    await bot.runDue();
    await database.db.person.updateMany({ where: { id: dismissed.id }, data: { role: 'employee' } });
    bot.clock.to('2027-05-03T05:59:00Z');
    await bot.runDue();
    expect(told(lead, 'fairness')).toEqual([]);
    bot.clock.to('2027-05-03T06:00:00Z');
    await bot.runDue();
    bot.clock.to('2027-05-04T06:00:00Z');
    await bot.runDue();
    expect([lead, giver, ana, dismissed].map((person) => told(person, 'fairness').length)).toEqual([1, 1, 0, 0]);
    const card = told(lead, 'fairness')[0]?.card as Card;
    expect(await bot.as(lead).click('recognition.groups', card)).toMatchObject({ kind: 'whisper' });
    expect(await bot.as(lead).click('recognition.silent', card)).toMatchObject({ kind: 'whisper' });
    // Not in the middle of a month.
    bot.clock.to('2027-06-15T09:00:00Z');
    await bot.runDue();
    expect(told(lead, 'fairness')).toHaveLength(1);
  });
});
