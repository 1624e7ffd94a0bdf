import type { types } from '@slack/bolt';
import { type Card, notice } from '../../src/core/card.js';
import type { Dispatched } from '../../src/core/dispatch.js';
import type { Form } from '../../src/core/form.js';
import type { Interaction } from '../../src/core/interaction.js';
import type { OutgoingFile } from '../../src/core/reply.js';
import { key, type Localise, type Reader, type Text, words } from '../../src/core/text.js';
import type { Log } from '../../src/people/ports.js';
import type { SlackApi } from './api.js';
import { open } from './chat.js';
import { renderForm } from './form.js';
import { LIMITS } from './limits.js';
import type { AnswerTo } from './parse.js';
import { blocksOf, isRefused, type PictureDesk, type Sendable } from './pictures.js';
import { createPosting, PATIENCE_MS, reasonOf } from './posting.js';
import { type RenderedMessage, renderCard, renderCards, renderHome } from './render.js';
import { againButton } from './render-actions.js';
import { UNPICTURED } from './render-pictures.js';
import { wordingFor } from './render-text.js';
import { uploadBytes } from './upload.js';

/** A trigger opens a modal within three seconds of the click, the way to us included. */
const TRIGGER_MS = 2500;

/** What one answer needs. */
export interface Answering {
  readonly dispatched: Dispatched;
  readonly interaction: Interaction;
  readonly to: AnswerTo;
}

export interface Answerer {
  /** Shows an answer to the person who acted. Never throws: what could not be shown is logged. */
  give(answering: Answering): Promise<void>;
  /** Publishes App Home of whoever acted. Never throws. */
  publishHome(dispatched: Dispatched, interaction: Interaction): Promise<void>;
  /** A card in the direct message with whoever acted. Throws ChatError. */
  say(interaction: Interaction, card: Card, reader: Reader): Promise<void>;
}

export function createAnswerer(options: {
  api: SlackApi;
  desk: PictureDesk;
  localise: Localise;
  log: Log;
  nextStep: () => string;
}): Answerer {
  const { api, desk, localise, log, nextStep } = options;
  const posting = createPosting({ api, log });

  const messageOf = (cards: readonly Card[], reader: Reader, { actor }: Interaction): Sendable<RenderedMessage> =>
    desk.message({
      blocks: blocksOf(cards),
      workspaceExternalId: actor.workspaceExternalId,
      render: (pictured) => renderCards(cards, reader, localise, pictured),
    });

  const openForm = async (
    to: AnswerTo,
    form: Form,
    reader: Reader,
    { actor }: Interaction,
    tell: (text: Text) => Promise<void>,
  ): Promise<void> => {
    const { triggerId, view: under } = to;
    if (!triggerId) return await offerForm(to, reader, tell, 'core.ui.open_form');
    const step = nextStep();
    const show = async (pictured = UNPICTURED) => {
      const view = renderForm(form, reader, localise, { origin: to.origin, step, pictured });
      if (under && under.depth >= LIMITS.view.stack) {
        await api.callPatiently('views.update', true, TRIGGER_MS, (client) => client.views.update({ view_id: under.id, view }));
      } else if (under) {
        await api.callPatiently('views.push', false, TRIGGER_MS, (client) => client.views.push({ trigger_id: triggerId, view }));
      } else {
        await api.callPatiently('views.open', false, TRIGGER_MS, (client) => client.views.open({ trigger_id: triggerId, view }));
      }
    };
    try {
      const pictured = form.intro ? await desk.shownBefore(form.intro, actor.workspaceExternalId) : UNPICTURED;
      await show(pictured).catch(async (error: unknown) => {
        if (pictured === UNPICTURED || !isRefused(error)) throw error;
        await show();
      });
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
    const rendered = { ...offer, blocks: [...offer.blocks, button] };
    await posting.whisper(to, { send: (post) => post(rendered) });
  };

  const handOver = async (to: AnswerTo, file: OutgoingFile, blocks: types.KnownBlock[]): Promise<void> => {
    // Slack takes no empty file.
    const content = file.content.byteLength > 0 ? file.content : new TextEncoder().encode('\n');
    const channel = await open(api, to.userId, PATIENCE_MS);
    const id = await uploadBytes(api, file.name, content, PATIENCE_MS);
    await api.callPatiently('files.completeUploadExternal', false, PATIENCE_MS, (client) =>
      client.files.completeUploadExternal({ files: [{ id, title: file.name }], channel_id: channel, blocks }),
    );
  };

  const give = async ({ dispatched, interaction, to }: Answering): Promise<void> => {
    const { answer, reader } = dispatched;
    const message = (...cards: readonly Card[]) => messageOf(cards, reader, interaction);
    const tell = (text: Text) => posting.whisper(to, message(notice(text)));
    switch (answer.kind) {
      case 'nothing':
      case 'errors':
        return;
      case 'say':
        return await posting.post(to.userId, message(answer.card), ...dmOf(interaction, to));
      case 'whisper':
        return await posting.whisper(to, message(answer.card));
      case 'update':
        return await posting.update(to, message(answer.card));
      case 'form':
        return await openForm(to, answer.form, reader, interaction, tell);
      case 'home':
        // App Home itself is published by whoever dispatched; elsewhere it is one message.
        if (interaction.place.kind === 'home' && interaction.kind !== 'submit') return;
        return await posting.whisper(to, message(...answer.cards));
      case 'file':
        try {
          return await handOver(to, answer.file, renderCard(answer.card, reader, localise, UNPICTURED).blocks);
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

    publishHome: async ({ answer, reader }, { actor, requestId }) => {
      const cards = answer.kind === 'home' ? answer.cards : 'card' in answer ? [answer.card] : [];
      if (cards.length === 0) return;
      try {
        const home = desk.message({
          blocks: blocksOf(cards),
          workspaceExternalId: actor.workspaceExternalId,
          render: (pictured) => renderHome(cards, reader, localise, pictured),
        });
        await home.send((view) =>
          api.callPatiently('views.publish', true, PATIENCE_MS, (client) => client.views.publish({ user_id: actor.externalId, view })),
        );
      } catch (error) {
        log.warn({ reason: reasonOf(error), requestId }, 'App Home could not be published.');
      }
    },

    say: async (interaction, card, reader) => await posting.post(interaction.actor.externalId, messageOf([card], reader, interaction)),
  };
}

/** The direct message with the bot, when that is where the person acted, and the thread there. */
function dmOf({ place }: Interaction, { origin }: AnswerTo): readonly [channel?: string, thread?: string] {
  if (place.kind !== 'direct' || place.externalId === undefined) return [];
  return origin.thread ? [place.externalId, origin.thread] : [place.externalId];
}
