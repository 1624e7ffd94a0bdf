import type { Db, Tx } from './db.js';
import { newId } from './ids.js';
import { cleanName } from './names.js';
import type { ChannelProfile } from './ports.js';

/** A channel as features see it. */
export interface Channel {
  readonly id: string;
  readonly externalId: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly kind: 'channel' | 'group';
  readonly platform: 'slack' | 'teams';
  readonly botIsMember: boolean;
  readonly isPrivate: boolean;
  readonly archived: boolean;
  /** Why nothing can be posted there (a code); null when it can. */
  readonly unreachableReason: string | null;
}

/** Whether the bot can post there. */
export const canPost = (channel: Channel): boolean => channel.botIsMember && !channel.archived;

/**
 * The channel that a form or a mention named: by Bellhop's id, or by the platform's id within a workspace.
 * Undefined when the organisation has none such.
 */
export async function findChannel(
  db: Db | Tx,
  organisationId: string,
  named: { readonly value: string; readonly workspaceId?: string },
): Promise<Channel | undefined> {
  const row = await db.channel.findFirst({
    where: isUuid(named.value)
      ? { organisationId, id: named.value }
      : { organisationId, externalId: named.value, ...(named.workspaceId && { workspaceId: named.workspaceId }) },
    include: { workspace: { select: { platform: true } } },
  });
  return row ? toChannel(row) : undefined;
}

/** The channels that the bot can post to, by name. */
export async function listChannels(db: Db | Tx, organisationId: string): Promise<Channel[]> {
  const rows = await db.channel.findMany({
    where: { organisationId, botIsMember: true, archivedAt: null, workspace: { removedAt: null } },
    include: { workspace: { select: { platform: true } } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toChannel);
}

/** Whether a string is written as a UUID; anything else would be refused by the database's type. */
export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);
}

/**
 * Notes what a platform tells of a channel.
 * @returns its id, and whether the bot can see its members since now
 */
export async function upsertChannel(
  tx: Tx,
  workspace: { readonly organisationId: string; readonly id: string },
  profile: ChannelProfile,
  now: Date,
): Promise<{ readonly id: string; readonly opened: boolean }> {
  const { organisationId } = workspace;
  const here = { organisationId, workspaceId: workspace.id, externalId: profile.externalId };
  const open = profile.botIsMember && !profile.isArchived;
  const found = await tx.channel.findUnique({ where: { organisationId_workspaceId_externalId: here } });
  const data = {
    kind: profile.kind,
    name: cleanName(profile.name) || profile.externalId,
    isPrivate: profile.isPrivate,
    botIsMember: profile.botIsMember,
    archivedAt: profile.isArchived ? (found?.archivedAt ?? now) : null,
    ...(profile.parentExternalId && { parentExternalId: profile.parentExternalId }),
    ...(profile.serviceUrl && { serviceUrl: profile.serviceUrl }),
    ...(open && { unreachableReason: null, unreachableSince: null }),
  };
  if (found) {
    const opened = open && !(found.botIsMember && found.archivedAt === null);
    // Nobody told of joins and leaves while the bot was out.
    await tx.channel.update({
      where: { organisationId_id: { organisationId, id: found.id } },
      data: { ...data, ...(opened && { membersSyncedAt: null }) },
    });
    return { id: found.id, opened };
  }
  const id = newId(now);
  // Two events may tell of a new channel at once.
  await tx.channel.createMany({ data: [{ ...here, id, ...data }], skipDuplicates: true });
  const row = await tx.channel.findUniqueOrThrow({ where: { organisationId_workspaceId_externalId: here }, select: { id: true } });
  return { id: row.id, opened: open };
}

/** Notes that accounts are members of a channel. */
export async function addChannelMembers(
  tx: Tx,
  organisationId: string,
  channelId: string,
  accountIds: readonly string[],
  seenAt: Date,
): Promise<void> {
  if (accountIds.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO channel_member ("organisationId", "channelId", "accountId", "seenAt")
    SELECT ${organisationId}::uuid, ${channelId}::uuid, account_id, ${seenAt}::timestamptz
    FROM unnest(${[...new Set(accountIds)].sort()}::uuid[]) AS account_id
    ON CONFLICT ("organisationId", "channelId", "accountId")
    DO UPDATE SET "seenAt" = greatest(channel_member."seenAt", excluded."seenAt")`;
}

function toChannel(row: {
  id: string;
  externalId: string;
  workspaceId: string;
  name: string;
  kind: 'channel' | 'group';
  botIsMember: boolean;
  isPrivate: boolean;
  archivedAt: Date | null;
  unreachableReason: string | null;
  workspace: { platform: 'slack' | 'teams' };
}): Channel {
  return {
    id: row.id,
    externalId: row.externalId,
    workspaceId: row.workspaceId,
    name: row.name,
    kind: row.kind,
    platform: row.workspace.platform,
    botIsMember: row.botIsMember,
    isPrivate: row.isPrivate,
    archived: row.archivedAt !== null,
    unreachableReason: row.unreachableReason,
  };
}
