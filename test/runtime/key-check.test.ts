import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { checkKey } from '../../src/runtime/key-check.js';
import { createVault } from '../../src/runtime/vault.js';
import { anOrganisation } from '../support/builders.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

it('starts with the keys that the database was made with, and with no others', async () => {
  const organisation = await anOrganisation(database.db);
  const [first, second] = [randomBytes(32), randomBytes(32)];
  await checkKey(database.db, createVault([first]), organisation.id);
  await checkKey(database.db, createVault([first]), organisation.id);
  await expect(checkKey(database.db, createVault([second]), organisation.id)).rejects.toMatchObject({ code: 'vault.other_key' });
  // Replaced as the documentation says.
  await checkKey(database.db, createVault([second, first]), organisation.id);
});
