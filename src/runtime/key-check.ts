import { type Db, inTransaction } from '../people/db.js';
import type { Log, Vault } from '../people/ports.js';
import { OperatorError } from './operator-error.js';

/**
 * Refuses another key than the one that this database was made with: made anew because the old one was lost, or because
 * two processes on one database each keep their own. What customers left to be reached by can't be had again, and what
 * would be sealed meanwhile could be lost in its turn.
 * @param lost of a key that is lost for good: what the refusal called it. It stands for that one key, so that the setting
 * can't let another loss pass that comes later.
 * @throws OperatorError naming the settings to mend, and the way out for whoever has lost the key
 */
export async function checkKey(db: Db, vault: Vault, log: Log, organisationId: string, lost?: string): Promise<void> {
  const digest = vault.digest('the key of this organisation', 'organisation.key');
  await db.organisation.updateMany({ where: { id: organisationId, keyDigest: null }, data: { keyDigest: digest } });
  const { keyDigest } = await db.organisation.findUniqueOrThrow({ where: { id: organisationId }, select: { keyDigest: true } });
  if (keyDigest === digest || keyDigest === null) return;
  const former = keyDigest.slice(0, 8);
  if (lost !== former) throw new OperatorError('vault.other_key', refusal(former));
  await inTransaction(db, async (tx) => {
    await tx.organisation.updateMany({ where: { id: organisationId, keyDigest }, data: { keyDigest: digest } });
    // Under the new key they are others: all members are read again from the start, as if they had none.
    await tx.person.updateMany({ where: { organisationId }, data: { emailHash: null, emailCipher: null } });
    await tx.account.updateMany({ where: { organisationId }, data: { emailHash: null } });
    await tx.workspace.updateMany({ where: { organisationId }, data: { membersSyncedAt: null } });
  });
  log.warn(
    { code: 'vault.key_lost', key: former },
    `The key ${former} is given up, as BELLHOP_ENCRYPTION_KEY_LOST says. ${LOST} Take the setting out, and back up the key that is used now.`,
  );
}

const LOST =
  'What it encrypted can’t be read any more: how customers can be reached, the secrets of web hooks, codes of rewards, ' +
  'e-mails that wait. The e-mail addresses of people are read again from the platforms.';

const refusal = (former: string): string =>
  [
    'The encryption key is not the one that this database was made with, so what is encrypted in it can’t be read.',
    '  Put the former key back: BELLHOP_ENCRYPTION_KEY, or the file encryption.key in BELLHOP_DATA_DIR; one for all processes.',
    '  Replaced on purpose: add the former key to BELLHOP_ENCRYPTION_KEYS_OLD (newest first, the very first key last).',
    `  Lost for good: start once with BELLHOP_ENCRYPTION_KEY_LOST=${former}. ${LOST}`,
  ].join('\n');
