import { beforeEach, describe, expect, it } from 'vitest';
import { upsertMembers } from '../../src/people/accounts.js';
import { ensureFirstOwner } from '../../src/people/claim.js';
import { inTransaction } from '../../src/people/db.js';
import type { Organisation } from '../../src/people/model.js';
import type { MemberProfile } from '../../src/people/ports.js';
import { anOrganisation, aPerson, aWork, aWorkspace, BUILT_AT, type BuiltWorkspace, testVault } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aMember } from '../support/fake-directory.js';

const database = useDatabase();
let organisation: Organisation;
let slack: BuiltWorkspace;
let teams: BuiltWorkspace;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  slack = await aWorkspace(database.db, organisation, { platform: 'slack' });
  teams = await aWorkspace(database.db, organisation, { platform: 'teams' });
});

async function tell(workspace: BuiltWorkspace, ...members: MemberProfile[]) {
  const at = { organisationId: organisation.id, ...workspace };
  return await inTransaction(database.db, (tx) => upsertMembers(tx, testVault, at, members, { now: BUILT_AT }));
}
const people = async () => await database.db.person.findMany({ where: { organisationId: organisation.id }, orderBy: { id: 'asc' } });
const personOf = async (externalId: string) =>
  (await database.db.account.findFirstOrThrow({ where: { externalId }, include: { person: true } })).person;

describe('members become people', () => {
  it('makes one person of 20 tellings at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => tell(slack, aMember('U1', { email: 'ana@example.com' }))));
    expect(await people()).toHaveLength(1);
    expect(await database.db.account.count()).toBe(1);
  });

  it('makes one person of two platforms that tell at once', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        tell(index % 2 ? slack : teams, aMember(index % 2 ? 'U1' : 'aad-1', { email: 'Ana@Example.com ' })),
      ),
    );
    expect(await people()).toHaveLength(1);
    expect((await personOf('U1')).id).toBe((await personOf('aad-1')).id);
  });

  it('keeps addresses sealed', async () => {
    await tell(slack, aMember('U1', { email: 'Ana@Example.com' }));
    const [ana] = await people();
    expect(ana?.emailHash).toBe(testVault.digest('ana@example.com', 'person.email'));
    expect(testVault.open(ana?.emailCipher ?? '', 'person.email')).toBe('ana@example.com');
  });

  it('makes nobody of bots, strangers and those who left before', async () => {
    await tell(slack, aMember('B', { isBot: true }), aMember('S', { isStranger: true }), aMember('L', { left: true }));
    expect(await people()).toEqual([]);
  });

  it.each([
    ['a name that turns the writing', '\u202eanA\u0000\n  Ozola', 'anA Ozola'],
    ['markup', '<!channel> *Ana* <script>', '<!channel> *Ana* <script>'],
    ['nothing but blanks', ' \u0007 ', 'U1'],
    ['half a character', 'Ana \ud83d', 'Ana'],
  ])('keeps %s as it can be shown', async (_, name, kept) => {
    await tell(slack, aMember('U1', { name }));
    expect((await personOf('U1')).name).toBe(kept);
  });

  it('follows a change of name, and of nothing else', async () => {
    await tell(slack, aMember('U1', { name: 'Ana', locale: 'lv-LV', zone: 'Europe/Riga' }));
    await tell(slack, aMember('U1', { name: 'Ana Ozola', zone: 'Mars/Olympus' }));
    expect((await personOf('U1')).name).toBe('Ana Ozola');
    const account = await database.db.account.findFirstOrThrow({ where: { externalId: 'U1' } });
    expect([account.locale, account.zone]).toEqual(['lv-LV', 'Europe/Riga']);
  });
});

describe('roles', () => {
  it('lets administrators of Slack begin as managers, and nobody else', async () => {
    await tell(slack, aMember('U1', { isAdmin: true }), aMember('U2'), aMember('U3', { isAdmin: true, isGuest: true }));
    await tell(teams, aMember('aad-1', { isAdmin: true }));
    expect((await personOf('U1')).role).toBe('manager');
    for (const id of ['U2', 'U3', 'aad-1']) expect((await personOf(id)).role).toBe('employee');
  });

  it('raises nobody who is known already', async () => {
    await tell(teams, aMember('aad-1', { email: 'ana@example.com' }));
    await tell(slack, aMember('U1', { email: 'ana@example.com', isAdmin: true }));
    expect((await personOf('U1')).id).toBe((await personOf('aad-1')).id);
    expect((await personOf('U1')).role).toBe('employee');
  });

  it('makes the person with the configured address the owner, once', async () => {
    const work = aWork(database.db);
    await ensureFirstOwner(work, organisation.id, { ownerEmail: 'Boss@Example.com' });
    await tell(slack, aMember('U1', { email: 'ana@example.com' }), aMember('U2', { email: 'boss@example.com' }));
    expect((await personOf('U2')).role).toBe('owner');
    expect((await personOf('U1')).role).toBe('employee');
    await database.db.person.updateMany({ data: { role: 'employee' } });
    await tell(slack, aMember('U2', { name: 'Renamed', email: 'boss@example.com' }));
    expect((await personOf('U2')).role).toBe('employee');
  });

  it('makes no owner of a guest with the configured address', async () => {
    await ensureFirstOwner(aWork(database.db), organisation.id, { ownerEmail: 'boss@example.com' });
    await tell(slack, aMember('U1', { email: 'boss@example.com', isGuest: true }));
    expect((await personOf('U1')).role).toBe('employee');
  });
});

