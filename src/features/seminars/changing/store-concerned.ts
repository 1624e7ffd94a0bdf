import type { Db, Tx } from '../../../people/db.js';

/**
 * Whom a change of these dates concerns: who is going, may come or waits, and their hosts, as far as they are still here.
 * @param hosts who hosted them before
 */
export async function concernedBy(
  db: Db | Tx,
  organisationId: string,
  dateIds: readonly string[],
  hosts: readonly string[] = [],
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p
    WHERE p."organisationId" = ${organisationId}::uuid AND p.status = 'active' AND p.id IN (
      SELECT a."personId" FROM seminar_answer a
      WHERE a."organisationId" = ${organisationId}::uuid AND a."dateId" = ANY (${[...dateIds]}::uuid[]) AND a.state <> 'cant'
      UNION
      SELECT d."hostId" FROM seminar_date d WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ANY (${[...dateIds]}::uuid[])
      UNION
      SELECT h.id FROM unnest(${[...hosts]}::uuid[]) AS h (id)
    )
    ORDER BY p.id`;
  return rows.map((row) => row.id);
}

/** Of these dates those that concern a person: answered otherwise than "can't", or hosted. */
export async function datesConcerning(
  db: Db | Tx,
  organisationId: string,
  dateIds: readonly string[],
  personId: string,
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM seminar_date d
    LEFT JOIN seminar_answer a ON a."organisationId" = d."organisationId" AND a."dateId" = d.id AND a."personId" = ${personId}::uuid
    WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ANY (${[...dateIds]}::uuid[])
      AND (d."hostId" = ${personId}::uuid OR a.state <> 'cant')`;
  return new Set(rows.map((row) => row.id));
}

/** Who is going to a date, and so has it in the calendar. */
export async function goingTo(tx: Tx, organisationId: string, dateId: string): Promise<string[]> {
  const rows = await tx.seminarAnswer.findMany({
    where: { organisationId, dateId, state: 'going' },
    select: { personId: true },
    orderBy: { personId: 'asc' },
  });
  return rows.map((row) => row.personId);
}
