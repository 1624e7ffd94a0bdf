import type { DirectoryEvent } from '../../src/people/ports.js';
import { type Activity, isDirect, tenantOf, withoutThread } from './activity.js';
import { channelName } from './directory.js';

/** What an activity tells of people and places. */
export interface Told {
  readonly events: readonly DirectoryEvent[];
  /** The app came into a team (or the team changed): its channels are to be read and reported. */
  readonly teamToRead?: string;
  /** The team is gone: so are all of its channels. */
  readonly teamGone?: { readonly teamId: string; readonly reason: 'archived' | 'deleted' | 'bot_removed' };
  /** People who came into a team or group chat (ids as Teams gives them): their profiles are to be read. */
  readonly joined?: { readonly conversationId: string; readonly ids: readonly string[] };
  readonly left?: { readonly conversationId: string; readonly ids: readonly string[] };
  /** The app was installed for one person, who can be reached from now on: the bot opens the conversation. */
  readonly welcome: boolean;
}

const NOTHING: Told = { events: [], welcome: false };

/** Reads `conversationUpdate` and `installationUpdate` (Teams, "Conversation events in your Teams bot"). */
export function readEvents(activity: Activity, trial: boolean): Told {
  const tenant = tenantOf(activity, trial);
  if (!tenant) return NOTHING;
  if (activity.type === 'installationUpdate') {
    // Teams also says `add-upgrade` and `remove-upgrade`; an upgrade changes nothing here.
    if (activity.action === 'add') return came(activity, tenant);
    return activity.action === 'remove' ? went(activity) : NOTHING;
  }
  if (activity.type !== 'conversationUpdate') return NOTHING;
  const botId = activity.recipient?.id;
  const added = activity.membersAdded ?? [];
  const removed = activity.membersRemoved ?? [];
  if (added.some(({ id }) => id === botId)) return came(activity, tenant);
  if (removed.some(({ id }) => id === botId)) return went(activity);
  const conversationId = rosterOf(activity);
  if (!isDirect(activity) && added.length > 0)
    return { ...NOTHING, joined: { conversationId, ids: added.map(({ id, aadObjectId }) => aadObjectId ?? id) } };
  if (!isDirect(activity) && removed.length > 0)
    return { ...NOTHING, left: { conversationId, ids: removed.map(({ id, aadObjectId }) => aadObjectId ?? id) } };
  return channelEvent(activity);
}

/** The bot was added somewhere. */
function came(activity: Activity, tenant: string): Told {
  const { serviceUrl, from, conversation } = activity;
  const installed: DirectoryEvent = {
    kind: 'installed',
    workspace: {
      platform: 'teams',
      externalId: tenant,
      name: tenant,
      serviceUrl,
      ...(activity.recipient && { botExternalId: activity.recipient.id }),
    },
  };
  if (isDirect(activity)) {
    return { events: [installed], welcome: from !== undefined };
  }
  const team = activity.channelData?.team?.id;
  if (team) return { events: [installed], teamToRead: team, welcome: false };
  const group: DirectoryEvent = {
    kind: 'channel',
    channel: {
      externalId: conversation.id,
      name: conversation.name ?? 'Chat',
      kind: 'group',
      serviceUrl,
      isPrivate: true,
      isArchived: false,
      botIsMember: true,
    },
  };
  return { events: [installed, group], welcome: false };
}

/** That a person can be written to, and how. */
export function reachable(activity: Activity, from: NonNullable<Activity['from']>): DirectoryEvent {
  return {
    kind: 'reachable',
    externalId: from.aadObjectId ?? from.id,
    address: { conversationId: activity.conversation.id, serviceUrl: activity.serviceUrl, userId: from.id },
  };
}

function went(activity: Activity): Told {
  const { from } = activity;
  if (isDirect(activity)) {
    return from
      ? { events: [{ kind: 'unreachable', externalId: from.aadObjectId ?? from.id, reason: 'app_not_installed' }], welcome: false }
      : NOTHING;
  }
  const team = activity.channelData?.team?.id;
  if (team) return { ...NOTHING, teamGone: { teamId: team, reason: 'bot_removed' } };
  return { events: [{ kind: 'channel_gone', externalId: withoutThread(activity.conversation.id), reason: 'bot_removed' }], welcome: false };
}

function rosterOf(activity: Activity): string {
  return activity.channelData?.team?.id ?? withoutThread(activity.conversation.id);
}

function channelEvent(activity: Activity): Told {
  const { eventType, team, channel } = activity.channelData ?? {};
  switch (eventType) {
    case 'channelCreated':
    case 'channelRenamed':
    case 'channelRestored':
      if (!channel?.id || !team?.id) return NOTHING;
      return {
        events: [
          {
            kind: 'channel',
            channel: {
              externalId: channel.id,
              name: channelName(channel.name, team.name, channel.id),
              kind: 'channel',
              parentExternalId: team.id,
              serviceUrl: activity.serviceUrl,
              isPrivate: false,
              isArchived: false,
              botIsMember: true,
            },
          },
        ],
        welcome: false,
      };
    case 'channelDeleted':
      return channel?.id ? { events: [{ kind: 'channel_gone', externalId: channel.id, reason: 'deleted' }], welcome: false } : NOTHING;
    case 'teamArchived':
      return team?.id ? { ...NOTHING, teamGone: { teamId: team.id, reason: 'archived' } } : NOTHING;
    case 'teamDeleted':
    case 'teamHardDeleted':
      return team?.id ? { ...NOTHING, teamGone: { teamId: team.id, reason: 'deleted' } } : NOTHING;
    case 'teamRenamed':
    case 'teamRestored':
    case 'teamUnarchived':
      return team?.id ? { ...NOTHING, teamToRead: team.id } : NOTHING;
    default:
      return NOTHING;
  }
}
