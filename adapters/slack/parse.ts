import { z } from 'zod';
import type { FileHandle } from '../../src/core/form.js';
import type { Actor, Interaction, Place } from '../../src/core/interaction.js';
import type { Ref, RefPayload } from '../../src/core/ref.js';
import type { SlackFile } from './files.js';
import { type Origin, ViewMemory } from './form.js';
import { readable, tokens } from './parse-text.js';
import { formValues, ViewState } from './parse-values.js';
import { AGAIN_ACTION, LINK_ACTION, MENU_ACTION } from './render-actions.js';

/** What parsing needs to know beyond the payload. */
export interface ParseContext {
  /** The workspace that the bot is installed in; undefined until Slack has told it. */
  readonly workspace: { readonly externalId: string; readonly botUserId: string | undefined } | undefined;
  /** The commands of the registry: the words that make a direct message a command. */
  readonly commands: readonly string[];
  readonly fileHandle: (file: SlackFile) => FileHandle;
  readonly requestId: string;
}

/** Where an answer goes, as far as the payload tells. */
export interface AnswerTo {
  readonly userId: string;
  /** The conversation, where one is known. */
  readonly channelId?: string;
  readonly responseUrl?: string;
  readonly triggerId?: string;
  /** The message that was acted on; absent for ephemeral ones, which only the response URL reaches. */
  readonly messageTs?: string;
  /** The view that was acted on, with how many views lie on one another. */
  readonly view?: { readonly id: string; readonly depth: number; readonly title: string };
  readonly origin: Origin;
  /** The command that was typed: said again by a button where its answer takes another click (a form). */
  readonly typed?: { readonly command: string; readonly text: string };
}

export interface Parsed<I extends Interaction = Interaction> {
  readonly interaction: I;
  readonly to: AnswerTo;
}

export type Submission = Extract<Interaction, { kind: 'submit' }>;

export const Id = z.string().min(1);
export const Team = z.object({ id: Id }).nullish();
export const User = z.object({ id: Id, name: z.string().nullish(), username: z.string().nullish(), team_id: z.string().nullish() });

const SlashCommand = z.object({
  command: z.string().min(2),
  text: z.string().default(''),
  team_id: Id,
  channel_id: Id,
  channel_name: z.string().optional(),
  user_id: Id,
  user_name: z.string().optional(),
  trigger_id: Id,
  response_url: z.string().optional(),
});

/** A slash command. Undefined when the payload is not one. Source: https://docs.slack.dev/interactivity/implementing-slash-commands */
export function parseCommand(body: unknown, context: ParseContext): Parsed | undefined {
  const { data } = SlashCommand.safeParse(body);
  if (!data) return undefined;
  const team = context.workspace?.externalId ?? data.team_id;
  const place: Place = placeOf(data.channel_id, data.channel_name, false);
  return {
    interaction: {
      kind: 'command',
      command: data.command.slice(1).toLowerCase(),
      text: readable(data.text),
      tokens: tokens(data.text),
      files: [],
      actor: actor(team, data.user_id, data.user_name),
      place,
      onceKey: `slack:command:${team}:${data.trigger_id}`,
      requestId: context.requestId,
    },
    to: {
      userId: data.user_id,
      channelId: data.channel_id,
      triggerId: data.trigger_id,
      typed: { command: data.command.slice(1).toLowerCase(), text: data.text },
      origin: { kind: 'command' },
      ...(data.response_url ? { responseUrl: data.response_url } : {}),
    },
  };
}

const ViewPart = z.object({
  id: Id,
  type: z.string(),
  callback_id: z.string().nullish(),
  private_metadata: z.string().nullish(),
  previous_view_id: z.string().nullish(),
  root_view_id: z.string().nullish(),
  title: z.object({ text: z.string() }).nullish(),
});

const BlockActions = z.object({
  type: z.literal('block_actions'),
  team: Team,
  user: User,
  trigger_id: z.string().optional(),
  response_url: z.string().optional(),
  channel: z.object({ id: Id, name: z.string().optional() }).nullish(),
  container: z
    .object({
      type: z.string().optional(),
      channel_id: z.string().optional(),
      message_ts: z.string().optional(),
      is_ephemeral: z.boolean().optional(),
      // Not in the documentation's list, but in the payload: https://github.com/slackapi/java-slack-sdk/issues/1200
      thread_ts: z.string().optional(),
    })
    .default({}),
  view: ViewPart.nullish(),
  actions: z
    .array(
      z.object({
        type: z.string().optional(),
        action_id: z.string(),
        action_ts: z.string().optional(),
        value: z.string().nullish(),
        selected_option: z.object({ value: z.string().optional() }).nullish(),
      }),
    )
    .min(1),
});

/**
 * A click in a message, a modal or App Home. Undefined when the payload is not one; `link` for a button that only
 * opened a page. Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
 */
