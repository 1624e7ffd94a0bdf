import { z } from 'zod';
import { ChatError } from '../../src/delivery/port.js';
import type { Log } from '../../src/people/ports.js';
import type { SlackApi } from './api.js';
import type { AnswerTo } from './parse.js';
import type { Sendable } from './pictures.js';
import type { RenderedMessage } from './render.js';
import { createTurns } from './turns.js';

/** How long an answer waits where Slack asks for patience. */
export const PATIENCE_MS = 30_000;
const RESPONSE_TIMEOUT_MS = 10_000;

const Refusal = z.object({ error: z.string() });

type Message = Sendable<RenderedMessage>;

/** The ways in which an answer reaches the person who acted. All throw ChatError. */
export interface Posting {
  /** In the direct message with the person, whether its id is known yet or not. `thread`: of that conversation. */
  post(userId: string, message: Message, channel?: string, thread?: string): Promise<void>;
  /** Where the person is, seen by nobody else; in the direct message where that can't be. */
  whisper(to: AnswerTo, message: Message): Promise<void>;
  /** Replaces what was acted on; where there is nothing to replace the card is whispered. */
  update(to: AnswerTo, message: Message): Promise<void>;
}

export function createPosting({ api, log }: { api: SlackApi; log: Log }): Posting {
  const inTurn = createTurns();

  const post: Posting['post'] = async (userId, message, channel = userId, thread) => {
    await inTurn(userId, () =>
      message.send((rendered) =>
        api.callPatiently('chat.postMessage', false, PATIENCE_MS, (client) =>
          client.chat.postMessage({ channel, ...rendered, ...threaded(thread), mrkdwn: false, unfurl_links: false, unfurl_media: false }),
        ),
      ),
    );
  };

  /** True when Slack took it. Addresses run out after 30 minutes or five uses. Throws when Slack doesn't take the blocks. */
  const respondOnce = async (url: string, body: object): Promise<boolean> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
      });
      if (response.ok) {
        await response.body?.cancel();
        return true;
      }
      const refusal = Refusal.safeParse(await response.json().catch(() => undefined)).data;
      if (refusal?.error === 'invalid_blocks') throw new ChatError('invalid', refusal.error);
      log.debug({ status: response.status }, 'A response URL was not taken.');
      return false;
    } catch (error) {
      if (error instanceof ChatError) throw error;
      log.debug({ err: error }, 'A response URL could not be reached.');
      return false;
    }
  };
  const respond = async (url: string, how: object, message: Message): Promise<boolean> =>
    await message.send((rendered) => respondOnce(url, { ...how, ...rendered })).catch(() => false);

  const whisper: Posting['whisper'] = async (to, message) => {
    // A form that a shortcut opened is answered where the shortcut was used.
    const url = to.responseUrl ?? (to.origin.kind === 'command' ? to.origin.responseUrl : undefined);
    const { thread } = to.origin;
    if (url && (await respond(url, { response_type: 'ephemeral', replace_original: false, ...threaded(thread) }, message))) return;
    const { channelId } = to;
    if (channelId?.startsWith('D') && thread) return await post(to.userId, message, channelId, thread);
    if (channelId && !channelId.startsWith('D') && !to.view) {
      const shown = await message
        .send((rendered) =>
          api.callPatiently('chat.postEphemeral', true, PATIENCE_MS, (client) =>
            client.chat.postEphemeral({ channel: channelId, user: to.userId, ...rendered, ...threaded(thread) }),
          ),
        )
        .then(
          () => true,
          () => false,
        );
      if (shown) return;
    }
    await post(to.userId, message);
  };

  const update: Posting['update'] = async (to, message) => {
    const { origin } = to;
    const url =
      origin.kind === 'ephemeral' ? (to.responseUrl ?? origin.responseUrl) : origin.kind === 'message' ? to.responseUrl : undefined;
    if (url && (await respond(url, { replace_original: true }, message))) return;
    const { channel, ts } = origin;
    if (origin.kind === 'message' && channel && ts) {
      const done = await message
        .send((rendered) =>
          api.callPatiently('chat.update', true, PATIENCE_MS, (client) => client.chat.update({ channel, ts, ...rendered })),
        )
        .then(
          () => true,
          (error: unknown) => {
            log.warn({ reason: reasonOf(error) }, 'A card could not be replaced; it is shown anew.');
            return false;
          },
        );
      if (done) return;
    }
    await whisper(to, message);
  };

  return { post, whisper, update };
}

/** Without it an answer to somebody in a thread stands in the channel, where they don't look. */
const threaded = (thread: string | undefined): { readonly thread_ts?: string } => (thread ? { thread_ts: thread } : {});

export function reasonOf(error: unknown): string {
  if (error instanceof ChatError) return error.reason;
  return error instanceof Error ? error.name : 'unknown';
}
