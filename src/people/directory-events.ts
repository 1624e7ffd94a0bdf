import type { Platform } from '../core/interaction.js';
import { leaveAccount, upsertMembers } from './accounts.js';
import { addChannelMembers, upsertChannel } from './channels.js';
import { inTransaction, type Tx } from './db.js';
import type { Work } from './handlers.js';
import { lockPeople } from './lock.js';
import { ensureOrganisationIn, ensureWorkspaceIn } from './organisation.js';
import type { Directory, DirectoryEvent, MemberProfile, ReportDirectoryEvent } from './ports.js';
import type { SyncedWorkspace } from './sync.js';

/** What calls for more than being noted: a reading, or a word to an owner who has just been found. */
export type DirectoryChange =
  | { readonly kind: 'installed'; readonly organisationId: string; readonly workspaceId: string }
  | { readonly kind: 'member_told'; readonly organisationId: string; readonly workspaceId: string }
  | { readonly kind: 'channel_opened'; readonly organisationId: string; readonly workspaceId: string; readonly channelId: string };

export interface DirectoryReporterOptions {
  /** For members that an event names by their id alone. */
  readonly directoryOf?: (platform: Platform) => Directory | undefined;
  /** Asked before an unknown workspace becomes the organisation's: on Teams, whether it is the configured tenant. Everybody's when absent. */
  readonly accepts?: (workspace: { readonly platform: Platform; readonly externalId: string }) => boolean;
  /** Called in the transaction of the change. */
  readonly changed?: (tx: Tx, change: DirectoryChange, now: Date) => Promise<void>;
}

/**
 * Makes the function that adapters report to. A repeat (same `onceKey`) has no effect; what fails is logged and leaves
 * nothing behind, so that it may come again.
 */
export function createDirectoryReporter(work: Work, options: DirectoryReporterOptions = {}): ReportDirectoryEvent {
  return async (workspace, event, onceKey) => {
    const log = work.log.child({ event: event.kind, platform: workspace.platform, workspace: workspace.externalId });
    try {
      // Asked before the transaction, which must not wait for a platform.
      const profiles = await unknownMembers(work, options, workspace, event);
      await inTransaction(work.db, async (tx) => {
        const now = work.clock.now();
        const { count } = await tx.handled.createMany({
          data: [{ onceKey: `directory:${onceKey}`, claimedBy: 'directory', at: now, doneAt: now }],
          skipDuplicates: true,
        });
        if (count === 0) return;
        if (event.kind === 'installed') {
          await install(tx, work, options, event, now);
          return;
        }
        const known = await findWorkspace(tx, workspace);
        if (!known) {
          log.warn({}, 'An event of a workspace that is not ours was left aside.');
          return;
        }
        if (profiles.length > 0) await upsertMembers(tx, work.vault, known, profiles, { now });
        await apply(tx, work, options, known, event, now);
      });
    } catch (error) {
      log.error({ err: error }, 'A directory event could not be noted; the next reading of members makes up for it.');
    }
  };
}

async function findWorkspace(
  db: Tx | Work['db'],
  workspace: { platform: Platform; externalId: string },
): Promise<SyncedWorkspace | undefined> {
  const row = await db.workspace.findUnique({
    where: { platform_externalId: { platform: workspace.platform, externalId: workspace.externalId } },
  });
  return row ?? undefined;
}

/** The profiles of those whom the event names and nobody has told of yet. */
async function unknownMembers(
  work: Work,
  options: DirectoryReporterOptions,
  workspace: { platform: Platform; externalId: string },
  event: DirectoryEvent,
): Promise<MemberProfile[]> {
  const named = event.kind === 'reachable' ? [event.externalId] : event.kind === 'channel_joined' ? event.externalIds : [];
  const directory = options.directoryOf?.(workspace.platform);
  if (named.length === 0 || !directory) return [];
  const known = await findWorkspace(work.db, workspace);
  if (!known) return [];
  const accounts = await work.db.account.findMany({
    where: { organisationId: known.organisationId, workspaceId: known.id, externalId: { in: [...named] }, status: 'active' },
    select: { externalId: true },
  });
  const there = new Set(accounts.map((account) => account.externalId));
  const profiles: MemberProfile[] = [];
  for (const externalId of new Set(named)) {
    if (there.has(externalId)) continue;
    const profile = await directory.member(workspace.externalId, externalId, event.kind === 'reachable' ? event.address : undefined);
    if (profile) profiles.push(profile);
  }
  return profiles;
}

