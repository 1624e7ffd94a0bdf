import type { Db } from '../people/db.js';
import type { Vault } from '../people/ports.js';
import { OperatorError } from './operator-error.js';

/**
 * Makes sure that this database was made with the keys that are there now: a new one, made because the old one was
 * lost, would find nobody by e-mail address again and open nothing that was sealed, and nobody would notice for weeks.
 * @throws OperatorError `vault.other_key`
 */
export async function checkKey(db: Db, vault: Vault, organisationId: string): Promise<void> {
  const digest = vault.digest('the key of this organisation', 'organisation.key');
  await db.organisation.updateMany({ where: { id: organisationId, keyDigest: null }, data: { keyDigest: digest } });
  const { keyDigest } = await db.organisation.findUniqueOrThrow({ where: { id: organisationId }, select: { keyDigest: true } });
  if (keyDigest === digest) return;
  throw new OperatorError(
    'vault.other_key',
    'The encryption key is not the one that this database was made with. Put the former one back: the file encryption.key in ' +
      'BELLHOP_DATA_DIR, or BELLHOP_ENCRYPTION_KEY. If you have replaced it on purpose, add the former key to BELLHOP_ENCRYPTION_KEYS_OLD.',
  );
}
