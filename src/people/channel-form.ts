import type { Field } from '../core/form.js';
import { key, type Text, words } from '../core/text.js';
import { canPost, findChannel } from './channels.js';
import type { HandlerContext } from './handlers.js';

/** A field for the channel that something is posted to; it may be left empty. @param current the one that is set (id in Bellhop) */
export async function channelField(
  context: HandlerContext,
  { name, label, hint, current }: { readonly name: string; readonly label: Text; readonly hint: Text; readonly current: string | null },
): Promise<Field> {
  return { kind: 'channel', name, label, hint, optional: true, ...(await initialOf(context, current)) };
}

/** What stands in the field at first: Slack's picker knows Slack's ids only, the lists of others know Bellhop's. */
async function initialOf(context: HandlerContext, id: string | null): Promise<{ readonly initial?: string }> {
  if (id === null) return {};
  if (context.actor.platform !== 'slack') return { initial: id };
  const channel = await findChannel(context.db, context.organisation.id, { value: id });
  return channel?.workspaceId === context.workspaceId ? { initial: channel.externalId } : {};
}

/** The channel that was chosen; a message when nothing can be posted there. @param current the one that is set */
export async function readChannel(
  context: HandlerContext,
  value: string | undefined,
  current: string | null,
): Promise<{ readonly id: string | null } | { readonly error: Text }> {
  const { db, organisation, workspaceId } = context;
  if (value === undefined || value === '') {
    const kept = current === null ? undefined : await findChannel(db, organisation.id, { value: current });
    // A channel of another platform can't stand in this one's picker: leaving it empty doesn't take it away.
    const isElsewhere = kept !== undefined && context.actor.platform === 'slack' && kept.workspaceId !== workspaceId;
    return { id: isElsewhere ? kept.id : null };
  }
  const channel = await findChannel(db, organisation.id, { value, workspaceId });
  if (channel && canPost(channel)) return { id: channel.id };
  if (!channel) return { error: key('people.errors.channel_unknown') };
  const params = { channel: words(`#${channel.name}`) };
  return { error: channel.archived ? key('people.errors.channel_archived', params) : key('people.errors.channel_not_in', params) };
}