async function install(
  tx: Tx,
  work: Work,
  options: DirectoryReporterOptions,
  event: Extract<DirectoryEvent, { kind: 'installed' }>,
  now: Date,
): Promise<void> {
  const known = await findWorkspace(tx, event.workspace);
  if (!known && options.accepts && !options.accepts(event.workspace)) {
    work.log.warn(
      { platform: event.workspace.platform, workspace: event.workspace.externalId },
      'An installation by a foreign tenant was left aside.',
    );
    return;
  }
  const organisationId = known?.organisationId ?? (await ensureOrganisationIn(tx, { name: event.workspace.name, now })).id;
  const workspace = await ensureWorkspaceIn(tx, organisationId, event.workspace, now);
  if (!workspace) {
    work.log.warn(
      { platform: event.workspace.platform, workspace: event.workspace.externalId },
      'The organisation has another workspace on this platform; this installation was left aside.',
    );
    return;
  }
  await options.changed?.(tx, { kind: 'installed', organisationId, workspaceId: workspace.id }, now);
}

async function apply(
  tx: Tx,
  work: Work,
  options: DirectoryReporterOptions,
  workspace: SyncedWorkspace,
  event: Exclude<DirectoryEvent, { kind: 'installed' }>,
  now: Date,
): Promise<void> {
  const { organisationId } = workspace;
  const account = (externalId: string) => ({ organisationId, workspaceId: workspace.id, externalId });
  switch (event.kind) {
    case 'removed':
      await tx.workspace.update({ where: { organisationId_id: { organisationId, id: workspace.id } }, data: { removedAt: now } });
      return;
    case 'member':
      await upsertMembers(tx, work.vault, workspace, [event.member], { now });
      await options.changed?.(tx, { kind: 'member_told', organisationId, workspaceId: workspace.id }, now);
      return;
    case 'member_left': {
      await lockPeople(tx, organisationId);
      const row = await tx.account.findUnique({ where: { organisationId_workspaceId_externalId: account(event.externalId) } });
      if (row) await leaveAccount(tx, organisationId, row, now);
      return;
    }
    case 'reachable':
      await tx.account.updateMany({
        where: account(event.externalId),
        data: {
          directConversationId: event.address.conversationId,
          ...(event.address.serviceUrl && { serviceUrl: event.address.serviceUrl }),
          ...(event.address.userId && { userExternalId: event.address.userId }),
          unreachableReason: null,
          unreachableSince: null,
        },
      });
      return;
    case 'unreachable':
      await tx.account.updateMany({
        where: { ...account(event.externalId), unreachableReason: null },
        data: { unreachableReason: event.reason, unreachableSince: now },
      });
      return;
    case 'channel': {
      const channel = await upsertChannel(tx, workspace, event.channel, now);
      if (channel.opened) {
        await options.changed?.(tx, { kind: 'channel_opened', organisationId, workspaceId: workspace.id, channelId: channel.id }, now);
      }
      return;
    }
    case 'channel_gone':
      await tx.channel.updateMany({
        where: account(event.externalId),
        data: {
          botIsMember: false,
          unreachableReason: event.reason,
          unreachableSince: now,
          ...(event.reason !== 'bot_removed' && { archivedAt: now }),
        },
      });
      return;
    case 'channel_joined':
    case 'channel_left': {
      const channel = await tx.channel.findUnique({ where: { organisationId_workspaceId_externalId: account(event.channelExternalId) } });
      if (!channel) return;
      const accounts = await tx.account.findMany({
        where: { organisationId, workspaceId: workspace.id, externalId: { in: [...event.externalIds] } },
        select: { id: true },
      });
      const ids = accounts.map((row) => row.id);
      if (event.kind === 'channel_joined') await addChannelMembers(tx, organisationId, channel.id, ids, now);
      else await tx.channelMember.deleteMany({ where: { organisationId, channelId: channel.id, accountId: { in: ids } } });
      return;
    }
  }
}
