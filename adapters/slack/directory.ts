import { z } from 'zod';
import { ChatError } from '../../src/delivery/port.js';
import type { ChannelProfile, Directory, MemberProfile, WorkspaceProfile } from '../../src/people/ports.js';
import type { SlackApi } from './api.js';
import { isImageAddress, LIMITS } from './limits.js';

/** A member as users.list, users.info and the events tell of them. Source: https://docs.slack.dev/reference/objects/user-object */
export const SlackUser = z.object({
  id: z.string(),
  team_id: z.string().nullish(),
  name: z.string().nullish(),
  real_name: z.string().nullish(),
  deleted: z.boolean().nullish(),
  tz: z.string().nullish(),
  locale: z.string().nullish(),
  is_admin: z.boolean().nullish(),
  is_owner: z.boolean().nullish(),
  is_primary_owner: z.boolean().nullish(),
  is_restricted: z.boolean().nullish(),
  is_ultra_restricted: z.boolean().nullish(),
  is_bot: z.boolean().nullish(),
  is_stranger: z.boolean().nullish(),
  is_email_confirmed: z.boolean().nullish(),
  profile: z
    .object({
      email: z.string().nullish(),
      real_name: z.string().nullish(),
      display_name: z.string().nullish(),
      image_72: z.string().nullish(),
    })
    .nullish(),
});
export type SlackUser = z.infer<typeof SlackUser>;

const SlackChannel = z.object({
  id: z.string(),
  name: z.string().nullish(),
  is_private: z.boolean().nullish(),
  is_archived: z.boolean().nullish(),
  is_member: z.boolean().nullish(),
});

const Cursor = z.object({ next_cursor: z.string().optional() }).optional();
const Members = z.object({ members: z.array(SlackUser), response_metadata: Cursor });
const Member = z.object({ user: SlackUser });
const Channels = z.object({ channels: z.array(SlackChannel), response_metadata: Cursor });
const Channel = z.object({ channel: SlackChannel });
const ChannelMembers = z.object({ members: z.array(z.string()), response_metadata: Cursor });
const Identity = z.object({ team_id: z.string(), team: z.string().optional(), user_id: z.string().optional() });
const TeamInfo = z.object({ team: z.object({ id: z.string(), name: z.string() }) });

const SLACKBOT = 'USLACKBOT';
/** Who isn't one of the workspace's people doesn't become one soon: a bot that reacts to everything is not asked about each time. */
const OUTSIDER_MS = 10 * 60_000;
const MOST_OUTSIDERS = 1000;

/** Slack's lists of people and channels. Throws ChatError. */
export function createSlackDirectory(api: SlackApi): Directory {
  // By the machine's own clock: this is about elapsed time.
  const outsiders = new Map<string, { readonly profile: MemberProfile; readonly until: number }>();
  return {
    platform: 'slack',

    async members(workspaceExternalId, cursor) {
      const answer = await api.call('users.list', true, (client) =>
        client.users.list({ limit: LIMITS.page, include_locale: true, ...(cursor ? { cursor } : {}) }),
      );
      const page = read(Members, answer);
      const people = page.members.filter((member) => member.id !== SLACKBOT);
      return { items: people.map((member) => memberProfile(member, workspaceExternalId)), ...next(page.response_metadata) };
    },

    async channels(_workspaceExternalId, cursor) {
      const answer = await api.call('conversations.list', true, (client) =>
        client.conversations.list({
          limit: LIMITS.page,
          types: 'public_channel,private_channel',
          exclude_archived: false,
          ...(cursor ? { cursor } : {}),
        }),
      );
      const page = read(Channels, answer);
      return { items: page.channels.map(channelProfile), ...next(page.response_metadata) };
    },

    async channelMembers(_workspaceExternalId, channelExternalId, cursor) {
      const answer = await api.call('conversations.members', true, (client) =>
        client.conversations.members({ channel: channelExternalId, limit: LIMITS.page, ...(cursor ? { cursor } : {}) }),
      );
      const page = read(ChannelMembers, answer);
      return { items: page.members, ...next(page.response_metadata) };
    },

    async member(workspaceExternalId, externalId) {
      const outsider = outsiders.get(externalId);
      if (outsider && outsider.until > performance.now()) return outsider.profile;
      try {
        const answer = await api.call('users.info', true, (client) => client.users.info({ user: externalId, include_locale: true }));
        const profile = memberProfile(read(Member, answer).user, workspaceExternalId);
        if (outsiders.size > MOST_OUTSIDERS) outsiders.clear();
        if (profile.isBot || profile.isStranger) outsiders.set(externalId, { profile, until: performance.now() + OUTSIDER_MS });
        return profile;
      } catch (error) {
        if (error instanceof ChatError && error.code === 'unreachable') return undefined;
        throw error;
      }
    },
  };
}

/** One channel as it is now. Throws ChatError. */
export async function channelInfo(api: SlackApi, channelExternalId: string): Promise<ChannelProfile> {
  const answer = await api.call('conversations.info', true, (client) => client.conversations.info({ channel: channelExternalId }));
  return channelProfile(read(Channel, answer).channel);
}

/** Whom the token belongs to. Throws ChatError, `unauthorised` for a token that Slack doesn't accept. */
export async function workspaceProfile(api: SlackApi): Promise<WorkspaceProfile> {
  const identity = read(Identity, await api.call('auth.test', true, (client) => client.auth.test()));
  const bot = identity.user_id ? { botExternalId: identity.user_id } : {};
  // The name from auth.test stands in where team.info may not be asked.
  const name = await api
    .call('team.info', true, (client) => client.team.info())
    .then((answer) => read(TeamInfo, answer).team.name)
    .catch(() => identity.team ?? identity.team_id);
  return { platform: 'slack', externalId: identity.team_id, name, ...bot };
}

/** What Bellhop keeps of a member; an e-mail address only where Slack has confirmed it. */
export function memberProfile(user: SlackUser, workspaceExternalId: string): MemberProfile {
  const email = user.is_email_confirmed === true ? user.profile?.email : undefined;
  const picture = user.profile?.image_72;
  return {
    externalId: user.id,
    name: user.profile?.real_name || user.real_name || user.profile?.display_name || user.name || user.id,
    ...(email ? { email } : {}),
    ...(user.locale ? { locale: user.locale } : {}),
    ...(user.tz ? { zone: user.tz } : {}),
    ...(picture && isImageAddress(picture) ? { pictureUrl: picture } : {}),
    isAdmin: user.is_admin === true || user.is_owner === true || user.is_primary_owner === true,
    isGuest: user.is_restricted === true || user.is_ultra_restricted === true,
    isBot: user.is_bot === true || user.id === SLACKBOT,
    isStranger: user.is_stranger === true || (typeof user.team_id === 'string' && user.team_id !== workspaceExternalId),
    left: user.deleted === true,
  };
}

function channelProfile(channel: z.infer<typeof SlackChannel>): ChannelProfile {
  return {
    externalId: channel.id,
    name: channel.name || channel.id,
    kind: 'channel',
    isPrivate: channel.is_private === true,
    isArchived: channel.is_archived === true,
    botIsMember: channel.is_member === true,
  };
}

const next = (metadata: { next_cursor?: string | undefined } | undefined) => (metadata?.next_cursor ? { next: metadata.next_cursor } : {});

function read<T extends z.ZodType>(schema: T, answer: unknown): z.output<T> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new ChatError('transient', 'unreadable_answer', { cause: parsed.error });
  return parsed.data;
}
