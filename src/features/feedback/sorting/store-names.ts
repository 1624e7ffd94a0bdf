import type { Db, Tx } from '../../../people/db.js';
import { foldName } from '../../../people/names.js';
import type { Candidate } from './match-names.js';

/**
 * Who of those at work here has one of these words in their name: by an index, whatever the number of people.
 * @param words as foldName writes them
 */
export async function findCandidates(db: Db | Tx, organisationId: string, words: readonly string[]): Promise<readonly Candidate[]> {
  if (words.length === 0) return [];
  const rows = await db.$queryRaw<{ id: string; name: string; locationId: string | null }[]>`
    SELECT p.id, p.name, p."locationId" FROM person p
    WHERE p."organisationId" = ${organisationId}::uuid AND p.status = 'active' AND name_words(p.name) && ${[...words]}::text[]`;
  return rows.map(({ id, name, locationId }) => ({ id, words: foldName(name).split(' '), locationId }));
}
