import type { MailTransport, RenderMail } from '../../src/delivery/mail-port.js';
import { renderMail } from './render.js';
import { createSmtp, type SmtpOptions } from './smtp.js';

/** E-mails: the way out, and what they look like. */
export interface EmailAdapter {
  readonly transport: MailTransport;
  readonly render: RenderMail;
  /** Connects and signs in without sending anything. Throws MailError. */
  check(): Promise<void>;
  /** Ends the connections at once: what is still being sent fails. */
  stop(): void;
}

export function createEmail(options: SmtpOptions): EmailAdapter {
  const smtp = createSmtp(options);
  return { transport: smtp, render: renderMail, check: smtp.check, stop: smtp.stop };
}
