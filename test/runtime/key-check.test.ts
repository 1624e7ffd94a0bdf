import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { checkKey } from '../../src/runtime/key-check.js';
import { createVault } from '../../src/runtime/vault.js';
import { anOrganisation } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { memoryLog } from '../support/log.js';

const database = useDatabase();

it('tells when the key is not the one that the database was made with', async () => {
  const organisation = await anOrganisation(database.db);
  const [first, second] = [randomBytes(32), randomBytes(32)];
  const check = async (...keys: Buffer[]) => await checkKey(database.db, createVault(keys), memoryLog(), organisation.id);
  expect(await check(first)).toBe(true);
  expect(await check(first)).toBe(true);
  expect(await check(second)).toBe(false);
  // Replaced as the documentation says.
  expect(await check(second, first)).toBe(true);
});
