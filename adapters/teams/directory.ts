import { ChatError } from '../../src/delivery/port.js';
import type { ChannelProfile, Directory, MemberProfile, Page } from '../../src/people/ports.js';
import type { Connector, TeamsMember } from './connector.js';

/** A channel or group chat that has the app, as Bellhop's records know it. */
export interface KnownChannel {
  readonly externalId: string;
  readonly kind: 'channel' | 'group';
  /** The team that a channel belongs to. */
  readonly parentExternalId?: string;
  readonly serviceUrl?: string;
}

export interface DirectoryOptions {
  readonly connector: Connector;
  /** The places with the app in a tenant. Teams lists them nowhere: they are known from its events only. */
  readonly knownChannels: (tenant: string) => Promise<readonly KnownChannel[]>;
  readonly serviceUrl: (tenant: string) => string | undefined;
}

/** A place with a roster of its own: a team (its standard channels share it) or a group chat. */
interface Roster {
  readonly id: string;
  readonly kind: 'team' | 'group';
  readonly serviceUrl: string;
}

/**
 * People and channels of the teams and group chats that have the app. Teams shows a bot no others: a person who
 * has the app in the own chat only is known through events, and is in none of these pages.
 */
export function createDirectory({ connector, knownChannels, serviceUrl }: DirectoryOptions): Directory {
  const rosters = async (tenant: string): Promise<Roster[]> => {
    const found = new Map<string, Roster>();
    for (const channel of await knownChannels(tenant)) {
      const url = channel.serviceUrl ?? serviceUrl(tenant);
      const id = channel.kind === 'group' ? channel.externalId : (channel.parentExternalId ?? channel.externalId);
      if (url) found.set(id, { id, kind: channel.kind === 'group' ? 'group' : 'team', serviceUrl: url });
    }
    return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  };
  /** The rosters one after another; a place that the app has left meanwhile is passed over. */
  const page = async <T>(
    tenant: string,
    cursor: string | undefined,
    read: (roster: Roster, token: string | undefined) => Promise<{ items: readonly T[]; next?: string }>,
  ): Promise<Page<T>> => {
    const [at, token] = readCursor(cursor);
    const left = (await rosters(tenant)).filter((roster) => roster.id >= at);
    const [roster, following] = left;
    if (!roster) return { items: [] };
    const { items, next } = await read(roster, roster.id === at ? token : undefined).catch((error: unknown) => {
      if (error instanceof ChatError && error.code === 'unreachable') return { items: [], next: undefined };
      throw error;
    });
    if (next) return { items, next: JSON.stringify([roster.id, next]) };
    return following ? { items, next: JSON.stringify([following.id]) } : { items };
  };

  return {
    platform: 'teams',
    members: (tenant, cursor) =>
      page(tenant, cursor, async (roster, token) => {
        const { members, next } = await connector.members(roster.serviceUrl, roster.id, token);
        return { items: members.map((member) => profileOf(member, tenant)), ...(next && { next }) };
      }),
    channels: (tenant, cursor) =>
      page(tenant, cursor, async (roster) => {
        if (roster.kind === 'group') return { items: [] };
        return { items: await channelsOf(connector, roster.serviceUrl, roster.id) };
      }),
    async channelMembers(tenant, channelExternalId, cursor) {
      const url =
        (await knownChannels(tenant)).find((channel) => channel.externalId === channelExternalId)?.serviceUrl ?? serviceUrl(tenant);
      if (!url) throw new ChatError('unreachable', 'app_not_installed');
      const { members, next } = await connector.members(url, channelExternalId, cursor);
      return { items: members.map(externalIdOf), ...(next && { next }) };
    },
    async member(tenant, externalId, address) {
      const own = address?.serviceUrl ? [{ id: address.conversationId, serviceUrl: address.serviceUrl }] : [];
      for (const roster of [...own, ...(await rosters(tenant))]) {
        const found = await connector.member(roster.serviceUrl, roster.id, externalId).catch(unreachable);
        if (found) return profileOf(found, tenant);
      }
      return undefined;
    },
  };
}

/** A place that the app has left meanwhile tells nothing. */
function unreachable(error: unknown): undefined {
  if (error instanceof ChatError && error.code === 'unreachable') return undefined;
  throw error;
}

function readCursor(cursor: string | undefined): [string, string | undefined] {
  const [at, token]: unknown[] = cursor ? JSON.parse(cursor) : [];
  return [typeof at === 'string' ? at : '', typeof token === 'string' ? token : undefined];
}

/** A team's channels. The first one has no name on Teams and bears the team's. */
export async function channelsOf(connector: Connector, serviceUrl: string, teamId: string): Promise<ChannelProfile[]> {
  const [team, channels] = await Promise.all([connector.teamName(serviceUrl, teamId), connector.channels(serviceUrl, teamId)]);
  return channels.map(({ id, name, type }) => ({
    externalId: id,
    name: channelName(name, team, id),
    kind: 'channel',
    parentExternalId: teamId,
    serviceUrl,
    isPrivate: type === 'private',
    isArchived: false,
    botIsMember: true,
  }));
}

/** "Store › News"; the general channel is called as its team is. */
export function channelName(name: string | undefined, team: string | undefined, id: string): string {
  if (!name) return team ?? id;
  return team ? `${team} › ${name}` : name;
}

export function externalIdOf(member: TeamsMember): string {
  return member.aadObjectId ?? member.objectId ?? member.id;
}

/** A roster's entry. An address counts as confirmed only for members of this very tenant: guests bring their own. */
export function profileOf(member: TeamsMember, tenant: string): MemberProfile {
  const isStranger = typeof member.tenantId === 'string' && member.tenantId !== '' && member.tenantId !== tenant;
  const isGuest = isStranger || member.userRole === 'guest' || member.userRole === 'anonymous';
  const email = [member.email, member.userPrincipalName].find((one) => one?.includes('@') && !one.includes('#EXT#'));
  return {
    externalId: externalIdOf(member),
    name: member.name || email || externalIdOf(member),
    ...(email && !isGuest && { email }),
    isAdmin: false,
    isGuest,
    isBot: member.id.startsWith('28:'),
    isStranger,
    left: false,
  };
}
