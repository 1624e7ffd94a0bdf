import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Smtp } from '../../adapters/email/smtp.js';
import { countDeadLetters, listDeadLetters, sendAgain } from '../../src/delivery/dead-letters.js';
import { MAX_MAIL_ATTEMPTS } from '../../src/delivery/mail-claim.js';
import { MailError } from '../../src/delivery/mail-port.js';
import type { MailOutcome } from '../../src/delivery/mail-send.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, aPerson, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type FakeSmtp, type FakeSmtpOptions, startFakeSmtp } from '../support/fake-smtp.js';
import { crowd, type MailHouse, mailHouse, smtpOf } from './mail-house.js';

const database = useDatabase();
const ANA = 'ana@rieksts.example';
let organisation: Organisation;
let ana: BuiltPerson;
let server: FakeSmtp;
let smtp: Smtp;
let home: MailHouse;

const serve = async (options: FakeSmtpOptions = {}) => {
  server = await startFakeSmtp(options);
  smtp = smtpOf(server);
};

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  ana = await aPerson(database.db, organisation, { name: 'Ana', email: ANA, zone: 'Europe/Lisbon' });
  await serve();
  home = mailHouse(database, organisation, () => smtp);
});

afterEach(async () => {
  smtp.stop();
  await server.stop();
  expect(server.breaches).toEqual([]);
});

