import type { AddressInfo, Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A mail as its recipient's program reads it. */
export interface ReceivedMail {
  readonly from: { readonly name: string; readonly address: string };
  /** The address of the envelope, which is the one of the header. */
  readonly to: string;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The part by which programs see an invitation. */
  readonly calendar?: { readonly method: string; readonly content: string };
  /** The same calendar as a file, for programs that know no invitations. */
  readonly files: readonly { readonly name: string; readonly mimeType: string; readonly content: string }[];
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly raw: string;
}

/** What the server does instead of taking a mail. */
export type SmtpFault =
  | { readonly reply: number; readonly at: 'mail' | 'rcpt' | 'data'; readonly text?: string }
  /** Ends the connection in the middle of the mail. */
  | 'hangs_up'
  /** Takes the mail, and ends the connection before it says so. */
  | 'takes_and_hangs_up'
  /** Never answers. */
  | 'is_silent';

export interface FakeSmtpOptions {
  /** Only whoever signs in so may send. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** `starttls`: offered, and needed for signing in. `tls`: from the first byte. Both with a certificate of its own making. */
  readonly encryption?: 'none' | 'starttls' | 'tls';
  /** A free one by default. */
  readonly port?: number;
}

export interface FakeSmtp {
  /** As SMTP_URL takes it. */
  readonly url: string;
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  mailsTo(address: string): readonly ReceivedMail[];
  /** What a client did that no server would bear, or that recipients would not be shown. */
  readonly breaches: readonly string[];
  /** User and password of every sign-in that was tried. */
  readonly signIns: readonly string[];
  readonly connections: number;
  /** The next mails meet these faults, one each; `for ever` keeps the last one. */
  next(faults: readonly SmtpFault[], forEver?: boolean): void;
  stop(): Promise<void>;
}

/** Octets of a line without its end. Source: RFC 5321, 4.5.3.1.6 */
const LONGEST_LINE = 998;
/** Headers that stand once. Source: RFC 5322, 3.6 */
const ONCE = ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type'];

/** A strict mail server on loopback. What a real one would refuse, or a reader not be shown, is refused with 554 and noted. */
export async function startFakeSmtp({ auth, encryption = 'none', port = 0 }: FakeSmtpOptions = {}): Promise<FakeSmtp> {
  const mails: ReceivedMail[] = [];
  const breaches: string[] = [];
  const signIns: string[] = [];
  const sockets = new Map<number, Socket>();
  let faults: SmtpFault[] = [];
  let lasts = false;
  let connections = 0;
  /** The fault that the mail of each session meets. */
  const meets = new WeakMap<object, SmtpFault | undefined>();

  const faultAt = (session: SMTPServerSession, at: 'mail' | 'rcpt' | 'data') => {
    const fault = meets.get(session);
    if (typeof fault !== 'object' || fault.at !== at) return undefined;
    return Object.assign(new Error(fault.text ?? '4.3.0 or 5.1.1: not now, or never'), { responseCode: fault.reply });
  };
  const hangUp = (session: SMTPServerSession) => sockets.get(session.remotePort)?.destroy();

  const server = new SMTPServer({
    logger: false,
    disabledCommands: [...(encryption === 'starttls' ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])],
    secure: encryption === 'tls',
    allowInsecureAuth: encryption === 'none',
    authOptional: !auth,
    authMethods: ['PLAIN', 'LOGIN'],
    closeTimeout: 100,
    onAuth: ({ username, password }, _, answer) => {
      signIns.push(`${username}:${password}`);
      if (username === auth?.user && password === auth?.password) return answer(null, { user: username });
      return answer(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }));
    },
    onMailFrom: (_, session, answer) => {
      meets.set(session, lasts && faults.length === 1 ? faults[0] : faults.shift());
      answer(faultAt(session, 'mail'));
    },
    onRcptTo: (_, session, answer) => answer(faultAt(session, 'rcpt')),
    onData: (stream, session, answer) => {
      const fault = meets.get(session);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (fault === 'hangs_up') hangUp(session);
      });
      stream.on('end', async () => {
        if (fault === 'hangs_up' || fault === 'is_silent') return;
        const refused = faultAt(session, 'data');
        if (refused) return answer(refused);
        const raw = Buffer.concat(chunks);
        const { mail, problems } = await read(raw, session);
        breaches.push(...problems);
        if (problems.length > 0) return answer(Object.assign(new Error(`5.6.0 ${problems[0]}`), { responseCode: 554 }));
        mails.push(mail);
        if (fault === 'takes_and_hangs_up') return hangUp(session);
        return answer(null, 'Taken');
      });
    },
  });
  // A client that goes away is its own affair.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    connections += 1;
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.on('close', () => sockets.delete(remotePort));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const listening = (server.server.address() as AddressInfo).port;
  const user = auth ? `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@` : '';
  return {
    url: `${encryption === 'tls' ? 'smtps' : 'smtp'}://${user}127.0.0.1:${listening}`,
    port: listening,
    mails,
    mailsTo: (address) => mails.filter(({ to }) => to === address),
    breaches,
    signIns,
    get connections() {
      return connections;
    },
    next: (wanted, forEver = false) => {
      faults = [...wanted];
      lasts = forEver;
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(resolve));
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}

