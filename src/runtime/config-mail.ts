import { z } from 'zod';

/** The mail server, and whom e-mails come from. */
export interface MailConfig {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`); otherwise STARTTLS where the server offers it. */
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly from: MailSender;
}

export interface MailSender {
  readonly name: string;
  readonly address: string;
}

/** Submission (RFC 6409), and over TLS (RFC 8314). */
const DEFAULT_PORT = { plain: 587, secure: 465 } as const;

/** `smtp://user:password@host:port`, user and password percent-encoded. What stands behind the port is refused: there are no options. */
export const SMTP_URL = z.string().transform((given, context): Omit<MailConfig, 'from'> => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const host = url?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '';
  if (!url || !/^smtps?:$/.test(url.protocol) || host === '' || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    context.addIssue({ code: 'custom', message: 'has the wrong form' });
    return z.NEVER;
  }
  const secure = url.protocol === 'smtps:';
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined || (user === '') !== (password === '')) {
    context.addIssue({ code: 'custom', message: 'has a user name without a password, or one that is not percent-encoded' });
    return z.NEVER;
  }
  const port = url.port === '' ? DEFAULT_PORT[secure ? 'secure' : 'plain'] : Number(url.port);
  return { host, port, secure, user: user || undefined, password: password || undefined };
});

/** `name@example.com` or `Some Name <name@example.com>`. */
export const MAIL_FROM = z.string().transform((given, context): MailSender => {
  const [, quoted, bracketed] = /^(.*?)\s*<([^<>]+)>$/.exec(given) ?? [];
  const name = (quoted ?? '').replace(/^"(.*)"$/, '$1');
  const address = z.email().safeParse(bracketed ?? given);
  if (address.success && !/[\p{Cc}<>"]/u.test(name)) return { name, address: address.data };
  context.addIssue({ code: 'custom', message: 'has the wrong form' });
  return z.NEVER;
});

/** Both settings or neither. */
export function mailOf(
  server: Omit<MailConfig, 'from'> | undefined,
  from: MailSender | undefined,
  given: { readonly server: boolean; readonly from: boolean },
  problems: string[],
): MailConfig | undefined {
  if (given.server && !given.from)
    problems.push('MAIL_FROM is missing, though SMTP_URL is set. Set it to whom e-mails come from, such as Bellhop <bellhop@example.com>.');
  if (given.from && !given.server)
    problems.push('SMTP_URL is missing, though MAIL_FROM is set. Set it to your mail server, or leave both out to send no e-mails.');
  return server && from ? { ...server, from } : undefined;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
