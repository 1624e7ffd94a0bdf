import type { Clock } from '../../src/core/clock.js';
import type { Dispatch, Dispatched } from '../../src/core/dispatch.js';
import type { Actor, Place } from '../../src/core/interaction.js';
import { key, type Reader, type Text } from '../../src/core/text.js';
import type { Log } from '../../src/people/ports.js';
import { type Activity, isDirect } from './activity.js';
import type { AdaptiveCard } from './adaptive.js';
import { type AnswerOptions, isFailure, noticeCard, renderAnswer, type Shown } from './answers.js';
import type { Connector } from './connector.js';
import { type ButtonData, type CardOrigin, type FormBack, RESTORE_WITHIN_MS } from './data.js';
import { TEAMS_LIMITS } from './limits.js';
import { clickKey, onceKey, parseActor, parseClick, parseMessage, unresolvedMentions } from './parse.js';
import { parseReactions } from './parse-dialog.js';
import type { Poster } from './post.js';
import { sentence } from './render.js';
import { within } from './within.js';

/** The body of the answer to an `adaptiveCard/action`: always with HTTP 200, its own status inside (Teams, "Universal Actions"). */
export type ClickAnswer =
  | { readonly statusCode: 200; readonly type: 'application/vnd.microsoft.card.adaptive'; readonly value: AdaptiveCard }
  | { readonly statusCode: 200; readonly type: 'application/vnd.microsoft.activity.message'; readonly value: string }
  | {
      readonly statusCode: 400 | 500;
      readonly type: 'application/vnd.microsoft.error';
      readonly value: { readonly code: string; readonly message: string };
    };

export interface TurnOptions extends AnswerOptions {
  readonly dispatch: Dispatch;
  readonly connector: Connector;
  readonly poster: Poster;
  readonly clock: Clock;
  readonly log: Log;
  readonly commandNames: readonly string[];
  readonly trial: boolean;
  /** Work that may outlive its request; waited for when the bot stops. */
  readonly track: (work: Promise<unknown>) => void;
}

