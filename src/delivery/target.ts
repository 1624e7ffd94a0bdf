import type { Platform } from '../core/interaction.js';
import type { Reader } from '../core/text.js';
import type { Account, Channel, Workspace } from '../generated/prisma/client.js';
import type { Organisation, Person } from '../people/model.js';
import { findPerson, organisationReader, readerOf } from '../people/people.js';
import type { Claimed, Engine } from './model.js';
import type { Destination } from './port.js';

/** Where a delivery goes, and in whose language. */
export interface Target {
  readonly platform: Platform;
  readonly workspaceId: string;
  readonly destination: Destination;
  readonly reader: Reader;
  /** The account of a person; undefined for a channel. */
  readonly account?: Account;
  readonly channel?: Channel;
  readonly person?: Person;
}

/** A target, or why there is none: a code of delivery.trouble, or `person_left`. */
export type Targeting =
  | { readonly target: Target }
  | { readonly none: 'person_left' | 'no_reachable_account' | 'channel_unreachable'; readonly reason?: string };

/** After so long a person or channel that couldn't be written to is tried again: what was mended isn't always told. */
const TRY_UNREACHABLE_AFTER_MS = 24 * 3_600_000;

/**
 * Finds where a delivery is to go: the account used last among those that can be reached, or the channel.
 * @param accountId this very account, wherever it stands: where a message was tried or posted
 */
export async function findTarget(
  engine: Engine,
  organisation: Organisation,
  row: Pick<Claimed, 'organisationId' | 'personId' | 'channelId'>,
  accountId?: string | null,
): Promise<Targeting> {
  return row.personId
    ? await personTarget(engine, row.organisationId, row.personId, accountId)
    : await channelTarget(engine, organisation, row);
}

async function personTarget(
  engine: Engine,
  organisationId: string,
  personId: string,
  accountId: string | null | undefined,
): Promise<Targeting> {
  const { db, clock } = engine.work;
  const [person, accounts] = await Promise.all([
    findPerson(db, organisationId, personId),
    db.account.findMany({
      where: {
        organisationId,
        personId,
        ...(accountId ? { id: accountId } : { status: 'active' }),
        workspace: { removedAt: null, platform: { in: [...engine.chats.keys()] } },
      },
      include: { workspace: true },
      orderBy: [{ lastUsedAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
    }),
  ]);
  if (!person?.active) return { none: 'person_left' };
  const again = clock.now().getTime() - TRY_UNREACHABLE_AFTER_MS;
  const account =
    accounts.find((candidate) => accountId || candidate.unreachableReason === null) ??
    accounts.find((candidate) => candidate.unreachableSince === null || candidate.unreachableSince.getTime() <= again);
  if (!account) return { none: 'no_reachable_account', reason: accounts[0]?.unreachableReason ?? 'no_account' };
  return {
    target: {
      platform: account.workspace.platform,
      workspaceId: account.workspaceId,
      destination: toPerson(account, account.workspace),
      reader: readerOf(person),
      account,
      person,
    },
  };
}

async function channelTarget(
  engine: Engine,
  organisation: Organisation,
  row: Pick<Claimed, 'organisationId' | 'channelId'>,
): Promise<Targeting> {
  const { db, clock } = engine.work;
  const channel = row.channelId
    ? await db.channel.findUnique({
        where: { organisationId_id: { organisationId: row.organisationId, id: row.channelId } },
        include: { workspace: true },
      })
    : null;
  if (!channel || channel.workspace.removedAt || !engine.chats.has(channel.workspace.platform)) {
    return { none: 'channel_unreachable', reason: 'no_channel' };
  }
  if (channel.archivedAt) return { none: 'channel_unreachable', reason: 'archived' };
  const again = clock.now().getTime() - TRY_UNREACHABLE_AFTER_MS;
  if (channel.unreachableReason !== null && channel.unreachableSince !== null && channel.unreachableSince.getTime() > again) {
    return { none: 'channel_unreachable', reason: channel.unreachableReason };
  }
  return {
    target: {
      platform: channel.workspace.platform,
      workspaceId: channel.workspaceId,
      destination: toChannel(channel, channel.workspace),
      reader: organisationReader(organisation),
      channel,
    },
  };
}

function toPerson(account: Account, workspace: Workspace): Destination {
  return {
    workspaceExternalId: workspace.externalId,
    kind: 'direct',
    externalId: account.externalId,
    ...(account.userExternalId && { userId: account.userExternalId }),
    ...(account.directConversationId && { conversationId: account.directConversationId }),
    ...((account.serviceUrl ?? workspace.serviceUrl) ? { serviceUrl: account.serviceUrl ?? workspace.serviceUrl ?? undefined } : {}),
  };
}

function toChannel(channel: Channel, workspace: Workspace): Destination {
  return {
    workspaceExternalId: workspace.externalId,
    kind: 'channel',
    externalId: channel.externalId,
    conversationId: channel.externalId,
    ...((channel.serviceUrl ?? workspace.serviceUrl) ? { serviceUrl: channel.serviceUrl ?? workspace.serviceUrl ?? undefined } : {}),
    ...(channel.parentExternalId && { parentExternalId: channel.parentExternalId }),
  };
}

/** Remembers that an account or channel can't be written to, so that the next message goes elsewhere, and a manager sees it. */
export async function markUnreachable(engine: Engine, organisationId: string, target: Target, reason: string): Promise<void> {
  const { db, clock } = engine.work;
  const since = clock.now();
  if (target.account) {
    await db.account.updateMany({
      where: { organisationId, id: target.account.id },
      data: { unreachableReason: reason, unreachableSince: since },
    });
  } else if (target.channel) {
    await db.channel.updateMany({
      where: { organisationId, id: target.channel.id },
      data: { unreachableReason: reason, unreachableSince: since },
    });
  }
}

/** Remembers what a message that arrived tells: that the account or channel can be written to, and in which conversation. */
export async function markReached(engine: Engine, organisationId: string, target: Target, conversationId: string): Promise<void> {
  const { db } = engine.work;
  const reachable = { unreachableReason: null, unreachableSince: null };
  const { account, channel } = target;
  if (account && (account.unreachableReason !== null || account.directConversationId !== conversationId)) {
    await db.account.updateMany({
      where: { organisationId, id: account.id },
      data: { ...reachable, directConversationId: conversationId },
    });
  } else if (channel?.unreachableReason) {
    await db.channel.updateMany({ where: { organisationId, id: channel.id }, data: reachable });
  }
}
