import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, readConfig, readTrialConfig } from '../../src/runtime/config.js';

const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret' };
const from = { MAIL_FROM: 'Bellhop <bellhop@example.com>' };

function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig({ ...slack, ...environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const mailOf = (environment: Environment) => readConfig({ ...slack, ...environment }).mail;

describe('the mail server', () => {
  it('may be left out: then no e-mails are sent', () => {
    expect(mailOf({})).toBeUndefined();
    expect(mailOf({ SMTP_URL: ' ', MAIL_FROM: '' })).toBeUndefined();
    expect(mailOf(from)).toBeUndefined();
    expect(readTrialConfig({ SMTP_URL: 'smtp://127.0.0.1', ...from }).mail).toBeUndefined();
  });

  it.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, secure: false, user: undefined, password: undefined, local: false }],
    ['smtps://mail.example.com/', { port: 465, secure: true }],
    ['smtp://bellhop%40example.com:p%3A%2Fs%25@mail.example.com:2525', { user: 'bellhop@example.com', password: 'p:/s%', port: 2525 }],
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025, local: true }],
    ['smtp://[::1]:1025', { host: '::1', local: true }],
    ['smtp://localhost', { local: true }],
  ])('%s', (SMTP_URL, read) => {
    expect(mailOf({ SMTP_URL, ...from })).toMatchObject({ ...read, from: { name: 'Bellhop', address: 'bellhop@example.com' } });
  });

  it.each([
    'mail.rieksts.example',
    'mail.rieksts.example:587',
    'https://mail.rieksts.example',
    'smtp://',
    'smtp://user@mail.rieksts.example',
    'smtp://u:p%zz@mail.rieksts.example',
    'smtp://mail.rieksts.example/?pool=true',
    'smtp://mail.rieksts.example:0x',
  ])('%s is told with its remedy, and never shown', (SMTP_URL) => {
    const problems = problemsOf({ SMTP_URL, ...from });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^SMTP_URL can't be used: .*smtps:\/\//);
    expect(problems[0]).not.toContain('rieksts');
  });
});

describe('the sender', () => {
  it.each([
    ['bellhop@example.com', { name: '', address: 'bellhop@example.com' }],
    ['"Bellhop, the bot" <bellhop@example.com>', { name: 'Bellhop, the bot', address: 'bellhop@example.com' }],
    ['Viesnīca Rieksts <bellhop@example.com>', { name: 'Viesnīca Rieksts', address: 'bellhop@example.com' }],
  ])('%s', (MAIL_FROM, read) => {
    expect(mailOf({ SMTP_URL: 'smtp://mail.example.com', MAIL_FROM })?.from).toEqual(read);
  });

  it('is needed with a server', () => {
    expect(problemsOf({ SMTP_URL: 'smtp://mail.example.com' })).toEqual([
      expect.stringMatching(/^MAIL_FROM is missing, though SMTP_URL is set\. /),
    ]);
  });

  it.each(['Bellhop', 'Bellhop <bellhop>', 'a@b.example, c@d.example', 'Bell\rBcc: x <a@b.example>', '<a@b.example> <c@d.example>'])(
    '%j is told once',
    (MAIL_FROM) => {
      expect(problemsOf({ SMTP_URL: 'smtp://mail.example.com', MAIL_FROM })).toEqual([
        expect.stringMatching(/^MAIL_FROM can't be used: it has the wrong form\. /),
      ]);
    },
  );
});
