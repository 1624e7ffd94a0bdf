import type { Tx } from './db.js';

/**
 * Lets one transaction at a time change who belongs to an organisation and what they are in it. Such changes are rare
 * and small, and looking before writing (is this address taken, is this the last owner, is there a ring of line
 * managers) is only right when nobody else writes meanwhile. Held until the transaction ends.
 */
export async function lockPeople(tx: Tx, organisationId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`bellhop.people:${organisationId}`}, 0))`;
}
