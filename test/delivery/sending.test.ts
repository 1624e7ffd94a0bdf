import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { enqueue, refresh, skip } from '../../src/delivery/enqueue.js';
import { ChatError } from '../../src/delivery/port.js';
import { DELIVERY_CHANNEL } from '../../src/delivery/wake.js';
import type { Organisation } from '../../src/people/model.js';
import { aChannel, anAccount, anOrganisation, aPerson, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type House, house, shownBy } from './house.js';

const database = useDatabase();
let organisation: Organisation;
let ana: BuiltPerson;
let ben: BuiltPerson;
let home: House;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  ana = await aPerson(database.db, organisation, { name: 'Ana' });
  ben = await aPerson(database.db, organisation, { name: 'Ben' });
  home = house(database, organisation);
});

describe('enqueue', () => {
  it('is idempotent by subject key, in one statement and over several', async () => {
    expect(await home.send({ id: 'a', to: ana }, { id: 'b', to: ana })).toBe(2);
    expect(await home.send({ id: 'b', to: ana }, { id: 'c', to: ana })).toBe(1);
    await home.worker().runDue();
    expect(home.slack.countTo(ana.externalId)).toBe(3);
  });

  it('sends nothing before its time', async () => {
    await home.send({ id: 'later', to: ana, dueAt: new Date('2027-03-01T08:00:01Z') });
    expect(await home.worker().runDue()).toBe(0);
    home.clock.forward({ seconds: 1 });
    await home.worker().runDue();
    expect(home.slack.countTo(ana.externalId)).toBe(1);
  });

  it('never sends an overtaken stage', async () => {
    await home.send({ id: 'first', to: ana });
    const stage = { organisationId: organisation.id, message: 'test.note', to: { personId: ana.id }, priority: 'bulk' as const };
    await skip(
      database.db,
      [
        { ...stage, subjectKey: 'first', payload: { id: 'first' } },
        { ...stage, subjectKey: 'second', payload: { id: 'second' } },
      ],
      home.clock.now(),
    );
    await home.send({ id: 'second', to: ana }, { id: 'third', to: ana });
    await home.worker().runDue();
    expect(home.slack.messages.map(shownBy)).toEqual([['third']]);
    expect([(await home.state('first')).state, (await home.state('second')).state]).toEqual(['skipped', 'skipped']);
  });
});

describe('order', () => {
  it('lets alerts pass thousands of bulk messages that wait for the pace', async () => {
    const people = await Promise.all(Array.from({ length: 40 }, () => aPerson(database.db, organisation)));
    await home.send(...people.map((person, index) => ({ id: `bulk-${index}`, to: person })));
    const worker = home.worker();
    await worker.runDue();
    const before = home.slack.messages.length;
    expect(before).toBeLessThan(40);
    await home.send({ id: 'answer', to: ana, priority: 'answer' }, { id: 'alert', to: ben, priority: 'alert' });
    home.clock.forward({ seconds: 1 });
    await worker.runDue();
    // They are granted the first places of that second; which of its messages arrives first is up to the network.
    const next = home.slack.messages.slice(before).map(shownBy);
    expect(next).toEqual(expect.arrayContaining([['alert'], ['answer']]));
    expect(home.slack.messages.length).toBeLessThan(42);
    expect(home.slack.tooFast).toEqual([]);
  });

  it('lets one workspace go on while another one is paused', async () => {
    const carla = await aPerson(database.db, organisation, { platform: 'teams' });
    home.slack.fail([new ChatError('unauthorised', 'invalid_auth')]);
    await home.send({ id: 'a', to: ana, priority: 'alert' }, { id: 'b', to: ben }, { id: 'c', to: carla });
    const worker = home.worker({ concurrency: 1 });
    await worker.runDue();
    expect([home.slack.messages.length, home.teams.messages.length]).toEqual([0, 1]);
    expect(await home.state('a')).toMatchObject({ state: 'pending', attempts: 0, lastError: 'unauthorised' });
    home.clock.forward({ seconds: 5 });
    await worker.runDue();
    expect(home.slack.messages.map(shownBy)).toEqual([['a'], ['b']]);
  });

  it('asks ever less often where the bot stays refused', async () => {
    home.slack.fail(Array.from({ length: 20 }, () => new ChatError('unauthorised', 'token_revoked')));
    await home.send({ id: 'a', to: ana });
    const worker = home.worker({ concurrency: 1 });
    const rests: number[] = [];
    for (let refusal = 0; refusal < 9; refusal++) {
      await worker.runDue();
      const pause = await database.db.pace.findFirstOrThrow({ where: { pausedUntil: { gt: home.clock.now() } } });
      rests.push(((pause.pausedUntil?.getTime() ?? 0) - home.clock.now().getTime()) / 1000);
      home.clock.forward({ seconds: rests.at(-1) ?? 0 });
    }
    expect(rests).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });
});

