import type { Card } from '../core/card.js';
import type { Platform } from '../core/interaction.js';
import type { Reader } from '../core/text.js';

/** One platform's way of posting. Two real implementations: adapters/slack/chat.ts and adapters/teams/chat.ts. */
export interface Chat {
  readonly platform: Platform;
  /** The pace that the platform asks for: every scope must have room before a message may go to `to`. */
  paces(to: Destination): readonly PaceRule[];
  /** Posts once; never repeats by itself. Throws ChatError. `deliveryId` goes into the message's metadata where the platform has such. */
  send(to: Destination, card: Card, reader: Reader, deliveryId: string): Promise<Posted>;
  /** Replaces a posted card. Throws ChatError. */
  update(posted: Posted & { readonly to: Destination }, card: Card, reader: Reader): Promise<void>;
  /**
   * Looks for a delivery whose answer was lost. `unknown` where the platform can't be asked.
   * @param since the moment of the attempt, UTC
   */
  find(to: Destination, deliveryId: string, since: Date): Promise<Posted | 'absent' | 'unknown'>;
  /** The pace of `update` for one conversation, and of `find`. */
  readonly updatePaces: (to: Destination) => readonly PaceRule[];
}

/** Where a message goes. */
export interface Destination {
  readonly workspaceExternalId: string;
  /** A person's 1:1 chat, or a channel. */
  readonly kind: 'direct' | 'channel';
  /** Slack: user or channel id. Teams: the user's or channel's id. */
  readonly externalId: string;
  /** Teams: the person's channel account (`29:...`), where it is known. */
  readonly userId?: string;
  /** The conversation, where it is known already (Slack: `D...`; Teams: conversation id). */
  readonly conversationId?: string;
  readonly serviceUrl?: string;
  /** Teams: the team that a channel belongs to. */
  readonly parentExternalId?: string;
}

/** Where a message stands. */
export interface Posted {
  readonly conversationId: string;
  readonly externalId: string;
}

/**
 * At most `count` in `perMs` for a scope; kept for all processes together in the table `pace`.
 * `burst` messages may follow one another at once (default 1).
 */
export interface PaceRule {
  readonly scope: string;
  readonly count: number;
  readonly perMs: number;
  readonly burst?: number;
}

export type ChatErrorCode =
  /** Refused before anything was done; wait `retryAfterMs`. */
  | 'rate_limited'
  /** This person or channel can't be written to (`reason`); another account may. */
  | 'unreachable'
  /** The platform refused the message for good. */
  | 'invalid'
  /** The token or the app is not accepted: nothing can be sent in this workspace. */
  | 'unauthorised'
  /** Certainly not done: try again. */
  | 'transient'
  /** Perhaps done: its answer was lost. Reconcile. */
  | 'uncertain';

/** What went wrong at a platform, in the delivery engine's words. */
export class ChatError extends Error {
  readonly code: ChatErrorCode;
  /** The platform's own code, for the log and the manager: `channel_not_found`, `MessageWritesBlocked`. */
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  /** Which of the paces is exhausted; all of the message's when undefined. */
  readonly scope: string | undefined;

  constructor(code: ChatErrorCode, reason: string, options: ErrorOptions & { retryAfterMs?: number; scope?: string } = {}) {
    super(`${code}: ${reason}`, options);
    this.name = 'ChatError';
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs;
    this.scope = options.scope;
  }
}