/** What a person did, answered: messages with messages, clicks with the body of their response. */
export function createTurns(options: TurnOptions) {
  const { connector, poster, log, localise } = options;

  const onMessage = async (activity: Activity, requestId: string): Promise<void> => {
    const objectIds = await lookUpMentions(activity);
    const interaction = parseMessage(activity, { commandNames: options.commandNames, requestId, trial: options.trial, objectIds });
    if (!interaction) return;
    const dispatched = await options.dispatch(interaction);
    if (dispatched.repeat) return;
    const back: FormBack = interaction.kind === 'command' ? 'closed' : 'home';
    const { kind } = dispatched.answer;
    // What a command has shown can be shown again, by its own key, when a form that was opened from it is left.
    const shown = isDirect(activity) && interaction.kind === 'command' && (kind === 'say' || kind === 'whisper' || kind === 'update');
    const from: CardOrigin | undefined = shown
      ? { ref: '', payload: {}, key: clickKey(activity, requestId), at: options.clock.now().getTime() }
      : undefined;
    const trail = { actor: interaction.actor, act: interaction.onceKey, back, ...(from && { from }) };
    const { cards } = await renderAnswer(dispatched, trail, options);
    await poster.deliver(activity, interaction.actor, cards, dispatched.reader);
  };

  const lookUpMentions = async (activity: Activity): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    for (const id of unresolvedMentions(activity).slice(0, 20)) {
      const member = await connector
        .member(activity.serviceUrl, activity.channelData?.team?.id ?? activity.conversation.id, id)
        .catch(() => undefined);
      const objectId = member?.aadObjectId ?? member?.objectId;
      if (objectId) found.set(id, objectId);
    }
    return found;
  };

  const onReaction = async (activity: Activity, requestId: string): Promise<void> => {
    for (const interaction of parseReactions(activity, requestId, options.trial)) {
      const dispatched = await options.dispatch(interaction);
      const { cards } = await renderAnswer(dispatched, { actor: interaction.actor, act: interaction.onceKey, back: 'closed' }, options);
      await poster.deliver(activity, interaction.actor, cards, dispatched.reader);
    }
  };

  const onClick = async (activity: Activity, requestId: string): Promise<ClickAnswer> => {
    const parsed = parseClick(activity, requestId, options.trial);
    if (!parsed || typeof activity.value !== 'object' || activity.value === null || !('action' in activity.value)) {
      log.warn({ requestId, name: activity.name }, 'A click on Teams could not be read');
      return errorAnswer(400, 'BadRequest', sentence(key('core.errors.not_offered'), readerOf(activity), localise));
    }
    const { interaction, button } = parsed;
    if (!button) log.info({ requestId, conversation: activity.conversation.id }, 'A click on a card that is not of this release');
    if (button?.do === 'cancel') return cancel(activity, interaction, button.back);
    const dispatched = await options.dispatch(interaction);
    const act = clickKey(activity, requestId);
    const direct = interaction.place.kind === 'direct';
    const from: CardOrigin | undefined =
      button?.do === 'act' && direct
        ? { ref: button.ref, payload: button.payload, key: act, at: options.clock.now().getTime() }
        : undefined;
    const trail = {
      actor: interaction.actor,
      act,
      back: backOf(button, direct),
      ...(from && { from }),
      ...(button?.do === 'submit' && { instance: button.form }),
    };
    const { cards, note } = await renderAnswer(dispatched, trail, options);
    if (note !== undefined) return noteAnswer(note);
    return await settle(activity, interaction, dispatched, cards, button?.do === 'submit');
  };

  /** Decides what takes the card's place and what is posted under it. */
  const settle = async (
    activity: Activity,
    who: { actor: Actor; place: Place },
    dispatched: Dispatched,
    cards: readonly Shown[],
    submitted: boolean,
  ): Promise<ClickAnswer> => {
    const { answer, reader, repeat } = dispatched;
    const [first, ...rest] = cards;
    if (!first)
      return submitted && who.place.kind === 'direct'
        ? cardAnswer(noticeCard('core.ui.form_sent', reader, localise))
        : noted(key('core.ui.done'), reader);
    if (who.place.kind !== 'direct') {
      // What others see changes by a delivery; a card returned here would be lost at its next edit.
      const posted = repeat ? 'posted' : await poster.deliver(activity, who.actor, cards, reader);
      return posted === 'posted' ? noted(key('core.ui.answered_directly'), reader) : noted(key('core.ui.open_direct'), reader);
    }
    if (isFailure(answer)) return noteAnswer(first.summary);
    const inPlace = submitted || answer.kind === 'update' || answer.kind === 'form' || answer.kind === 'errors' || answer.kind === 'home';
    const below = inPlace ? rest : cards;
    if (!repeat) await poster.postAfter(activity, below);
    return inPlace ? cardAnswer(first) : noteAnswer(first.summary);
  };

  /** A form was left: the card before it comes back, as far as it is still known. */
  const cancel = async (
    activity: Activity,
    who: { actor: Actor; place: Place; requestId: string },
    back: FormBack,
  ): Promise<ClickAnswer> => {
    const base = { actor: who.actor, place: who.place, requestId: who.requestId };
    if (typeof back === 'object' && options.clock.now().getTime() - back.at < RESTORE_WITHIN_MS) {
      const again = await options.dispatch({
        kind: 'action',
        ref: { id: back.ref, payload: back.payload },
        onceKey: onceKey(who.actor, back.key),
        ...base,
      });
      const { answer } = again;
      if (answer.kind === 'update' || answer.kind === 'say' || answer.kind === 'whisper') {
        const { cards } = await renderAnswer(again, { actor: who.actor, act: back.key, back: 'home', from: back }, options);
        if (cards[0]) return cardAnswer(cards[0]);
      }
    }
    const home = await options.dispatch({ kind: 'home', onceKey: onceKey(who.actor, clickKey(activity, who.requestId)), ...base });
    const { cards } = await renderAnswer(home, { actor: who.actor, act: who.requestId, back: 'home' }, options);
    const [first] = cards;
    return back !== 'closed' && home.answer.kind === 'home' && first
      ? cardAnswer(first)
      : cardAnswer(noticeCard('core.ui.closed', home.reader, localise));
  };

  const noted = (text: Text, reader: Reader): ClickAnswer => noteAnswer(sentence(text, reader, localise));

  return {
    async message(activity: Activity, requestId: string): Promise<void> {
      const work = onMessage(activity, requestId).catch((error: unknown) =>
        log.error({ err: error, requestId }, 'A message on Teams could not be answered'),
      );
      options.track(work);
      await within(work, TEAMS_LIMITS.messageMs - 3000, undefined);
    },

    /** Reactions at the bot's own messages: mostly nobody's concern, and never answered where others see it. */
    async reaction(activity: Activity, requestId: string): Promise<void> {
      const work = onReaction(activity, requestId).catch((error: unknown) =>
        log.error({ err: error, requestId }, 'A reaction on Teams could not be answered'),
      );
      options.track(work);
      await within(work, TEAMS_LIMITS.messageMs - 3000, undefined);
    },

    /** Never throws; answers within 4 seconds, and finishes in the background what takes longer. */
    async click(activity: Activity, requestId: string): Promise<ClickAnswer> {
      let late = false;
      const reader = readerOf(activity);
      const work = onClick(activity, requestId)
        .catch((error: unknown): ClickAnswer => {
          log.error({ err: error, requestId }, 'A click on Teams could not be answered');
          return errorAnswer(
            500,
            'InternalServerError',
            sentence(key('core.errors.unexpected', { request: { kind: 'words', words: requestId } }), reader, localise),
          );
        })
        .then(async (answer) => {
          if (late) await showLate(activity, answer);
          return answer;
        });
      options.track(work);
      const inTime = await within(work, TEAMS_LIMITS.invokeTargetMs, undefined);
      if (inTime) return inTime;
      late = true;
      return noted(key('core.ui.working'), reader);
    },

    /** The bot's first words to a person who has just installed it: where things stand, once. */
    async welcome(activity: Activity, requestId: string): Promise<void> {
      const who = parseActor(activity, options.trial);
      if (!who) return;
      // Teams tells of one installation twice (conversationUpdate and installationUpdate), under different ids.
      const day = options.clock.now().toISOString().slice(0, 10);
      // The trial's chat window forgets everything when it is loaded again, and tells of an installation each time.
      const occasion = options.trial ? `${day}:${momentOf(activity)}` : day;
      const dispatched = await options.dispatch({
        kind: 'message',
        text: '',
        files: [],
        ...who,
        requestId,
        onceKey: onceKey(who.actor, `welcome:${activity.conversation.id}:${occasion}`),
      });
      if (dispatched.repeat) return;
      const { cards } = await renderAnswer(dispatched, { actor: who.actor, act: requestId, back: 'home' }, options);
      await poster.post(activity, activity.conversation.id, cards);
    },
  };

  /** An answer that came too late for its response is posted, unless it was posted on the way. */
  async function showLate(activity: Activity, answer: ClickAnswer): Promise<void> {
    if (answer.type !== 'application/vnd.microsoft.card.adaptive' || !isDirect(activity)) return;
    await poster
      .post(activity, activity.conversation.id, [{ card: answer.value, summary: answer.value.fallbackText }])
      .catch((error: unknown) => log.error({ err: error }, 'A late answer on Teams could not be posted'));
  }
}

export type Turns = ReturnType<typeof createTurns>;

/** The ten seconds that an activity was made in, by its own time: the same for a repeat of it. */
function momentOf(activity: Activity): number {
  return Math.floor(Date.parse(activity.timestamp ?? '') / 10_000) || 0;
}

function backOf(button: ButtonData | undefined, direct: boolean): FormBack {
  if (!direct) return 'closed';
  if (button?.do === 'submit') return button.back;
  return (button?.do === 'act' && button.from) || 'home';
}

function cardAnswer({ card }: Shown): ClickAnswer {
  return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card };
}

function noteAnswer(value: string): ClickAnswer {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value };
}

function errorAnswer(statusCode: 400 | 500, code: string, message: string): ClickAnswer {
  return { statusCode, type: 'application/vnd.microsoft.error', value: { code, message } };
}

function readerOf(activity: Activity): Reader {
  return { locale: activity.locale ?? 'en', zone: 'UTC' };
}
