import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BellhopError } from '../../src/core/errors.js';
import type { Answer } from '../../src/core/reply.js';
import { takeBack } from '../../src/features/recognition/giving/close.js';
import { give } from '../../src/features/recognition/giving/give.js';
import { join, leave } from '../../src/features/recognition/giving/join.js';
import type { KudosSource, KudosState } from '../../src/features/recognition/model.js';
import type { RedemptionState } from '../../src/features/recognition/rewards/model.js';
import { redeem } from '../../src/features/recognition/rewards/redeem.js';
import { approve, cancelOwn, handOver, refuse } from '../../src/features/recognition/rewards/settle.js';
import { newId } from '../../src/people/ids.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type House, recognitionHouse } from '../support/recognition-house.js';
import { problemsOf } from '../support/recognition-model.js';
import { hintOf, type TestBot } from '../support/test-bot.js';

const RUNS = 20;
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const database = useDatabase({ poolSize: 10 });

// --- What can happen. Numbers choose among what is there: people, the newest kudos and redemptions, rewards, values.

const one = fc.nat({ max: 5 });
const person = fc.nat({ max: 4 });
/** Mostly the manager, who may. */
const decider = fc.constantFrom(0, 0, 0, 1, 2);
/** How often the same act comes: a platform sends it again, two processes get it at once. */
const again = fc.integer({ min: 1, max: 2 });
const giving = fc.record({
  kind: fc.constant('give' as const),
  by: person,
  /** So many seats further on; 4 is oneself. */
  to: fc.uniqueArray(fc.constantFrom(0, 1, 2, 3, 0, 1, 2, 3, 4), { minLength: 1, maxLength: 3 }),
  points: fc.integer({ min: 0, max: 14 }),
  value: fc.nat({ max: 3 }),
  isPublic: fc.constantFrom(true, true, true, false),
  source: fc.constantFrom('peer' as const, 'peer' as const, 'reaction' as const, 'customer' as const),
  again,
});
const act = fc.oneof(
  { weight: 5, arbitrary: giving },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), by: person, of: one, again }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('leave' as const), by: person, of: one, again }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mend' as const), of: one, value: fc.nat({ max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('take_back' as const), of: one, how: fc.constantFrom('taken_back', 'removed'), again }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('redeem' as const), by: person, reward: one, again }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('approve' as const), by: decider, of: one, again }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refuse' as const), by: decider, of: one, again }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hand_over' as const), by: decider, of: one, again }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), of: one, again }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('correct' as const), of: person, amount: fc.integer({ min: -30, max: 30 }) }) },
);
type Act = (typeof act extends fc.Arbitrary<infer T> ? T : never) & { readonly again?: number };

const mixed = fc.array(act, { minLength: 3, maxLength: 9, size: 'max' });
/** One person gives so much at once that allowance and cap are reached. */
const burst = fc
  .tuple(person, fc.array(giving, { minLength: 3, maxLength: 6, size: 'max' }))
  .map(([by, gifts]) => gifts.map((gift): Act => ({ ...gift, by, source: 'peer' })));

const batch = fc.record({
  /** Minutes that pass before it. */
  after: fc.constantFrom(0, 0, 0, 1, 2, 4, 20),
  acts: fc.oneof({ weight: 3, arbitrary: mixed }, { weight: 1, arbitrary: burst }),
});

/** One of those, whatever the number is; undefined of nothing. */
const pick = <T>(from: readonly T[], number: number): T | undefined => from[number % from.length];

/** All acts of a batch at once. What Bellhop refuses is refused with its own words; anything else fails the run. */
async function runBatch(house: House, acts: readonly Act[]): Promise<void> {
  const { organisation } = house.bot;
  const where = { organisationId: organisation.id };
  // What is still open comes first, the newest of it foremost.
  const [kudos, redemptions] = await Promise.all([
    database.db.kudos.findMany({ where, include: { receivers: true, joins: true }, orderBy: [{ state: 'asc' }, { id: 'desc' }] }),
    database.db.redemption.findMany({ where, orderBy: [{ state: 'asc' }, { id: 'desc' }] }),
  ]);
  const running = acts.flatMap((wanted, index) => {
    const key = `${house.bot.clock.now().toISOString()} ${index} ${newId(house.bot.clock.now())}`;
    return Array.from({ length: wanted.again ?? 1 }, async () => {
      const done = await perform(house, wanted, key, kudos, redemptions).catch((error: unknown) => {
        if (error instanceof BellhopError) return false;
        throw error;
      });
      if (done && (wanted.kind === 'give' || wanted.kind === 'redeem')) house.made.add(key);
      const name = `${wanted.kind} ${done ? 'done' : 'refused'}`;
      house.done.set(name, (house.done.get(name) ?? 0) + 1);
    });
  });
  const failed = (await Promise.allSettled(running)).filter((result) => result.status === 'rejected');
  if (failed[0]) throw failed[0].reason;
}