describe('one person, two accounts', () => {
  it('never joins a guest by the address', async () => {
    await tell(slack, aMember('U1', { email: 'ana@example.com' }));
    await tell(teams, aMember('aad-1', { email: 'ana@example.com', isGuest: true }));
    expect((await personOf('aad-1')).id).not.toBe((await personOf('U1')).id);
  });

  it('never joins two accounts of one workspace', async () => {
    await tell(slack, aMember('U1', { email: 'ana@example.com' }), aMember('U2', { email: 'ana@example.com' }));
    expect(await people()).toHaveLength(2);
  });

  it('joins an account whose address becomes known late, and keeps the role', async () => {
    const owner = await aPerson(database.db, organisation, { name: 'Ana', role: 'owner', email: 'ana@example.com', externalId: 'U1' });
    await tell(teams, aMember('aad-1'));
    const before = await personOf('aad-1');
    await tell(teams, aMember('aad-1', { email: 'ana@example.com' }));
    expect((await personOf('aad-1')).id).toBe(owner.id);
    expect((await database.db.person.findFirstOrThrow({ where: { id: before.id } })).status).toBe('left');
    expect((await personOf('aad-1')).role).toBe('owner');
  });

  it('does not let a changed address raise somebody', async () => {
    const owner = await aPerson(database.db, organisation, { name: 'Ana', role: 'owner', email: 'ana@example.com', externalId: 'U1' });
    await tell(teams, aMember('aad-1', { email: 'mallory@example.com' }));
    await tell(teams, aMember('aad-1', { email: 'ana@example.com' }));
    expect((await personOf('aad-1')).id).not.toBe(owner.id);
    expect((await personOf('aad-1')).role).toBe('employee');
  });

  it('moves an account whose address changed between equals, with those who report to it', async () => {
    await tell(slack, aMember('U1', { email: 'ana@example.com' }));
    await tell(teams, aMember('aad-1', { email: 'ana.old@example.com' }));
    const from = await personOf('aad-1');
    const report = await aPerson(database.db, organisation, { lineManager: from });
    await tell(teams, aMember('aad-1', { email: 'ana@example.com' }));
    const ana = await personOf('U1');
    expect((await personOf('aad-1')).id).toBe(ana.id);
    expect((await database.db.person.findFirstOrThrow({ where: { id: report.id } })).lineManagerId).toBe(ana.id);
  });

  it('keeps the address that one account still has when the other’s changes', async () => {
    await tell(slack, aMember('U1', { email: 'ana@example.com' }));
    await tell(teams, aMember('aad-1', { email: 'ana@example.com' }));
    await tell(slack, aMember('U1', { email: 'ozola@example.com' }));
    await tell(teams, aMember('aad-1', { email: 'ana@example.com' }));
    expect(await people()).toHaveLength(1);
    expect((await personOf('U1')).emailHash).toBe(testVault.digest('ozola@example.com', 'person.email'));
  });
});

describe('leaving and coming back', () => {
  it('ends a person with the last account only', async () => {
    await tell(slack, aMember('U1', { email: 'ana@example.com' }));
    await tell(teams, aMember('aad-1', { email: 'ana@example.com' }));
    await tell(slack, aMember('U1', { left: true }));
    expect((await personOf('U1')).status).toBe('active');
    await tell(teams, aMember('aad-1', { left: true }));
    expect((await personOf('U1')).status).toBe('left');
    await tell(teams, aMember('aad-1'));
    expect(await personOf('U1')).toMatchObject({ status: 'active', leftAt: null });
  });

  it('gives an address that went to somebody else a new person', async () => {
    await tell(slack, aMember('U1', { name: 'Ana Ozola', email: 'sales@example.com' }));
    await database.db.person.updateMany({ data: { role: 'manager' } });
    await tell(slack, aMember('U1', { left: true }));
    await tell(slack, aMember('U2', { name: 'Ben Kalns', email: 'sales@example.com' }));
    expect(await personOf('U2')).toMatchObject({ name: 'Ben Kalns', role: 'employee' });
    expect((await personOf('U2')).id).not.toBe((await personOf('U1')).id);
  });

  it('knows somebody who comes back with a new account, without the old role', async () => {
    await tell(slack, aMember('U1', { name: 'Ana Bērziņa', email: 'ana@example.com' }));
    await database.db.person.updateMany({ data: { role: 'manager' } });
    await tell(slack, aMember('U1', { left: true }));
    await tell(slack, aMember('U9', { name: 'ana berzina', email: 'ana@example.com' }));
    expect((await personOf('U9')).id).toBe((await personOf('U1')).id);
    expect(await personOf('U9')).toMatchObject({ status: 'active', role: 'employee' });
  });
});
