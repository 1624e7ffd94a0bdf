import { randomBytes } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import type { Organisation } from '../../src/people/model.js';
import { checkKey } from '../../src/runtime/key-check.js';
import { OperatorError } from '../../src/runtime/operator-error.js';
import { createVault } from '../../src/runtime/vault.js';
import { anOrganisation, aPerson, BUILT_AT } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { memoryLog } from '../support/log.js';

const database = useDatabase();
const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)];
let organisation: Organisation;
beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
});

const check = async (keys: readonly Buffer[], lost?: string, log = memoryLog()) =>
  await checkKey(database.db, createVault(keys), log, organisation.id, lost);
/** What the bot says when it refuses these keys. */
const refusal = async (keys: readonly Buffer[], lost?: string): Promise<string> => {
  const error = await check(keys, lost).then(
    () => undefined,
    (refused: unknown) => refused,
  );
  if (!(error instanceof OperatorError)) throw new Error('Not refused.');
  expect(error.code).toBe('vault.other_key');
  return error.message;
};
const wayOut = (message: string): string => /BELLHOP_ENCRYPTION_KEY_LOST=([0-9a-f]{8})/.exec(message)?.[1] ?? '';

it('takes the key that the database was made with, and refuses another one, naming what to mend', async () => {
  await check([first]);
  await check([first]);
  const message = await refusal([second]);
  for (const name of ['BELLHOP_ENCRYPTION_KEY,', 'BELLHOP_DATA_DIR', 'BELLHOP_ENCRYPTION_KEYS_OLD']) expect(message).toContain(name);
  expect(message).not.toContain(first.toString('base64'));
  await check([first]);
});

it('lets a key be replaced, once and again, as long as the former ones are kept in their order', async () => {
  await check([first]);
  await check([second, first]);
  await check([third, second, first]);
  await refusal([third, second]);
  await refusal([first, second]);
  await check([third, second, first]);
});

it('gives up one lost key when told so, and no other one later', async () => {
  await aPerson(database.db, organisation, { name: 'Ana', email: 'ana@example.com' });
  await database.db.workspace.updateMany({ data: { membersSyncedAt: BUILT_AT } });
  await check([first]);
  const lost = wayOut(await refusal([second]));
  expect(wayOut(await refusal([second], '00000000'))).toBe(lost);
  const log = memoryLog();
  await check([second], lost, log);
  expect(log.lines.map(({ level, fields }) => [level, fields])).toMatchObject([['warn', { code: 'vault.key_lost', key: lost }]]);
  // E-mail addresses are read again under the new key.
  expect(await database.db.person.findFirst()).toMatchObject({ name: 'Ana', emailHash: null, emailCipher: null });
  expect(await database.db.account.count({ where: { emailHash: null } })).toBe(1);
  expect(await database.db.workspace.findFirst()).toMatchObject({ membersSyncedAt: null });
  // The setting may stay, and is not said again.
  const later = memoryLog();
  await check([second], lost, later);
  expect(later.lines).toEqual([]);
  await check([second]);
  expect(wayOut(await refusal([third], lost))).not.toBe(lost);
  await refusal([first], lost);
});