type Asked = { readonly id: string; readonly personId: string; readonly state: RedemptionState };
interface Open {
  readonly id: string;
  readonly public: boolean;
  readonly source: KudosSource;
  readonly state: KudosState;
  readonly giverId: string;
  readonly receivers: readonly { readonly personId: string }[];
  readonly joins: readonly { readonly personId: string; readonly takenBackAt: Date | null }[];
}

const stays = (join: { readonly takenBackAt: Date | null }) => join.takenBackAt === null;
/** Where an act can do something; it goes elsewhere only where there is nothing of this sort. */
const ALIVE = {
  join: ({ public: isPublic, state }: Open) => isPublic && state === 'given',
  leave: (kudos: Open) => kudos.joins.some(stays),
  mend: ({ source, state }: Open) => source === 'peer' && state === 'given',
  take_back: ({ state }: Open) => state === 'given',
};
const isOpen = ({ state }: Asked) => state === 'requested' || state === 'approved';
const WAITING = {
  approve: ({ state }: Asked) => state === 'requested',
  refuse: isOpen,
  hand_over: ({ state }: Asked) => state === 'approved',
  cancel: isOpen,
};
const promising = <T>(all: readonly T[], fits: (one: T) => boolean): readonly T[] => (all.some(fits) ? all.filter(fits) : all);

async function perform(
  { context, bot, people, owner, rewardIds, values }: House,
  wanted: Act,
  key: string,
  kudos: readonly Open[],
  redemptions: readonly Asked[],
): Promise<boolean> {
  const actor = ('by' in wanted ? people[wanted.by] : undefined) ?? owner;
  switch (wanted.kind) {
    case 'give': {
      const receiverIds = wanted.to.flatMap((seats) => pick(people, wanted.by + 1 + seats)?.id ?? []);
      const { points, source, isPublic, value } = wanted;
      const gift = { giverId: actor.id, receiverIds, valueId: values[value] ?? null, words: 'calming a guest at the door', points };
      await give(context, { ...gift, public: isPublic, source, originKey: key });
      return true;
    }
    case 'correct':
      return await command(bot, owner, `correct ${wanted.amount}`, people[wanted.of]);
    case 'redeem': {
      const reward = pick(rewardIds, wanted.reward);
      if (!reward) return false;
      return 'redemption' in (await redeem(context, { personId: actor.id, rewardId: reward.id, price: reward.price, requestKey: key }));
    }
    case 'join':
    case 'leave':
    case 'mend':
    case 'take_back': {
      const found = pick(promising(kudos, ALIVE[wanted.kind]), wanted.of);
      if (!found) return false;
      if (wanted.kind === 'join') {
        const taken = new Set([found.giverId, ...[...found.receivers, ...found.joins].map(({ personId }) => personId)]);
        const colleague =
          pick(
            people.filter(({ id }) => !taken.has(id) || wanted.of === 5),
            wanted.by,
          ) ?? actor;
        return (await join(context, found.id, colleague.id)) !== 'before';
      }
      if (wanted.kind === 'leave') return await leave(context, found.id, pick(found.joins.filter(stays), wanted.by)?.personId ?? actor.id);
      const giver = people.find(({ id }) => id === found.giverId) ?? owner;
      if (wanted.kind === 'take_back') {
        const how = wanted.how === 'removed' ? 'removed' : 'taken_back';
        return await takeBack(context, found.id, { personId: giver.id }, how, 'giver');
      }
      const form = await bot.as(giver).press({ id: 'recognition.mend_open', payload: { kudosId: found.id } });
      if (form.kind !== 'form') return false;
      const answer = await bot.as(giver).submit(form, { reason: `in better words: ${key}`, value: values[wanted.value] ?? 'none' });
      return answer.kind === 'update';
    }
    case 'approve':
    case 'refuse':
    case 'hand_over':
    case 'cancel': {
      const found = pick(promising(redemptions, WAITING[wanted.kind]), wanted.of);
      if (!found) return false;
      if (wanted.kind === 'cancel') return (await cancelOwn(context, found.id, found.personId)).changed;
      if (wanted.kind === 'approve') return (await approve(context, found.id, actor)).changed;
      const from = found.state === 'approved' ? 'approved' : 'requested';
      if (wanted.kind === 'refuse') return (await refuse(context, found.id, from, actor, 'not this month')).changed;
      return (await handOver(context, found.id, actor, { note: '', code: key })).changed;
    }
  }
}

