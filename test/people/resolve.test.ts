import { beforeEach, describe, expect, it } from 'vitest';
import { BellhopError } from '../../src/core/errors.js';
import type { Actor, Interaction, Place } from '../../src/core/interaction.js';
import { createRegistry } from '../../src/core/registry.js';
import type { Organisation } from '../../src/people/model.js';
import { createResolve } from '../../src/people/resolve.js';
import { anOrganisation, aPerson, aWork, aWorkspace, type BuiltWorkspace, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aMember, type FakeDirectory, fakeDirectory } from '../support/fake-directory.js';
import { type TestClock, testClock } from '../support/test-clock.js';

const database = useDatabase();
let organisation: Organisation;
let slack: BuiltWorkspace;
let teams: BuiltWorkspace;
let directory: FakeDirectory;
let clock: TestClock;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  slack = await aWorkspace(database.db, organisation, { platform: 'slack' });
  teams = await aWorkspace(database.db, organisation, { platform: 'teams' });
  directory = fakeDirectory('slack');
  clock = testClock('2027-02-02T09:00:00Z');
});

async function resolve(actor: Partial<Actor> & { externalId: string }, options: { place?: Place; asks?: boolean } = {}) {
  const platform = actor.platform ?? 'slack';
  const interaction: Interaction = {
    kind: 'home',
    actor: { platform, workspaceExternalId: (platform === 'slack' ? slack : teams).externalId, ...actor },
    place: options.place ?? { kind: 'direct' },
    onceKey: 'once',
    requestId: 'request',
  };
  const work = aWork(database.db, { clock });
  const directoryOf = options.asks === false ? undefined : () => directory;
  const resolved = await createResolve(work, createRegistry([]), { ...(directoryOf && { directoryOf }) })(interaction);
  return 'refused' in resolved ? { refused: text(resolved.refused.summary), reader: resolved.reader } : resolved.context;
}

describe('who acts', () => {
  it('finds organisation, person, role and language', async () => {
    const ana = await aPerson(database.db, organisation, { name: 'Ana', role: 'manager', locale: 'lv-LV', zone: 'America/New_York' });
    const found = await resolve({ externalId: ana.externalId });
    expect(found).toMatchObject({
      organisation: { id: organisation.id },
      person: { id: ana.id, name: 'Ana' },
      role: 'manager',
      reader: { locale: 'lv-LV', zone: 'America/New_York' },
      accountId: ana.accountId,
    });
    expect(directory.asked).toEqual([]);
  });

  it('reads as chosen, else as the platform tells, else as the place, else as the organisation', async () => {
    const location = await database.db.location.create({
      data: {
        organisationId: organisation.id,
        id: '01900000-0000-7000-8000-000000000001',
        name: 'Oslo',
        zone: 'Europe/Oslo',
        locale: 'nb',
        workDays: [6],
        createdAt: clock.now(),
      },
    });
    const reader = async (overrides: Parameters<typeof aPerson>[2], actor: Partial<Actor> = {}) => {
      const person = await aPerson(database.db, organisation, overrides);
      const found = await resolve({ externalId: person.externalId, ...actor });
      return 'refused' in found ? undefined : { ...found.reader, days: found.person.hours.days, start: found.person.hours.start };
    };
    expect(await reader({})).toEqual({ locale: 'en', zone: 'Europe/Riga', days: [1, 2, 3, 4, 5], start: 540 });
    expect(await reader({ locationId: location.id })).toEqual({ locale: 'nb', zone: 'Europe/Oslo', days: [6], start: 540 });
    expect(await reader({ locationId: location.id, locale: 'de-DE' }, { locale: 'fr-FR' })).toMatchObject({ locale: 'fr-FR' });
    expect(await reader({ chosenLocale: 'lv', locale: 'de-DE', zone: 'Mars/Olympus' })).toMatchObject({
      locale: 'lv',
      zone: 'Europe/Riga',
    });
  });

  it('lets in who has just joined, before any event told of it', async () => {
    directory.list = [aMember('U9', { name: 'Newcomer', email: 'new@example.com', isAdmin: true })];
    const found = await resolve({ externalId: 'U9' });
    expect(found).toMatchObject({ person: { name: 'Newcomer' }, role: 'manager' });
    await resolve({ externalId: 'U9' });
    expect(directory.asked).toEqual(['member:U9']);
  });

  it('makes one person of 10 first acts at once', async () => {
    directory.list = [aMember('U9')];
    await Promise.all(Array.from({ length: 10 }, () => resolve({ externalId: 'U9' })));
    expect(await database.db.person.count()).toBe(1);
  });

  it('lets anyone of the tenant in, known to a roster or not', async () => {
    expect(await resolve({ platform: 'teams', externalId: 'aad-1', name: 'Tea' })).toMatchObject({
      person: { name: 'Tea' },
      role: 'employee',
    });
    expect(await resolve({ platform: 'teams', externalId: 'aad-2', name: 'Uwe' }, { asks: false })).toMatchObject({
      person: { name: 'Uwe' },
    });
  });
});

