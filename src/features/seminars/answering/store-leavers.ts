import type { Db, Tx } from '../../../people/db.js';

/** Who left longer ago has been let go of already. */
const LEFT_DAYS = 60;

/** Dates to come that somebody who has left still counts for. */
export async function findLeftDates(db: Db, organisationId: string, now: Date, limit: number): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ dateId: string }[]>`
    SELECT DISTINCT a."dateId" FROM person p
    JOIN seminar_answer a ON a."organisationId" = p."organisationId" AND a."personId" = p.id
    JOIN seminar_date d ON d."organisationId" = a."organisationId" AND d.id = a."dateId"
    WHERE p."organisationId" = ${organisationId}::uuid AND p.status = 'left' AND p."leftAt" > ${new Date(now.getTime() - LEFT_DAYS * 86_400_000)}::timestamptz
      AND d.state = 'planned' AND d."startsAt" > ${now}::timestamptz
    LIMIT ${limit}`;
  return rows.map((row) => row.dateId);
}

/** Removes the answers of those who have left. The caller has locked the date. */
export async function removeLeft(tx: Tx, organisationId: string, dateId: string): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM seminar_answer a USING person p
    WHERE a."organisationId" = ${organisationId}::uuid AND a."dateId" = ${dateId}::uuid
      AND p."organisationId" = a."organisationId" AND p.id = a."personId" AND p.status = 'left'`;
}
