import { beforeEach, describe, expect, it } from 'vitest';
import { refresh } from '../../src/delivery/enqueue.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, aPerson, type BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type House, house, shownBy } from './house.js';

const database = useDatabase();
const freely = () => [];
let organisation: Organisation;
let ana: BuiltPerson;
let home: House;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  ana = await aPerson(database.db, organisation);
  home = house(database, organisation, { slack: { rules: freely } });
});

const capped = (ids: readonly string[], to: { id: string } = ana) => ids.map((id) => ({ id, to, capped: true }));
const shown = () => home.slack.messages.map(shownBy);

/** The singles in their order, then how many lines the last one has. */
function shapes(): number[] {
  return home.slack.messages.map((message) => message.shown.at(-1)?.rows?.length ?? 1);
}

describe('the daily cap', () => {
  it('sends four, and the fifth takes along everything else that is due', async () => {
    await home.send(...capped(['1', '2', '3', '4', '5', '6', '7', '8']));
    await home.worker({ concurrency: 1 }).runDue();
    expect(shapes()).toEqual([1, 1, 1, 1, 4]);
    expect(new Set(shown().flat())).toEqual(new Set(['1', '2', '3', '4', '5', '6', '7', '8']));
    const carrier = await database.db.delivery.findMany({ where: { state: 'merged' } });
    expect(carrier).toHaveLength(3);
    expect(new Set(carrier.map((row) => row.mergedIntoId)).size).toBe(1);
  });

  it('does so too when all are claimed at once, and by two workers', async () => {
    await home.send(...capped(['1', '2', '3', '4', '5', '6', '7', '8', '9']));
    const workers = ['one', 'two'].map((processId) => home.worker({ processId, concurrency: 20 }));
    await Promise.all(workers.map((worker) => worker.runDue()));
    expect(home.slack.messages).toHaveLength(5);
    const states = await database.db.delivery.groupBy({ by: ['state'], _count: { _all: true } });
    const count = Object.fromEntries(states.map((row) => [row.state, row._count._all]));
    expect([(count.sent ?? 0) + (count.merged ?? 0) + (count.pending ?? 0), count.sent]).toEqual([9, 5]);
    expect(new Set(shown().flat()).size).toBe(shown().flat().length);
    // Whatever met the full day waits for tomorrow's opening.
    home.clock.to('2027-03-02T07:00:00Z');
    await Promise.all(workers.map((worker) => worker.runDue()));
    expect(new Set(shown().flat()).size).toBe(9);
    expect(home.slack.messages.length).toBeLessThanOrEqual(6);
  });

  it('keeps the pace of a conversation and merges what waited for it', async () => {
    home = house(database, organisation);
    await home.send(...capped(['1', '2', '3', '4', '5', '6', '7']));
    const worker = home.worker();
    for (let second = 0; second < 8; second++) {
      await worker.runDue();
      home.clock.forward({ seconds: 1 });
    }
    expect(shapes()).toEqual([1, 1, 1, 1, 3]);
    expect(home.slack.tooFast).toEqual([]);
  });

  it('holds what comes later until the next working day, and merges it then', async () => {
    home.clock.to('2027-03-05T08:00:00Z');
    await home.send(...capped(['1', '2', '3', '4', '5']));
    const worker = home.worker();
    await worker.runDue();
    await home.send(...capped(['6', '7', '8']));
    await worker.runDue();
    expect(home.slack.messages).toHaveLength(5);
    const late = await home.state('6');
    // Monday, 9:00 in Riga.
    expect([late.state, late.dueAt.toISOString(), late.overCap]).toEqual(['pending', '2027-03-08T07:00:00.000Z', true]);
    home.clock.to('2027-03-08T07:00:00Z');
    await home.send(...capped(['9']));
    await worker.runDue();
    expect(new Set(shapes().slice(5))).toEqual(new Set([3, 1]));
  });

  it('counts each person’s own day, and leaves alerts and answers alone', async () => {
    const ann = await aPerson(database.db, organisation, { zone: 'America/New_York' });
    home.clock.to('2027-03-02T14:30:00Z');
    const worker = home.worker();
    await home.send(
      ...capped(
        ['1', '2', '3', '4', '5', '6'].map((id) => `ann-${id}`),
        ann,
      ),
    );
    await home.send({ id: 'alert', to: ann, priority: 'alert' }, { id: 'answer', to: ann, priority: 'answer' });
    await worker.runDue();
    expect(home.slack.countTo(ann.externalId)).toBe(7);
    // Past midnight in Riga it is the same day in New York, and the day there is full.
    home.clock.to('2027-03-02T21:30:00Z');
    await home.send(...capped(['ann-7'], ann));
    await worker.runDue();
    expect((await home.state('ann-7')).dueAt.toISOString()).toBe('2027-03-03T14:00:00.000Z');
  });

  it('takes along nothing that is no longer wanted', async () => {
    home.scene.unwanted.add('6');
    const worker = home.worker({ concurrency: 1 });
    await home.send(...capped(['1', '2', '3', '4']));
    await worker.runDue();
    await home.send(...capped(['5']));
    home.clock.forward({ seconds: 1 });
    await home.send(...capped(['6', '7']));
    await worker.runDue();
    expect(shown().slice(4)).toEqual([['5', '7']]);
    expect((await home.state('6')).state).toBe('dropped');
  });

  it('sends what has no line by itself, or lets it wait for a day with room', async () => {
    const lineless = { to: ana, capped: true, message: 'test.lineless' };
    const worker = home.worker({ concurrency: 1 });
    await home.send(...capped(['1', '2', '3', '4']));
    await worker.runDue();
    await home.send({ id: 'alone', ...lineless });
    home.clock.forward({ seconds: 1 });
    await home.send(...capped(['5']));
    await worker.runDue();
    expect(shown().slice(4)).toEqual([['alone']]);
    home.clock.to('2027-03-02T08:00:00Z');
    await home.send(...capped(['6', '7', '8']));
    await worker.runDue();
    expect(
      shown()
        .slice(5)
        .every((lines) => lines.length === 1),
    ).toBe(true);
    await home.send(...capped(['9']));
    home.clock.forward({ seconds: 1 });
    await home.send({ id: 'late', ...lineless }, ...capped(['10']));
    await worker.runDue();
    expect(new Set(shown().at(-1))).toEqual(new Set(['9', '10']));
    expect(await home.state('late')).toMatchObject({ state: 'pending', overCap: true });
  });

  it('gives the place back, and the passengers, when the message could not go out', async () => {
    organisation = await anOrganisation(database.db, { dailyCap: 1 });
    ana = await aPerson(database.db, organisation);
    home = house(database, organisation, { slack: { rules: freely } });
    home.slack.fail(['answer_lost']);
    await home.send(...capped(['1', '2', '3']));
    const worker = home.worker({ concurrency: 1 });
    await worker.runDue();
    const states = async () => (await database.db.delivery.findMany({ orderBy: { subjectKey: 'asc' } })).map((row) => row.state);
    expect(await states()).toEqual(['sending', 'sending', 'sending']);
    home.clock.forward({ seconds: 3 });
    await worker.runDue();
    expect((await states()).sort()).toEqual(['merged', 'merged', 'sent']);
    expect(home.slack.messages).toHaveLength(1);
  });

  it('refreshes the merged message for what went out inside it', async () => {
    organisation = await anOrganisation(database.db, { dailyCap: 1 });
    ana = await aPerson(database.db, organisation);
    home = house(database, organisation, { slack: { rules: freely } });
    await home.send(...capped(['1', '2', '3']));
    const worker = home.worker({ concurrency: 1 });
    await worker.runDue();
    home.scene.says.set('2', 'two, signed');
    await refresh(database.db, organisation.id, ['2'], home.clock.now());
    await worker.runDue();
    expect(new Set(shown().flat())).toEqual(new Set(['1', 'two, signed', '3']));
    expect(home.slack.messages).toHaveLength(1);
  });
});

describe('working hours', () => {
  it('hold capped messages until the opening in the person’s zone, and only those', async () => {
    home.clock.to('2027-03-05T17:00:00Z');
    const ann = await aPerson(database.db, organisation, { zone: 'America/New_York' });
    await home.send(...capped(['evening']), ...capped(['noon'], ann), { id: 'answer', to: ana, priority: 'answer' });
    const worker = home.worker();
    await worker.runDue();
    expect(new Set(shown().flat())).toEqual(new Set(['noon', 'answer']));
    home.clock.to('2027-03-08T06:59:59Z');
    await worker.runDue();
    expect(shown()).toHaveLength(2);
    home.clock.to('2027-03-08T07:00:00Z');
    await worker.runDue();
    expect(shown().flat()).toContain('evening');
  });

  it('do not hold what would come too late then', async () => {
    home.clock.to('2027-03-01T05:00:00Z');
    await home.send({ id: 'early', to: ana, capped: true, expiresAt: new Date('2027-03-01T06:00:00Z') });
    await home.worker().runDue();
    expect(shown()).toEqual([['early']]);
  });
});
