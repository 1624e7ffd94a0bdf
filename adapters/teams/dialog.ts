import type { Dispatch, Dispatched } from '../../src/core/dispatch.js';
import { key, plain, type Reader, type Text } from '../../src/core/text.js';
import type { Log } from '../../src/people/ports.js';
import type { Activity } from './activity.js';
import { type AdaptiveCard, bytesOf, frame } from './adaptive.js';
import { type AnswerOptions, isFailure, renderAnswer, type Shown, type Trail } from './answers.js';
import { TEAMS_LIMITS } from './limits.js';
import { clickKey } from './parse.js';
import { type DialogAct, parseDialog } from './parse-dialog.js';
import type { Poster } from './post.js';
import { sentence } from './render.js';
import { paragraph } from './render-text.js';
import { within } from './within.js';

/** The body of the answer to an invoke about a dialog; without one the dialog closes (Teams, "Respond to the submit action"). */
export interface TaskAnswer {
  readonly task:
    | { readonly type: 'message'; readonly value: string }
    | {
        readonly type: 'continue';
        readonly value: {
          readonly title: string;
          readonly width: 'medium';
          readonly height: 'medium' | 'large';
          readonly card: { readonly contentType: 'application/vnd.microsoft.card.adaptive'; readonly content: AdaptiveCard };
        };
      };
}

export interface DialogOptions extends AnswerOptions {
  readonly dispatch: Dispatch;
  readonly poster: Poster;
  readonly log: Log;
  readonly trial: boolean;
  /** Work that may outlive its request; waited for when the bot stops. */
  readonly track: (work: Promise<unknown>) => void;
}

/** More inputs than these want a high dialog. */
const LOW_FORM = 2;
/** The title of a dialog whose card has none of its own. */
const BOT = 'Bellhop';
/** The longest title of a dialog, in characters. */
const TITLE = 64;

