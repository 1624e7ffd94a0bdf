import type { MailAddress, MailCalendar, MailContent } from '../core/mail.js';
import type { Localise, Reader } from '../core/text.js';

/** The way out for e-mails: adapters/email/smtp.ts, and a recording one in the tests. */
export interface MailTransport {
  /** Whom its mails come from. */
  readonly from: MailAddress;
  /**
   * Hands one mail to a server; never repeats by itself.
   * @returns once the server has taken it
   * @throws MailError
   */
  send(mail: OutgoingMail): Promise<void>;
}

export interface OutgoingMail {
  /** Stable over every try: the Message-ID is made of it, so that a repeat can be told from another mail. */
  readonly id: string;
  /** One address. */
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly calendar?: MailCalendar;
}

/** Turns what a feature composed into words of one reader's language and zone: adapters/email/render.ts. */
export type RenderMail = (content: MailContent, reader: Reader, localise: Localise) => Pick<OutgoingMail, 'subject' | 'text' | 'html'>;

export type MailErrorCode =
  /** Not taken, or its answer was lost: try again. */
  | 'transient'
  /** The server refused this mail or its address for good. */
  | 'refused'
  /** The server doesn't accept the user name or password: nothing can be sent until that is mended. */
  | 'unauthorised';

/** What went wrong at the mail server, in the delivery engine's words. Its message holds no address. */
export class MailError extends Error {
  readonly code: MailErrorCode;
  /** The server's own code, for the log and the manager: `550`, `ECONNREFUSED`. */
  readonly reason: string;

  constructor(code: MailErrorCode, reason: string) {
    super(`${code}: ${reason}`);
    this.name = 'MailError';
    this.code = code;
    this.reason = reason;
  }
}
