import { beforeEach, describe, expect, it } from 'vitest';
import { audiencePeople, checkAudience, countAudience, describeAudience, inAudience } from '../../src/people/audience.js';
import { recordEvent } from '../../src/people/audit.js';
import { findByHint } from '../../src/people/find-person.js';
import type { Audience, Organisation } from '../../src/people/model.js';
import { aChannel, anAccount, anOrganisation, aPerson, BUILT_AT, testVault, text } from '../support/builders.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
let organisation: Organisation;
let foreign: Organisation;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  foreign = await anOrganisation(database.db, { name: 'Another' });
});

describe('finding a person', () => {
  const find = async (typed: string, allowed = false) => {
    const found = await findByHint(
      { db: database.db, vault: testVault, organisation: { ...organisation, guestsAllowed: allowed } },
      { by: 'typed', typed },
    );
    if ('person' in found) return found.person.name;
    return 'ambiguous' in found ? found.ambiguous.map((person) => person.name) : undefined;
  };

  beforeEach(async () => {
    for (const name of ['Ana Ozola', 'Anastasija Liepa', 'Jānis Bērziņš', 'Łukasz Żak', "O'Neil Ann-Marie"]) {
      await aPerson(database.db, organisation, { name, email: `${name.split(' ')[0]}@example.com` });
    }
    await aPerson(database.db, organisation, { name: 'Gone Person', status: 'left', email: 'gone@example.com' });
    await aPerson(database.db, organisation, { name: 'Guest Person', isGuest: true });
    await aPerson(database.db, foreign, { name: 'Foreign Person', platform: null });
  });

  it.each([
    ['ana ozola', 'Ana Ozola'],
    ['ana', 'Ana Ozola'],
    ['anas', 'Anastasija Liepa'],
    ['JANIS berzins', 'Jānis Bērziņš'],
    ['bērz', 'Jānis Bērziņš'],
    ['lukasz zak', 'Łukasz Żak'],
    ['marie', "O'Neil Ann-Marie"],
    ['@ana', 'Ana Ozola'],
    ['ANA@example.com', 'Ana Ozola'],
    ['gone person', undefined],
    ['gone@example.com', undefined],
    ['Foreign Person', undefined],
    ['guest', undefined],
    ["'; DROP TABLE person; --", undefined],
    ['%', undefined],
    ['   ', undefined],
  ])('%s is %s', async (typed, name) => {
    expect(await find(typed)).toBe(name);
  });

  it('asks when several are meant, seven at most', async () => {
    for (let index = 0; index < 9; index++) await aPerson(database.db, organisation, { name: `Maija ${index}` });
    expect(await find('maija')).toHaveLength(7);
  });

  it('finds guests where they are let in', async () => {
    expect(await find('guest', true)).toBe('Guest Person');
  });

  it('finds a mention within its workspace only', async () => {
    const ana = await aPerson(database.db, organisation, { externalId: 'U7' });
    const by = async (workspaceId: string) =>
      await findByHint({ db: database.db, vault: testVault, organisation, workspaceId }, { by: 'account', externalId: 'U7' });
    expect(await by(ana.workspaceId)).toMatchObject({ person: { id: ana.id } });
    expect(await by('01900000-0000-7000-8000-000000000009')).toEqual({ none: true });
  });
});

describe('audiences', () => {
  const names = async (audience: Audience, guestsAllowed = false) =>
    (await audiencePeople(database.db, { ...organisation, guestsAllowed }, audience, { limit: 100 })).map((person) => person.name).sort();

  it('holds those who are present, once each', async () => {
    const ana = await aPerson(database.db, organisation, { name: 'Ana', role: 'manager' });
    await anAccount(database.db, organisation, ana.id, { platform: 'teams' });
    const ben = await aPerson(database.db, organisation, { name: 'Ben' });
    await aPerson(database.db, organisation, { name: 'Guest', isGuest: true });
    await aPerson(database.db, organisation, { name: 'Gone', status: 'left' });
    const other = await aPerson(database.db, foreign, { name: 'Foreign', platform: null });
    const channel = await aChannel(database.db, organisation, { name: 'front', members: [ana] });

    expect(await names({ kind: 'everyone' })).toEqual(['Ana', 'Ben']);
    expect(await names({ kind: 'everyone' }, true)).toEqual(['Ana', 'Ben', 'Guest']);
    expect(await names({ kind: 'role', role: 'employee' })).toEqual(['Ben']);
    expect(await names({ kind: 'channel', channelId: channel.id })).toEqual(['Ana']);
    expect(await names({ kind: 'people', personIds: [ben.id, other.id] })).toEqual(['Ben']);
    expect(await countAudience(database.db, organisation, { kind: 'everyone' })).toBe(2);
    expect(await inAudience(database.db, organisation, { kind: 'role', role: 'manager' }, ana.id)).toBe(true);
    expect(await inAudience(database.db, organisation, { kind: 'role', role: 'manager' }, ben.id)).toBe(false);
    await expect(checkAudience(database.db, organisation.id, { kind: 'people', personIds: [other.id] })).rejects.toThrow(
      'people.audience_unknown',
    );
    await expect(checkAudience(database.db, organisation.id, { kind: 'people', personIds: [] })).rejects.toThrow('people.audience_empty');
    await expect(checkAudience(database.db, foreign.id, { kind: 'channel', channelId: channel.id })).rejects.toThrow(
      'people.audience_unknown',
    );
    expect(text(await describeAudience(database.db, organisation.id, { kind: 'channel', channelId: channel.id }))).toBe(
      'people.audience.channel(channel=front)',
    );
    expect(text(await describeAudience(database.db, organisation.id, { kind: 'people', personIds: [ben.id, ana.id] }))).toBe('Ana, Ben');
  });

  it('is read in pages without a gap', async () => {
    for (let index = 0; index < 5; index++) await aPerson(database.db, organisation);
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await audiencePeople(database.db, organisation, { kind: 'everyone' }, { limit: 2, ...(after && { after }) });
      if (page.length === 0) break;
      seen.push(...page.map((person) => person.id));
      after = page.at(-1)?.id;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });
});

it('keeps audit events from being changed or removed', async () => {
  await recordEvent(database.db, { organisationId: organisation.id, actorId: null, verb: 'test.done' }, BUILT_AT);
  await expect(database.db.auditEvent.updateMany({ data: { verb: 'other' } })).rejects.toThrow();
  await expect(database.db.auditEvent.deleteMany()).rejects.toThrow();
  await expect(database.db.$executeRaw`TRUNCATE audit_event`).rejects.toThrow();
  expect(await database.db.auditEvent.count()).toBe(1);
});