export function parseClick(body: unknown, context: ParseContext): Parsed | 'link' | undefined {
  const { data } = BlockActions.safeParse(body);
  const action = data?.actions[0];
  if (!data || !action) return undefined;
  const option = action.selected_option?.value ?? '';
  if (action.action_id.startsWith(`${LINK_ACTION}#`) || option.startsWith(`${LINK_ACTION}|`)) return 'link';
  const team = context.workspace?.externalId ?? data.team?.id ?? data.user.team_id ?? '';
  const home = data.view?.type === 'home';
  const channelId = data.container.channel_id ?? data.channel?.id;
  const ephemeral = data.container.is_ephemeral === true;
  const messageTs = ephemeral ? undefined : data.container.message_ts;
  const at: Place = home ? { kind: 'home' } : channelId ? placeOf(channelId, data.channel?.name, !ephemeral) : { kind: 'direct' };
  const place: Place = ephemeral ? { ...at, alone: true } : at;
  const base = {
    actor: actor(team, data.user.id, data.user.name ?? data.user.username ?? undefined, place),
    place,
    onceKey: `slack:click:${team}:${data.user.id}:${action.action_ts ?? data.trigger_id ?? ''}:${action.action_id}`,
    requestId: context.requestId,
  };
  const again = action.action_id.startsWith(`${AGAIN_ACTION}#`) ? AgainValue.safeParse(fromJson(action.value ?? '')).data : undefined;
  const ref = action.action_id.startsWith(`${MENU_ACTION}#`) ? optionRef(option) : buttonRef(action.action_id, action.value ?? '');
  return {
    interaction: again
      ? { ...base, kind: 'command', command: again.c, text: readable(again.t), tokens: tokens(again.t), files: [] }
      : { ...base, kind: 'action', ref },
    to: {
      userId: data.user.id,
      ...(channelId ? { channelId } : {}),
      ...(data.response_url ? { responseUrl: data.response_url } : {}),
      ...(data.trigger_id ? { triggerId: data.trigger_id } : {}),
      ...(messageTs ? { messageTs } : {}),
      ...(data.view?.type === 'modal' ? { view: { id: data.view.id, depth: depth(data.view), title: data.view.title?.text ?? '' } } : {}),
      origin: home
        ? { kind: 'home' }
        : ephemeral
          ? { kind: 'ephemeral', ...(data.response_url ? { responseUrl: data.response_url } : {}), ...inThread(data.container.thread_ts) }
          : channelId && messageTs
            ? { kind: 'message', channel: channelId, ts: messageTs, ...inThread(data.container.thread_ts) }
            : { kind: 'command' },
    },
  };
}

const ViewSubmission = z.object({
  type: z.literal('view_submission'),
  team: Team,
  user: User,
  trigger_id: z.string().optional(),
  view: ViewPart.extend({ state: z.object({ values: ViewState }) }),
});

/** A form that was sent. Undefined when the payload is not one. Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function parseSubmission(
  body: unknown,
  context: ParseContext,
): (Parsed<Submission> & { readonly memory: ViewMemory | undefined }) | undefined {
  const { data } = ViewSubmission.safeParse(body);
  if (!data) return undefined;
  const team = context.workspace?.externalId ?? data.team?.id ?? data.user.team_id ?? '';
  const memory = ViewMemory.safeParse(fromJson(data.view.private_metadata ?? '')).data;
  const origin: Origin = memory?.o ?? { kind: 'command' };
  const place: Place =
    origin.kind === 'home' ? { kind: 'home' } : origin.channel ? placeOf(origin.channel, undefined, true) : { kind: 'direct' };
  return {
    memory,
    interaction: {
      kind: 'submit',
      ref: memory && data.view.callback_id ? { id: data.view.callback_id, payload: memory.p } : null,
      values: formValues(data.view.state.values, context.fileHandle),
      actor: actor(team, data.user.id, data.user.name ?? data.user.username ?? undefined, place),
      place,
      // A form that follows another in the same view is another act: hence the step beside the view's id.
      onceKey: `slack:form:${team}:${data.view.id}:${memory?.s ?? ''}`,
      requestId: context.requestId,
    },
    to: {
      userId: data.user.id,
      ...(data.trigger_id ? { triggerId: data.trigger_id } : {}),
      view: { id: data.view.id, depth: depth(data.view), title: data.view.title?.text ?? '' },
      origin,
    },
  };
}

/** Who acted, in the installed workspace whatever the person's own is: people/resolve asks the directory about strangers. */
export function actor(team: string, externalId: string, name: string | undefined, place?: Place): Actor {
  return {
    platform: 'slack',
    workspaceExternalId: team,
    externalId,
    ...(name ? { name } : {}),
    ...(place?.kind === 'direct' && place.externalId ? { address: { conversationId: place.externalId } } : {}),
  };
}

/** A user id, unless it is the bot's or Slack's own. */
export function personOf(userId: string | null | undefined, { workspace }: ParseContext): string | undefined {
  return userId && userId !== workspace?.botUserId && userId !== 'USLACKBOT' ? userId : undefined;
}

/** The part of an origin that tells of a thread. */
export const inThread = (ts: string | undefined): { readonly thread?: string } => (ts ? { thread: ts } : {});

/** @param own whether a `D...` is surely the one with the bot; a command may come from one between two people */
export function placeOf(channelId: string, name: string | undefined, own: boolean): Place {
  if (channelId.startsWith('D')) return own ? { kind: 'direct', externalId: channelId } : { kind: 'direct' };
  return { kind: name?.startsWith('mpdm-') ? 'group' : 'channel', externalId: channelId };
}

function depth(view: z.infer<typeof ViewPart>): number {
  if (!view.previous_view_id) return 1;
  return view.previous_view_id === view.root_view_id ? 2 : 3;
}

const Payload = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const ButtonValue = z.object({ v: z.number(), p: Payload });
/** See AGAIN_ACTION. */
const AgainValue = z.object({ c: z.string(), t: z.string() });

function buttonRef(actionId: string, value: string): Ref | null {
  const id = actionId.replace(/#\d+$/, '');
  const read = ButtonValue.safeParse(fromJson(value));
  return read.success && id !== '' ? { id, payload: read.data.p } : null;
}

function optionRef(value: string): Ref | null {
  const bar = value.indexOf('|');
  const read = Payload.safeParse(fromJson(value.slice(bar + 1)));
  return bar > 0 && read.success ? { id: value.slice(0, bar), payload: read.data as RefPayload } : null;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
