import { give } from '../../src/features/recognition/giving/give.js';
import { redeem } from '../../src/features/recognition/rewards/redeem.js';
import { createReward } from '../../src/features/recognition/rewards/store-rewards.js';
import { listValues } from '../../src/features/recognition/store-settings.js';
import { inTransaction } from '../../src/people/db.js';
import type { WorkContext } from '../../src/people/handlers.js';
import { newId } from '../../src/people/ids.js';
import type { BuiltPerson } from './builders.js';
import type { TestDatabase } from './database.js';
import type { Beginning } from './recognition-model.js';
import { type TestBot, testBot } from './test-bot.js';

/** The last minutes of a month, a quarter hour before midnight in Riga. */
const BEGINNING = '2026-11-30T21:45:00Z';
const SETTINGS = { allowance: 45, leadAllowance: 60, pairCap: 20, joinPoints: 5 };

/** A company in the last minutes of a month, with points on everybody’s balance and rewards to have. */
export interface House {
  readonly bot: TestBot;
  readonly context: WorkContext;
  /** Four employees in two teams, and a manager who leads them all. */
  readonly people: readonly BuiltPerson[];
  readonly owner: BuiltPerson;
  readonly rewardIds: readonly { readonly id: string; readonly price: number }[];
  readonly values: readonly (string | null)[];
  readonly beginning: Beginning;
  /** The keys of the acts that gave or redeemed, however often each of them came. */
  readonly made: Set<string>;
  /** How often acts of a kind did something, and how often they were refused. */
  readonly done: Map<string, number>;
}

/** Makes one, in an organisation of its own. */
export async function recognitionHouse(database: TestDatabase): Promise<House> {
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
    { ...draft, name: 'Tea', price: 3, stock: null, perPersonLimit: 4, needsApproval: true, fulfillerId: people[2]?.id ?? '' },
  ];
  const rewardIds: { id: string; price: number }[] = [];
  for (const reward of rewards)
    rewardIds.push({
      id: await inTransaction(db, (tx) => createReward(tx, organisation.id, owner.id, reward, bot.clock.now())),
      price: reward.price,
    });
  const context: WorkContext = { ...bot.work, organisation };
  // Something to spend from the beginning.
  const praise = { giverId: owner.id, receiverIds: people.map(({ id }) => id), valueId: null, words: 'a guest says so', points: 20 };
  await give(context, { ...praise, public: false, source: 'customer' });
  const tea = rewardIds.at(-1);
  if (tea) for (const { id } of people) await redeem(context, { personId: id, rewardId: tea.id, price: tea.price, requestKey: id });
  const grants = people.map(({ id, role }) => [id, role === 'manager' ? SETTINGS.leadAllowance : SETTINGS.allowance] as const);
  return {
    bot,
    context,
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
    made: new Set(people.map(({ id }) => id)),
    done: new Map(),
  };
}
