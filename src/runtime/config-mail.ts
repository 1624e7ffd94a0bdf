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
  /** On this computer: nobody stands between, so a certificate of its own making will do. */
  readonly local: boolean;
}

export interface MailSender {
  readonly name: string;
  readonly address: string;
}

/** Submission (RFC 6409), and over TLS (RFC 8314). */
const DEFAULT_PORT = { plain: 587, secure: 465 } as const;

/** `smtp://user:password@host:port`, user and password percent-encoded. What stands behind the port is refused: there are no options. */
export const SMTP_URL = z.string().transform((given, context): Omit<MailConfig, 'from' | 'local'> => {
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

/** The mail server with its sender; undefined where none is set, or after a problem. @param isLocal whether a host is this computer */
export function mailOf(
  server: Omit<MailConfig, 'from' | 'local'> | undefined,
  from: MailSender | undefined,
  isLocal: (host: string) => boolean,
  problems: string[],
): MailConfig | undefined {
  if (server && !from && !problems.some((problem) => problem.startsWith('MAIL_FROM ')))
    problems.push('MAIL_FROM is missing, though SMTP_URL is set. Set it to whom e-mails come from, such as Bellhop <bellhop@example.com>.');
  return server && from ? { ...server, from, local: isLocal(server.host) } : undefined;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
