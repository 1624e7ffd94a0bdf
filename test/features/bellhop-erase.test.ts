import { beforeEach, expect, it } from 'vitest';
import { verifyChain } from '../../src/features/handbook/index.js';
import type { BuiltPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let owner: BuiltPerson;
let ilze: BuiltPerson;

const NAME = 'Ilze Vītoliņa-Erasable';
const EMAIL = 'ilze.erasable@example.org';

/** Every place of the database, records included, where these words stand. */
async function placesWith(text: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT format('%I.%I', table_name, column_name) AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' AND data_type IN ('text', 'jsonb', 'ARRAY')`,
  );
  const places: string[] = [];
  for (const { name } of rows) {
    const [table, column] = name.split('.');
    const found = await database.pool.query(`SELECT 1 FROM ${table} WHERE ${column}::text LIKE $1 LIMIT 1`, [`%${text}%`]);
    if (found.rowCount) places.push(name);
  }
  return places;
}

beforeEach(async () => {
  await database.reset();
  bot = await testBot({ now: '2027-03-02T09:00Z', database });
  owner = await bot.person({ name: 'Olga Owner', role: 'owner' });
  ilze = await bot.person({ name: NAME, email: EMAIL });
  const form = await bot.as(owner).command('handbook publish');
  const draft = await bot.as(owner).submit(form, {
    source: 'own',
    text: '# Rules\nGreet.',
    audience: 'everyone',
    effective: '2027-03-02',
    due: '2027-03-20',
    statement: 'I will.',
  });
  await bot.as(owner).click('handbook.publish', draft);
  await bot.runDue();
  const page = await bot.as(ilze).click('handbook.read');
  await bot.as(ilze).submit(await bot.as(ilze).click('handbook.sign', page), { name: NAME, agree: true });
});

async function leave(): Promise<void> {
  const where = { organisationId: bot.organisation.id };
  await database.db.account.updateMany({ where: { ...where, personId: ilze.id }, data: { status: 'left' } });
  await database.db.person.updateMany({ where: { ...where, id: ilze.id }, data: { status: 'left', leftAt: bot.clock.now() } });
}

it('refuses to erase somebody who works here', async () => {
  expect(keysIn(await bot.as(owner).command(`bellhop erase ${NAME}`))).toContain('bellhop.errors.erase_still_here');
});

it('keeps the file of who left, and opens it to an owner', async () => {
  await leave();
  expect(keysIn(await bot.as(owner).command(`handbook record ${NAME}`))).toContain('handbook.record.line');
});

it('takes away who somebody was, from every table, and the chain still verifies', async () => {
  await leave();
  expect(await placesWith(NAME)).toContain('handbook_acknowledgement_detail."typedName"');
  const asked = await bot.as(owner).command(`bellhop erase ${NAME}`);
  expect(keysIn(await bot.as(owner).click('bellhop.erase', asked))).toContain('bellhop.erase.done');
  // What was answered is remembered for a week, so that a repeat gets the same answer: no longer.
  expect((await placesWith(NAME)).filter((place) => place !== 'handled.answer')).toEqual([]);
  expect(await placesWith(ilze.externalId)).toEqual([]);
  expect(await verifyChain(database.db, bot.organisation.id)).toMatchObject({ count: 1 });
  expect((await verifyChain(database.db, bot.organisation.id)).firstBroken).toBeUndefined();
  // A second press finds nobody.
  expect(keysIn(await bot.as(owner).press({ id: 'bellhop.erase', payload: { personId: ilze.id } }))).toContain(
    'bellhop.errors.erase_still_here',
  );
});

it('is for owners', async () => {
  await leave();
  const manager = await bot.person({ role: 'manager' });
  expect(keysIn(await bot.as(manager).command(`bellhop erase ${NAME}`))).toContain('core.errors.role_needed');
});