describe('trouble', () => {
  it('backs off, gives up after eight tries, and sends again when asked', async () => {
    home.slack.fail(Array.from({ length: 8 }, () => new ChatError('transient', 'server_error')));
    await home.send({ id: 'a', to: ana });
    const worker = home.worker();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      await worker.runDue();
      const row = await home.state('a');
      expect(row.attempts).toBe(attempt);
      if (row.state === 'dead') break;
      waits.push(((row.heldUntil?.getTime() ?? 0) - home.clock.now().getTime()) / 1_000);
      home.clock.to(new Date(Math.max(row.heldUntil?.getTime() ?? 0, home.clock.now().getTime() + 60_000)));
    }
    expect(waits).toEqual([1, 3, 9, 27, 81, 243, 729]);
    expect(await home.state('a')).toMatchObject({ state: 'dead', lastError: 'platform_trouble', lastErrorDetail: 'server_error' });
  });

  it('drops what its guard refuses, what has expired, and what is for somebody who left', async () => {
    const gone = await aPerson(database.db, organisation, { status: 'left' });
    home.scene.unwanted.add('signed');
    await home.send(
      { id: 'signed', to: ana },
      { id: 'over', to: ana, expiresAt: home.clock.now() },
      { id: 'gone', to: gone },
      { id: 'ok', to: ana },
    );
    await home.worker().runDue();
    expect(home.slack.messages.map(shownBy)).toEqual([['ok']]);
    expect(await home.state('signed')).toMatchObject({ state: 'dropped', lastError: 'test.unwanted' });
    expect(await home.state('over')).toMatchObject({ state: 'dropped', lastError: 'expired' });
    expect(await home.state('gone')).toMatchObject({ state: 'dropped', lastError: 'person_left' });
  });

  it('gives up at once what can never be composed, and in the end what fails to compose', async () => {
    home.scene.broken.add('broken');
    await home.send(
      { id: 'unknown', to: ana, message: 'test.gone' },
      { id: 'poison', to: ana, payload: { id: 7 } },
      { id: 'broken', to: ana },
    );
    const worker = home.worker();
    for (let attempt = 0; attempt < 8; attempt++) {
      await worker.runDue();
      home.clock.forward({ minutes: 15 });
    }
    expect(await home.state('unknown')).toMatchObject({ state: 'dead', lastError: 'unknown_message' });
    expect(await home.state('poison')).toMatchObject({ state: 'dead', lastError: 'payload_invalid' });
    expect(await home.state('broken')).toMatchObject({
      state: 'dead',
      lastError: 'compose_failed',
      lastErrorDetail: 'TypeError',
      attempts: 8,
    });
    expect(home.slack.messages).toEqual([]);
  });

  it('goes to the other account when the first can’t be written to, and tells when none can', async () => {
    await anAccount(database.db, organisation, ana.id, { platform: 'teams', externalId: 'ana-teams' });
    await database.db.account.update({
      where: { organisationId_id: { organisationId: organisation.id, id: ana.accountId } },
      data: { lastUsedAt: home.clock.now() },
    });
    home.slack.fail([new ChatError('unreachable', 'user_disabled')], ana.externalId);
    home.slack.fail([new ChatError('unreachable', 'user_not_found')], ben.externalId);
    await home.send({ id: 'a', to: ana }, { id: 'b', to: ben });
    const worker = home.worker();
    await worker.runDue();
    expect(home.teams.countTo('ana-teams')).toBe(1);
    expect(await home.state('a')).toMatchObject({ state: 'sent', attempts: 1, lastError: null });
    expect(await home.state('b')).toMatchObject({ state: 'dead', lastError: 'no_reachable_account', lastErrorDetail: 'user_not_found' });
    const account = (id: string) => database.db.account.findFirstOrThrow({ where: { organisationId: organisation.id, id } });
    expect(await account(ana.accountId)).toMatchObject({ unreachableReason: 'user_disabled', unreachableSince: home.clock.now() });

    // A day later it is tried again, and a success clears the mark.
    home.clock.forward({ days: 1 });
    await home.send({ id: 'b2', to: ben });
    await worker.runDue();
    expect(home.slack.countTo(ben.externalId)).toBe(1);
    expect(await account(ben.accountId)).toMatchObject({ unreachableReason: null, directConversationId: `D-${ben.externalId}` });
  });

  it('gives up what the platform refuses for good, and a channel that is gone', async () => {
    const channel = await aChannel(database.db, organisation);
    home.slack.fail([new ChatError('invalid', 'invalid_blocks')], ana.externalId);
    home.slack.fail([new ChatError('unreachable', 'is_archived')], channel.externalId);
    await home.send({ id: 'a', to: ana }, { id: 'c', to: { channelId: channel.id } });
    await home.worker().runDue();
    expect(await home.state('a')).toMatchObject({ state: 'dead', lastError: 'refused', lastErrorDetail: 'invalid_blocks' });
    expect(await home.state('c')).toMatchObject({ state: 'dead', lastError: 'channel_unreachable', lastErrorDetail: 'is_archived' });
  });
});

