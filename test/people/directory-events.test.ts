import { beforeEach, describe, expect, it } from 'vitest';
import { audiencePeople } from '../../src/people/audience.js';
import type { DirectoryChange } from '../../src/people/directory-events.js';
import { createDirectoryReporter } from '../../src/people/directory-events.js';
import type { Organisation } from '../../src/people/model.js';
import { UNNAMED } from '../../src/people/organisation.js';
import type { DirectoryEvent } from '../../src/people/ports.js';
import { aChannel, anOrganisation, aPerson, aWork, aWorkspace } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aMember, fakeDirectory } from '../support/fake-directory.js';

const database = useDatabase();
let organisation: Organisation;
let changes: DirectoryChange[];
let once = 0;

beforeEach(async () => {
  await database.reset();
  changes = [];
  organisation = await anOrganisation(database.db);
});

async function report(
  event: DirectoryEvent,
  options: { key?: string; platform?: 'slack' | 'teams'; externalId?: string; tenants?: string[] } = {},
) {
  once += 1;
  const platform = options.platform ?? 'slack';
  const directory = fakeDirectory(platform);
  directory.list = [aMember('NEW', { name: 'Newcomer' })];
  const reporter = createDirectoryReporter(aWork(database.db), {
    directoryOf: () => directory,
    accepts: ({ externalId }) => options.tenants?.includes(externalId) ?? true,
    changed: async (_, change) => {
      if (change.kind !== 'member_told') changes.push(change);
    },
  });
  const externalId = options.externalId ?? (await aWorkspace(database.db, organisation, { platform })).externalId;
  await reporter({ platform, externalId }, event, options.key ?? `event-${once}`);
}

describe('events of people and places', () => {
  it('has one effect for the same event 11 times', async () => {
    const ana = await aPerson(database.db, organisation, { externalId: 'U1' });
    await report({ kind: 'member_left', externalId: 'U1' }, { key: 'left' });
    await report({ kind: 'member', member: aMember('U1') }, { key: 'back' });
    for (let time = 0; time < 10; time++) await report({ kind: 'member_left', externalId: 'U1' }, { key: 'left' });
    expect((await database.db.person.findFirstOrThrow({ where: { id: ana.id } })).status).toBe('active');
  });

  it('forgets nothing that failed: the same event may come again', async () => {
    await report({ kind: 'member', member: aMember('U1', { name: 'x'.repeat(10), externalId: 'U\u0000' }) }, { key: 'bad' });
    expect(await database.db.person.count()).toBe(0);
    await report({ kind: 'member', member: aMember('U1') }, { key: 'bad' });
    expect(await database.db.person.count()).toBe(1);
  });

  it('keeps members of a channel by joins and leaves, newcomers included', async () => {
    const ana = await aPerson(database.db, organisation, { name: 'Ana' });
    const channel = await aChannel(database.db, organisation, { externalId: 'C1' });
    const audience = { kind: 'channel', channelId: channel.id } as const;
    const names = async () =>
      (await audiencePeople(database.db, organisation, audience, { limit: 10 })).map((person) => person.name).sort();
    await report({ kind: 'channel_joined', channelExternalId: 'C1', externalIds: [ana.externalId, 'NEW', 'NOBODY'] });
    expect(await names()).toEqual(['Ana', 'Newcomer']);
    await report({ kind: 'channel_left', channelExternalId: 'C1', externalIds: [ana.externalId] });
    expect(await names()).toEqual(['Newcomer']);
  });

  it('asks for a reading when the bot is let into a channel, and again after it was thrown out', async () => {
    const channel = { externalId: 'C1', name: 'front', kind: 'channel', isPrivate: false, isArchived: false, botIsMember: true } as const;
    await report({ kind: 'channel', channel });
    await report({ kind: 'channel', channel: { ...channel, name: 'renamed' } });
    expect(changes.map((change) => change.kind)).toEqual(['channel_opened']);
    await report({ kind: 'channel_gone', externalId: 'C1', reason: 'bot_removed' });
    expect(await database.db.channel.findFirstOrThrow()).toMatchObject({
      botIsMember: false,
      unreachableReason: 'bot_removed',
      name: 'renamed',
    });
    await report({ kind: 'channel', channel });
    expect(changes).toHaveLength(2);
    expect(await database.db.channel.findFirstOrThrow()).toMatchObject({ botIsMember: true, unreachableReason: null });
  });

  it('notes who can be reached, where, and who can not', async () => {
    const tea = await aPerson(database.db, organisation, { platform: 'teams' });
    const account = async (externalId = tea.externalId) => await database.db.account.findFirstOrThrow({ where: { externalId } });
    await report({ kind: 'unreachable', externalId: tea.externalId, reason: 'app_not_installed' }, { platform: 'teams' });
    expect(await account()).toMatchObject({ unreachableReason: 'app_not_installed' });
    const address = { conversationId: 'a:1', serviceUrl: 'https://x.example/', userId: '29:1' };
    await report({ kind: 'reachable', externalId: tea.externalId, address }, { platform: 'teams' });
    expect(await account()).toMatchObject({ unreachableReason: null, directConversationId: 'a:1', userExternalId: '29:1' });
    await report({ kind: 'reachable', externalId: 'NEW', address: { conversationId: 'a:2' } }, { platform: 'teams' });
    expect(await account('NEW')).toMatchObject({ directConversationId: 'a:2' });
  });
});