/** Message extensions: the dialog is the response, wherever it was opened, and nothing is put into the message box by itself. */
export function createDialogs(options: DialogOptions) {
  const { dispatch, poster, log, localise } = options;

  /** What a dispatched act shows: a dialog, one line, or the end of the dialog. */
  const respond = async (
    activity: Activity,
    act: DialogAct,
    dispatched: Dispatched,
    requestId: string,
  ): Promise<TaskAnswer | undefined> => {
    const { answer, reader, repeat } = dispatched;
    const { interaction, button } = act;
    const submitted = interaction.kind === 'submit';
    if (answer.kind === 'nothing') return submitted ? undefined : message(key('core.ui.done'), reader);
    if (submitted && isFailure(answer))
      return sendAgain(act, 'card' in answer ? (answer.card.lead ?? answer.card.summary) : undefined, reader);
    const dialog = await renderAnswer(dispatched, { ...trailOf(activity, act, requestId), dialog: true }, options);
    const [first] = dialog.cards;
    if (!first) return message(key('core.ui.done'), reader);
    if (answer.kind === 'form' || answer.kind === 'errors') {
      const { title, fields } = answer.form;
      return show(plain(localise(title, reader)), first, fields.length > LOW_FORM);
    }
    if (answer.kind === 'home' || answer.kind === 'file') return show(titleOf(dispatched, first), first, true);
    const { card } = answer;
    const whole = Boolean(card.title ?? card.facts ?? card.body ?? card.rows ?? card.actions ?? card.footer);
    if (!whole) return message(card.lead ?? card.summary, reader);
    if (!submitted) return show(titleOf(dispatched, first), first, (button?.do ?? 'open') === 'open');
    // The form is done: what remains of it lies in the 1:1 chat, or stays here where there is none.
    const posted = repeat ? 'posted' : await toChat(activity, act, dispatched, requestId);
    return posted === 'posted' ? { task: { type: 'message', value: first.summary } } : show(titleOf(dispatched, first), first, true);
  };

  const toChat = async (activity: Activity, act: DialogAct, dispatched: Dispatched, requestId: string) => {
    const { cards, note } = await renderAnswer(dispatched, trailOf(activity, act, requestId), options);
    if (note !== undefined) log.warn({ requestId }, 'A form of a message extension came back too large to be shown again');
    return await poster.toPerson(activity, act.interaction.actor, cards);
  };

  /** The records are away: the same words can be sent once more, without being typed again. */
  const sendAgain = (act: DialogAct, told: Text | undefined, reader: Reader): TaskAnswer => {
    const text = told ?? key('core.errors.try_again');
    const pen = { reader, localise, room: { body: 2000, line: 500, entries: 8 }, dialog: true as const };
    const card = frame(sentence(text, reader, localise), paragraph(text, pen), [
      { type: 'Action.Submit', title: sentence(key('core.ui.send_again'), reader, localise), style: 'positive', data: act.data },
    ]);
    if (bytesOf(card) > TEAMS_LIMITS.cardTargetBytes) return message(text, reader);
    return show(BOT, { card, summary: card.fallbackText }, false);
  };

  const titleOf = ({ answer, reader }: Dispatched, { summary }: Shown): string => {
    if (answer.kind === 'home') return BOT;
    const title = 'card' in answer ? answer.card.title : undefined;
    return title ? plain(localise(title, reader)) : summary;
  };

  const message = (text: Text, reader: Reader): TaskAnswer => ({ task: { type: 'message', value: sentence(text, reader, localise) } });

  const handle = async (activity: Activity, requestId: string, isLate: () => boolean): Promise<TaskAnswer | undefined> => {
    const act = parseDialog(activity, requestId, options.trial);
    if (!act) {
      log.warn({ requestId, name: activity.name }, 'A message extension or dialog that could not be read');
      return message(key('core.errors.not_offered'), readerOf(activity));
    }
    if (act.button?.do === 'cancel') return undefined;
    const dispatched = await dispatch(act.interaction);
    const answer = isLate() ? undefined : await respond(activity, act, dispatched, requestId);
    // Nobody waits for the response any more. What a repeat shows was posted for the first one.
    if (isLate() && !dispatched.repeat && (!answer || answer.task.type === 'continue')) {
      const posted = await toChat(activity, act, dispatched, requestId);
      if (posted === 'unreachable')
        log.info({ requestId }, 'A late answer on Teams has no chat to go to: its reader has not installed the app');
    }
    return answer;
  };

  return {
    /** Never throws; answers within 4 seconds. What takes longer is posted in the 1:1 chat. Undefined closes the dialog. */
    async invoke(activity: Activity, requestId: string): Promise<TaskAnswer | undefined> {
      let late = false;
      const reader = readerOf(activity);
      const work = handle(activity, requestId, () => late).then(
        (answer) => ({ answer }),
        (error: unknown) => {
          log.error({ err: error, requestId }, 'A message extension on Teams could not be answered');
          return { answer: message(key('core.errors.unexpected', { request: { kind: 'words', words: requestId } }), reader) };
        },
      );
      options.track(work);
      const inTime = await within(work, TEAMS_LIMITS.invokeTargetMs, undefined);
      if (inTime) return inTime.answer;
      late = true;
      return message(key('core.ui.working'), reader);
    },
  };
}

function trailOf(activity: Activity, { interaction, button }: DialogAct, requestId: string): Trail {
  return {
    actor: interaction.actor,
    act: clickKey(activity, requestId),
    back: 'closed',
    ...(button?.do === 'submit' && { instance: button.form }),
  };
}

function show(title: string, { card }: Shown, high: boolean): TaskAnswer {
  const content = { contentType: 'application/vnd.microsoft.card.adaptive', content: card } as const;
  const short = [...title.replace(/\s+/g, ' ').trim()].slice(0, TITLE).join('') || BOT;
  return { task: { type: 'continue', value: { title: short, width: 'medium', height: high ? 'large' : 'medium', card: content } } };
}

function readerOf(activity: Activity): Reader {
  return { locale: activity.locale ?? 'en', zone: 'UTC' };
}
