import { beforeEach, expect } from 'vitest';
import { auditLedger, balanceOf } from '../../src/features/recognition/ledger/store-ledger.js';
import { aChannel, type BuiltPerson } from './builders.js';
import type { TestDatabase } from './database.js';
import { type TestBot, testBot } from './test-bot.js';

/** A manager and three colleagues with a channel for their kudos, anew before each test. */
export interface KudosCompany {
  readonly bot: TestBot;
  readonly boss: BuiltPerson;
  readonly ana: BuiltPerson;
  readonly ben: BuiltPerson;
  readonly cy: BuiltPerson;
  readonly channel: { readonly id: string; readonly externalId: string };
}

/** A reason that is long enough. */
export const REASON = 'calming an upset guest at the door';

/**
 * Call it once at the top of a test file.
 * @param now the instant at which each test begins
 * @param given gets what was made, before each test
 */
export function useKudosCompany(database: TestDatabase, now: string, given: (company: KudosCompany) => void): void {
  beforeEach(async () => {
    await database.reset();
    const bot = await testBot({ now, database });
    const boss = await bot.person({ name: 'Boss', role: 'manager' });
    const ana = await bot.person({ name: 'Ana Ozola' });
    const ben = await bot.person({ name: 'Ben Kalns' });
    const cy = await bot.person({ name: 'Cy Liepa' });
    const channel = await aChannel(database.db, bot.organisation, { name: 'kudos', members: [boss, ana, ben, cy] });
    await database.db.recognitionSettings.create({ data: { organisationId: bot.organisation.id, channelId: channel.id } });
    given({ bot, boss, ana, ben, cy, channel });
  });
}

/** What somebody has earned and not spent. */
export async function balanceIn(database: TestDatabase, { organisation }: TestBot, person: BuiltPerson): Promise<number> {
  return (await balanceOf(database.db, organisation.id, { kind: 'balance', owner: person.id })) ?? 0;
}

/** What somebody may still give in a month; undefined while nothing was granted. */
export async function allowanceIn(
  database: TestDatabase,
  { organisation }: TestBot,
  person: BuiltPerson,
  period: string,
): Promise<number | undefined> {
  return await balanceOf(database.db, organisation.id, { kind: 'allowance', owner: person.id, period });
}

/** The ledger holds. */
export async function expectSound(database: TestDatabase, { organisation }: TestBot): Promise<void> {
  expect(await auditLedger(database.db, organisation.id)).toEqual([]);
}
