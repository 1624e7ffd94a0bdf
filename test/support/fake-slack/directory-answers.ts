export type Json = Record<string, unknown>;

export const TEAM = 'T0FAKE';
export const BOT_USER = 'U0BOT';

/** What the fake Slack tells of people and channels, `pageSize` members a page. Undefined for other methods. */
export function directoryAnswer(method: string, args: Json, users: readonly Json[], pageSize: number): Json | undefined {
  switch (method) {
    case 'users.list': {
      const from = Number(args.cursor ?? 0);
      return {
        ok: true,
        members: users.slice(from, from + pageSize),
        response_metadata: { next_cursor: from + pageSize < users.length ? String(from + pageSize) : '' },
      };
    }
    case 'users.info': {
      const found = users.find((item) => item.id === args.user);
      return found ? { ok: true, user: found } : { ok: false, error: 'user_not_found' };
    }
    case 'conversations.info':
      return { ok: true, channel: { id: args.channel, name: 'team', is_private: false, is_archived: false, is_member: true } };
    case 'conversations.list':
      return {
        ok: true,
        channels: [
          { id: 'C0TEAM', name: 'team', is_member: true },
          { id: 'C0OLD', name: 'old', is_archived: true, is_private: true },
        ],
        response_metadata: { next_cursor: '' },
      };
    default:
      return undefined;
  }
}

/** A member as users.list shows one. */
export function user(id: string, name: string, more: Json = {}): Json {
  const email = `${name.split(' ')[0]?.toLowerCase()}@fake.example`;
  return {
    id,
    team_id: TEAM,
    name: name.toLowerCase(),
    real_name: name,
    deleted: false,
    tz: 'Europe/Riga',
    locale: 'lv-LV',
    is_bot: false,
    is_email_confirmed: true,
    profile: { real_name: name, email },
    ...more,
  };
}

/** Buttons and menus in blocks. */
export function elements(blocks: unknown): Json[] {
  if (!Array.isArray(blocks)) return [];
  return (blocks as Json[]).flatMap((block) => [
    ...((block.type === 'actions' ? block.elements : []) as Json[]),
    ...(block.accessory ? [block.accessory as Json] : []),
  ]);
}
