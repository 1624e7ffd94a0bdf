import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createEmail } from '../../adapters/email/app.js';
import { notice } from '../../src/core/card.js';
import { createRegistry } from '../../src/core/registry.js';
import { words } from '../../src/core/text.js';
import { enqueueMail } from '../../src/delivery/mail-outbox.js';
// Read by start() itself, while the database starts: here before the first test's time begins.
import '../../src/assemble.js';
import { start } from '../../src/main.js';
import { feature, mail } from '../../src/people/handlers.js';
import { readConfig } from '../../src/runtime/config.js';
import { createLog } from '../../src/runtime/log.js';
import { createMails } from '../../src/runtime/mails.js';
import { anOrganisation, aPerson, aWork } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type FakeSmtp, startFakeSmtp } from '../support/fake-smtp.js';
import { until } from '../support/until.js';

const database = useDatabase();
const auth = { user: 'bellhop', password: 'right' };
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret' };
let server: FakeSmtp;

const HELLO = mail({
  id: 'test.hello',
  payload: z.object({}),
  compose: async () => ({ subject: words('Hello'), card: notice(words('Hello, Ana')) }),
});

beforeEach(async () => {
  await database.reset();
  server = await startFakeSmtp({ auth });
});
afterEach(async () => await server.stop());

const mailConfig = (SMTP_URL: string) => readConfig({ ...SLACK, SMTP_URL, MAIL_FROM: 'bellhop@rieksts.example' }).mail;

function mails(url: string, drainMs?: number) {
  const told: { readonly fields: object; readonly words: string }[] = [];
  const note = (fields: object, words: string) => void told.push({ fields, words });
  const work = aWork(database.db, { sendsMail: true });
  const config = mailConfig(url);
  const made = createMails({
    email: config && createEmail(config),
    work: { ...work, log: { ...work.log, error: note, warn: note } },
    registry: createRegistry([feature({ name: 'test', mails: [HELLO] })]),
    processId: 'test',
    ...(drainMs !== undefined && { drainMs }),
  });
  return { told, clock: work.clock, ...made };
}

it('tells at the start that the password is wrong, or that nobody answers, and goes on', async () => {
  const wrong = mails(server.url.replace('right', 'wrong'));
  wrong.start();
  await until(() => wrong.told.length > 0, 'the complaint');
  expect(wrong.told).toEqual([{ fields: { reason: '535 5.7.8' }, words: expect.stringContaining('SMTP_URL') }]);
  await wrong.stop();
  await server.stop();
  const alone = mails(server.url);
  alone.start();
  await until(() => alone.told.length > 0, 'the complaint');
  expect(alone.told[0]?.fields).toEqual({ code: 'transient', reason: 'ECONNREFUSED' });
  await alone.stop();
});

it('a stop cuts off a server that keeps it waiting, and the mail goes out at the next start', async () => {
  const organisation = await anOrganisation(database.db);
  const ana = await aPerson(database.db, organisation, { email: 'ana@rieksts.example' });
  server.next(['is_silent']);
  const stuck = mails(server.url, 100);
  const [organisationId, dueAt] = [organisation.id, stuck.clock.now()];
  await enqueueMail(
    database.db,
    { organisationId, subjectKey: 'a', spec: 'test.hello', payload: {}, to: { personId: ana.id }, dueAt },
    dueAt,
  );
  stuck.start();
  await until(async () => (await database.db.mail.count({ where: { state: 'sending' } })) === 1, 'the mail on its way');
  // One to look whether it answers, one for the mail.
  await until(() => server.signIns.length === 2, 'both connections');
  const began = performance.now();
  await stuck.stop();
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(await database.db.mail.findFirstOrThrow()).toMatchObject({ state: 'pending', attempts: 1, claimedBy: null });
  await database.db.mail.updateMany({ data: { heldUntil: null } });
  server.next([]);
  const next = mails(server.url);
  next.start();
  await until(() => server.mailsTo('ana@rieksts.example').length === 1, 'the mail');
  await next.stop();
});

it('without a mail server are nothing at all', async () => {
  const none = createMails({ email: undefined, work: aWork(database.db), registry: createRegistry([]), processId: 'test' });
  none.start();
  none.wake();
  await none.stop();
});

it('belong to the bot: it works on them, counts them, and ends with them', async () => {
  const organisation = await anOrganisation(database.db);
  const ana = await aPerson(database.db, organisation, { email: 'ana@rieksts.example' });
  const { host, port, user, password = '', database: name } = database.connection;
  const running = await start(
    readConfig({
      ...SLACK,
      SLACK_API_URL: 'http://127.0.0.1:1/api/',
      SMTP_URL: server.url,
      MAIL_FROM: 'bellhop@rieksts.example',
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: `postgresql://${user}:${encodeURIComponent(password)}@${encodeURIComponent(host)}:${port}/${name}`,
      BELLHOP_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    }),
    createLog({ level: 'silent' }),
  );
  const now = new Date();
  const gone = { organisationId: organisation.id, subjectKey: 'a', spec: 'test.gone', payload: {}, to: { personId: ana.id }, dueAt: now };
  await enqueueMail(database.db, gone, now);
  await until(async () => (await database.db.mail.count({ where: { state: 'dead', lastError: 'unknown_message' } })) === 1, 'the mail');
  await until(() => server.signIns.includes('bellhop:right'), 'the first sign-in');
  const figures = await (await fetch(`http://127.0.0.1:${running.port}/metrics`)).text();
  expect(figures).toContain('bellhop_mail_seconds_count{outcome="dead"} 1');
  expect(figures).toContain('bellhop_queue_depth{queue="mail",state="dead"} 1');
  await running.stop();
});
