import type { types } from '@slack/bolt';
import { type Card, notice } from '../../src/core/card.js';
import type { Dispatched } from '../../src/core/dispatch.js';
import type { Form } from '../../src/core/form.js';
import type { Interaction } from '../../src/core/interaction.js';
import type { OutgoingFile } from '../../src/core/reply.js';
import { key, type Localise, type Reader, type Text, words } from '../../src/core/text.js';
import { ChatError } from '../../src/delivery/port.js';
import type { Log } from '../../src/people/ports.js';
import type { SlackApi } from './api.js';
import { open } from './chat.js';
import { renderForm } from './form.js';
import { LIMITS } from './limits.js';
import type { AnswerTo } from './parse.js';
import { type RenderedMessage, renderCard, renderCards, renderHome } from './render.js';
import { againButton } from './render-actions.js';
import { wordingFor } from './render-text.js';
import { createTurns } from './turns.js';

/** How long an answer waits where Slack asks for patience. */
const PATIENCE_MS = 30_000;
/** A trigger opens a modal within three seconds of the click, the way to us included. */
const TRIGGER_MS = 2500;
const UPLOAD_TIMEOUT_MS = 30_000;
const RESPONSE_TIMEOUT_MS = 10_000;

/** What one answer needs. */
export interface Answering {
  readonly dispatched: Dispatched;
  readonly interaction: Interaction;
  readonly to: AnswerTo;
}

export interface Answerer {
  /** Shows an answer to the person who acted. Never throws: what could not be shown is logged. */
  give(answering: Answering): Promise<void>;
  /** Publishes App Home. Never throws. */
  publishHome(dispatched: Dispatched, userId: string, requestId: string): Promise<void>;
  /** A card in the direct message with the person. Throws ChatError. */
  say(to: Pick<AnswerTo, 'userId'>, card: Card, reader: Reader): Promise<void>;
}

