import type { Platform } from '../core/interaction.js';
import { leaveAccount, upsertMembers } from './accounts.js';
import { addChannelMembers, upsertChannel } from './channels.js';
import { inTransaction, type Tx } from './db.js';
import type { Work } from './handlers.js';
import { lockPeople } from './lock.js';
import type { ChannelProfile, Directory, MemberProfile, Page } from './ports.js';

/** A workspace to be read. */
export interface SyncedWorkspace {
  readonly organisationId: string;
  readonly id: string;
  readonly platform: Platform;
  readonly externalId: string;
}

/** Where a reading stands: its next page. What it holds survives a crash, so it is plain JSON. */
export interface SyncCursor {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly phase: 'members' | 'channels' | 'channel_members';
  /** The platform's cursor within the phase; absent for the first page. */
  readonly page?: string;
  /** The channel whose members are being read. */
  readonly channelId?: string;
}

/** One page, as the platform gave it. */
type ReadPage =
  | { readonly phase: 'members'; readonly page: Page<MemberProfile> }
  | { readonly phase: 'channels'; readonly page: Page<ChannelProfile> }
  | { readonly phase: 'channel_members'; readonly channelId: string; readonly page: Page<string> | undefined }
  | { readonly phase: 'done' };

/** The beginning of a reading. */
export function startSync(now: Date): SyncCursor {
  return { startedAt: now.toISOString(), phase: 'members' };
}

/**
 * Reads a workspace's members, channels and channel members to the end.
 * @throws ChatError when the platform refuses; the next reading begins anew
 */
export async function syncWorkspace(
  work: Pick<Work, 'db' | 'vault' | 'clock'>,
  directory: Directory,
  workspace: SyncedWorkspace,
): Promise<void> {
  let cursor: SyncCursor | undefined = startSync(work.clock.now());
  while (cursor) {
    const at: SyncCursor = cursor;
    const read = await readPage(work.db, directory, workspace, at);
    cursor = await inTransaction(work.db, (tx) => writePage(tx, work, workspace, at, read));
  }
}

/**
 * Reads one page and writes it; the batch of a job.
 * @returns where the next page begins; undefined when the reading is finished
 * @throws ChatError when the platform refuses
 */
export async function syncStep(
  tx: Tx,
  work: Pick<Work, 'vault' | 'clock'>,
  directory: Directory,
  workspace: SyncedWorkspace,
  cursor: SyncCursor,
): Promise<SyncCursor | undefined> {
  return await writePage(tx, work, workspace, cursor, await readPage(tx, directory, workspace, cursor));
}

/** Reads the members of one channel to the end: the bot was let in, and nobody told of those who are there. */
export async function syncChannel(
  tx: Tx,
  work: Pick<Work, 'clock'>,
  directory: Directory,
  workspace: SyncedWorkspace,
  channelId: string,
): Promise<void> {
  const channel = await tx.channel.findFirst({
    where: { organisationId: workspace.organisationId, id: channelId, botIsMember: true, archivedAt: null },
  });
  if (!channel) return;
  const startedAt = work.clock.now();
  let next: string | undefined;
  do {
    const page = await directory.channelMembers(workspace.externalId, channel.externalId, next);
    await writeChannelMembers(tx, workspace, channelId, page.items, startedAt);
    next = page.next;
  } while (next !== undefined);
  await finishChannel(tx, workspace.organisationId, channelId, startedAt);
}

async function readPage(db: Work['db'] | Tx, directory: Directory, workspace: SyncedWorkspace, cursor: SyncCursor): Promise<ReadPage> {
  switch (cursor.phase) {
    case 'members':
      return { phase: 'members', page: await directory.members(workspace.externalId, cursor.page) };
    case 'channels':
      return { phase: 'channels', page: await directory.channels(workspace.externalId, cursor.page) };
    case 'channel_members': {
      const channel = await db.channel.findFirst({
        where: {
          organisationId: workspace.organisationId,
          workspaceId: workspace.id,
          botIsMember: true,
          archivedAt: null,
          OR: [{ membersSyncedAt: null }, { membersSyncedAt: { lt: new Date(cursor.startedAt) } }],
        },
        orderBy: { id: 'asc' },
      });
      if (!channel) return { phase: 'done' };
      // The channel that was being read may have gone meanwhile: the next one begins with its first page.
      const page = channel.id === cursor.channelId ? cursor.page : undefined;
      return {
        phase: 'channel_members',
        channelId: channel.id,
        page: await readable(() => directory.channelMembers(workspace.externalId, channel.externalId, page)),
      };
    }
  }
}

