import type { Card } from '../../src/core/card.js';
import type { Localise, Reader } from '../../src/core/text.js';
import { type Chat, ChatError, type Destination } from '../../src/delivery/port.js';
import { withoutThread } from './activity.js';
import { type Connector, cardActivity } from './connector.js';
import { pacesFor } from './limits.js';
import { renderCard, summaryOf } from './render.js';
import type { PictureUrl } from './render-text.js';

/** What the bot has learned from Teams while it runs: where each tenant's connector is, and what the bot is called there. */
export interface Whereabouts {
  serviceUrl(tenant: string): string | undefined;
  botId(): string | undefined;
}

export interface ChatOptions {
  readonly connector: Connector;
  readonly localise: Localise;
  readonly whereabouts: Whereabouts;
  readonly pictureUrl?: PictureUrl;
  /** How many times the documented limits apply: 1 in earnest. */
  readonly paceFactor: number;
}

/** Posting on Teams, as the delivery engine asks for it. Every call is made once; every trouble is a ChatError. */
export function createChat({ connector, localise, whereabouts, pictureUrl, paceFactor }: ChatOptions): Chat {
  const activityOf = (card: Card, reader: Reader) =>
    cardActivity(renderCard(card, reader, localise, pictureUrl ? { pictureUrl } : {}), summaryOf(card, reader, localise));
  const serviceUrlOf = (to: Destination): string => {
    const known = to.serviceUrl ?? whereabouts.serviceUrl(to.workspaceExternalId);
    if (!known) throw new ChatError('unreachable', 'app_not_installed');
    return known;
  };
  const paces = (to: Destination) => pacesFor(to.workspaceExternalId, withoutThread(to.conversationId ?? to.externalId), paceFactor);

  return {
    platform: 'teams',
    paces,
    updatePaces: paces,
    async send(to, card, reader) {
      const serviceUrl = serviceUrlOf(to);
      const activity = activityOf(card, reader);
      const conversationId =
        to.kind === 'channel'
          ? to.externalId
          : (to.conversationId ??
            (await beforeSending(connector.openDirect(serviceUrl, to.workspaceExternalId, to.externalId, whereabouts.botId()))));
      return { conversationId, externalId: await connector.send(serviceUrl, conversationId, activity) };
    },
    async update(posted, card, reader) {
      await connector.update(serviceUrlOf(posted.to), posted.conversationId, posted.externalId, activityOf(card, reader));
    },
    // Teams gives a bot no way to look at its own messages.
    find: async () => 'unknown',
  };
}

/** Opening a conversation twice opens the same one: a lost answer to it leaves nothing in doubt. */
async function beforeSending<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof ChatError && error.code === 'uncertain') throw new ChatError('transient', error.reason, { cause: error });
    throw error;
  }
}
