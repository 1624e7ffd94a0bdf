import type { FileHandle, FormValues, PersonHint } from './form.js';
import type { Ref } from './ref.js';

export type Platform = 'slack' | 'teams';

/** Who acted, as the platform tells it. Signature and token have been checked before this exists. */
export interface Actor {
  readonly platform: Platform;
  /** The Slack team id or the Teams tenant id. */
  readonly workspaceExternalId: string;
  /** The Slack user id; on Teams the Entra object id (or the channel account id where there is none). */
  readonly externalId: string;
  readonly name?: string;
  /** BCP 47 as the platform tells it. */
  readonly locale?: string;
  readonly zone?: string;
  /** What the platform needs to write to this person first (Teams: conversation reference), opaque to the core. */
  readonly address?: ConversationAddress;
}

/** Where a platform can be reached for a conversation. Opaque outside the adapters. */
export interface ConversationAddress {
  readonly conversationId: string;
  readonly serviceUrl?: string;
  readonly userId?: string;
}

export interface Place {
  readonly kind: 'direct' | 'channel' | 'group' | 'home';
  /** The platform's conversation id; absent where the platform tells none (App Home). */
  readonly externalId?: string;
  /** The card that was acted on is seen by the actor alone, though it stands where others are: an answer may take its place. */
  readonly alone?: true;
}

interface InteractionBase {
  readonly actor: Actor;
  readonly place: Place;
  /**
   * The same for every repeat of this one act, different for every other act (DESIGN, "Handled once").
   * Forms are noted when they were accepted, so a corrected form goes through under the same key.
   */
  readonly onceKey: string;
  /** Follows the request through the logs. */
  readonly requestId: string;
}

/** A word of a command: plain, or a mention. */
export type CommandToken =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'person'; readonly hint: PersonHint }
  | { readonly kind: 'channel'; readonly externalId: string };

export type Interaction =
  /** `/handbook status` on Slack, `handbook status` to the bot on Teams. */
  | (InteractionBase & {
      readonly kind: 'command';
      readonly command: string;
      readonly tokens: readonly CommandToken[];
      readonly text: string;
      readonly files: readonly FileHandle[];
    })
  /** A message to the bot that is no command of the registry. */
  | (InteractionBase & { readonly kind: 'message'; readonly text: string; readonly files: readonly FileHandle[] })
  /** A button. `ref` is unchecked until dispatch; null when what came could not be read at all. */
  | (InteractionBase & { readonly kind: 'action'; readonly ref: Ref | null })
  /** A form that was sent. */
  | (InteractionBase & { readonly kind: 'submit'; readonly ref: Ref | null; readonly values: FormValues })
  /** App Home was opened, or the bot was greeted. */
  | (InteractionBase & { readonly kind: 'home' })
  /** An entry of the platform's own menus: Slack's shortcuts, Teams' message extensions. `message` when it stood at one. */
  | (InteractionBase & { readonly kind: 'shortcut'; readonly shortcut: string; readonly message?: QuotedMessage })
  /** A reaction was set at a message or taken away. */
  | (InteractionBase & {
      readonly kind: 'reaction';
      readonly added: boolean;
      /** Slack's name of the emoji without colons and skin tone; the reaction's type on Teams (`like`, `heart`). */
      readonly emoji: string;
      readonly message: QuotedMessage;
    });

/** Somebody's message, as far as the platform tells of it. */
export interface QuotedMessage {
  /** What was written; absent where the platform tells only which message it was. */
  readonly text?: string;
  /** Who wrote it; absent for the bot's own messages and for strangers' apps. */
  readonly author?: PersonHint;
  /** Where it stands, as in delivery's `Posted`. */
  readonly conversationId?: string;
  readonly externalId?: string;
}
