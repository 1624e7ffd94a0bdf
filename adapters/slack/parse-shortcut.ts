import { z } from 'zod';
import type { QuotedMessage } from '../../src/core/interaction.js';
import { SHORTCUT_TWIN } from './manifest.js';
import { actor, Id, inThread, type ParseContext, type Parsed, personOf, placeOf, Team, User } from './parse.js';
import { mentioned, readable } from './parse-text.js';

const Base = z.object({ callback_id: z.string(), trigger_id: Id, team: Team, user: User });
const GlobalShortcut = Base.extend({ type: z.literal('shortcut') });
const MessageShortcut = Base.extend({
  type: z.literal('message_action'),
  response_url: z.string().optional(),
  channel: z.object({ id: Id, name: z.string().optional() }),
  message_ts: z.string().optional(),
  message: z.object({
    ts: z.string().optional(),
    thread_ts: z.string().optional(),
    text: z.string().nullish(),
    user: z.string().nullish(),
    bot_id: z.string().nullish(),
    subtype: z.string().nullish(),
  }),
});
const AnyShortcut = z.discriminatedUnion('type', [GlobalShortcut, MessageShortcut]);

export interface ShortcutContext extends ParseContext {
  /** The shortcuts of the registry. */
  readonly shortcuts: readonly string[];
  /** The names of people whom the quoted text mentions: Slack tells only their ids there. */
  readonly names?: ReadonlyMap<string, string>;
}

/**
 * A shortcut from Slack's menus, or at a message. Undefined when the payload is not one; `unknown` for one that the
 * registry doesn't have. Source: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
 */
export function parseShortcut(body: unknown, context: ShortcutContext): Parsed | 'unknown' | undefined {
  const { data } = AnyShortcut.safeParse(body);
  if (!data) return undefined;
  const shortcut = data.type === 'shortcut' ? data.callback_id.replace(SHORTCUT_TWIN, '') : data.callback_id;
  if (!context.shortcuts.includes(shortcut)) return 'unknown';
  const team = context.workspace?.externalId ?? data.team?.id ?? data.user.team_id ?? '';
  const at = data.type === 'message_action' ? data : undefined;
  const place = at ? placeOf(at.channel.id, at.channel.name, false) : ({ kind: 'direct' } as const);
  return {
    interaction: {
      kind: 'shortcut',
      shortcut,
      actor: actor(team, data.user.id, data.user.name ?? data.user.username ?? undefined),
      place,
      onceKey: `slack:shortcut:${team}:${data.trigger_id}`,
      requestId: context.requestId,
      ...(at ? { message: quoted(at, context) } : {}),
    },
    to: {
      userId: data.user.id,
      triggerId: data.trigger_id,
      origin: { kind: 'command', ...(at?.response_url ? { responseUrl: at.response_url } : {}), ...inThread(at?.message.thread_ts) },
      ...(at ? { channelId: at.channel.id } : {}),
      ...(at?.response_url ? { responseUrl: at.response_url } : {}),
    },
  };
}

function quoted({ channel, message_ts, message }: z.infer<typeof MessageShortcut>, context: ShortcutContext): QuotedMessage {
  const text = readable(message.text ?? '', context.names).trim();
  const ts = message.ts ?? message_ts;
  const person = message.bot_id || message.subtype === 'bot_message' ? undefined : personOf(message.user, context);
  return {
    ...(text ? { text } : {}),
    ...(person ? { author: { by: 'account', externalId: person } } : {}),
    conversationId: channel.id,
    ...(ts ? { externalId: ts } : {}),
  };
}

/** The ids of the people whom the quoted text mentions without their names. */
export function namesWanted(body: unknown): readonly string[] {
  const { data } = AnyShortcut.safeParse(body);
  return data?.type === 'message_action' ? mentioned(data.message.text ?? '') : [];
}
