import { setTimeout as sleep } from 'node:timers/promises';
import { MailError, type MailTransport, type RenderMail } from '../delivery/mail-port.js';
import { createMailWorker, type MailWorkerOptions } from '../delivery/mail-worker.js';

export interface MailsOptions extends Omit<MailWorkerOptions, 'transport' | 'render'> {
  /** Undefined: no mail server is set, and nothing is sent. */
  readonly email: Email | undefined;
  /** How long a stop waits for the mail server (default 10,000 ms): it may take minutes over one mail. */
  readonly drainMs?: number;
}

/** What adapters/email offers. */
interface Email {
  readonly transport: MailTransport;
  readonly render: RenderMail;
  check(): Promise<void>;
  stop(): void;
}

export interface Mails {
  start(): void;
  /** Mails in flight finish, for a while; then they are cut off, and go out at the next start. */
  stop(): Promise<void>;
  wake(): void;
}

/** The e-mails of this process, where there is a mail server. */
export function createMails({ email, drainMs = 10_000, ...options }: MailsOptions): Mails {
  if (!email) return { start: () => {}, stop: async () => {}, wake: () => {} };
  const { log } = options.work;
  const worker = createMailWorker({ ...options, transport: email.transport, render: email.render });
  return {
    start: () => {
      worker.start();
      // Told at the start, not when the first mail is due; chats go on without it.
      email.check().catch((error: unknown) => {
        const { code, reason } = error instanceof MailError ? error : { code: 'transient', reason: 'unknown' };
        if (code === 'unauthorised') log.error({ reason }, 'The mail server does not accept the user name or password: check SMTP_URL.');
        else log.warn({ code, reason }, 'The mail server did not answer. E-mails wait for it.');
      });
    },
    stop: async () => {
      const drained = worker.stop();
      const late = new AbortController();
      await Promise.race([drained, sleep(drainMs, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      email.stop();
      await drained;
    },
    wake: worker.wake,
  };
}
