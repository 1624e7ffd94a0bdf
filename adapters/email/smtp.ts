import nodemailer from 'nodemailer';
import { MailError, type MailTransport, type OutgoingMail } from '../../src/delivery/mail-port.js';

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS, where the server offers it. */
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly from: { readonly name: string; readonly address: string };
  /** The server runs on this computer: a certificate of its own making will do. */
  readonly local: boolean;
}

export interface Smtp extends MailTransport {
  /** Connects and signs in without sending anything. Throws MailError. */
  check(): Promise<void>;
  /** Ends its connections at once: what is still being sent fails. */
  stop(): void;
}

/** One for each mail that the worker has on its way. */
const CONNECTIONS = 4;
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 15_000, dnsTimeout: 10_000, socketTimeout: 60_000 } as const;
/** All of one sending, in ms: shorter than the worker waits for it. */
const WHOLE_MS = 110_000;

/** E-mails over SMTP (RFC 5321), with a pool of connections. */
export function createSmtp({ host, port, secure, user, password, from, local }: SmtpOptions): Smtp {
  const transport = nodemailer.createTransport({
    pool: true,
    maxConnections: CONNECTIONS,
    // The worker repeats, and nobody else: it notes every try.
    maxRequeues: 0,
    idleTimeout: 30_000,
    host,
    port,
    secure,
    // A password never goes over the net in the clear, even where somebody has taken STARTTLS out of the server's answer.
    requireTLS: !secure && !local && user !== undefined,
    tls: { rejectUnauthorized: !local },
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    ...TIMEOUTS,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return {
    from,
    send: async (mail) => {
      if (!isOneAddress(mail.to)) throw new MailError('refused', 'address');
      await transport
        .sendMail({ ...messageOf(mail), from: { ...from }, messageId: `<${mail.id}@${domain}>`, signal: AbortSignal.timeout(WHOLE_MS) })
        .catch(rethrow);
    },
    check: async () => {
      await transport.verify().catch(rethrow);
    },
    stop: () => transport.close({ force: true }),
  };
}

function messageOf({ to, subject, text, html, calendar }: OutgoingMail) {
  return {
    // An object, never a string: that would be read as a list of addresses with names.
    to: { name: '', address: to },
    subject,
    text,
    html,
    // Nobody's absence notice answers a machine (RFC 3834; Exchange asks for its own header).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    xMailer: false as const,
    disableFileAccess: true,
    disableUrlAccess: true,
    // Outlook, Google and Apple take the alternative `text/calendar; method=…` for an invitation (RFC 6047); the file is for all others.
    ...(calendar && {
      icalEvent: { method: calendar.method, filename: 'invite.ics', content: calendar.content.replace(/\r?\n/g, '\r\n') },
    }),
  };
}

/** An address as people write it, without anything that a header or an SMTP command could be made of. */
function isOneAddress(address: string): boolean {
  return /^[^\s\p{Cc}@,;:<>()[\]\\"]+@[^\s\p{Cc}@,;:<>()[\]\\"]+$/u.test(address) && address.length <= 254;
}

/** What the library tells of a failure. Its message holds the server's words, and those often the address: only codes are kept. */
interface SmtpFailure {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  /** Of the server's answer: 250, 421, 550. */
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/** Not accepted without signing in, or not as this user. Source: RFC 4954, section 6. */
const UNAUTHORISED = new Set([530, 534, 535, 538]);

function rethrow(error: unknown): never {
  const { code, originalCode, responseCode, response } = (typeof error === 'object' && error !== null ? error : {}) as SmtpFailure;
  if (typeof responseCode === 'number') {
    const enhanced = typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined;
    const reason = [responseCode, enhanced].filter(Boolean).join(' ');
    if (responseCode >= 500 && (code === 'EAUTH' || UNAUTHORISED.has(responseCode))) throw new MailError('unauthorised', reason);
    // What it says to a greeting or to STARTTLS is about this connection, not about a mail.
    throw new MailError(responseCode >= 500 && isAboutMail(code) ? 'refused' : 'transient', reason);
  }
  const reason = [originalCode, code].find((name) => typeof name === 'string' && /^[A-Z][A-Z0-9_]*$/.test(name)) ?? 'unknown';
  if (code === 'EAUTH' || code === 'ENOAUTH') throw new MailError('unauthorised', String(reason));
  // Too large for the server, or no address after all: it will never be taken.
  if (isAboutMail(code)) throw new MailError('refused', String(reason));
  throw new MailError('transient', String(reason));
}

const isAboutMail = (code: unknown): boolean => code === 'EENVELOPE' || code === 'EMESSAGE';
