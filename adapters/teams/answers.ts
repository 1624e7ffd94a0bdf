import { createHash } from 'node:crypto';
import { type Card, notice } from '../../src/core/card.js';
import type { Dispatched } from '../../src/core/dispatch.js';
import { BellhopError } from '../../src/core/errors.js';
import type { Form, FormErrors, FormValues } from '../../src/core/form.js';
import type { Actor } from '../../src/core/interaction.js';
import type { Answer, OutgoingFile } from '../../src/core/reply.js';
import type { Block, RichBlock } from '../../src/core/rich.js';
import { key, type Localise, plain, type Reader, words } from '../../src/core/text.js';
import type { AdaptiveCard } from './adaptive.js';
import type { CardOrigin, FormBack } from './data.js';
import { type ChannelChoice, renderForm } from './form.js';
import { type CardOptions, renderCard, renderCards, sentence, summaryOf } from './render.js';
import type { PictureUrl } from './render-text.js';

/** Files behind expiring links of our own web door: a bot on Teams can't simply send one. */
export interface FileLinks {
  /**
   * The address of the file for its owner.
   * @throws BellhopError `core.no_public_url` when the bot has no address that others can reach, `core.file_too_large`
   */
  create(file: OutgoingFile, holder: { readonly workspaceExternalId: string; readonly externalId: string }): Promise<string>;
}

export interface AnswerOptions {
  readonly localise: Localise;
  readonly files: FileLinks;
  readonly channelChoices: (workspaceExternalId: string) => Promise<readonly ChannelChoice[]>;
  readonly pictureUrl?: PictureUrl | undefined;
}

/** One card, ready to be shown. */
export interface Shown {
  readonly card: AdaptiveCard;
  readonly summary: string;
}

/** What a card or form that is rendered now leads back to. */
export interface Trail {
  readonly actor: Actor;
  /** The click's key: makes the form's instance, the same for a repeat. */
  readonly act: string;
  readonly from?: CardOrigin;
  readonly back: FormBack;
  /** The form that was sent, when it comes back with errors or leads to another one. */
  readonly instance?: string;
  /** It is shown in a dialog, not in a chat. */
  readonly dialog?: true;
}

/** Largest file that is shown as text where there is no link, in bytes. */
const INLINE_BYTES = 8 * 1024;

/** An answer as cards, in order. `note` stands instead of a card that would not fit. */
export async function renderAnswer(
  dispatched: Dispatched,
  trail: Trail,
  options: AnswerOptions,
): Promise<{ cards: Shown[]; note?: string }> {
  const { answer, reader } = dispatched;
  const { localise } = options;
  const manner = mannerOf(trail, options);
  const show = (card: Card): Shown => ({ card: renderCard(card, reader, localise, manner), summary: summaryOf(card, reader, localise) });
  switch (answer.kind) {
    case 'say':
    case 'whisper':
    case 'update':
      return { cards: [show(answer.card)] };
    case 'home': {
      const whole = renderCards(answer.cards, reader, localise, manner);
      return { cards: whole ? [{ card: whole, summary: whole.fallbackText }] : answer.cards.map(show) };
    }
    case 'nothing':
      return { cards: [] };
    case 'file':
      return { cards: [await fileCard(answer.file, answer.card, reader, trail, options)] };
    case 'form':
      return form(answer.form, reader, trail, options);
    case 'errors':
      return form(answer.form, reader, trail, options, answer);
  }
}

/** How cards and forms are rendered for where this answer goes. */
function mannerOf({ from, dialog }: Trail, { pictureUrl }: AnswerOptions): CardOptions {
  return { ...(from && { from }), ...(dialog && { dialog }), ...(pictureUrl && { pictureUrl }) };
}

async function form(
  made: Form,
  reader: Reader,
  trail: Trail,
  options: AnswerOptions,
  sent?: { values: FormValues; errors: FormErrors },
): Promise<{ cards: Shown[]; note?: string }> {
  const { localise } = options;
  const channels = made.fields.some((field) => field.kind === 'channel')
    ? await options.channelChoices(trail.actor.workspaceExternalId)
    : [];
  // The form that a sent one leads to is another act, and the same one however often that was sent.
  const instance = (sent && trail.instance) ?? instanceOf(trail.actor, trail.instance ? `after ${trail.instance}` : trail.act);
  const { card, complete } = renderForm(made, reader, localise, {
    instance,
    back: trail.back,
    channels,
    ...mannerOf(trail, options),
    ...(sent && { values: sent.values, errors: sent.errors }),
  });
  const summary = plain(localise(made.title, reader));
  // The form stays as it is on the screen, with everything typed, and what is wrong is told under it. A dialog has no such place.
  if (sent && !complete && !trail.dialog)
    return { cards: [], note: sentence({ kind: 'join', items: Object.values(sent.errors), separator: ' ' }, reader, localise) };
  return { cards: [{ card, summary }] };
}

function instanceOf(actor: Actor, act: string): string {
  return createHash('sha256').update(`${actor.workspaceExternalId} ${actor.externalId} ${act}`).digest('base64url').slice(0, 22);
}

async function fileCard(file: OutgoingFile, card: Card, reader: Reader, trail: Trail, options: AnswerOptions): Promise<Shown> {
  const { localise, files } = options;
  const shown = await files.create(file, trail.actor).then(
    (url): Card => ({ ...card, actions: [{ kind: 'link', label: key('core.ui.file_ready'), url }, ...(card.actions ?? [])] }),
    (error: unknown): Card => {
      if (!(error instanceof BellhopError)) throw error;
      return { ...card, body: [...(card.body ?? []), ...instead(file, error)] };
    },
  );
  return { card: renderCard(shown, reader, localise, mannerOf(trail, options)), summary: summaryOf(card, reader, localise) };
}

/** Where there is no link a short text is shown as it is; of anything else it is said why it can't be handed over. */
function instead(file: OutgoingFile, error: BellhopError): Block[] {
  if (!file.mime.startsWith('text/') || file.content.byteLength > INLINE_BYTES)
    return [{ kind: 'paragraph', text: key(error.key, error.params) }];
  const content: RichBlock = { kind: 'preformatted', text: new TextDecoder().decode(file.content).replace(/^\uFEFF/, '') };
  return [
    { kind: 'heading', text: words(file.name) },
    { kind: 'rich', blocks: [content] },
  ];
}

/** The card of an answer that says only that something is out of order: it must not take the place of a form. */
export function isFailure(answer: Answer): boolean {
  const lead = answer.kind === 'whisper' ? answer.card.lead : undefined;
  return lead?.kind === 'key' && (lead.key === 'core.errors.try_again' || lead.key === 'core.errors.unexpected');
}

/** A card of one line. */
export function noticeCard(name: string, reader: Reader, localise: Localise): Shown {
  const card = notice(key(name));
  return { card: renderCard(card, reader, localise), summary: summaryOf(card, reader, localise) };
}
