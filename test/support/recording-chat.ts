import type { Card } from '../../src/core/card.js';
import type { Platform } from '../../src/core/interaction.js';
import type { Reader } from '../../src/core/text.js';
import type { Chat, Destination, Posted } from '../../src/delivery/port.js';

/** A message as it stands in somebody's chat. */
export interface Recorded {
  readonly to: Destination;
  readonly reader: Reader;
  readonly deliveryId: string;
  /** As it was posted, and as it is now. */
  readonly posted: Card;
  card: Card;
  updates: number;
}

/** A platform without limits or faults that keeps what was posted, for tests of what features say. */
export interface RecordingChat extends Chat {
  readonly messages: readonly Recorded[];
}

/** @param inspect sees every card before it is taken; throws when no platform could show it */
export function recordingChat(platform: Platform, inspect: (card: Card, reader: Reader) => void): RecordingChat {
  const messages: Recorded[] = [];
  const byId = new Map<string, Recorded>();
  const paces = () => [];
  return {
    platform,
    messages,
    paces,
    updatePaces: paces,
    send: async (to, card, reader, deliveryId): Promise<Posted> => {
      inspect(card, reader);
      const externalId = `${platform}-${messages.length + 1}`;
      const recorded: Recorded = { to, reader, deliveryId, posted: card, card, updates: 0 };
      messages.push(recorded);
      byId.set(externalId, recorded);
      return { conversationId: to.conversationId ?? `direct-${to.externalId}`, externalId };
    },
    update: async ({ externalId }, card, reader) => {
      inspect(card, reader);
      const recorded = byId.get(externalId);
      if (!recorded) throw new Error(`There is no message ${externalId}.`);
      recorded.card = card;
      recorded.updates += 1;
    },
    find: async (_, deliveryId) => {
      const entry = [...byId].find(([, recorded]) => recorded.deliveryId === deliveryId);
      return entry ? { conversationId: `direct-${entry[1].to.externalId}`, externalId: entry[0] } : 'absent';
    },
  };
}