describe('when the server has troubles, a mail', () => {
  it('that it can’t take now goes out later, the same mail', async () => {
    const outcomes: MailOutcome[] = [];
    server.next([{ reply: 451, at: 'data' }, { reply: 450, at: 'rcpt' }, 'hangs_up']);
    await home.post({ id: 'a', to: { personId: ana.id } });
    const worker = home.worker({ observer: { mail: (outcome) => outcomes.push(outcome) } });
    for (const seconds of [0, 1, 3, 9]) {
      home.clock.forward({ seconds });
      await worker.runDue();
    }
    expect(outcomes).toEqual(['retry', 'retry', 'retry', 'sent']);
    expect(server.mailsTo(ANA)).toHaveLength(1);
    expect(await home.row('a')).toMatchObject({ state: 'sent', attempts: 4, lastError: null });
  });

  it('that it took without saying so is repeated once, under the same Message-ID', async () => {
    server.next(['takes_and_hangs_up']);
    await home.post({ id: 'a', to: { personId: ana.id } });
    const worker = home.worker();
    await worker.runDue();
    home.clock.forward({ seconds: 1 });
    await worker.runDue();
    expect(server.mails).toHaveLength(2);
    expect(new Set(server.mails.map(({ messageId }) => messageId))).toEqual(new Set([`<${(await home.row('a')).id}@rieksts.example>`]));
  });

  it('that a process left behind is taken up once its lease has run out', async () => {
    await home.post({ id: 'a', to: { personId: ana.id } });
    const leaseUntil = new Date(home.clock.now().getTime() + 30_000);
    await database.db.mail.updateMany({ data: { state: 'sending', claimedBy: 'gone/1', leaseUntil, attempts: 1 } });
    expect(await home.worker().runDue()).toBe(0);
    home.clock.forward({ seconds: 31 });
    await home.worker().runDue();
    expect(server.mailsTo(ANA)).toHaveLength(1);
    expect(await home.row('a')).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('that ends its process each time is given up', async () => {
    await home.post({ id: 'a', to: { personId: ana.id } });
    await database.db.mail.updateMany({
      data: { state: 'sending', claimedBy: 'gone/1', leaseUntil: home.clock.now(), attempts: MAX_MAIL_ATTEMPTS },
    });
    await home.worker().runDue();
    expect(server.mails).toEqual([]);
    expect(await home.row('a')).toMatchObject({ state: 'dead', lastError: 'mail_trouble' });
  });

  it('that it never answers is not waited for longer than its claim lasts', async () => {
    server.next(['is_silent']);
    await home.post({ id: 'a', to: { personId: ana.id } });
    const worker = home.worker({ leaseMs: 300 });
    await worker.runDue();
    expect(await home.row('a')).toMatchObject({ state: 'pending', attempts: 1, lastError: 'mail_trouble timeout' });
  });

  it('that is refused for good is seen by managers, and can be sent again', async () => {
    server.next([{ reply: 550, at: 'rcpt', text: `5.1.1 <${ANA}> unknown` }]);
    await home.post({ id: 'a', to: { personId: ana.id }, expiresAt: new Date(home.clock.now().getTime() + 2 * 3_600_000) });
    await home.worker().runDue();
    const [letter, ...others] = await listDeadLetters(database.db, organisation.id, { limit: 5 });
    expect(others).toEqual([]);
    // The server's words hold the address: only its codes are kept.
    expect(letter).toMatchObject({ kind: 'mail', personName: 'Ana', message: 'test.note', code: 'mail_refused', detail: '550 5.1.1' });
    expect(await countDeadLetters(database.db, organisation.id)).toBe(1);
    home.clock.forward({ hours: 1 });
    const again = async (id: string) => await sendAgain(database.db, id, letter?.id ?? '', home.clock.now());
    expect(await again((await anOrganisation(database.db)).id)).toBe(false);
    expect(await again(organisation.id)).toBe(true);
    expect(await again(organisation.id)).toBe(false);
    await home.worker().runDue();
    expect(server.mailsTo(ANA)).toHaveLength(1);
    expect(await countDeadLetters(database.db, organisation.id)).toBe(0);
    // Not for what is past by then.
    server.next([{ reply: 550, at: 'rcpt' }]);
    await home.post({ id: 'b', to: { personId: ana.id }, expiresAt: new Date(home.clock.now().getTime() + 1_000) });
    await home.worker().runDue();
    home.clock.forward({ hours: 1 });
    expect(await sendAgain(database.db, organisation.id, (await home.row('b')).id, home.clock.now())).toBe(true);
    await home.worker().runDue();
    expect(await home.row('b')).toMatchObject({ state: 'dropped', lastError: 'expired' });
  });

  it('that it never takes is given up in the end', async () => {
    server.next([{ reply: 451, at: 'data' }], true);
    await home.post({ id: 'a', to: { personId: ana.id } });
    const worker = home.worker();
    for (let tries = 0; tries < MAX_MAIL_ATTEMPTS + 3; tries++) {
      await worker.runDue();
      home.clock.forward({ minutes: 15 });
    }
    expect(await home.row('a')).toMatchObject({ state: 'dead', attempts: MAX_MAIL_ATTEMPTS, lastError: 'mail_trouble 451 4.3.0' });
  });

  it('that can’t be composed holds up no other', async () => {
    home.scene.broken.add('a');
    await home.post({ id: 'a', to: { personId: ana.id } }, { id: 'b', to: { personId: ana.id } });
    await home.post({ id: 'c', to: { personId: ana.id }, spec: 'test.gone' }, { id: 'd', to: { personId: ana.id }, payload: {} });
    await home.worker().runDue();
    expect(server.mails).toHaveLength(1);
    expect(await home.row('a')).toMatchObject({ state: 'pending', lastError: 'compose_failed TypeError' });
    expect(await home.row('c')).toMatchObject({ state: 'dead', lastError: 'unknown_message' });
    expect(await home.row('d')).toMatchObject({ state: 'dead', lastError: 'payload_invalid' });
  });
});

describe('while nothing can be sent', () => {
  it('a server that is away costs a crowd’s mails no more than a few tries', async () => {
    const { port } = server;
    await server.stop();
    await home.post(...crowd(40));
    const worker = home.worker();
    for (let minute = 0; minute < 10; minute++) {
      await worker.runDue();
      home.clock.forward({ minutes: 1 });
    }
    const { _sum } = await database.db.mail.aggregate({ _sum: { attempts: true } });
    expect(_sum.attempts).toBeLessThan(60);
    server = await startFakeSmtp({ port });
    home.clock.forward({ minutes: 15 });
    await worker.runDue();
    expect(server.mails).toHaveLength(40);
  });

  it('since the password is wrong, mails wait, uncounted, and the operator is told', async () => {
    await server.stop();
    await serve({ auth: { user: 'bellhop@rieksts.example', password: 'right' } });
    const wrong = smtpOf(server, { password: 'wrong' });
    const told: object[] = [];
    const log = { ...home.work.log, error: (fields: object) => told.push(fields) };
    const noting = mailHouse(database, organisation, () => wrong, { log });
    await noting.post(...crowd(10));
    const worker = noting.worker();
    await worker.runDue();
    await worker.runDue();
    expect(server.signIns.length).toBeLessThanOrEqual(4);
    expect(told[0]).toEqual({ reason: '535 5.7.8' });
    expect(await database.db.mail.count({ where: { state: 'pending', attempts: 0 } })).toBe(10);
    wrong.stop();
    // Mended, and started anew: it waits for no old rest.
    await mailHouse(database, organisation, () => smtp)
      .worker()
      .runDue();
    expect(server.mails).toHaveLength(10);
  });

  it('no address and no word gets into the log', async () => {
    const lines: unknown[] = [];
    const note = (fields: object, message: string) => void lines.push(fields instanceof Error ? fields.stack : fields, message);
    const log = { ...home.work.log, debug: note, info: note, warn: note, error: note };
    const noting = mailHouse(database, organisation, () => smtp, { log });
    const leaky = { text: `<${ANA}> test.subject is not welcome` };
    server.next([
      { reply: 550, at: 'rcpt', ...leaky },
      { reply: 451, at: 'data', ...leaky },
      { reply: 535, at: 'mail', ...leaky },
      'hangs_up',
    ]);
    const worker = noting.worker();
    for (const id of ['a', 'b', 'c', 'd']) {
      await noting.post({ id, to: { personId: ana.id } });
      await worker.runDue();
    }
    expect(lines.length).toBeGreaterThanOrEqual(6);
    const told = JSON.stringify(lines, (_, value) => (value instanceof Error ? `${value.stack} ${JSON.stringify(value)}` : value));
    expect(told).not.toMatch(/@rieksts|test\.subject|welcome/);
  });

  it('only the error’s code is kept of what a transport throws', async () => {
    await home.post({ id: 'a', to: { personId: ana.id } }, { id: 'b', to: { personId: ana.id } });
    const thrown: Error[] = [new MailError('transient', '421'), new RangeError(ANA)];
    const transport = { from: { name: 'Bellhop', address: 'bellhop@example.com' }, send: async () => Promise.reject(thrown.shift()) };
    await home.worker({ transport }).runDue();
    const errors = (await database.db.mail.findMany()).map(({ lastError }) => lastError).sort();
    expect(errors).toEqual(['mail_trouble 421', 'mail_trouble RangeError']);
  });
});
