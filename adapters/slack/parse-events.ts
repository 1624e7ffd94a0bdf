import { z } from 'zod';
import { SlackFile } from './files.js';
import { type AnswerTo, actor, Id, inThread, type ParseContext, type Parsed, personOf, placeOf } from './parse.js';
import { readable, tokens } from './parse-text.js';

const Envelope = z.object({ team_id: z.string().optional(), event_id: z.string().optional(), event: z.object({ type: z.string() }) });

const HomeOpened = Envelope.extend({
  event: z.object({
    type: z.literal('app_home_opened'),
    user: Id,
    channel: z.string().optional(),
    tab: z.string().optional(),
    event_ts: z.string().optional(),
  }),
});

/** App Home was opened. Undefined for the messages tab and for anything else. */
export function parseHome(body: unknown, context: ParseContext): Parsed | undefined {
  const { data } = HomeOpened.safeParse(body);
  if (!data || (data.event.tab ?? 'home') !== 'home') return undefined;
  const team = context.workspace?.externalId ?? data.team_id ?? '';
  return {
    interaction: {
      kind: 'home',
      actor: actor(team, data.event.user, undefined, data.event.channel ? { kind: 'direct', externalId: data.event.channel } : undefined),
      place: { kind: 'home' },
      onceKey: `slack:event:${team}:${data.event_id ?? data.event.event_ts ?? ''}`,
      requestId: context.requestId,
    },
    to: { userId: data.event.user, origin: { kind: 'home' } },
  };
}

const ReactionEvent = Envelope.extend({
  event: z.object({
    type: z.enum(['reaction_added', 'reaction_removed']),
    user: Id,
    reaction: Id,
    item_user: z.string().nullish(),
    item: z.object({ type: z.literal('message'), channel: Id, ts: Id }),
    event_ts: Id,
  }),
});

/** The events that parseReaction reads. */
export const REACTION_EVENTS: ReadonlySet<string> = new Set(ReactionEvent.shape.event.shape.type.options);

/**
 * A reaction at a message, set or taken away by a person. Undefined for the bot's own, for those at files, and for
 * anything else. Source: https://docs.slack.dev/reference/events/reaction_added
 */
export function parseReaction(body: unknown, context: ParseContext): Parsed | undefined {
  const { data } = ReactionEvent.safeParse(body);
  if (!data || !personOf(data.event.user, context)) return undefined;
  const { type, user, reaction, item, event_ts } = data.event;
  const team = context.workspace?.externalId ?? data.team_id ?? '';
  const author = personOf(data.event.item_user, context);
  const place = placeOf(item.channel, undefined, true);
  return {
    interaction: {
      kind: 'reaction',
      added: type === 'reaction_added',
      emoji: reaction.replace(/::skin-tone-[\d-]+$/, ''),
      message: {
        ...(author ? { author: { by: 'account', externalId: author } } : {}),
        conversationId: item.channel,
        externalId: item.ts,
      },
      actor: actor(team, user, undefined, place),
      place,
      onceKey: `slack:${type}:${team}:${user}:${item.channel}:${item.ts}:${reaction}:${event_ts}`,
      requestId: context.requestId,
    },
    // Nobody sees an answer beside a reaction: it goes to the direct message.
    to: { userId: user, origin: { kind: 'command' } },
  };
}

const Message = Envelope.extend({
  event: z.object({
    type: z.enum(['message', 'app_mention']),
    subtype: z.string().optional(),
    bot_id: z.string().nullish(),
    user: z.string().optional(),
    text: z.string().default(''),
    channel: Id,
    channel_type: z.string().optional(),
    ts: Id,
    thread_ts: z.string().optional(),
    files: z.array(SlackFile).optional(),
  }),
});

/**
 * What a person wrote to the bot: in the direct message, or by mention in a channel. Undefined for everything else,
 * above all for messages of bots, this one included, and for edits and deletions.
 */
export function parseMessage(body: unknown, context: ParseContext): Parsed | undefined {
  const { data } = Message.safeParse(body);
  if (!data) return undefined;
  const { event } = data;
  const bot = context.workspace?.botUserId;
  if (event.bot_id || !event.user || event.user === bot || event.user === 'USLACKBOT') return undefined;
  if (event.subtype && event.subtype !== 'file_share') return undefined;
  const direct = event.channel.startsWith('D');
  // A mention within the direct message comes as a message too.
  if (event.type === 'message' ? !direct : direct) return undefined;
  const team = context.workspace?.externalId ?? data.team_id ?? '';
  const text = event.text.replace(/^\s*<@([A-Z0-9]+)(\|[^>]*)?>\s*/, (mention, id: string) =>
    bot === undefined || id === bot ? '' : mention,
  );
  const files = (event.files ?? []).map(context.fileHandle);
  const place = placeOf(event.channel, undefined, direct);
  const base = {
    actor: actor(team, event.user, undefined, place),
    place,
    // Not the event's id: Slack may tell of one message under several.
    onceKey: `slack:message:${team}:${event.channel}:${event.ts}`,
    requestId: context.requestId,
    files,
  };
  const to: AnswerTo = { userId: event.user, channelId: event.channel, origin: { kind: 'command', ...inThread(event.thread_ts) } };
  const command = /^\/?([\p{L}\d_-]+)/u.exec(text.trim())?.[1]?.toLowerCase();
  const rest = text.trim().replace(/^\/?[\p{L}\d_-]+\s*/u, '');
  if (command === undefined || !context.commands.includes(command)) {
    const typed = command === undefined ? {} : { typed: { command, text: rest } };
    return { interaction: { ...base, kind: 'message', text: readable(text) }, to: { ...to, ...typed } };
  }
  return {
    interaction: { ...base, kind: 'command', command, text: readable(rest), tokens: tokens(rest) },
    to: { ...to, typed: { command, text: rest } },
  };
}