let said = 0;
/** `/kudos correct @person +20 for the tombola prize`. */
async function command(bot: TestBot, owner: BuiltPerson, text: string, whom: BuiltPerson | undefined): Promise<boolean> {
  said += 1;
  const words = [...text.split(' '), 'for', 'the', 'tombola', 'prize'].map((word) => ({ kind: 'word' as const, text: word }));
  const [verb, ...rest] = words;
  if (!whom || !verb) return false;
  const workspace = await database.db.workspace.findFirstOrThrow({ where: { id: owner.workspaceId } });
  const answer: Answer = await bot.dispatch({
    kind: 'command',
    command: 'kudos',
    text,
    tokens: [verb, { kind: 'person', hint: hintOf(whom) }, ...rest],
    files: [],
    actor: { platform: 'slack', workspaceExternalId: workspace.externalId, externalId: owner.externalId },
    place: { kind: 'direct' },
    onceKey: `said-${said}`,
    requestId: `said-${said}`,
  });
  return answer.kind === 'say';
}

/** How often two transactions waited for each other crosswise, and one of them had to begin again. */
async function deadlocks(): Promise<number> {
  // Each connection keeps its own count until it is made to tell.
  await Promise.all(Array.from({ length: 10 }, () => database.pool.query('SELECT pg_stat_force_next_flush(), pg_sleep(0.05)')));
  const { rows } = await database.pool.query<{ count: number }>(
    'SELECT deadlocks::int AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0]?.count ?? 0;
}

it(`whatever ${RUNS} companies do at the same time, no point is made or lost (SEED=${seed})`, async () => {
  // The database has served other stories before.
  const before = await deadlocks();
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.noBias(fc.array(batch, { minLength: 4, maxLength: 7, size: 'max' })), async (batches) => {
      const house = await recognitionHouse(database);
      for (const { after, acts } of batches) {
        house.bot.clock.forward({ minutes: after });
        await runBatch(house, acts);
      }
      expect(await problemsOf(database.db, house.beginning)).toEqual([]);
      // The praise that everybody began with has no key.
      const where = { organisationId: house.bot.organisation.id };
      expect((await database.db.kudos.count({ where })) - 1 + (await database.db.redemption.count({ where }))).toBe(house.made.size);
      for (const [name, count] of house.done) done.set(name, (done.get(name) ?? 0) + count);
    }),
    { seed, numRuns: RUNS, endOnFailure: true },
  );
  const summary = [...done].sort().map(([name, count]) => `${name} ${count}`);
  // A run in which nothing of a kind ever happens proves nothing of it.
  for (const kind of ['give', 'join', 'leave', 'mend', 'take_back', 'redeem', 'approve', 'refuse', 'hand_over', 'cancel', 'correct'])
    expect(summary.join(', ')).toContain(`${kind} done`);
  expect((await deadlocks()) - before).toBe(0);
}, 120_000);

it('kudos that are taken back at the same time never wait for each other crosswise', async () => {
  const before = await deadlocks();
  const { bot, context, people, beginning } = await recognitionHouse(database);
  const [, ana, ben, cy, dace] = people;
  if (!ana || !ben || !cy || !dace) throw new Error('There are four employees.');
  const gift = { valueId: null, words: 'calming a guest at the door', points: 5, public: true, source: 'peer' as const };
  const given: string[] = [];
  // Ana and Cy are of one team, Ben and Dace of the other: each kudos goes through both, in the order of its acts.
  for (const [giver, receiver, colleague] of [
    [ana, cy, ben],
    [ben, dace, cy],
    [cy, ana, dace],
    [dace, ben, ana],
  ] as const) {
    const id = await give(context, { ...gift, giverId: giver.id, receiverIds: [receiver.id] });
    await join(context, id, colleague.id);
    given.push(id);
  }
  await Promise.all(given.map((id) => takeBack(context, id, { personId: ana.id }, 'removed', 'report_upheld')));
  expect(await problemsOf(database.db, beginning)).toEqual([]);
  expect(await database.db.kudosTally.count({ where: { organisationId: bot.organisation.id, receivedPoints: { not: 0 } } })).toBe(0);
  expect((await deadlocks()) - before).toBe(0);
});
