import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BellhopError } from '../../src/core/errors.js';
import type { Answer } from '../../src/core/reply.js';
import { takeBack } from '../../src/features/recognition/giving/close.js';
import { give } from '../../src/features/recognition/giving/give.js';
import { join, leave } from '../../src/features/recognition/giving/join.js';
import { redeem } from '../../src/features/recognition/rewards/redeem.js';
import { approve, cancelOwn, handOver, refuse } from '../../src/features/recognition/rewards/settle.js';
import { createReward } from '../../src/features/recognition/rewards/store-rewards.js';
import { listValues } from '../../src/features/recognition/store-settings.js';
import { inTransaction } from '../../src/people/db.js';
import type { WorkContext } from '../../src/people/handlers.js';
import { newId } from '../../src/people/ids.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type Beginning, problemsOf } from '../support/recognition-model.js';
import { hintOf, type TestBot, testBot } from '../support/test-bot.js';

const RUNS = 25;
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const database = useDatabase({ poolSize: 10 });

/** The last minutes of a month, a quarter hour before midnight in Riga. */
const BEGINNING = '2026-11-30T21:45:00Z';
const SETTINGS = { allowance: 60, leadAllowance: 90, pairCap: 40, joinPoints: 5 };

// --- What can happen. Numbers choose among what is there: people, kudos, redemptions, rewards, values. ------------

const one = fc.nat({ max: 999 });
const person = fc.nat({ max: 4 });
/** How often the same act comes: a platform sends it again, two processes get it at once. */
const again = fc.integer({ min: 1, max: 2 });
const act = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('give' as const),
      by: person,
      to: fc.uniqueArray(person, { minLength: 1, maxLength: 3 }),
      points: fc.integer({ min: 0, max: 25 }),
      value: fc.nat({ max: 3 }),
      isPublic: fc.boolean(),
      source: fc.constantFrom('peer' as const, 'peer' as const, 'reaction' as const, 'customer' as const),
      again,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), by: person, of: one, again }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), by: person, of: one, again }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mend' as const), of: one, value: fc.nat({ max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('take_back' as const), of: one, how: fc.constantFrom('taken_back', 'removed'), again }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('redeem' as const), by: person, reward: one, again }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('approve' as const), by: person, of: one, again }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const), by: person, of: one, again }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hand_over' as const), by: person, of: one, again }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), of: one, again }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('correct' as const), of: person, amount: fc.integer({ min: -30, max: 30 }) }) },
);
type Act = (typeof act extends fc.Arbitrary<infer T> ? T : never) & { readonly again?: number };

const batch = fc.record({
  /** Minutes that pass before it. */
  after: fc.constantFrom(0, 0, 2, 7, 30),
  acts: fc.array(act, { minLength: 2, maxLength: 8 }),
});

// --- The house in which it happens --------------------------------------------------------------------------------

interface House {
  readonly bot: TestBot;
  readonly context: WorkContext;
  /** Four employees in two teams, and a manager who leads them all. */
  readonly people: readonly BuiltPerson[];
  readonly owner: BuiltPerson;
  readonly rewardIds: readonly { readonly id: string; readonly price: number }[];
  readonly values: readonly (string | null)[];
  readonly beginning: Beginning;
  /** What the acts made, and how often one was refused. */
  readonly done: Map<string, number>;
}

async function build(): Promise<House> {
  const { db } = database;
  const bot = await testBot({ now: BEGINNING, database });
  const { organisation } = bot;
  const owner = await bot.person({ name: 'Olga Owner', role: 'owner' });
  const manager = await bot.person({ name: 'Mara Manager', role: 'manager', lineManager: owner });
  const teams = [newId(bot.clock.now()), newId(bot.clock.now())];
  for (const [index, id] of teams.entries())
    await db.team.create({ data: { organisationId: organisation.id, id, name: `Team ${index}`, createdAt: bot.clock.now() } });
  const people: BuiltPerson[] = [manager];
  for (const [index, name] of ['Ana', 'Ben', 'Cy', 'Dace'].entries())
    people.push(await bot.person({ name, lineManager: manager, ...(teams[index % 2] && { teamId: teams[index % 2] }) }));
  await db.recognitionSettings.create({ data: { organisationId: organisation.id, ...SETTINGS } });
  const draft = { description: '', emoji: '🎁', audience: { kind: 'everyone' as const }, moneyMinor: null, currency: 'EUR' };
  const rewards = [
    { ...draft, name: 'Mug', price: 8, stock: 3, perPersonLimit: null, needsApproval: true, fulfillerId: manager.id },
    { ...draft, name: 'Book', price: 15, stock: 2, perPersonLimit: 1, needsApproval: false, fulfillerId: people[1]?.id ?? '' },
    { ...draft, name: 'Tea', price: 3, stock: null, perPersonLimit: 2, needsApproval: true, fulfillerId: people[2]?.id ?? '' },
  ];
  const rewardIds: { id: string; price: number }[] = [];
  for (const reward of rewards)
    rewardIds.push({
      id: await inTransaction(db, (tx) => createReward(tx, organisation.id, owner.id, reward, bot.clock.now())),
      price: reward.price,
    });
  const grants = people.map(({ id, role }) => [id, role === 'manager' ? SETTINGS.leadAllowance : SETTINGS.allowance] as const);
  return {
    bot,
    context: { ...bot.work, organisation },
    people,
    owner,
    rewardIds,
    values: [null, ...(await listValues(db, organisation.id)).slice(0, 3).map((value) => value.id)],
    beginning: {
      organisation,
      grants: new Map(grants),
      pairCap: SETTINGS.pairCap,
      stock: new Map(rewards.map(({ stock }, index) => [rewardIds[index]?.id ?? '', stock])),
      limits: new Map(rewards.map(({ perPersonLimit }, index) => [rewardIds[index]?.id ?? '', perPersonLimit])),
      teams: new Map(people.map(({ id }, index) => [id, index === 0 ? null : (teams[(index - 1) % 2] ?? null)])),
    },
    done: new Map(),
  };
}

