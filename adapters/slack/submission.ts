import type { types } from '@slack/bolt';
import { notice } from '../../src/core/card.js';
import type { Dispatched } from '../../src/core/dispatch.js';
import { key, type Localise, type Reader } from '../../src/core/text.js';
import type { Log } from '../../src/people/ports.js';
import type { Answerer } from './answer.js';
import type { SlackApi } from './api.js';
import { blockErrors, renderForm, renderNotice } from './form.js';
import { LIMITS } from './limits.js';
import type { Lull } from './lull.js';
import type { parseSubmission } from './parse.js';
import type { PictureDesk } from './pictures.js';
import { reasonOf } from './posting.js';
import type { Pictured } from './render-pictures.js';

/** The longest that a card waits for a crowd. */
const CROWD_MS = 5_000;

type Submitted = NonNullable<ReturnType<typeof parseSubmission>>;

/** What acknowledges a submission. Source: https://docs.slack.dev/surfaces/modals#updating_response */
export type SubmissionAck =
  | { readonly response_action: 'clear' }
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: types.ModalView };

export interface SubmissionOptions {
  readonly api: SlackApi;
  readonly answerer: Answerer;
  readonly desk: PictureDesk;
  readonly localise: Localise;
  readonly log: Log;
  readonly nextStep: () => string;
  /** In a crowd those who wait for their acknowledgement come before the cards of those who have it. */
  readonly lull: Lull;
  /** How long an acknowledgement waits for the result; LIMITS.formAnswerMs unless a test is in a hurry. */
  readonly patienceMs?: number | undefined;
}

/**
 * Answers a form within the acknowledgement. What takes longer is acknowledged with "one moment", and the view changes
 * once there is a result; either way the person's words are kept until the form was accepted.
 * @param afterwards what follows an accepted form, such as publishing App Home again
 */
export async function answerSubmission(
  submitted: Submitted,
  work: Promise<Dispatched>,
  ack: (answer: SubmissionAck) => Promise<void>,
  options: SubmissionOptions,
  afterwards: (dispatched: Dispatched) => Promise<void>,
): Promise<void> {
  const { answerer, log } = options;
  const { interaction, to, memory } = submitted;
  const accepted = async (dispatched: Dispatched) => {
    if (dispatched.answer.kind === 'errors' || dispatched.answer.kind === 'form') return;
    await options.lull.until(CROWD_MS);
    await answerer.give({ dispatched, interaction, to: { userId: to.userId, origin: to.origin } });
    await afterwards(dispatched);
  };

  const waits = options.lull.began();
  const inTime = await Promise.race([work, waited(options.patienceMs ?? LIMITS.formAnswerMs)]);
  if (inTime) {
    await ack(acknowledgement(inTime, submitted, options, await picturedOf(inTime, submitted, options))).catch((error: unknown) => {
      log.warn({ err: error, requestId: interaction.requestId }, 'A form could not be acknowledged.');
    });
    waits();
    return await accepted(inTime);
  }

  const title = to.view?.title ?? '';
  const before: Reader = { locale: memory?.r[0] ?? 'en', zone: memory?.r[1] ?? 'UTC' };
  const moment = renderNotice(title, key('core.ui.working'), before, options.localise);
  await ack({ response_action: 'update', view: moment }).finally(() => void work.then(waits));
  const late = await work;
  await showLate(late, submitted, options, title);
  await accepted(late);
}

/** What the next view shows of pictures. A refused acknowledgement can't be given again: only what Slack has shown before. */
async function picturedOf({ answer }: Dispatched, { interaction }: Submitted, { desk }: SubmissionOptions): Promise<Pictured | undefined> {
  if ((answer.kind !== 'form' && answer.kind !== 'errors') || !answer.form.intro) return undefined;
  const { files } = await desk.shownBefore(answer.form.intro, interaction.actor.workspaceExternalId);
  return { files, faces: false };
}

function acknowledgement(
  { answer, reader }: Dispatched,
  { to, memory }: Submitted,
  options: SubmissionOptions,
  pictured: Pictured | undefined,
): SubmissionAck {
  const shown = pictured ? { pictured } : {};
  if (answer.kind === 'form') {
    return {
      response_action: 'update',
      view: renderForm(answer.form, reader, options.localise, { origin: to.origin, step: options.nextStep(), ...shown }),
    };
  }
  if (answer.kind !== 'errors') return { response_action: 'clear' };
  const errors = blockErrors(answer.form, answer.errors, reader, options.localise);
  if (errors) return { response_action: 'errors', errors };
  const { values } = answer;
  const view = renderForm(answer.form, reader, options.localise, {
    origin: to.origin,
    step: memory?.s ?? '',
    errors: answer.errors,
    values,
    ...shown,
  });
  return { response_action: 'update', view };
}

/** The view that said "one moment" becomes the result: the form with what to mend, the next form, or "sent". */
async function showLate({ answer, reader }: Dispatched, { interaction, to, memory }: Submitted, options: SubmissionOptions, title: string) {
  const { api, localise, log } = options;
  const viewId = to.view?.id;
  if (!viewId) return;
  const view =
    answer.kind === 'errors'
      ? renderForm(answer.form, reader, localise, {
          origin: to.origin,
          step: memory?.s ?? '',
          errors: answer.errors,
          values: answer.values,
        })
      : answer.kind === 'form'
        ? renderForm(answer.form, reader, localise, { origin: to.origin, step: options.nextStep() })
        : renderNotice(title, key('core.ui.form_sent'), reader, localise);
  try {
    await api.callPatiently('views.update', true, 10_000, (client) => client.views.update({ view_id: viewId, view }));
  } catch (error) {
    log.info({ reason: reasonOf(error), requestId: interaction.requestId }, 'A form was closed before its answer came.');
    if (answer.kind !== 'errors') return;
    // Nobody may think that a form was accepted which was not.
    const [first] = Object.values(answer.errors);
    await options.answerer.say(interaction, notice(first ?? key('core.ui.check_form')), reader).catch(() => {});
  }
}

function waited(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}
