import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Smtp } from '../../adapters/email/smtp.js';
import { countDeadLetters, listDeadLetters, sendAgain } from '../../src/delivery/dead-letters.js';
import { forgetConversations } from '../../src/delivery/forget.js';
import { MAX_MAIL_ATTEMPTS } from '../../src/delivery/mail-claim.js';
import { sealAddress } from '../../src/delivery/mail-outbox.js';
import { MailError } from '../../src/delivery/mail-port.js';
import type { MailOutcome } from '../../src/delivery/mail-send.js';
import { MAIL_CHANNEL } from '../../src/delivery/wake.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, aPerson, type BuiltPerson, testVault } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type FakeSmtp, type FakeSmtpOptions, startFakeSmtp } from '../support/fake-smtp.js';
import { until } from '../support/until.js';
import { type MailHouse, mailHouse, smtpOf } from './mail-house.js';

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

describe('the outbox', () => {
  it('takes a mail once for each subject key, and sends it once, whoever works', async () => {
    const to = { personId: ana.id };
    expect(await home.post({ id: 'a', to }, { id: 'b', to })).toBe(2);
    expect(await home.post({ id: 'b', to }, { id: 'c', to })).toBe(1);
    const workers = [home.worker({ processId: 'one' }), home.worker({ processId: 'two' })];
    await Promise.all(workers.map((worker) => worker.runDue()));
    expect(
      server
        .mailsTo(ANA)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['a', 'b', 'c'].map((id) => `test.subject(id=${id})`));
    expect(await home.row('a')).toMatchObject({ state: 'sent', attempts: 1, claimedBy: null, leaseUntil: null, lastError: null });
    // Nothing is left to send.
    expect(await home.worker().runDue()).toBe(0);
  });

  it('composes in the recipient’s language and zone, or the organisation’s', async () => {
    await home.post(
      { id: 'ana', to: { personId: ana.id } },
      { id: 'guest', to: { sealedTo: sealAddress(testVault, 'guest@hotel.example') } },
    );
    expect((await home.row('guest')).sealedTo).not.toContain('guest@');
    await home.worker().runDue();
    expect(server.mailsTo(ANA)[0]?.text).toContain('zone=Europe/Lisbon');
    expect(server.mailsTo('guest@hotel.example')[0]?.text).toContain('zone=Europe/Riga');
    expect(await home.row('guest')).toMatchObject({ state: 'sent', sealedTo: null });
  });

  it('sends nothing before its time, nor after it has passed', async () => {
    const at = (seconds: number) => new Date(home.clock.now().getTime() + seconds * 1000);
    await home.post({ id: 'later', to: { personId: ana.id }, dueAt: at(60) });
    await home.post({ id: 'past', to: { personId: ana.id }, dueAt: at(60), expiresAt: at(61) });
    expect(await home.worker().runDue()).toBe(0);
    home.clock.forward({ seconds: 90 });
    await home.worker().runDue();
    expect(server.mails.map(({ subject }) => subject)).toEqual(['test.subject(id=later)']);
    expect(await home.row('past')).toMatchObject({ state: 'dropped', lastError: 'expired' });
  });

  it('drops what is not wanted, and what has no address', async () => {
    const left = await aPerson(database.db, organisation, { email: 'left@rieksts.example', status: 'left' });
    const nowhere = await aPerson(database.db, organisation);
    home.scene.unwanted.add('unwanted');
    await home.post(
      { id: 'unwanted', to: { personId: ana.id } },
      { id: 'left', to: { personId: left.id } },
      { id: 'nowhere', to: { personId: nowhere.id } },
    );
    await home.worker().runDue();
    expect(server.mails).toEqual([]);
    for (const [id, lastError] of [
      ['unwanted', 'test.unwanted'],
      ['left', 'person_left'],
      ['nowhere', 'no_address'],
    ] as const)
      expect(await home.row(id)).toMatchObject({ state: 'dropped', lastError });
    expect(await countDeadLetters(database.db, organisation.id)).toBe(0);
  });

  it('forgets what waits for somebody who is erased', async () => {
    await home.post({ id: 'a', to: { personId: ana.id } });
    await forgetConversations(database.db, organisation.id, ana.id, home.clock.now());
    expect(await home.worker().runDue()).toBe(0);
    expect(await home.row('a')).toMatchObject({ state: 'dropped', lastError: 'person_erased' });
  });

  it('keeps to its pace', async () => {
    await home.post(...Array.from({ length: 12 }, (_, index) => ({ id: `m${index}`, to: { personId: ana.id } })));
    const worker = home.worker({ paceFactor: 1 });
    await worker.runDue();
    expect(server.mails).toHaveLength(5);
    home.clock.forward({ seconds: 1 });
    await worker.runDue();
    expect(server.mails).toHaveLength(10);
    home.clock.forward({ seconds: 1 });
    await worker.runDue();
    expect(server.mails).toHaveLength(12);
    expect(await home.row('m0')).toMatchObject({ attempts: 1 });
  });

  it('wakes whoever listens, and works by itself until it is stopped', async () => {
    const listener = new pg.Client(database.connection);
    await listener.connect();
    const worker = home.worker();
    listener.on('notification', () => worker.wake());
    await listener.query(`LISTEN ${MAIL_CHANNEL}`);
    worker.start();
    // Let it look once and rest.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    await home.post({ id: 'a', to: { personId: ana.id } });
    await until(() => server.mails.length === 1, 'the mail');
    expect(performance.now() - began).toBeLessThan(900);
    await worker.stop();
    await listener.end();
    await home.post({ id: 'b', to: { personId: ana.id } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await home.row('b')).toMatchObject({ state: 'pending', attempts: 0 });
  });
});

it('a stop lets what is on its way arrive, and begins nothing', async () => {
  const left: (() => void)[] = [];
  const transport = {
    from: { name: 'Bellhop', address: 'bellhop@example.com' },
    send: async () => await new Promise<void>((resolve) => left.push(resolve)),
  };
  await home.post(...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id, to: { personId: ana.id } })));
  const worker = home.worker({ transport });
  worker.start();
  await until(() => left.length === 4, 'as many as go out at once');
  let stopped = false;
  const stop = worker.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(stopped).toBe(false);
  for (const arrive of left) arrive();
  await stop;
  const states = await database.db.mail.groupBy({ by: ['state', 'attempts'], _count: true, orderBy: { state: 'asc' } });
  expect(states.map(({ state, attempts, _count }) => [state, attempts, _count])).toEqual([
    ['pending', 0, 2],
    ['sent', 1, 4],
  ]);
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
    await home.post(...Array.from({ length: 40 }, (_, index) => ({ id: `m${index}`, to: { personId: ana.id } })));
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
    await noting.post(...Array.from({ length: 10 }, (_, index) => ({ id: `m${index}`, to: { personId: ana.id } })));
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

  it('only the error’s code is kept of what a transport throws', async () => {
    await home.post({ id: 'a', to: { personId: ana.id } }, { id: 'b', to: { personId: ana.id } });
    const thrown: Error[] = [new MailError('transient', '421'), new RangeError(ANA)];
    const transport = { from: { name: 'Bellhop', address: 'bellhop@example.com' }, send: async () => Promise.reject(thrown.shift()) };
    await home.worker({ transport }).runDue();
    const errors = (await database.db.mail.findMany()).map(({ lastError }) => lastError).sort();
    expect(errors).toEqual(['mail_trouble 421', 'mail_trouble RangeError']);
  });
});