/** One of those, whatever the number is; undefined of nothing. */
const pick = <T>(from: readonly T[], number: number): T | undefined => from[number % from.length];

/** All acts of a batch at once. What Bellhop refuses is refused with its own words; anything else fails the run. */
async function runBatch(house: House, acts: readonly Act[]): Promise<void> {
  const { organisation } = house.bot;
  const where = { organisationId: organisation.id };
  const [kudos, redemptions] = await Promise.all([
    database.db.kudos.findMany({ where, select: { id: true, giverId: true }, orderBy: { id: 'asc' } }),
    database.db.redemption.findMany({ where, select: { id: true, personId: true }, orderBy: { id: 'asc' } }),
  ]);
  const running = acts.flatMap((wanted, index) => {
    const key = `${house.bot.clock.now().toISOString()} ${index} ${newId(house.bot.clock.now())}`;
    return Array.from({ length: wanted.again ?? 1 }, async () => {
      const done = await perform(house, wanted, key, kudos, redemptions).catch((error: unknown) => {
        if (error instanceof BellhopError) return false;
        throw error;
      });
      const name = `${wanted.kind} ${done ? 'done' : 'refused'}`;
      house.done.set(name, (house.done.get(name) ?? 0) + 1);
    });
  });
  const failed = (await Promise.allSettled(running)).filter((result) => result.status === 'rejected');
  if (failed[0]) throw failed[0].reason;
}

async function perform(
  { context, bot, people, owner, rewardIds, values }: House,
  wanted: Act,
  key: string,
  kudos: readonly { readonly id: string; readonly giverId: string }[],
  redemptions: readonly { readonly id: string; readonly personId: string }[],
): Promise<boolean> {
  const actor = ('by' in wanted ? people[wanted.by] : undefined) ?? owner;
  switch (wanted.kind) {
    case 'give': {
      const receiverIds = wanted.to.flatMap((index) => people[index]?.id ?? []);
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
      const found = pick(kudos, wanted.of);
      if (!found) return false;
      if (wanted.kind === 'join') return (await join(context, found.id, actor.id)) !== 'before';
      if (wanted.kind === 'leave') return await leave(context, found.id, actor.id);
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
      const found = pick(redemptions, wanted.of);
      if (!found) return false;
      if (wanted.kind === 'cancel') return (await cancelOwn(context, found.id, found.personId)).changed;
      if (wanted.kind === 'approve') return (await approve(context, found.id, actor)).changed;
      if (wanted.kind === 'refuse') return (await refuse(context, found.id, actor, 'not this month')).changed;
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
  const { rows: d } = await database.pool.query('SHOW data_directory');
  console.log(d[0].data_directory);
  const { execSync } = await import('node:child_process');
  console.log(execSync(`grep -rn -A14 'deadlock detected' ${d[0].data_directory}/server.log ${d[0].data_directory}/../server.log ${d[0].data_directory}/../../server.log 2>/dev/null || true`).toString().slice(0, 12000));
  return rows[0]?.count ?? 0;
}

it(`whatever ${RUNS} companies do at the same time, no point is made or lost (SEED=${seed})`, async () => {
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 3, maxLength: 9 }), async (batches) => {
      const house = await build();
      for (const { after, acts } of batches) {
        house.bot.clock.forward({ minutes: after });
        await runBatch(house, acts);
      }
      expect(await problemsOf(database.db, house.beginning)).toEqual([]);
      for (const [name, count] of house.done) done.set(name, (done.get(name) ?? 0) + count);
    }),
    { seed, numRuns: RUNS, endOnFailure: true },
  );
  const summary = [...done].sort().map(([name, count]) => `${name} ${count}`);
  // A run in which nothing of a kind ever happens proves nothing of it.
  for (const kind of ['give', 'join', 'leave', 'mend', 'take_back', 'redeem', 'approve', 'refuse', 'hand_over', 'cancel', 'correct'])
    expect(summary.join(', ')).toContain(`${kind} done`);
  expect(await deadlocks()).toBe(0);
}, 120_000);
