import type { Actor, CommandToken, Interaction, Place } from '../../src/core/interaction.js';
import { type Activity, isDirect, tenantOf, withoutThread } from './activity.js';
import { type ButtonData, readButton } from './data.js';
import { filesOf } from './files.js';
import { readForm } from './form.js';

export interface ParseOptions {
  /** The first words that make a message a command. */
  readonly commandNames: readonly string[];
  readonly requestId: string;
  readonly trial: boolean;
  /** Entra object ids of mentioned people, by the id that Teams gives in a mention. */
  readonly objectIds?: ReadonlyMap<string, string>;
}

/** Who did it and where; undefined when an activity names no person or no tenant. */
export function parseActor(activity: Activity, trial: boolean): { actor: Actor; place: Place } | undefined {
  const { from } = activity;
  const tenant = tenantOf(activity, trial);
  if (!from || !tenant) return undefined;
  const zone = activity.entities?.find((entity) => entity.type === 'clientInfo')?.timezone ?? activity.localTimezone;
  const direct = isDirect(activity);
  const actor: Actor = {
    platform: 'teams',
    workspaceExternalId: tenant,
    externalId: from.aadObjectId ?? from.id,
    ...(from.name && { name: from.name }),
    ...(activity.locale && { locale: activity.locale }),
    ...(zone && isZone(zone) && { zone }),
    ...(direct && { address: { conversationId: activity.conversation.id, serviceUrl: activity.serviceUrl, userId: from.id } }),
  };
  const kind = direct ? 'direct' : activity.conversation.conversationType === 'groupChat' ? 'group' : 'channel';
  return { actor, place: { kind, externalId: withoutThread(activity.conversation.id) } };
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Keys are bound to tenant and person, so that nobody's repeat can meet another one's act. */
export function onceKey(actor: Actor, act: string): string {
  return `teams:${actor.workspaceExternalId}:${actor.externalId}:${act}`;
}

/** The part of a click's key that is its own. */
export function clickKey(activity: Activity, requestId: string): string {
  return `${withoutThread(activity.conversation.id)}:${activity.id ?? requestId}:${activity.type}`;
}

/** A message to the bot: a command, or anything else. Undefined when it says nothing at all. */
export function parseMessage(activity: Activity, options: ParseOptions): Interaction | undefined {
  const who = parseActor(activity, options.trial);
  if (!who) return undefined;
  const base = { ...who, onceKey: onceKey(who.actor, clickKey(activity, options.requestId)), requestId: options.requestId };
  const { text: written, mentions } = readText(activity, options.objectIds ?? new Map());
  const text = withoutName(written, activity.recipient?.name, options.commandNames);
  const files = filesOf(activity, options.trial);
  const plainText = spoken(text, mentions);
  if (plainText === '' && files.length === 0) {
    // A button of the old sort (Action.Submit) comes as a message without text: none of our cards has one now.
    if (activity.value !== undefined) return { kind: 'action', ref: null, ...base };
    return who.place.kind === 'direct' && (activity.attachments ?? []).length === 0 && activity.text === undefined
      ? undefined
      : { kind: 'message', text: '', files, ...base };
  }
  const match = /^\/?([^\s/\uE000]+)(?:\s+|$|(?=\uE000))/u.exec(text);
  const command = match?.[1]?.toLowerCase();
  if (!match || !command || !options.commandNames.includes(command)) return { kind: 'message', text: plainText, files, ...base };
  const rest = text.slice(match[0].length);
  return { kind: 'command', command, tokens: tokens(rest, mentions), text: spoken(rest, mentions), files, ...base };
}

/** "Bellhop, handbook status" and "@Bellhop help", typed without a real mention: the name in front is not the command. */
function withoutName(text: string, name: string | undefined, commandNames: readonly string[]): string {
  const match = /^(@?)(\S+?)[,:]?\s+(?=\/?(\S+))/u.exec(text);
  if (!match || !name || match[2]?.toLowerCase() !== name.toLowerCase()) return text;
  return match[1] === '@' || commandNames.includes(match[3]?.toLowerCase() ?? '') ? text.slice(match[0].length) : text;
}

interface Mention {
  readonly name: string;
  readonly externalId?: string;
}

// Mentions stand as private characters until the words around them have been read: names have spaces.
const OPEN = '\uE000';
const CLOSE = '\uE001';

function readText(activity: Activity, objectIds: ReadonlyMap<string, string>): { text: string; mentions: readonly Mention[] } {
  const mentions: Mention[] = [];
  let text = (activity.text ?? '').replace(/[\uE000\uE001]/g, '');
  for (const entity of activity.entities ?? []) {
    if (entity.type !== 'mention' || !entity.mentioned || !entity.text) continue;
    const { id, name, aadObjectId } = entity.mentioned;
    if (id === activity.recipient?.id) {
      text = text.replaceAll(entity.text, ' ');
      continue;
    }
    const externalId = aadObjectId ?? objectIds.get(id);
    text = text.replace(entity.text, `${OPEN}${mentions.length}${CLOSE}`);
    mentions.push({ name: name ?? entity.text.replace(/<\/?at[^>]*>/g, ''), ...(externalId && { externalId }) });
  }
  text = text.replace(/<at[^>]*>(.*?)<\/at>/gs, '$1').replaceAll(`${CLOSE}${OPEN}`, `${CLOSE} ${OPEN}`);
  return {
    text: decode(text)
      .replace(/[\u00A0\u2007\u202F]/g, ' ')
      .replace(/\r\n?/g, '\n')
      .trim(),
    mentions,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
  '&#160;': ' ',
  '&amp;': '&',
};

/** Teams escapes what was typed in `text`; one pass, so that a typed `&amp;lt;` stays what it was. */
function decode(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|apos|nbsp|#160|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

function spoken(text: string, mentions: readonly Mention[]): string {
  return text.replace(/\uE000(\d+)\uE001/g, (_, index) => `@${mentions[Number(index)]?.name ?? ''}`).trim();
}

function tokens(text: string, mentions: readonly Mention[]): CommandToken[] {
  return text
    .split(/(\uE000\d+\uE001)|\s+/)
    .filter((word) => word !== undefined && word !== '')
    .map((word): CommandToken => {
      const mention = /^\uE000(\d+)\uE001$/.exec(word);
      const named = mention && mentions[Number(mention[1])];
      if (!named) return { kind: 'word', text: word };
      return {
        kind: 'person',
        hint: named.externalId ? { by: 'account', externalId: named.externalId } : { by: 'typed', typed: named.name },
      };
    });
}

/** The people that are mentioned by an id which is not their Entra object id. */
export function unresolvedMentions(activity: Activity): string[] {
  return (activity.entities ?? [])
    .filter(
      (entity) =>
        entity.type === 'mention' && entity.mentioned && entity.mentioned.id !== activity.recipient?.id && !entity.mentioned.aadObjectId,
    )
    .flatMap((entity) => entity.mentioned?.id ?? []);
}

/** A pressed button or a sent form. `button` is undefined for data that no card of ours carries. */
export function parseClick(activity: Activity, requestId: string, trial: boolean): Pressed | undefined {
  const who = parseActor(activity, trial);
  return who && readPress(who, executeData(activity.value), clickKey(activity, requestId), requestId);
}

export interface Pressed {
  readonly interaction: Interaction;
  readonly button: ButtonData | undefined;
}

/**
 * What a button's data means.
 * @param data what it carried, with the inputs beside it
 * @param key the part of the act's key that is its own
 */
export function readPress(
  who: { readonly actor: Actor; readonly place: Place },
  data: Readonly<Record<string, unknown>>,
  key: string,
  requestId: string,
): Pressed {
  const button = readButton(data);
  const base = { ...who, onceKey: onceKey(who.actor, key), requestId };
  if (!button) return { interaction: { kind: 'action', ref: null, ...base }, button };
  switch (button.do) {
    case 'act':
      return { interaction: { kind: 'action', ref: { id: button.ref, payload: button.payload }, ...base }, button };
    case 'cancel':
      return { interaction: { kind: 'home', ...base }, button };
    case 'submit':
      return {
        interaction: {
          kind: 'submit',
          ref: { id: button.ref, payload: button.payload },
          values: readForm(button.fields, data),
          ...base,
          // One opening of the form is sent once, however often the button is pressed.
          onceKey: onceKey(who.actor, `form:${button.form}`),
        },
        button,
      };
  }
}

/** `value.action.data` of an `adaptiveCard/action`. */
function executeData(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || !('action' in value)) return {};
  const { action } = value;
  if (typeof action !== 'object' || action === null || !('data' in action)) return {};
  const { data } = action;
  return typeof data === 'object' && data !== null ? { ...data } : {};
}
