import { beforeEach, describe, expect, it } from 'vitest';
import { ChatError } from '../../src/delivery/port.js';
import type { Organisation } from '../../src/people/model.js';
import { aChannel, anOrganisation, aPerson, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type House, house, shownBy } from './house.js';

const database = useDatabase();
let organisation: Organisation;
let ana: BuiltPerson;
let home: House;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  ana = await aPerson(database.db, organisation, { name: 'Ana' });
  home = house(database, organisation);
});

describe('pace', () => {
  it('is kept by two workers on one database', async () => {
    const people = await Promise.all(Array.from({ length: 30 }, () => aPerson(database.db, organisation)));
    await home.send(...people.flatMap((person, index) => [0, 1].map((part) => ({ id: `${index}-${part}`, to: person }))));
    const workers = [home.worker({ processId: 'one' }), home.worker({ processId: 'two' })];
    for (let step = 0; step < 16; step++) {
      await Promise.all(workers.map((worker) => worker.runDue()));
      home.clock.forward({ seconds: 0.25 });
    }
    expect(home.slack.tooFast).toEqual([]);
    expect(home.slack.messages).toHaveLength(60);
    expect(new Set(home.slack.messages.map((message) => message.deliveryId)).size).toBe(60);
  });

  it('honours Retry-After for the scope that it names, and counts no attempt', async () => {
    const channel = await aChannel(database.db, organisation);
    const workspace = await database.db.workspace.findFirstOrThrow();
    const scope = `fake:${workspace.externalId}:${channel.externalId}`;
    home.slack.fail([new ChatError('rate_limited', 'ratelimited', { retryAfterMs: 7_000, scope })], channel.externalId);
    await home.send({ id: 'news', to: { channelId: channel.id } }, { id: 'note', to: ana });
    const worker = home.worker();
    await worker.runDue();
    expect(home.slack.messages.map(shownBy)).toEqual([['note']]);
    home.clock.forward({ seconds: 6.9 });
    await home.send({ id: 'more', to: { channelId: channel.id } });
    await worker.runDue();
    expect(home.slack.messages).toHaveLength(1);
    home.clock.forward({ seconds: 0.1 });
    await worker.runDue();
    expect(home.slack.messages.map(shownBy)).toEqual([['note'], ['news'], ['more']]);
    expect(await home.state('news')).toMatchObject({ state: 'sent', attempts: 1 });
  });
});

describe('a crowded channel', () => {
  it('gets its answers at its pace, each asked after when its turn comes and not each time', async () => {
    const channel = await aChannel(database.db, organisation);
    const ids = Array.from({ length: 20 }, (_, index) => `answer-${String(index).padStart(2, '0')}`);
    await home.send(...ids.map((id) => ({ id, to: { channelId: channel.id }, priority: 'answer' as const })));
    const worker = home.worker();
    let handled = 0;
    for (let second = 0; home.slack.messages.length < ids.length && second < 60; second++) {
      handled += await worker.runDue();
      home.clock.forward({ seconds: 1 });
    }
    expect(home.slack.messages.flatMap(shownBy).sort()).toEqual(ids);
    expect(home.slack.tooFast).toEqual([]);
    // Routed, asked after when it came, and once more when its turn was: without an order of theirs it is some two hundred times.
    expect(handled).toBeLessThanOrEqual(ids.length * 3);
  });
});
