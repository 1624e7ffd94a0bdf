import type { Card } from './card.js';
import type { Text } from './text.js';

/** An e-mail before it has a language: composed when it is sent, as things stand then. */
export interface MailContent {
  readonly subject: Text;
  /** Shown as simple HTML and as plain text. Its buttons don't work in an e-mail and are left out; its links stay. */
  readonly card: Card;
  readonly calendar?: MailCalendar;
  /** BCP 47: the language of a recipient who is none of the organisation's people, where it is known; else the reader's is taken. */
  readonly locale?: string;
}

/** Between whom a mail goes: for what names both of them inside, as an invitation does. */
export interface MailEnvelope {
  readonly from: MailAddress;
  /** The recipient's address. */
  readonly to: string;
}

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** How a calendar takes the event (RFC 5546). */
export type CalendarMethod = 'REQUEST' | 'CANCEL' | 'PUBLISH';

/** The part by which a mail program shows an invitation, or takes it back. */
export interface MailCalendar {
  readonly method: CalendarMethod;
  /** A whole calendar of RFC 5545, with the same METHOD. UID and SEQUENCE tell a repeat from news. */
  readonly content: string;
}
