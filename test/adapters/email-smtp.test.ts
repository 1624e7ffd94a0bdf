import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Smtp } from '../../adapters/email/smtp.js';
import { MailError, type OutgoingMail } from '../../src/delivery/mail-port.js';
import { smtpOf } from '../delivery/mail-house.js';
import { type FakeSmtp, type FakeSmtpOptions, type SmtpFault, startFakeSmtp } from '../support/fake-smtp.js';
import { hostile } from '../support/hostile.js';

const CALENDAR = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Bellhop//EN',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  'UID:1@bellhop',
  'DTSTAMP:20270301T080000Z',
  'DTSTART:20270302T080000Z',
  'SUMMARY:Āda\\, Žanis un తెలుగు',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\n');
const MAIL: OutgoingMail = {
  id: '0195-mail',
  to: 'ana@rieksts.example',
  subject: 'Seminārs otrdien',
  text: 'Otrdien 10.00',
  html: '<p>Otrdien 10.00</p>',
};

let server: FakeSmtp;
let smtp: Smtp;

const serve = async (options: FakeSmtpOptions = {}) => {
  server = await startFakeSmtp(options);
  smtp = smtpOf(server);
};

afterEach(async () => {
  smtp.stop();
  await server.stop();
});

const outcome = async (mail: OutgoingMail = MAIL) =>
  await smtp.send(mail).then(
    () => 'sent',
    (error: unknown) => (error instanceof MailError ? `${error.code}: ${error.reason}` : error),
  );

