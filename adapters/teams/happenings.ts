import type { DirectoryEvent, Log, ReportDirectoryEvent } from '../../src/people/ports.js';
import { type Activity, isDirect, tenantOf } from './activity.js';
import type { Connector } from './connector.js';
import { channelsOf, externalIdOf, type KnownChannel, profileOf } from './directory.js';
import { reachable, readEvents, type Told } from './events.js';
import type { Turns } from './turn.js';

export interface HappeningOptions {
  readonly report: ReportDirectoryEvent;
  readonly connector: Connector;
  readonly knownChannels: (tenant: string) => Promise<readonly KnownChannel[]>;
  readonly turns: Pick<Turns, 'welcome'>;
  readonly log: Log;
  readonly trial: boolean;
}

/** Most conversations whose first message this process remembers. */
const REMEMBERED = 20_000;

/** Tells Bellhop's records what Teams tells of people and places. */
export function createHappenings({ report, connector, knownChannels, turns, log, trial }: HappeningOptions) {
  const greeted = new Set<string>();
  const installed = new Map<string, Promise<void>>();

  const reporter = (activity: Activity, requestId: string) => {
    const externalId = tenantOf(activity, trial);
    const act = `${activity.conversation.id}:${activity.id ?? requestId}:${activity.type}`;
    return async (event: DirectoryEvent, about = ''): Promise<void> => {
      if (externalId)
        await report({ platform: 'teams', externalId }, event, `teams:${externalId}:${act}:${event.kind}${about && `:${about}`}`);
    };
  };

  const places = async (activity: Activity, told: Told, tell: ReturnType<typeof reporter>): Promise<void> => {
    const tenant = tenantOf(activity, trial);
    if (!tenant) return;
    if (told.teamToRead) {
      for (const channel of await channelsOf(connector, activity.serviceUrl, told.teamToRead))
        await tell({ kind: 'channel', channel }, channel.externalId);
    }
    const { teamGone, joined, left } = told;
    if (teamGone) {
      for (const id of await channelsIn(tenant, teamGone.teamId))
        await tell({ kind: 'channel_gone', externalId: id, reason: teamGone.reason }, id);
    }
    if (joined) {
      const externalIds: string[] = [];
      for (const id of joined.ids) {
        const member = await connector.member(activity.serviceUrl, joined.conversationId, id);
        if (!member) continue;
        const profile = profileOf(member, tenant);
        if (profile.isBot) continue;
        await tell({ kind: 'member', member: profile }, profile.externalId);
        externalIds.push(externalIdOf(member));
      }
      for (const id of await channelsIn(tenant, joined.conversationId))
        await tell({ kind: 'channel_joined', channelExternalId: id, externalIds }, id);
    }
    if (left)
      for (const id of await channelsIn(tenant, left.conversationId))
        await tell({ kind: 'channel_left', channelExternalId: id, externalIds: left.ids }, id);
  };

  /**
   * An installation for one more person is no reason to read the whole tenant's members again. Who comes while the
   * first one is being noted waits for it: what is told of a tenant that isn't known yet is left aside.
   */
  const tellInstalled = async (activity: Activity, event: DirectoryEvent, tell: ReturnType<typeof reporter>): Promise<void> => {
    const tenant = tenantOf(activity, trial) ?? '';
    const first = installed.get(tenant) ?? tell(event);
    installed.set(tenant, first);
    await first;
  };

  /** Who is at the other end of a 1:1 chat: an installation tells no name, and no message tells an address. */
  const introduce = async (activity: Activity, tell: ReturnType<typeof reporter>): Promise<void> => {
    const { from } = activity;
    const tenant = tenantOf(activity, trial);
    if (!from || !tenant) return;
    const member = await connector.member(activity.serviceUrl, activity.conversation.id, from.id).catch((error: unknown) => {
      log.info({ err: error, type: activity.type }, 'Who has installed the app could not be read; it is told at the next message');
      return undefined;
    });
    if (member) await tell({ kind: 'member', member: { ...profileOf(member, tenant), externalId: from.aadObjectId ?? from.id } });
    await tell(reachable(activity, from));
  };

  /** The channels that share a team's roster; a group chat is its own. */
  const channelsIn = async (tenant: string, rosterId: string): Promise<string[]> => {
    const known = (await knownChannels(tenant))
      .filter((channel) => channel.parentExternalId === rosterId)
      .map((channel) => channel.externalId);
    return [...new Set([rosterId, ...known])];
  };

  return {
    /** `conversationUpdate` and `installationUpdate`. Never throws: what fails is read again at the next resynchronisation. */
    async event(activity: Activity, requestId: string): Promise<void> {
      const told = readEvents(activity, trial);
      const tell = reporter(activity, requestId);
      try {
        for (const event of told.events) {
          if (event.kind === 'installed' && !told.teamToRead) await tellInstalled(activity, event, tell);
          else await tell(event);
        }
        if (told.welcome) await introduce(activity, tell);
        await places(activity, told, tell);
        if (told.welcome) await turns.welcome(activity, requestId);
      } catch (error) {
        log.warn({ err: error, requestId, type: activity.type }, 'An event of Teams could not be read to the end');
      }
    },

    /** A first message tells as much as an installation: its event may have come before these records began. */
    async firstContact(activity: Activity, requestId: string): Promise<void> {
      const { from } = activity;
      const id = `${tenantOf(activity, trial)} ${activity.conversation.id}`;
      if (!from || !isDirect(activity) || greeted.has(id)) return;
      if (greeted.size >= REMEMBERED) greeted.clear();
      greeted.add(id);
      const told = readEvents({ ...activity, type: 'installationUpdate', action: 'add' }, trial);
      const tell = reporter(activity, requestId);
      for (const event of told.events) if (event.kind === 'installed') await tellInstalled(activity, event, tell);
      await introduce(activity, tell);
    },
  };
}
