import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Smtp } from '../../adapters/email/smtp.js';
import { countDeadLetters } from '../../src/delivery/dead-letters.js';
import { forgetConversations } from '../../src/delivery/forget.js';
import { sealAddress } from '../../src/delivery/mail-outbox.js';
import { MAIL_CHANNEL } from '../../src/delivery/wake.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, aPerson, type BuiltPerson, testVault } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type FakeSmtp, startFakeSmtp } from '../support/fake-smtp.js';
import { until } from '../support/until.js';
import { crowd, type MailHouse, mailHouse, smtpOf } from './mail-house.js';

const database = useDatabase();
const ANA = 'ana@rieksts.example';
let organisation: Organisation;
let ana: BuiltPerson;
let server: FakeSmtp;
let smtp: Smtp;
let home: MailHouse;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  ana = await aPerson(database.db, organisation, { name: 'Ana', email: ANA, zone: 'Europe/Lisbon' });
  server = await startFakeSmtp();
  smtp = smtpOf(server);
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

  it('sends a person’s mails one after another, in their order; a guard knows what became of the one before', async () => {
    const ids = ['first', 'second', 'third'];
    for (const id of ids) {
      await home.post({ id, to: { personId: ana.id } });
      home.clock.forward({ seconds: 1 });
    }
    let leaving = 0;
    const arrived: string[] = [];
    const transport = {
      from: smtp.from,
      send: async ({ subject }: { readonly subject: string }) => {
        leaving += 1;
        expect(leaving).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 30));
        leaving -= 1;
        arrived.push(subject);
      },
    };
    const workers = [home.worker({ processId: 'one', transport }), home.worker({ processId: 'two', transport })];
    while (arrived.length < ids.length) await Promise.all(workers.map((worker) => worker.runDue()));
    expect(arrived).toEqual(ids.map((id) => `test.subject(id=${id})`));
    // One that is to be tried again later holds up none, and is counted as tried when it is dropped.
    server.next(['takes_and_hangs_up']);
    await home.post({ id: 'lost', to: { personId: ana.id } });
    await home.worker().runDue();
    await home.post({ id: 'after', to: { personId: ana.id } });
    home.scene.unwanted.add('lost');
    await home.worker().runDue();
    expect(await home.row('after')).toMatchObject({ state: 'sent' });
    home.clock.forward({ seconds: 9 });
    await home.worker().runDue();
    expect(await home.row('lost')).toMatchObject({ state: 'dropped', attempts: 1 });
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
    await home.post(...crowd(12));
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
  await home.post(...crowd(6));
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