async function read(
  raw: Buffer,
  session: SMTPServerSession,
): Promise<{ readonly mail: ReceivedMail; readonly problems: readonly string[] }> {
  const email = await PostalMime.parse(raw, { attachmentEncoding: 'utf8' });
  const { mailFrom, rcptTo } = session.envelope;
  const sender = mailFrom === false ? '' : mailFrom.address;
  const [recipient = ''] = rcptTo.map(({ address }) => address);
  const from = { name: email.from?.name ?? '', address: email.from?.address ?? '' };
  const calendars = email.attachments.filter(({ method }) => method !== undefined);
  const [calendar] = calendars;
  const mail: ReceivedMail = {
    from,
    to: recipient,
    messageId: email.messageId ?? '',
    subject: email.subject ?? '',
    text: email.text ?? '',
    html: email.html ?? '',
    ...(calendar && { calendar: { method: calendar.method ?? '', content: withCrlf(calendar.content) } }),
    files: email.attachments
      .filter(({ disposition }) => disposition === 'attachment')
      .map(({ filename, mimeType, content }) => ({
        name: filename ?? '',
        mimeType,
        content: mimeType.endsWith('/ics') ? withCrlf(content) : String(content),
      })),
    headers: new Map(email.headers.map(({ key, value }) => [key, value])),
    raw: raw.toString('latin1'),
  };
  const named = (email.to ?? []).map((one) => one.address ?? '');
  const problems = [
    ...formProblems(raw),
    ...headerProblems(email),
    ...(rcptTo.length === 1 ? [] : [`${rcptTo.length} recipients`]),
    ...(from.address !== '' && from.address === sender ? [] : [`From ${from.address} of an envelope from ${sender}`]),
    ...(named.join() === recipient ? [] : [`To ${named.join()} of an envelope to ${recipient}`]),
    ...(mail.text.trim() === '' || mail.html.trim() === '' ? ['no text, or no HTML'] : []),
    ...(calendars.length > 1 ? ['several calendars'] : []),
    ...(calendar && !calendarAgrees(withCrlf(calendar.content), calendar.method ?? '') ? ['a calendar of another method'] : []),
  ];
  return { mail, problems };
}

function formProblems(raw: Buffer): string[] {
  const text = raw.toString('latin1');
  const lines = text.split('\r\n');
  return [
    ...(lines.some((line) => line.length > LONGEST_LINE) ? [`a line of more than ${LONGEST_LINE} octets`] : []),
    ...(lines.some((line) => /[\r\n]/.test(line)) ? ['a bare CR or LF'] : []),
    ...(/[^\t\r\n\x20-\x7e]/.test(text.slice(0, text.indexOf('\r\n\r\n'))) ? ['a header that is not ASCII'] : []),
    ...(text.includes('\0') ? ['a NUL'] : []),
  ];
}

function headerProblems({ headers, date }: Email): string[] {
  const count = (name: string) => headers.filter(({ key }) => key === name).length;
  return [
    ...ONCE.flatMap((name) => (count(name) === 1 ? [] : [`${count(name)} headers ${name}`])),
    ...(date !== undefined && Number.isFinite(Date.parse(date)) ? [] : ['no date']),
    ...(headers.some(({ key }) => ['cc', 'bcc', 'reply-to', 'sender'].includes(key)) ? ['a header that nobody asked for'] : []),
  ];
}

/** The parser gives calendars in lines of its own. */
const withCrlf = (content: unknown): string => String(content).replaceAll('\n', '\r\n');

function calendarAgrees(content: string, method: string): boolean {
  return content.startsWith('BEGIN:VCALENDAR\r\n') && content.includes(`\r\nMETHOD:${method}\r\n`);
}
