import type { Platform } from '../../src/core/interaction.js';
import { type Chat, ChatError, type Destination, type Posted } from '../../src/delivery/port.js';
import { LIMITS, type Post, ruleFor } from './platform.js';

/** A Chat over HTTP that is honest about what it doesn't know: a lost connection is `uncertain`. */
export function createHttpChat(platform: Platform, url: string): Chat {
  const limits = LIMITS[platform];
  return {
    platform,
    paces: (to: Destination) => [
      ruleFor(`${platform}:${to.workspaceExternalId}`, limits.workspace),
      ruleFor(`${platform}:${to.workspaceExternalId}:${to.externalId}`, limits.conversation),
    ],
    updatePaces: (to) => [ruleFor(`${platform}:${to.workspaceExternalId}:find`, limits.find)],
    send: async (to, _card, _reader, deliveryId) => {
      const made = await call<Post>(`${url}/post`, { method: 'POST', body: JSON.stringify({ to: to.externalId, deliveryId }) });
      return { conversationId: `D-${to.externalId}`, externalId: made.id };
    },
    update: async () => {},
    find: async (to, deliveryId): Promise<Posted | 'absent' | 'unknown'> => {
      if (platform === 'teams') return 'unknown';
      const found = await call<Post | null>(`${url}/find?deliveryId=${deliveryId}`);
      return found ? { conversationId: `D-${to.externalId}`, externalId: found.id } : 'absent';
    },
  };
}

async function call<T>(url: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    throw new ChatError('uncertain', 'connection_lost', { cause: error });
  }
  if (response.status === 429) {
    throw new ChatError('rate_limited', 'ratelimited', { retryAfterMs: Number(response.headers.get('retry-after-ms')) });
  }
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new ChatError('uncertain', 'unreadable_answer', { cause: error });
  }
}