describe('who is not served', () => {
  it('says so to a guest, until guests are let in', async () => {
    directory.list = [aMember('G1', { isGuest: true })];
    expect(await resolve({ externalId: 'G1', locale: 'lv-LV' })).toEqual({
      refused: 'people.errors.guest',
      reader: { locale: 'lv-LV', zone: 'UTC' },
    });
    await database.db.organisation.updateMany({ data: { guestsAllowed: true } });
    expect(await resolve({ externalId: 'G1' })).toMatchObject({ role: 'employee' });
  });

  it.each([
    ['a stranger', aMember('X', { isStranger: true }), 'people.errors.stranger'],
    ['a bot', aMember('X', { isBot: true }), 'people.errors.bot'],
    ['someone who left', aMember('X', { left: true }), 'people.errors.left'],
    ['someone whom Slack does not know', aMember('Y'), 'people.errors.stranger'],
  ])('says so to %s, and makes nobody of them', async (_, member, refused) => {
    directory.list = [member];
    expect(await resolve({ externalId: 'X' })).toMatchObject({ refused });
    expect(await database.db.person.count()).toBe(0);
  });

  it('tells another tenant’s people from a platform that is not connected', async () => {
    expect(await resolve({ platform: 'teams', workspaceExternalId: 'other', externalId: 'aad-1' })).toMatchObject({
      refused: 'people.errors.stranger',
    });
    await database.db.workspace.deleteMany({ where: { platform: 'teams' } });
    expect(await resolve({ platform: 'teams', workspaceExternalId: 'other', externalId: 'aad-1' })).toMatchObject({
      refused: 'people.errors.unknown_workspace',
    });
  });

  it('refuses who left, and lets in who is back', async () => {
    const ana = await aPerson(database.db, organisation, { status: 'left', externalId: 'U1' });
    expect(await resolve({ externalId: 'U1' })).toMatchObject({ refused: 'people.errors.left' });
    expect(await resolve({ externalId: 'U1' }, { asks: false })).toMatchObject({ refused: 'people.errors.left' });
    directory.list = [aMember('U1')];
    expect(await resolve({ externalId: 'U1' })).toMatchObject({ person: { id: ana.id, active: true } });
  });

  it('asks to try again when Slack can not be asked', async () => {
    directory.fail = { question: 'member:U9', error: new Error('down') };
    await expect(resolve({ externalId: 'U9' })).rejects.toThrow(BellhopError);
  });
});

describe('what is remembered of an act', () => {
  const account = async () => await database.db.account.findFirstOrThrow();

  it('notes the last use once a minute', async () => {
    const ana = await aPerson(database.db, organisation, {});
    const first = clock.now();
    await resolve({ externalId: ana.externalId });
    clock.forward({ seconds: 59 });
    await resolve({ externalId: ana.externalId });
    expect((await account()).lastUsedAt).toEqual(first);
    clock.forward({ seconds: 1 });
    await resolve({ externalId: ana.externalId });
    expect((await account()).lastUsedAt).toEqual(clock.now());
  });

  it('takes the address of a direct conversation, never of a channel', async () => {
    const tea = await aPerson(database.db, organisation, { platform: 'teams', directConversationId: null, unreachableReason: 'blocked' });
    const address = { conversationId: '19:channel', serviceUrl: 'https://new.example/', userId: '29:x' };
    await resolve({ platform: 'teams', externalId: tea.externalId, address }, { place: { kind: 'channel' } });
    expect(await account()).toMatchObject({ directConversationId: null, serviceUrl: 'https://new.example/', unreachableReason: 'blocked' });
    await resolve({ platform: 'teams', externalId: tea.externalId, address: { conversationId: 'a:1' } });
    expect(await account()).toMatchObject({ directConversationId: 'a:1', unreachableReason: null });
  });
});
