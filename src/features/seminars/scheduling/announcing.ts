import type { Platform } from '../../../core/interaction.js';
import { commandWords, instant, key, type Text, words } from '../../../core/text.js';
import { type Channel, canPost, findChannel } from '../../../people/channels.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { Series } from '../model.js';
import { loadSettings } from '../store-settings.js';

/** Where the dates of a series are announced. `silent`: there is no channel, or nothing can be posted in it. */
export type Announcing =
  | { readonly kind: 'channel'; readonly channel: Channel }
  | { readonly kind: 'silent'; readonly channel: Channel | undefined };

export async function announcingOf(db: Db | Tx, organisation: Organisation, { channelId }: Pick<Series, 'channelId'>): Promise<Announcing> {
  const id = channelId ?? (await loadSettings(db, organisation)).channelId;
  const channel = id === null ? undefined : await findChannel(db, organisation.id, { value: id });
  return channel && canPost(channel) && channel.unreachableReason === null ? { kind: 'channel', channel } : { kind: 'silent', channel };
}

const name = ({ name }: Channel): Text => words(`#${name}`);

/** "#front, Tuesday 2 March, 10:00". @param at when the next date is announced; undefined: there is none to come */
export function announcingText(announcing: Announcing, at: Date | undefined): Text {
  const { channel } = announcing;
  if (!channel) return key('seminars.announcing.nowhere');
  if (announcing.kind === 'silent') return key('seminars.announcing.cannot', { channel: name(channel) });
  return at ? key('seminars.announcing.at', { channel: name(channel), at: instant(at) }) : name(channel);
}

/** What to do where nothing would be announced; nothing where all is well. */
export function announcingWarning(announcing: Announcing, platform: Platform): Text | undefined {
  if (announcing.kind === 'channel') return undefined;
  const { channel } = announcing;
  return channel
    ? key('seminars.announcing.warn_cannot', { channel: name(channel) })
    : key('seminars.announcing.warn_nowhere', { command: commandWords(platform, 'seminar', 'settings') });
}
