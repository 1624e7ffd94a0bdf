import { z } from 'zod';
import type { Card } from '../../src/core/card.js';
import type { Localise, Reader } from '../../src/core/text.js';
import { type Chat, ChatError, type Destination, type PaceRule, type Posted } from '../../src/delivery/port.js';
import type { SlackApi } from './api.js';
import { LIMITS } from './limits.js';
import { blocksOf, type PictureDesk, type Sendable } from './pictures.js';
import { type RenderedMessage, renderCard } from './render.js';

/** The type of the metadata that a posted delivery carries; its payload is the delivery's opaque id and nothing else. */
export const DELIVERY_EVENT = 'bellhop_delivery';

/** How far Slack's clock may stand behind ours when a post is looked for. */
const CLOCK_SLACK_SECONDS = 120;
const MOST_PAGES = 50;
/** A call that takes 30 s counts as lost (delivery/worker): a post of 15 s must not begin after this. */
const LATEST_POST_MS = 14_000;

const Posting = z.object({ channel: z.string(), ts: z.string() });
const History = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({ event_type: z.string().optional(), event_payload: z.object({ id: z.unknown() }).partial().optional() })
          .nullish(),
      }),
    )
    .default([]),
  has_more: z.boolean().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const Opened = z.object({ channel: z.object({ id: z.string() }) });

/**
 * Slack as a place to deliver to.
 * @param paceFactor how many times faster than the documented pace this Slack may be asked; 1 for the real one
 */
export function createSlackChat(options: { api: SlackApi; desk: PictureDesk; localise: Localise; paceFactor?: number | undefined }): Chat {
  const { api, desk, localise, paceFactor = 1 } = options;
  const rule = (scope: string, { count, perMs, burst }: { count: number; perMs: number; burst: number }): PaceRule => ({
    scope,
    count: Math.max(1, Math.floor(count * paceFactor)),
    perMs,
    burst,
  });

  const messageOf = (to: Destination, card: Card, reader: Reader): Sendable<RenderedMessage> =>
    desk.message({
      blocks: blocksOf([card]),
      workspaceExternalId: to.workspaceExternalId,
      render: (pictured) => renderCard(card, reader, localise, pictured),
      giveUpAfterMs: LATEST_POST_MS,
    });

  const post = async (to: Destination, message: Sendable<RenderedMessage>, deliveryId: string) => {
    const answer = await message.send(({ text, blocks }) =>
      api.call('chat.postMessage', false, (client) =>
        client.chat.postMessage({
          channel: to.conversationId ?? to.externalId,
          text,
          blocks,
          mrkdwn: false,
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: DELIVERY_EVENT, event_payload: { id: deliveryId } },
        }),
      ),
    );
    const posted = Posting.safeParse(answer);
    if (!posted.success) throw new ChatError('uncertain', 'unreadable_answer', { cause: posted.error });
    return { conversationId: posted.data.channel, externalId: posted.data.ts };
  };

  return {
    platform: 'slack',

    paces: (to) => [
      rule(`slack:${to.workspaceExternalId}:post:${to.externalId}`, LIMITS.pace.channel),
      rule(`slack:${to.workspaceExternalId}:post`, LIMITS.pace.workspace),
    ],

    updatePaces: (to) => [
      rule(`slack:${to.workspaceExternalId}:update:${to.externalId}`, LIMITS.pace.channel),
      rule(`slack:${to.workspaceExternalId}:tier3`, LIMITS.pace.tier3),
    ],

    async send(to, card, reader, deliveryId) {
      const message = messageOf(to, card, reader);
      try {
        return await post(to, message, deliveryId);
      } catch (error) {
        if (!(error instanceof ChatError) || error.reason !== 'not_in_channel' || to.kind !== 'channel') throw error;
        // A public channel that a manager chose can be joined; a private one takes an invitation.
        const joined = await api
          .call('conversations.join', true, (client) => client.conversations.join({ channel: to.externalId }))
          .then(
            () => true,
            () => false,
          );
        if (!joined) throw error;
        return await post(to, message, deliveryId);
      }
    },

    async update(posted, card, reader) {
      await messageOf(posted.to, card, reader).send(({ text, blocks }) =>
        api.call('chat.update', true, (client) =>
          client.chat.update({ channel: posted.conversationId, ts: posted.externalId, text, blocks }),
        ),
      );
    },

    async find(to, deliveryId, since): Promise<Posted | 'absent' | 'unknown'> {
      const channel = to.conversationId ?? (to.kind === 'channel' ? to.externalId : await open(api, to.externalId));
      const oldest = String(Math.floor(since.getTime() / 1000) - CLOCK_SLACK_SECONDS);
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const answer = await api.call('conversations.history', true, (client) =>
          client.conversations.history({
            channel,
            oldest,
            limit: LIMITS.page,
            include_all_metadata: true,
            ...(cursor ? { cursor } : {}),
          }),
        );
        const history = History.safeParse(answer);
        if (!history.success) return 'unknown';
        const found = history.data.messages.find(
          (message) => message.metadata?.event_type === DELIVERY_EVENT && message.metadata.event_payload?.id === deliveryId,
        );
        if (found) return { conversationId: channel, externalId: found.ts };
        cursor = history.data.response_metadata?.next_cursor || undefined;
        if (!cursor) return 'absent';
      }
      return 'unknown';
    },
  };
}

/** The id of the direct message with a person. Throws ChatError. */
export async function open(api: SlackApi, userId: string, patienceMs = 0): Promise<string> {
  const answer = await api.callPatiently('conversations.open', true, patienceMs, (client) => client.conversations.open({ users: userId }));
  const opened = Opened.safeParse(answer);
  if (!opened.success) throw new ChatError('transient', 'unreadable_answer', { cause: opened.error });
  return opened.data.channel.id;
}
