import type { Card } from './card.js';
import type { Form, FormErrors, FormValues } from './form.js';
import type { Ref } from './ref.js';

/**
 * What a handler answers to the actor, and to nobody else. It may be lost with its request: what others
 * must see goes out as a delivery from the same transaction as the change.
 */
export type Reply =
  /** A message in the conversation with the bot (from a channel: in the actor's 1:1 chat). */
  | { readonly kind: 'say'; readonly card: Card }
  /** Seen by the actor alone, where the actor is: ephemeral on Slack, the 1:1 chat on Teams. */
  | {
      readonly kind: 'whisper';
      readonly card: Card;
      /** It shows what may be kept nowhere, not even for a repeat of the act: the repeat gets nothing. */
      readonly secret?: true;
    }
  /** Replaces the card that was acted on, in the actor's own chat. */
  | { readonly kind: 'update'; readonly card: Card }
  /** Opens a form of the registry. The dispatcher builds it. */
  | { readonly kind: 'open'; readonly ref: Ref }
  /** Keeps the form open with a message at each field, and everything that was typed. Only from a form's submit. */
  | { readonly kind: 'errors'; readonly errors: FormErrors }
  | { readonly kind: 'file'; readonly file: OutgoingFile; readonly card: Card }
  /** The sections of App Home, or of the welcome on Teams. */
  | { readonly kind: 'home'; readonly cards: readonly Card[] }
  | { readonly kind: 'nothing' };

/** What an adapter gets: forms are built, errors carry the form they belong to. */
export type Answer =
  | Exclude<Reply, { kind: 'open' } | { kind: 'errors' }>
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'errors'; readonly form: Form; readonly values: FormValues; readonly errors: FormErrors };

export interface OutgoingFile {
  readonly name: string;
  /** For instance `text/csv; charset=utf-8`. */
  readonly mime: string;
  readonly content: Uint8Array;
}

export const say = (card: Card): Reply => ({ kind: 'say', card });
export const whisper = (card: Card): Reply => ({ kind: 'whisper', card });
/** Shown once, and kept nowhere. */
export const whisperSecret = (card: Card): Reply => ({ kind: 'whisper', card, secret: true });
export const update = (card: Card): Reply => ({ kind: 'update', card });
export const open = (ref: Ref): Reply => ({ kind: 'open', ref });
export const formErrors = (errors: FormErrors): Reply => ({ kind: 'errors', errors });
export const file = (outgoing: OutgoingFile, card: Card): Reply => ({ kind: 'file', file: outgoing, card });
export const nothing: Reply = { kind: 'nothing' };
