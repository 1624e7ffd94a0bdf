import { createHash, timingSafeEqual } from 'node:crypto';
import { BellhopError } from '../core/errors.js';
import { recordEvent } from './audit.js';
import { inTransaction, type Tx } from './db.js';
import type { Work } from './handlers.js';
import { lockPeople } from './lock.js';
import { normaliseEmail } from './names.js';

/** After so many wrong codes in a row nobody may try for a while. */
export const CLAIM_TRIES = 5;
export const CLAIM_LOCK_MINUTES = 15;

/** Letters and digits that nobody mistakes for one another: 32, so that each stands for five bits. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/**
 * Sees to it that an organisation without an owner can get one. To be called at every start, in every process.
 * With `ownerEmail` the person whose confirmed address it is becomes the owner, now or when they appear. Without it a
 * code does: it is made out of the encryption key, so that every process prints the same one at every start until it
 * was used, and only its digest is kept.
 * @returns the code to print, or undefined when there is an owner already or an address names one
 * @throws RangeError when `ownerEmail` is no e-mail address
 */
export async function ensureFirstOwner(
  work: Pick<Work, 'db' | 'vault' | 'clock'>,
  organisationId: string,
  options: { readonly ownerEmail?: string | undefined } = {},
): Promise<string | undefined> {
  const email = options.ownerEmail === undefined ? undefined : normaliseEmail(options.ownerEmail);
  if (options.ownerEmail !== undefined && !email) throw new RangeError('BELLHOP_OWNER_EMAIL is not an e-mail address.');
  return await inTransaction(work.db, async (tx) => {
    await lockPeople(tx, organisationId);
    if ((await tx.person.count({ where: { organisationId, role: 'owner', status: 'active' } })) > 0) return undefined;
    const now = work.clock.now();
    const row = await tx.claimCode.findUnique({ where: { organisationId } });
    if (email) {
      const ownerEmailHash = work.vault.digest(email, 'person.email');
      const fresh = { digest: null, ownerEmailHash, usedAt: null, usedById: null, failures: 0, lastFailureAt: null };
      await tx.claimCode.upsert({ where: { organisationId }, create: { organisationId, createdAt: now, ...fresh }, update: fresh });
      const person = await tx.person.findFirst({ where: { organisationId, emailHash: ownerEmailHash, status: 'active' } });
      if (person) await makeFirstOwner(tx, organisationId, person.id, now);
      return undefined;
    }
    if (row?.digest && !row.usedAt) {
      const code = codeOf(work, organisationId, row.createdAt);
      if (sha256(code) === row.digest) return code;
    }
    const code = codeOf(work, organisationId, now);
    const fresh = {
      digest: sha256(code),
      ownerEmailHash: null,
      createdAt: now,
      usedAt: null,
      usedById: null,
      failures: 0,
      lastFailureAt: null,
    };
    await tx.claimCode.upsert({ where: { organisationId }, create: { organisationId, ...fresh }, update: fresh });
    return code;
  });
}

/** The digest of the address that names the first owner, as long as there is none. */
export async function openOwnerAddress(tx: Tx, organisationId: string): Promise<string | undefined> {
  const row = await tx.claimCode.findUnique({ where: { organisationId } });
  return row && !row.usedAt ? (row.ownerEmailHash ?? undefined) : undefined;
}

/** Makes a person the first owner. The caller holds the lock on people and has seen that there is no owner. */
export async function makeFirstOwner(tx: Tx, organisationId: string, personId: string, now: Date): Promise<void> {
  await tx.person.update({ where: { organisationId_id: { organisationId, id: personId } }, data: { role: 'owner' } });
  await tx.claimCode.update({ where: { organisationId }, data: { usedAt: now, usedById: personId } });
  await recordEvent(tx, { organisationId, actorId: null, verb: 'owner.claimed', subjectId: personId }, now);
}

/**
 * `/bellhop claim CODE`: makes this person the owner.
 * @param andThen what else belongs to the same transaction
 * @throws BellhopError `people.claim_closed` when there is an owner or no code, `people.claim_wrong`, and `people.claim_locked`
 *   for 15 minutes after five wrong codes in a row
 */
export async function claimOwner(
  work: Pick<Work, 'db' | 'clock'>,
  organisationId: string,
  personId: string,
  typed: string,
  andThen: (tx: Tx) => Promise<void> = async () => {},
): Promise<void> {
  const outcome = await inTransaction(work.db, async (tx) => {
    await lockPeople(tx, organisationId);
    const now = work.clock.now();
    const row = await tx.claimCode.findUnique({ where: { organisationId } });
    if (!row?.digest || row.usedAt) return 'closed';
    if ((await tx.person.count({ where: { organisationId, role: 'owner', status: 'active' } })) > 0) return 'closed';
    const lockedUntil = (row.lastFailureAt?.getTime() ?? 0) + CLAIM_LOCK_MINUTES * 60_000;
    if (row.failures >= CLAIM_TRIES && now.getTime() < lockedUntil) return 'locked';
    if (!sameCode(typed, row.digest)) {
      const failures = row.failures >= CLAIM_TRIES ? 1 : row.failures + 1;
      await tx.claimCode.update({ where: { organisationId }, data: { failures, lastFailureAt: now } });
      await recordEvent(tx, { organisationId, actorId: personId, verb: 'owner.claim_failed', data: { failures } }, now);
      return failures >= CLAIM_TRIES ? 'locked' : 'wrong';
    }
    await makeFirstOwner(tx, organisationId, personId, now);
    await andThen(tx);
    return 'claimed';
  });
  // Thrown out here: inside, it would take the count of wrong tries back.
  if (outcome === 'closed') throw new BellhopError('people.claim_closed');
  if (outcome === 'locked') throw new BellhopError('people.claim_locked', { minutes: CLAIM_LOCK_MINUTES });
  if (outcome === 'wrong') throw new BellhopError('people.claim_wrong');
}

function codeOf(work: Pick<Work, 'vault'>, organisationId: string, at: Date): string {
  const bytes = Buffer.from(work.vault.digest(`${organisationId}:${at.toISOString()}`, 'claim.code'), 'hex');
  const letters = [...bytes.subarray(0, 16)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

/** Case, blanks and dashes don't matter; how long the comparison takes tells nothing. */
function sameCode(typed: string, digest: string): boolean {
  const letters = typed
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 16);
  return timingSafeEqual(Buffer.from(sha256(letters.replace(/(.{4})(?=.)/g, '$1-')), 'hex'), Buffer.from(digest, 'hex'));
}

function sha256(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