describe('installations', () => {
  const workspace = { platform: 'teams', externalId: 'tenant-a', name: 'Tenant A' } as const;

  it('joins the first tenant to the organisation, and no second one', async () => {
    await report({ kind: 'installed', workspace }, { platform: 'teams', externalId: 'tenant-a' });
    const other = { ...workspace, externalId: 'tenant-b' };
    await report({ kind: 'installed', workspace: other }, { platform: 'teams', externalId: 'tenant-b' });
    expect(await database.db.workspace.findMany()).toMatchObject([{ organisationId: organisation.id, externalId: 'tenant-a' }]);
    expect(changes).toMatchObject([{ kind: 'installed', organisationId: organisation.id }]);
  });

  it('leaves a tenant aside that is not the configured one', async () => {
    await report({ kind: 'installed', workspace }, { platform: 'teams', externalId: 'tenant-a', tenants: ['tenant-z'] });
    expect(await database.db.workspace.count()).toBe(0);
    await report({ kind: 'member', member: aMember('aad-1') }, { platform: 'teams', externalId: 'tenant-a' });
    expect(await database.db.person.count()).toBe(0);
  });

  it('knows a workspace that comes back', async () => {
    await report({ kind: 'installed', workspace }, { platform: 'teams', externalId: 'tenant-a' });
    await report({ kind: 'removed' }, { platform: 'teams', externalId: 'tenant-a' });
    expect((await database.db.workspace.findFirstOrThrow()).removedAt).not.toBeNull();
    await report({ kind: 'installed', workspace }, { platform: 'teams', externalId: 'tenant-a' });
    expect(await database.db.workspace.findFirstOrThrow()).toMatchObject({ removedAt: null, membersSyncedAt: null });
  });

  it('makes the organisation when there is none', async () => {
    await database.reset();
    await report({ kind: 'installed', workspace }, { platform: 'teams', externalId: 'tenant-a' });
    expect(await database.db.organisation.findMany()).toMatchObject([{ name: 'Tenant A' }]);
  });

  it('takes the name of a Slack workspace as long as the organisation has none', async () => {
    await database.db.organisation.updateMany({ data: { name: UNNAMED } });
    const acme = { platform: 'slack', externalId: 'T1', name: 'Acme' } as const;
    await report({ kind: 'installed', workspace: acme }, { externalId: 'T1' });
    await report({ kind: 'installed', workspace: { ...acme, name: 'Renamed' } }, { externalId: 'T1' });
    expect((await database.db.organisation.findFirstOrThrow()).name).toBe('Acme');
  });
});
