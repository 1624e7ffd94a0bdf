import type { Platform } from '../../src/core/interaction.js';
import type { ChannelProfile, Directory, MemberProfile, Page } from '../../src/people/ports.js';

/** A member as a platform tells of one: full, active, without an address. */
export function aMember(externalId: string, overrides: Partial<MemberProfile> = {}): MemberProfile {
  return {
    externalId,
    name: `Member ${externalId}`,
    isAdmin: false,
    isGuest: false,
    isBot: false,
    isStranger: false,
    left: false,
    ...overrides,
  };
}

export interface FakeDirectory extends Directory {
  list: MemberProfile[];
  channelList: ChannelProfile[];
  /** Channel's external id -> external ids of its members. */
  channelLists: Map<string, string[]>;
  /** What was asked, in order: `members:2`, `member:U1`. */
  readonly asked: string[];
  /** Thrown once by the next question of this name. */
  fail: { question: string; error: Error } | undefined;
}

/** A platform's lists in memory, `pageSize` a page. */
export function fakeDirectory(platform: Platform, pageSize = 2): FakeDirectory {
  const directory: FakeDirectory = {
    platform,
    list: [],
    channelList: [],
    channelLists: new Map(),
    asked: [],
    fail: undefined,
    members: async (_, cursor) => page('members', directory.list, cursor),
    channels: async (_, cursor) => page('channels', directory.channelList, cursor),
    channelMembers: async (_, channel, cursor) => page(`channelMembers:${channel}`, directory.channelLists.get(channel) ?? [], cursor),
    member: async (_, externalId) => {
      ask(`member:${externalId}`);
      return directory.list.find((member) => member.externalId === externalId);
    },
  };
  const ask = (question: string) => {
    directory.asked.push(question);
    const { fail } = directory;
    if (fail?.question !== question) return;
    directory.fail = undefined;
    throw fail.error;
  };
  const page = <T>(what: string, items: readonly T[], cursor: string | undefined): Page<T> => {
    const from = Number(cursor ?? 0);
    ask(`${what}:${from}`);
    const next = from + pageSize;
    return { items: items.slice(from, next), ...(next < items.length && { next: String(next) }) };
  };
  return directory;
}
