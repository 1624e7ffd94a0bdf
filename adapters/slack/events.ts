import { z } from 'zod';
import type { DirectoryEvent } from '../../src/people/ports.js';
import type { SlackApi } from './api.js';
import { channelInfo, memberProfile, SlackUser } from './directory.js';

/** An event as Slack sends it. Source: https://docs.slack.dev/apis/events-api#callback-field */
const Envelope = z.object({
  type: z.literal('event_callback').optional(),
  team_id: z.string().optional(),
  event_id: z.string().optional(),
  event: z.looseObject({ type: z.string(), event_ts: z.string().optional() }),
});

const Person = z.object({ user: SlackUser });
const Membership = z.object({ user: z.string(), channel: z.string() });
/** `channel` is an id, or an object in channel_rename. */
const Place = z.object({ channel: z.union([z.string(), z.object({ id: z.string() }).transform((channel) => channel.id)]) });
const Revoked = z.object({ tokens: z.object({ bot: z.array(z.string()).nullish() }) });

export interface ReadDirectoryEvent {
  readonly workspaceExternalId: string;
  /** Empty for events that change nothing. */
  readonly events: readonly DirectoryEvent[];
  readonly onceKey: string;
}

/** The events that tell of people and channels; all the others are somebody speaking to the bot. */
export const DIRECTORY_EVENTS: ReadonlySet<string> = new Set([
  'team_join',
  'user_change',
  'member_joined_channel',
  'member_left_channel',
  'channel_archive',
  'channel_unarchive',
  'channel_rename',
  'channel_deleted',
  'channel_left',
  'group_archive',
  'group_unarchive',
  'group_rename',
  'group_deleted',
  'group_left',
  'app_uninstalled',
  'tokens_revoked',
]);

/**
 * Reads an event about people or channels; undefined when it can't be read. Asks Slack for channels that changed:
 * throws ChatError when it doesn't tell.
 * @param workspace the one that the bot is installed in, where it is known
 */
export async function readDirectoryEvent(
  body: unknown,
  workspace: { readonly externalId: string; readonly botUserId: string | undefined } | undefined,
  api: SlackApi,
): Promise<ReadDirectoryEvent | undefined> {
  const { data } = Envelope.safeParse(body);
  const workspaceExternalId = workspace?.externalId ?? data?.team_id;
  if (!data || !workspaceExternalId) return undefined;
  const events = await read(data.event, workspaceExternalId, workspace?.botUserId, api);
  if (!events) return undefined;
  return { workspaceExternalId, events, onceKey: onceKey(data, workspaceExternalId) };
}

/** By what happened and when: Slack may tell of one thing under several event ids. */
function onceKey(data: z.infer<typeof Envelope>, team: string): string {
  const { type, event_ts, user, channel } = data.event;
  const who = typeof user === 'string' ? user : (z.object({ id: z.string() }).safeParse(user).data?.id ?? '');
  const where = typeof channel === 'string' ? channel : (z.object({ id: z.string() }).safeParse(channel).data?.id ?? '');
  return event_ts ? `slack:event:${team}:${type}:${who}:${where}:${event_ts}` : `slack:event:${team}:${data.event_id ?? ''}`;
}

async function read(
  event: { type: string },
  team: string,
  bot: string | undefined,
  api: SlackApi,
): Promise<readonly DirectoryEvent[] | undefined> {
  switch (event.type) {
    case 'team_join':
    case 'user_change': {
      const user = Person.safeParse(event).data?.user;
      if (!user) return undefined;
      if (user.id === 'USLACKBOT') return [];
      return user.deleted ? [{ kind: 'member_left', externalId: user.id }] : [{ kind: 'member', member: memberProfile(user, team) }];
    }
    case 'member_joined_channel': {
      const joined = Membership.safeParse(event).data;
      if (!joined) return undefined;
      if (joined.user === bot) return [{ kind: 'channel', channel: { ...(await channelInfo(api, joined.channel)), botIsMember: true } }];
      return [{ kind: 'channel_joined', channelExternalId: joined.channel, externalIds: [joined.user] }];
    }
    case 'member_left_channel': {
      const left = Membership.safeParse(event).data;
      if (!left) return undefined;
      if (left.user === bot) return [{ kind: 'channel_gone', externalId: left.channel, reason: 'bot_removed' }];
      return [{ kind: 'channel_left', channelExternalId: left.channel, externalIds: [left.user] }];
    }
    case 'channel_archive':
    case 'group_archive':
      return gone(event, 'archived');
    case 'channel_deleted':
    case 'group_deleted':
      return gone(event, 'deleted');
    case 'channel_left':
    case 'group_left':
      return gone(event, 'bot_removed');
    case 'channel_unarchive':
    case 'group_unarchive':
    case 'channel_rename':
    case 'group_rename': {
      const place = Place.safeParse(event).data;
      return place ? [{ kind: 'channel', channel: await channelInfo(api, place.channel) }] : undefined;
    }
    case 'app_uninstalled':
      return [{ kind: 'removed' }];
    case 'tokens_revoked':
      // Tokens of single people are of no use to Bellhop; only the bot's own ends its work.
      return (Revoked.safeParse(event).data?.tokens.bot?.length ?? 0) > 0 ? [{ kind: 'removed' }] : [];
    default:
      return undefined;
  }
}

function gone(event: unknown, reason: 'archived' | 'deleted' | 'bot_removed'): readonly DirectoryEvent[] | undefined {
  const place = Place.safeParse(event).data;
  return place ? [{ kind: 'channel_gone', externalId: place.channel, reason }] : undefined;
}