describe('a mail', () => {
  it('arrives as it was meant, from whom it was meant', async () => {
    await serve();
    expect(await outcome()).toBe('sent');
    expect(server.mails).toEqual([
      expect.objectContaining({
        from: { name: 'Bellhop', address: 'bellhop@rieksts.example' },
        to: 'ana@rieksts.example',
        messageId: '<0195-mail@rieksts.example>',
        subject: 'Seminārs otrdien',
        text: 'Otrdien 10.00\n',
        html: expect.stringContaining('<p>Otrdien 10.00</p>'),
        files: [],
      }),
    ]);
    expect(server.mails[0]?.calendar).toBeUndefined();
    expect(server.mails[0]?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(server.mails[0]?.headers.has('x-mailer')).toBe(false);
  });

  it('may come from a sender with a name of any language', async () => {
    await serve();
    smtp = smtpOf(server, { from: { name: 'Viesnīca „Rieksts”, Bellhop', address: 'bellhop@rieksts.example' } });
    expect(await outcome({ ...MAIL, subject: `Seminārs ${'ļoti '.repeat(60)}garš` })).toBe('sent');
    expect(server.mails[0]?.from.name).toBe('Viesnīca „Rieksts”, Bellhop');
    expect(server.mails[0]?.subject).toBe(`Seminārs ${'ļoti '.repeat(60)}garš`);
  });

  it.each(['REQUEST', 'CANCEL', 'PUBLISH'] as const)('carries its calendar so that programs see what it is: %s', async (method) => {
    await serve();
    const content = CALENDAR.replace('METHOD:REQUEST', `METHOD:${method}`);
    expect(await outcome({ ...MAIL, calendar: { method, content } })).toBe('sent');
    const [mail] = server.mails;
    const sent = content.replaceAll('\n', '\r\n');
    expect(mail?.calendar).toEqual({ method, content: sent });
    expect(mail?.raw).toMatch(new RegExp(`Content-Type: text/calendar;[^]*?charset=utf-8;[^]*?method=${method}`));
    expect(mail?.files).toEqual([{ name: 'invite.ics', mimeType: 'application/ics', content: sent }]);
  });

  it('goes over one connection with the next one', async () => {
    await serve();
    for (let turn = 0; turn < 3; turn++) await smtp.send({ ...MAIL, id: `${turn}` });
    expect(server.mails).toHaveLength(3);
    expect(server.connections).toBe(1);
  });

  it('with hostile words is one mail to one person, and its words are words', async () => {
    await serve();
    const words = `${hostile(900)}\r\n.\r\nRCPT TO:<eve@evil.example>\r\n${'x'.repeat(3000)}`;
    const subject = 'Hello\r\nBcc: eve@evil.example\r\n\r\n<script>';
    expect(await outcome({ ...MAIL, subject, text: words, html: `<p>${'y'.repeat(3000)}</p>` })).toBe('sent');
    const [mail] = server.mails;
    expect(server.breaches).toEqual([]);
    expect(mail?.to).toBe('ana@rieksts.example');
    expect(mail?.headers.has('bcc')).toBe(false);
    expect(mail?.subject).toContain('Bcc: eve@evil.example');
    expect(mail?.text.replaceAll('\r\n', '\n')).toContain('\n.\nRCPT TO:<eve@evil.example>\n');
  });

  it.each([
    'ana@rieksts.example, eve@evil.example',
    'Ana <ana@rieksts.example>',
    'ana@rieksts.example\r\nRCPT TO:<eve@evil.example>',
    '"ana eve"@rieksts.example',
    'team:ana@rieksts.example;',
    'ana',
    '',
    `${'a'.repeat(250)}@rieksts.example`,
  ])('to what is no address is refused before any server is asked: %j', async (to) => {
    await serve();
    expect(await outcome({ ...MAIL, to })).toBe('refused: address');
    expect(server.connections).toBe(0);
  });

  it('reads no file and no address of the net', async () => {
    await serve();
    const content = { path: '/etc/passwd' } as unknown as string;
    expect(await outcome({ ...MAIL, text: content })).toMatch(/^transient: EFILEACCESS/);
    expect(server.mails).toEqual([]);
  });
});

describe('what the server says', () => {
  it.each<[SmtpFault, string]>([
    [{ reply: 421, at: 'mail' }, 'transient: 421 4.3.0'],
    [{ reply: 450, at: 'rcpt', text: 'greylisted <ana@rieksts.example>' }, 'transient: 450'],
    [{ reply: 451, at: 'data' }, 'transient: 451 4.3.0'],
    [{ reply: 550, at: 'rcpt', text: '5.1.1 <ana@rieksts.example> unknown' }, 'refused: 550 5.1.1'],
    [{ reply: 552, at: 'data', text: 'too large' }, 'refused: 552'],
    [{ reply: 530, at: 'mail', text: '5.7.0 Authentication required' }, 'unauthorised: 530 5.7.0'],
    ['hangs_up', 'transient: ECONNECTION'],
    ['takes_and_hangs_up', 'transient: ECONNECTION'],
  ])('%j', async (fault, told) => {
    await serve();
    server.next([fault]);
    expect(await outcome()).toBe(told);
    // Nothing is repeated by itself, and the next mail goes out.
    expect(server.mails).toHaveLength(fault === 'takes_and_hangs_up' ? 1 : 0);
    expect(await outcome({ ...MAIL, id: 'next' })).toBe('sent');
  });

  it('is that nobody is there', async () => {
    await serve();
    await server.stop();
    expect(await outcome()).toBe('transient: ECONNREFUSED');
    await expect(smtp.check()).rejects.toMatchObject({ code: 'transient' });
  });

  it('may be no SMTP at all', async () => {
    await serve();
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    smtp = smtpOf({ url: 'smtp://127.0.0.1', port: (other.address() as { port: number }).port });
    expect(await outcome()).toMatch(/^transient: E/);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('signing in', () => {
  const auth = { user: 'bellhop@rieksts.example', password: 'pä:s/s%' };

  it.each(['none', 'starttls', 'tls'] as const)('works on this computer, encryption: %s', async (encryption) => {
    await serve({ auth, encryption });
    await smtp.check();
    expect(await outcome()).toBe('sent');
    expect(server.signIns).toContain('bellhop@rieksts.example:pä:s/s%');
  });

  it('with a wrong password is told as what it is', async () => {
    await serve({ auth });
    smtp = smtpOf(server, { password: 'wrong' });
    expect(await outcome()).toBe('unauthorised: 535 5.7.8');
    await expect(smtp.check()).rejects.toMatchObject({ code: 'unauthorised' });
  });

  it('where it is needed and not set is told as what it is', async () => {
    await serve({ auth });
    smtp = smtpOf(server, { user: undefined, password: undefined });
    expect(await outcome()).toBe('unauthorised: 530');
  });

  it('never sends a password over the net in the clear, nor to a server that nobody vouches for', async () => {
    await serve({ auth });
    smtp = smtpOf(server, { local: false });
    expect(await outcome()).toBe('transient: 500');
    expect(server.signIns).toEqual([]);
    await server.stop();
    for (const encryption of ['starttls', 'tls'] as const) {
      await serve({ auth, encryption });
      smtp = smtpOf(server, { local: false });
      expect(await outcome()).toMatch(/^transient: /);
      expect(server.signIns).toEqual([]);
      if (encryption === 'starttls') await server.stop();
    }
  });
});