export function createAnswerer(options: { api: SlackApi; localise: Localise; log: Log; nextStep: () => string }): Answerer {
  const { api, localise, log, nextStep } = options;

  const inTurn = createTurns();

  /** In the direct message with the person, whether its id is known yet or not. */
  const post = async (userId: string, message: RenderedMessage, channel: string = userId): Promise<void> => {
    await inTurn(userId, () =>
      api.callPatiently('chat.postMessage', false, PATIENCE_MS, (client) =>
        client.chat.postMessage({ channel, ...message, mrkdwn: false, unfurl_links: false, unfurl_media: false }),
      ),
    );
  };

  /** True when Slack took it. Addresses run out after 30 minutes or five uses. */
  const respond = async (url: string, body: object): Promise<boolean> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) log.debug({ status: response.status }, 'A response URL was not taken.');
      return response.ok;
    } catch (error) {
      log.debug({ err: error }, 'A response URL could not be reached.');
      return false;
    }
  };

  /** Where the person is, seen by nobody else; in the direct message where that can't be. */
  const whisper = async (to: AnswerTo, message: RenderedMessage): Promise<void> => {
    if (to.responseUrl && (await respond(to.responseUrl, { response_type: 'ephemeral', replace_original: false, ...message }))) return;
    const { channelId } = to;
    if (channelId && !channelId.startsWith('D') && !to.view) {
      const shown = await api
        .callPatiently('chat.postEphemeral', true, PATIENCE_MS, (client) =>
          client.chat.postEphemeral({ channel: channelId, user: to.userId, ...message }),
        )
        .then(
          () => true,
          () => false,
        );
      if (shown) return;
    }
    await post(to.userId, message);
  };

  /** Replaces what was acted on; where there is nothing to replace the card is whispered. */
  const update = async (to: AnswerTo, message: RenderedMessage): Promise<void> => {
    const { origin } = to;
    const url =
      origin.kind === 'ephemeral' ? (to.responseUrl ?? origin.responseUrl) : origin.kind === 'message' ? to.responseUrl : undefined;
    if (url && (await respond(url, { replace_original: true, ...message }))) return;
    const { channel, ts } = origin;
    if (origin.kind === 'message' && channel && ts) {
      const done = await api
        .callPatiently('chat.update', true, PATIENCE_MS, (client) => client.chat.update({ channel, ts, ...message }))
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

  const openForm = async (to: AnswerTo, form: Form, reader: Reader, tell: (text: Text) => Promise<void>): Promise<void> => {
    const { triggerId, view: under } = to;
    if (!triggerId) return await offerForm(to, reader, tell, 'core.ui.open_form');
    const view = renderForm(form, reader, localise, { origin: to.origin, step: nextStep() });
    try {
      if (under && under.depth >= LIMITS.view.stack) {
        await api.callPatiently('views.update', true, TRIGGER_MS, (client) => client.views.update({ view_id: under.id, view }));
      } else if (under) {
        await api.callPatiently('views.push', false, TRIGGER_MS, (client) => client.views.push({ trigger_id: triggerId, view }));
      } else {
        await api.callPatiently('views.open', false, TRIGGER_MS, (client) => client.views.open({ trigger_id: triggerId, view }));
      }
    } catch (error) {
      log.warn({ reason: reasonOf(error), form: form.ref.id }, 'A form could not be opened.');
      await offerForm(to, reader, tell, 'core.ui.open_again');
    }
  };

  /** Only a trigger opens a modal, and once: where a command has none left, a button says the same words again. */
  const offerForm = async (
    to: AnswerTo,
    reader: Reader,
    tell: (text: Text) => Promise<void>,
    message: 'core.ui.open_form' | 'core.ui.open_again',
  ): Promise<void> => {
    const wording = wordingFor(reader, localise);
    const label = wording.plain(key('core.ui.open'), LIMITS.button.text);
    const button = to.typed ? againButton(to.typed.command, to.typed.text, label) : undefined;
    if (!button) return await tell(key('core.ui.open_again'));
    const offer = renderCard(notice(key(message)), reader, localise);
    await whisper(to, { ...offer, blocks: [...offer.blocks, button] });
  };

  /** Source of the three steps: https://docs.slack.dev/messaging/working-with-files#upload */
  const upload = async (to: AnswerTo, file: OutgoingFile, blocks: types.KnownBlock[]): Promise<void> => {
    // Slack takes no empty file.
    const content = file.content.byteLength > 0 ? file.content : new TextEncoder().encode('\n');
    const channel = await open(api, to.userId, PATIENCE_MS);
    const slot = await api.callPatiently('files.getUploadURLExternal', true, PATIENCE_MS, (client) =>
      client.files.getUploadURLExternal({ filename: file.name, length: content.byteLength }),
    );
    const { upload_url: address, file_id: id } = slot;
    if (!address || !id) throw new ChatError('transient', 'unreadable_answer');
    const sent = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: new Blob([new Uint8Array(content)]),
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    });
    await sent.body?.cancel();
    if (!sent.ok) throw new ChatError('transient', `upload_${sent.status}`);
    await api.callPatiently('files.completeUploadExternal', false, PATIENCE_MS, (client) =>
      client.files.completeUploadExternal({ files: [{ id, title: file.name }], channel_id: channel, blocks }),
    );
  };

  const give = async ({ dispatched, interaction, to }: Answering): Promise<void> => {
    const { answer, reader } = dispatched;
    const render = (card: Card) => renderCard(card, reader, localise);
    const tell = (text: Text) => whisper(to, render(notice(text)));
    switch (answer.kind) {
      case 'nothing':
      case 'errors':
        return;
      case 'say':
        return await post(to.userId, render(answer.card), dmOf(interaction));
      case 'whisper':
        return await whisper(to, render(answer.card));
      case 'update':
        return await update(to, render(answer.card));
      case 'form':
        return await openForm(to, answer.form, reader, tell);
      case 'home':
        // App Home itself is published by whoever dispatched; elsewhere it is one message.
        if (interaction.place.kind === 'home' && interaction.kind !== 'submit') return;
        return await whisper(to, renderCards(answer.cards, reader, localise));
      case 'file':
        try {
          return await upload(to, answer.file, render(answer.card).blocks);
        } catch (error) {
          log.error({ reason: reasonOf(error), requestId: interaction.requestId }, 'A file could not be handed over.');
          return await tell(key('core.errors.unexpected', { request: words(interaction.requestId) }));
        }
    }
  };

  return {
    give: async (answering) => {
      // What a repeat answers was posted the first time.
      if (answering.dispatched.repeat) return;
      try {
        await give(answering);
      } catch (error) {
        const { requestId } = answering.interaction;
        log.error(
          { reason: reasonOf(error), err: error, requestId, answer: answering.dispatched.answer.kind },
          'An answer could not be shown.',
        );
      }
    },

    publishHome: async ({ answer, reader }, userId, requestId) => {
      const cards = answer.kind === 'home' ? answer.cards : 'card' in answer ? [answer.card] : [];
      if (cards.length === 0) return;
      try {
        const view = renderHome(cards, reader, localise);
        await api.callPatiently('views.publish', true, PATIENCE_MS, (client) => client.views.publish({ user_id: userId, view }));
      } catch (error) {
        log.warn({ reason: reasonOf(error), requestId }, 'App Home could not be published.');
      }
    },

    say: async (to, card, reader) => await post(to.userId, renderCard(card, reader, localise)),
  };
}

/** The direct message with the bot, when that is where the person acted. */
function dmOf(interaction: Interaction): string | undefined {
  return interaction.place.kind === 'direct' ? interaction.place.externalId : undefined;
}

export function reasonOf(error: unknown): string {
  if (error instanceof ChatError) return error.reason;
  return error instanceof Error ? error.name : 'unknown';
}
