import type { Tx } from '../../../people/db.js';

/** Dates whose phase is due to change, locked; those that another process is at are left to it. */
export async function lockDuePhases(tx: Tx, organisationId: string, limit: number, now: Date): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM seminar_date d
    WHERE d."organisationId" = ${organisationId}::uuid AND d."phaseAt" IS NOT NULL AND d."phaseAt" <= ${now}::timestamptz
    ORDER BY d."phaseAt", d.id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED`;
  return rows.map((row) => row.id);
}

export async function setPhase(
  tx: Tx,
  organisationId: string,
  dateId: string,
  phase: { readonly phase: 'ahead' | 'open' | 'over'; readonly phaseAt: Date | null },
): Promise<void> {
  await tx.seminarDate.updateMany({ where: { organisationId, id: dateId }, data: phase });
}

/** Takes away what was recorded before a date was moved to where it is now. */
export async function dropEarlierArrivals(tx: Tx, organisationId: string, dateId: string, opens: Date): Promise<void> {
  await tx.seminarAttendance.deleteMany({ where: { organisationId, dateId, at: { lt: opens } } });
}

/** Who said to come to a date, page by page in the order of their ids; whoever left is left out. */
export async function goingPeople(
  tx: Tx,
  organisationId: string,
  dateId: string,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ personId: string }[]>`
    SELECT a."personId" FROM seminar_answer a
    JOIN person p ON p."organisationId" = a."organisationId" AND p.id = a."personId" AND p.status = 'active'
    WHERE a."organisationId" = ${organisationId}::uuid AND a."dateId" = ${dateId}::uuid AND a.state = 'going'
      AND (${page.after ?? null}::uuid IS NULL OR a."personId" > ${page.after ?? null}::uuid)
    ORDER BY a."personId" LIMIT ${page.limit}`;
  return rows.map((row) => row.personId);
}
