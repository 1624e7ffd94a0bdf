import type { Db } from '../people/db.js';
import type { Log, Vault } from '../people/ports.js';

/**
 * Tells the operator when this database was made with another key than the one that is there now: made anew because the
 * old one was lost, or because two processes on one database each keep their own. The bot goes on: e-mail addresses, all
 * that is sealed so far, are read again from the platforms.
 * @returns whether it is the key that the database was made with
 */
export async function checkKey(db: Db, vault: Vault, log: Log, organisationId: string): Promise<boolean> {
  const digest = vault.digest('the key of this organisation', 'organisation.key');
  await db.organisation.updateMany({ where: { id: organisationId, keyDigest: null }, data: { keyDigest: digest } });
  const { keyDigest } = await db.organisation.findUniqueOrThrow({ where: { id: organisationId }, select: { keyDigest: true } });
  if (keyDigest === digest) return true;
  log.error(
    { code: 'vault.other_key' },
    'The encryption key is not the one that this database was made with: what was encrypted before can’t be read. Put the former key back ' +
      '(the file encryption.key in BELLHOP_DATA_DIR, or BELLHOP_ENCRYPTION_KEY; one for all processes), or, if you have replaced it on ' +
      'purpose, add the former one to BELLHOP_ENCRYPTION_KEYS_OLD.',
  );
  return false;
}
