import type { Actor } from '../../src/core/interaction.js';
import type { Localise, Reader } from '../../src/core/text.js';
import { ChatError } from '../../src/delivery/port.js';
import type { Log } from '../../src/people/ports.js';
import { type Activity, isDirect } from './activity.js';
import { noticeCard, type Shown } from './answers.js';
import type { Whereabouts } from './chat.js';
import { type Connector, cardActivity } from './connector.js';

export interface PosterOptions {
  readonly connector: Connector;
  readonly localise: Localise;
  readonly log: Log;
  readonly whereabouts: Whereabouts;
}

/** Times that an answer is tried to be posted while Teams asks to come again later, and the longest wait, in milliseconds. */
const POST_TRIES = 4;
const POST_WAIT_MS = 5000;

/** Posts answers, as far as they don't go back in the response of what they answer. */
export function createPoster({ connector, localise, log, whereabouts }: PosterOptions) {
  const post = async (activity: Activity, conversationId: string, cards: readonly Shown[]): Promise<void> => {
    for (const { card, summary } of cards)
      await patiently(() => connector.send(activity.serviceUrl, conversationId, cardActivity(card, summary)));
  };

  /** Posts in the person's 1:1 chat, wherever the act was. */
  const toPerson = async (activity: Activity, actor: Actor, cards: readonly Shown[]): Promise<'posted' | 'unreachable'> => {
    if (cards.length === 0) return 'posted';
    const { id: userId = actor.externalId } = activity.from ?? {};
    try {
      const direct = await patiently(() =>
        connector.openDirect(activity.serviceUrl, actor.workspaceExternalId, userId, whereabouts.botId()),
      );
      await post(activity, direct, cards);
      return 'posted';
    } catch (error) {
      if (error instanceof ChatError && error.code === 'unreachable') return 'unreachable';
      throw error;
    }
  };

  return {
    post,
    toPerson,

    /** Posts in the 1:1 chat; what was asked in a channel is answered there too, and the channel only told where to ask. */
    async deliver(activity: Activity, actor: Actor, cards: readonly Shown[], reader: Reader): Promise<'posted' | 'unreachable'> {
      if (!isDirect(activity)) {
        const posted = await toPerson(activity, actor, cards);
        if (posted === 'unreachable' && activity.type === 'message')
          await post(activity, activity.conversation.id, [noticeCard('core.ui.open_direct', reader, localise)]);
        return posted;
      }
      await post(activity, activity.conversation.id, cards);
      return 'posted';
    },

    /** What was asked for has been done: that its message could not be posted must not look like a failure of it. */
    async postAfter(activity: Activity, cards: readonly Shown[]): Promise<void> {
      await post(activity, activity.conversation.id, cards).catch((error: unknown) =>
        log.error({ err: error, conversation: activity.conversation.id }, 'The answer to a click on Teams could not be posted'),
      );
    },
  };
}

export type Poster = ReturnType<typeof createPoster>;

/** Tries again while Teams asks to; a lost answer is never tried again. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt >= POST_TRIES || !(error instanceof ChatError) || (error.code !== 'rate_limited' && error.code !== 'transient'))
        throw error;
      await new Promise((done) => setTimeout(done, Math.min(POST_WAIT_MS, error.retryAfterMs ?? 400 * 2 ** attempt)));
    }
  }
}
