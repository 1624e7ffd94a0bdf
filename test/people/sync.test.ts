import { beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/people/db.js';
import type { Organisation } from '../../src/people/model.js';
import type { ChannelProfile } from '../../src/people/ports.js';
import { type SyncCursor, startSync, syncStep, syncWorkspace } from '../../src/people/sync.js';
import { anOrganisation, aPerson, aWork, aWorkspace } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aMember, fakeDirectory } from '../support/fake-directory.js';
import { testClock } from '../support/test-clock.js';

const database = useDatabase();
let organisation: Organisation;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
});

const workspaceOf = async (platform: 'slack' | 'teams') => ({
  organisationId: organisation.id,
  ...(await aWorkspace(database.db, organisation, { platform })),
});
const active = async () =>
  (await database.db.person.findMany({ where: { status: 'active' }, orderBy: { name: 'asc' } })).map((person) => person.name);
const channel = (externalId: string, botIsMember = true): ChannelProfile => ({
  externalId,
  name: externalId.toLowerCase(),
  kind: 'channel',
  isPrivate: false,
  isArchived: false,
  botIsMember,
});

describe('reading members', () => {
  it('goes on with the page at which it was interrupted', async () => {
    const workspace = await workspaceOf('slack');
    const directory = fakeDirectory('slack');
    directory.list = Array.from({ length: 5 }, (_, index) => aMember(`U${index}`));
    const work = aWork(database.db);
    const step = async (cursor: SyncCursor) => await inTransaction(database.db, (tx) => syncStep(tx, work, directory, workspace, cursor));
    const second = await step(startSync(work.clock.now()));
    directory.fail = { question: 'members:2', error: new Error('killed') };
    await expect(step(second as SyncCursor)).rejects.toThrow('killed');
    expect(await active()).toHaveLength(2);
    let cursor = second;
    while (cursor) cursor = await step(JSON.parse(JSON.stringify(cursor)));
    expect(await active()).toHaveLength(5);
    expect(directory.asked.filter((question) => question.startsWith('members'))).toEqual([
      'members:0',
      'members:2',
      'members:2',
      'members:4',
    ]);
  });

  it('takes who is missing from a finished reading of Slack for gone, and lets them come back', async () => {
    const clock = testClock('2027-02-02T00:00:00Z');
    const work = aWork(database.db, { clock });
    const workspace = await workspaceOf('slack');
    const directory = fakeDirectory('slack');
    directory.list = [aMember('U1', { name: 'Ana' }), aMember('U2', { name: 'Ben' }), aMember('U3', { name: 'Cid' })];
    await syncWorkspace(work, directory, workspace);
    const all = directory.list;
    directory.list = all.slice(0, 2);
    clock.forward({ days: 1 });
    await syncWorkspace(work, directory, workspace);
    expect(await active()).toEqual(['Ana', 'Ben']);
    directory.list = all;
    clock.forward({ days: 1 });
    await syncWorkspace(work, directory, workspace);
    expect(await active()).toEqual(['Ana', 'Ben', 'Cid']);
  });

  it('takes nobody for gone from a roster of Teams, from an unfinished reading or from an empty one', async () => {
    const clock = testClock('2027-02-02T00:00:00Z');
    const work = aWork(database.db, { clock });
    await aPerson(database.db, organisation, { name: 'Tea', platform: 'teams' });
    await aPerson(database.db, organisation, { name: 'Ana', platform: 'slack' });
    const teams = fakeDirectory('teams');
    teams.list = [aMember('aad-9', { name: 'Uwe' })];
    await syncWorkspace(work, teams, await workspaceOf('teams'));
    const slack = fakeDirectory('slack');
    await syncWorkspace(work, slack, await workspaceOf('slack'));
    slack.list = [aMember('U7', { name: 'Zoe' }), aMember('U8', { name: 'Yan' }), aMember('U9', { name: 'Xia' })];
    slack.fail = { question: 'members:2', error: new Error('away') };
    await expect(syncWorkspace(work, slack, await workspaceOf('slack'))).rejects.toThrow('away');
    expect(await active()).toEqual(['Ana', 'Tea', 'Uwe', 'Yan', 'Zoe']);
  });

  it('keeps who joined while it was reading', async () => {
    const clock = testClock('2027-02-02T00:00:00Z');
    const work = aWork(database.db, { clock });
    const workspace = await workspaceOf('slack');
    const directory = fakeDirectory('slack');
    directory.list = [aMember('U1'), aMember('U2'), aMember('U3')];
    const next = await inTransaction(database.db, (tx) => syncStep(tx, work, directory, workspace, startSync(clock.now())));
    clock.forward({ seconds: 5 });
    const { upsertMembers } = await import('../../src/people/accounts.js');
    await inTransaction(database.db, (tx) => upsertMembers(tx, work.vault, workspace, [aMember('U9')], { now: clock.now() }));
    let cursor = next;
    while (cursor) cursor = await inTransaction(database.db, (tx) => syncStep(tx, work, directory, workspace, cursor as SyncCursor));
    expect(await active()).toHaveLength(4);
  });

  it('notes channels and their members, and who left one', async () => {
    const clock = testClock('2027-02-02T00:00:00Z');
    const work = aWork(database.db, { clock });
    const workspace = await workspaceOf('slack');
    const directory = fakeDirectory('slack');
    directory.list = [aMember('U1'), aMember('U2'), aMember('U3')];
    directory.channelList = [channel('C1'), channel('C2', false), channel('C3')];
    directory.channelLists.set('C1', ['U1', 'U2', 'U3', 'UNKNOWN']);
    directory.channelLists.set('C2', ['U1']);
    await syncWorkspace(work, directory, workspace);
    const members = async () =>
      (await database.db.channelMember.findMany({ include: { account: true, channel: true } }))
        .map((row) => `${row.channel.externalId}:${row.account.externalId}`)
        .sort();
    expect(await members()).toEqual(['C1:U1', 'C1:U2', 'C1:U3']);
    directory.channelLists.set('C1', ['U2']);
    directory.channelLists.set('C3', ['U3']);
    clock.forward({ days: 1 });
    await syncWorkspace(work, directory, workspace);
    expect(await members()).toEqual(['C1:U2', 'C3:U3']);
    expect((await database.db.workspace.findFirstOrThrow()).membersSyncedAt).toEqual(clock.now());
  });

  it('does not stop at a channel that it was thrown out of', async () => {
    const directory = fakeDirectory('slack');
    directory.list = [aMember('U1')];
    directory.channelList = [channel('C1'), channel('C2')];
    directory.channelLists.set('C2', ['U1']);
    directory.fail = { question: 'channelMembers:C1:0', error: Object.assign(new Error('not_in_channel'), { code: 'unreachable' }) };
    await syncWorkspace(aWork(database.db), directory, await workspaceOf('slack'));
    expect(await database.db.channelMember.count()).toBe(1);
  });
});
