import { z } from 'zod';
import type { PersonHint } from '../../src/core/form.js';
import type { Actor, Interaction, Place, QuotedMessage } from '../../src/core/interaction.js';
import { type Activity, withoutThread } from './activity.js';
import { htmlToText } from './html.js';
import { clickKey, onceKey, type Pressed, parseActor, readPress } from './parse.js';

/** The invokes of message extensions and dialogs (Teams, "Create and submit dialogs", "Respond to the submit action"). */
const OPENING = new Set(['composeExtension/fetchTask', 'task/fetch']);
const SENDING = new Set(['composeExtension/submitAction', 'task/submit']);

const Identity = z.looseObject({ id: z.string().optional(), displayName: z.string().optional(), userIdentityType: z.string().optional() });

/** `value.messagePayload`: the message that an action was chosen at, as Microsoft Graph tells of it. */
const MessagePayload = z.looseObject({
  id: z.string().optional(),
  body: z.looseObject({ contentType: z.string().optional(), content: z.string().optional() }).optional(),
  from: z.looseObject({ user: Identity.optional() }).optional(),
});

const Value = z.looseObject({
  commandId: z.string().min(1).optional(),
  messagePayload: MessagePayload.optional().catch(undefined),
  data: z.unknown().optional(),
});

/** What came from a message extension: it was opened, or a button of its dialog was pressed. */
export interface DialogAct extends Pressed {
  /** Everything that the pressed button carried, with the inputs beside it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Whether an invoke is about a dialog that Bellhop may show. */
export function isDialog(name: string): boolean {
  return OPENING.has(name) || SENDING.has(name);
}

/** Undefined when an activity names no person, no tenant, or nothing that could be meant. */
export function parseDialog(activity: Activity, requestId: string, trial: boolean): DialogAct | undefined {
  const who = parseWriter(activity, trial);
  const value = Value.safeParse(activity.value);
  if (!who || !value.success) return undefined;
  const { commandId, messagePayload } = value.data;
  const data = typeof value.data.data === 'object' && value.data.data !== null ? { ...value.data.data } : {};
  const key = clickKey(activity, requestId);
  // A button of a card may open a dialog too; none of ours does, so that only a command can be meant.
  if (!OPENING.has(activity.name ?? '')) return { ...readPress(who, data, key, requestId), data };
  if (!commandId) return undefined;
  const message = messagePayload && quoted(activity, messagePayload);
  const interaction: Interaction = {
    kind: 'shortcut',
    shortcut: commandId,
    ...(message && { message }),
    ...who,
    onceKey: onceKey(who.actor, key),
    requestId,
  };
  return { interaction, button: undefined, data };
}

/**
 * Who used a message extension, and where. That may be two people's own chat, which Teams calls personal too: it is nowhere
 * that the bot may write, and no address of the person.
 */
function parseWriter(activity: Activity, trial: boolean): { actor: Actor; place: Place } | undefined {
  const who = parseActor(activity, trial);
  if (!who) return undefined;
  const { address: _address, ...actor } = who.actor;
  return { actor, place: who.place.kind === 'direct' ? { ...who.place, kind: 'group' } : who.place };
}

function quoted(activity: Activity, { id, body, from }: z.output<typeof MessagePayload>): QuotedMessage {
  const content = body?.content ?? '';
  const text = body?.contentType === 'text' ? content.trim() : htmlToText(content);
  const author = from?.user && authorOf(from.user);
  return {
    ...(text !== '' && { text }),
    ...(author && { author }),
    conversationId: withoutThread(activity.conversation.id),
    ...(id && { externalId: id }),
  };
}

/** Members of a directory are known by their object id; anybody else by name at best. */
function authorOf({ id, displayName, userIdentityType = 'aadUser' }: z.output<typeof Identity>): PersonHint | undefined {
  if (id && /aadUser$/i.test(userIdentityType)) return { by: 'account', externalId: id };
  return displayName ? { by: 'typed', typed: displayName } : undefined;
}

/**
 * The reactions of a `messageReaction`, those that were taken away first: one that took another's place is both.
 * Teams tells only of those at the bot's own messages.
 */
export function parseReactions(activity: Activity, requestId: string, trial: boolean): Extract<Interaction, { kind: 'reaction' }>[] {
  const who = parseActor(activity, trial);
  const { replyToId } = activity;
  if (!who || !replyToId) return [];
  const one = (added: boolean) => (reaction: { type: string }) => ({
    kind: 'reaction' as const,
    added,
    emoji: reaction.type,
    message: { conversationId: withoutThread(activity.conversation.id), externalId: replyToId },
    ...who,
    onceKey: onceKey(who.actor, `${clickKey(activity, requestId)}:${added ? 'added' : 'removed'}:${reaction.type}`),
    requestId,
  });
  return [...(activity.reactionsRemoved ?? []).map(one(false)), ...(activity.reactionsAdded ?? []).map(one(true))];
}
