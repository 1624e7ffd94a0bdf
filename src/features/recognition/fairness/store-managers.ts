import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';

/** Enough to have somebody at work; the others find the same in their lists. */
const MOST_ASKED = 20;

/**
 * Who is asked about something that concerns these people: managers who are none of them, else owners who are none.
 * @returns ids; empty when nobody is left to ask
 */
export async function managersApartFrom(db: Db | Tx, organisation: Organisation, personIds: readonly string[]): Promise<readonly string[]> {
  for (const role of ['manager', 'owner'] as const) {
    const rows = await db.$queryRaw<{ id: string }[]>`
      SELECT p.id FROM person p
      WHERE ${presentSql(organisation)} AND p.role = ${role}::"Role" AND NOT p.id = ANY (${[...personIds]}::uuid[])
      ORDER BY p.id LIMIT ${MOST_ASKED}`;
    if (rows.length > 0) return rows.map((row) => row.id);
  }
  return [];
}

/** Ids of those whom messages of these subjects went to: what follows the last colon of `<prefix><person>`. */
export async function askedBefore(db: Db | Tx, organisationId: string, prefixes: readonly string[]): Promise<readonly AskedOne[]> {
  if (prefixes.length === 0) return [];
  const rows = await db.delivery.findMany({
    where: { organisationId, OR: prefixes.map((prefix) => ({ subjectKey: { startsWith: prefix } })) },
    select: { subjectKey: true, personId: true },
  });
  return rows.flatMap(({ subjectKey, personId }) => (personId === null ? [] : [{ subjectKey, personId }]));
}

export interface AskedOne {
  readonly subjectKey: string;
  readonly personId: string;
}
