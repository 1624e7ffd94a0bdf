import { beforeEach, describe, expect, it } from 'vitest';
import { ChatError } from '../../src/delivery/port.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, aPerson, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type House, house } from './house.js';

const database = useDatabase();
let organisation: Organisation;
let ana: BuiltPerson;
let tom: BuiltPerson;
let home: House;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  ana = await aPerson(database.db, organisation);
  tom = await aPerson(database.db, organisation, { platform: 'teams' });
  home = house(database, organisation);
});

/** What a process leaves behind that was killed at this point. */
async function crashed(id: string, attempted: boolean): Promise<void> {
  const account = await database.db.account.findFirstOrThrow({ where: { personId: (await home.state(id)).personId ?? '' } });
  await database.db.delivery.updateMany({
    where: { subjectKey: id },
    data: {
      state: 'sending',
      claimedBy: 'dead/1',
      leaseUntil: new Date(home.clock.now().getTime() + 60_000),
      workspaceId: account.workspaceId,
      ...(attempted && { attemptedAt: home.clock.now(), accountId: account.id, attempts: 1 }),
    },
  });
}

describe('a lost answer', () => {
  it('is looked up, and a message that arrived is not sent again', async () => {
    home.slack.fail(['answer_lost']);
    await home.send({ id: 'a', to: ana });
    const worker = home.worker();
    await worker.runDue();
    expect(await home.state('a')).toMatchObject({ state: 'sending', lastError: 'uncertain' });
    expect(home.slack.finds).toEqual([]);
    home.clock.forward({ seconds: 3 });
    await worker.runDue();
    expect(home.slack.countTo(ana.externalId)).toBe(1);
    expect(await home.state('a')).toMatchObject({
      state: 'sent',
      externalId: 'slack-1',
      conversationId: `D-${ana.externalId}`,
      lastError: null,
    });
  });

  it('of a message that had not arrived sends it again', async () => {
    home.slack.fail(['request_lost']);
    await home.send({ id: 'a', to: ana });
    const worker = home.worker();
    for (let step = 0; step < 3; step++) {
      await worker.runDue();
      home.clock.forward({ seconds: 3 });
    }
    expect(home.slack.countTo(ana.externalId)).toBe(1);
    expect(await home.state('a')).toMatchObject({ state: 'sent', possibleRepeats: 0, attempts: 2 });
  });

  it('is sent again and counted where the platform can’t be asked', async () => {
    home.teams.fail(['answer_lost']);
    await home.send({ id: 'a', to: tom });
    const worker = home.worker();
    for (let step = 0; step < 3; step++) {
      await worker.runDue();
      home.clock.forward({ seconds: 3 });
    }
    expect(home.teams.countTo(tom.externalId)).toBe(2);
    expect(await home.state('a')).toMatchObject({ state: 'sent', possibleRepeats: 1 });
  });

  it('is asked after again while the platform is down, and never guessed', async () => {
    home.slack.fail(['answer_lost']);
    home.slack.failFinds([
      new ChatError('transient', 'server_error'),
      new ChatError('rate_limited', 'ratelimited', { retryAfterMs: 30_000 }),
      new ChatError('uncertain', 'connection_lost'),
    ]);
    await home.send({ id: 'a', to: ana });
    const worker = home.worker();
    for (let step = 0; step < 12; step++) {
      await worker.runDue();
      home.clock.forward({ seconds: 10 });
    }
    expect(home.slack.finds).toHaveLength(4);
    expect(home.slack.countTo(ana.externalId)).toBe(1);
    expect(await home.state('a')).toMatchObject({ state: 'sent' });
  });

  it('that can never be looked up is shown to a manager instead of being doubled', async () => {
    home.slack.fail(['answer_lost']);
    home.slack.failFinds([new ChatError('invalid', 'missing_scope')]);
    await home.send({ id: 'a', to: ana });
    const worker = home.worker();
    await worker.runDue();
    home.clock.forward({ seconds: 3 });
    await worker.runDue();
    expect(home.slack.countTo(ana.externalId)).toBe(1);
    expect(await home.state('a')).toMatchObject({ state: 'dead', lastError: 'uncertain', lastErrorDetail: 'missing_scope' });
  });
});

describe('a crash', () => {
  it('before the attempt: sent without asking, once the lease is over', async () => {
    await home.send({ id: 'a', to: ana });
    await crashed('a', false);
    const worker = home.worker();
    await worker.runDue();
    expect(home.slack.messages).toEqual([]);
    home.clock.forward({ seconds: 60 });
    await worker.runDue();
    expect([home.slack.countTo(ana.externalId), home.slack.finds.length]).toEqual([1, 0]);
  });

  it('after the attempt: looked up first', async () => {
    await home.send({ id: 'arrived', to: ana }, { id: 'lost', to: ana });
    const [arrived] = await database.db.delivery.findMany({ where: { subjectKey: 'arrived' } });
    await home.slack.send(
      { workspaceExternalId: 'T', kind: 'direct', externalId: ana.externalId },
      { summary: { kind: 'words', words: '' } },
      { locale: 'en', zone: 'UTC' },
      arrived?.id ?? '',
    );
    await crashed('arrived', true);
    await crashed('lost', true);
    home.clock.forward({ seconds: 60 });
    const worker = home.worker();
    await worker.runDue();
    home.clock.forward({ seconds: 1 });
    await worker.runDue();
    expect(home.slack.finds).toHaveLength(2);
    expect(home.slack.countTo(ana.externalId)).toBe(2);
    expect([(await home.state('arrived')).state, (await home.state('lost')).state]).toEqual(['sent', 'sent']);
  });

  it('never lets a worker that comes back late write over the newer claim', async () => {
    await home.send({ id: 'a', to: ana });
    home.slack.gate.close();
    const late = home.worker({ processId: 'late' });
    const running = late.runDue();
    await expect.poll(() => home.slack.gate.waiting).toBe(1);
    // Its lease runs out while its call hangs; another worker looks the message up, and sends it.
    home.clock.forward({ seconds: 61 });
    const other = home.worker({ processId: 'other' });
    await other.runDue();
    home.clock.forward({ seconds: 1 });
    const second = other.runDue();
    await expect.poll(() => home.slack.gate.waiting).toBe(2);
    home.slack.gate.open();
    await Promise.all([running, second]);
    expect(await home.state('a')).toMatchObject({ state: 'sent', attempts: 2 });
    expect((await home.state('a')).externalId).toBe('slack-2');
  });
});

describe('the database', () => {
  it('being away while an outcome is noted loses nothing', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => aPerson(database.db, organisation)));
    await home.send(...people.map((person, index) => ({ id: `${index}`, to: person })));
    home.slack.gate.close();
    const running = home.worker().runDue();
    await expect.poll(() => home.slack.gate.waiting).toBe(5);
    const killed = database.pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    home.slack.gate.open();
    await Promise.allSettled([killed, running]);
    for (let step = 0; step < 3; step++) {
      home.clock.forward({ seconds: 61 });
      await home.worker().runDue();
    }
    expect(await database.db.delivery.count({ where: { state: 'sent' } })).toBe(5);
    expect(home.slack.messages).toHaveLength(5);
  });
});