/** One channel that the bot was thrown out of must not stop the reading of all others. */
async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'unreachable' || code === 'invalid') return undefined;
    throw error;
  }
}

async function writePage(
  tx: Tx,
  work: Pick<Work, 'vault' | 'clock'>,
  workspace: SyncedWorkspace,
  cursor: SyncCursor,
  read: ReadPage,
): Promise<SyncCursor | undefined> {
  const { organisationId } = workspace;
  const startedAt = new Date(cursor.startedAt);
  const now = work.clock.now();
  switch (read.phase) {
    case 'members': {
      await upsertMembers(tx, work.vault, workspace, read.page.items, { now, seenAt: startedAt });
      if (read.page.next !== undefined) return { startedAt: cursor.startedAt, phase: 'members', page: read.page.next };
      await leaveUnseen(tx, workspace, startedAt, now);
      return { startedAt: cursor.startedAt, phase: 'channels' };
    }
    case 'channels': {
      for (const profile of read.page.items) await upsertChannel(tx, workspace, profile, now);
      if (read.page.next !== undefined) return { startedAt: cursor.startedAt, phase: 'channels', page: read.page.next };
      return { startedAt: cursor.startedAt, phase: 'channel_members' };
    }
    case 'channel_members': {
      if (!read.page) {
        // Who was known to be there stays; the channel's turn comes again with the next reading.
        await tx.channel.updateMany({ where: { organisationId, id: read.channelId }, data: { membersSyncedAt: startedAt } });
        return { startedAt: cursor.startedAt, phase: 'channel_members' };
      }
      await writeChannelMembers(tx, workspace, read.channelId, read.page.items, startedAt);
      if (read.page.next !== undefined) {
        return { startedAt: cursor.startedAt, phase: 'channel_members', channelId: read.channelId, page: read.page.next };
      }
      await finishChannel(tx, organisationId, read.channelId, startedAt);
      return { startedAt: cursor.startedAt, phase: 'channel_members' };
    }
    case 'done':
      await tx.workspace.updateMany({ where: { organisationId, id: workspace.id }, data: { membersSyncedAt: now } });
      return undefined;
  }
}

/**
 * Who wasn't seen by a reading that came to its end has left. Slack lists everybody; a Teams roster holds only those of
 * the teams that have the app, so there nobody is gone for not being listed.
 */
async function leaveUnseen(tx: Tx, workspace: SyncedWorkspace, startedAt: Date, now: Date): Promise<void> {
  if (workspace.platform !== 'slack') return;
  const { organisationId } = workspace;
  await lockPeople(tx, organisationId);
  const here = { organisationId, workspaceId: workspace.id, status: 'active' } as const;
  // A reading that found nobody at all tells of trouble, not of an empty company.
  if ((await tx.account.count({ where: { ...here, seenAt: { gte: startedAt } } })) === 0) return;
  const gone = await tx.account.findMany({ where: { ...here, seenAt: { lt: startedAt } }, select: { id: true, personId: true } });
  for (const account of gone) await leaveAccount(tx, organisationId, account, now);
}

async function writeChannelMembers(
  tx: Tx,
  workspace: SyncedWorkspace,
  channelId: string,
  externalIds: readonly string[],
  seenAt: Date,
): Promise<void> {
  const accounts = await tx.account.findMany({
    where: { organisationId: workspace.organisationId, workspaceId: workspace.id, externalId: { in: [...externalIds] } },
    select: { id: true },
  });
  await addChannelMembers(
    tx,
    workspace.organisationId,
    channelId,
    accounts.map((account) => account.id),
    seenAt,
  );
}

async function finishChannel(tx: Tx, organisationId: string, channelId: string, startedAt: Date): Promise<void> {
  await tx.channelMember.deleteMany({ where: { organisationId, channelId, seenAt: { lt: startedAt } } });
  await tx.channel.updateMany({ where: { organisationId, id: channelId }, data: { membersSyncedAt: startedAt } });
}