describe('refresh', () => {
  it('shows the latest state, at most once in three seconds', async () => {
    await home.send({ id: 'card', to: ana });
    const worker = home.worker();
    await worker.runDue();
    for (const [second, state] of ['one', 'two', 'three', 'four'].entries()) {
      home.scene.says.set('card', state);
      await refresh(database.db, organisation.id, ['card', 'nobody knows'], home.clock.now());
      await worker.runDue();
      expect(home.slack.updates).toHaveLength(second < 3 ? 1 : 2);
      home.clock.forward({ seconds: 1 });
    }
    expect(home.slack.messages.map(shownBy)).toEqual([['four']]);
    expect((await home.state('card')).refreshDueAt).toBeNull();
  });

  it('loses no change that comes while the card is being composed', async () => {
    await home.send({ id: 'card', to: ana });
    const worker = home.worker();
    await worker.runDue();
    home.scene.says.set('card', 'first');
    await refresh(database.db, organisation.id, ['card'], home.clock.now());
    home.scene.composing = async () => {
      home.scene.composing = async () => {};
      home.scene.says.set('card', 'second');
      await refresh(database.db, organisation.id, ['card'], home.clock.now());
      home.scene.says.set('card', 'first');
    };
    await worker.runDue();
    home.scene.says.set('card', 'second');
    home.clock.forward({ seconds: 3 });
    await worker.runDue();
    expect(home.slack.messages[0]?.shown).toHaveLength(3);
    expect(home.slack.messages.map(shownBy)).toEqual([['second']]);
  });

  it('backs off, waits for a pace, and gives up on a message that is gone', async () => {
    await home.send({ id: 'card', to: ana });
    const worker = home.worker();
    await worker.runDue();
    home.slack.failUpdates([new ChatError('transient', 'server_error'), new ChatError('unreachable', 'message_not_found')]);
    await refresh(database.db, organisation.id, ['card'], home.clock.now());
    await worker.runDue();
    expect(await home.state('card')).toMatchObject({ refreshAttempts: 1 });
    home.clock.forward({ seconds: 1 });
    await worker.runDue();
    expect(await home.state('card')).toMatchObject({ state: 'sent', refreshDueAt: null, refreshAttempts: 0 });
    expect(home.slack.updates).toEqual([]);
  });

  it('brings the card up to date that counts the deliveries as they go out', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => aPerson(database.db, organisation)));
    await home.send({ id: 'progress', to: ben });
    const worker = home.worker();
    await worker.runDue();
    await home.send(...people.map((person, index) => ({ id: `to-${index}`, to: person, progressOf: 'progress' })));
    for (let step = 0; step < 5; step++) {
      await worker.runDue();
      home.clock.forward({ seconds: 1 });
    }
    const sent = await database.db.delivery.count({ where: { progressOf: 'progress', state: 'sent' } });
    expect(sent).toBe(12);
    expect(home.slack.updates.length).toBeGreaterThanOrEqual(1);
    expect(home.slack.updates.length).toBeLessThanOrEqual(2);
    expect((await home.state('progress')).refreshDueAt).toBeNull();
  });
});

describe('wake', () => {
  it('is told at the commit of what is due now, and lets it leave at once', async () => {
    const client = new pg.Client({ ...database.connection });
    await client.connect();
    const worker = home.worker();
    const heard: string[] = [];
    client.on('notification', ({ channel }) => {
      heard.push(channel);
      worker.wake();
    });
    await client.query(`LISTEN ${DELIVERY_CHANNEL}`);
    worker.start();
    try {
      await home.send({ id: 'later', to: ana, dueAt: new Date('2027-03-02T08:00:00Z') });
      // The worker has looked, and rests for a second.
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(heard).toEqual([]);
      await database.db.$transaction(async (tx) => {
        const answer = { subjectKey: 'answer', message: 'test.note', payload: { id: 'answer' }, to: { personId: ana.id } };
        await enqueue(tx, { organisationId: organisation.id, ...answer, priority: 'answer', dueAt: home.clock.now() }, home.clock.now());
      });
      await expect.poll(() => home.slack.messages.length, { timeout: 700, interval: 10 }).toBe(1);
      expect(heard).toEqual([DELIVERY_CHANNEL]);
    } finally {
      await worker.stop();
      await client.end();
    }
  });
});

describe('stop', () => {
  it('lets sends in flight finish and gives back the rest', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => aPerson(database.db, organisation)));
    await home.send(...people.map((person, index) => ({ id: `${index}`, to: person })));
    home.slack.gate.close();
    const worker = home.worker({ concurrency: 3 });
    worker.start();
    await expect.poll(() => home.slack.gate.waiting).toBe(3);
    const stopped = worker.stop();
    home.slack.gate.open();
    await stopped;
    expect(home.slack.messages).toHaveLength(3);
    const states = await database.db.delivery.groupBy({ by: ['state'], _count: { _all: true } });
    expect(Object.fromEntries(states.map((state) => [state.state, state._count._all]))).toEqual({ sent: 3, pending: 5 });
  });
});
