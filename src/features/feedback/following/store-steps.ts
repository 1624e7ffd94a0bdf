import type { Tx } from '../../../people/db.js';
import type { Case } from '../model.js';
import { CASE_COLUMNS, CASE_TABLES } from '../store-cases.js';

/**
 * Open cases whose next step is due, the longest due first, locked until the transaction ends. What somebody acts upon at this
 * moment is left for the next look.
 */
export async function lockDueSteps(tx: Tx, organisationId: string, now: Date, most: number): Promise<Case[]> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM feedback_case s
    WHERE s."organisationId" = ${organisationId}::uuid AND s."nextStepAt" <= ${now}::timestamptz
    ORDER BY s."nextStepAt", s.id
    LIMIT ${most}
    FOR NO KEY UPDATE SKIP LOCKED`;
  if (locked.length === 0) return [];
  // A statement of its own: it sees what was committed just before the lock.
  return await tx.$queryRaw<Case[]>`
    SELECT ${CASE_COLUMNS} FROM ${CASE_TABLES}
    WHERE c."organisationId" = ${organisationId}::uuid AND c.id = ANY(${locked.map(({ id }) => id)}::uuid[])
    ORDER BY c."nextStepAt", c.id`;
}

/** @param nextStepAt null: no further one. The version stays: nothing of what cards show changes. */
export async function writeStep(
  tx: Tx,
  organisationId: string,
  caseId: string,
  to: { readonly step: number; readonly nextStepAt: Date | null },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE feedback_case SET step = ${to.step}, "nextStepAt" = ${to.nextStepAt}::timestamptz
    WHERE "organisationId" = ${organisationId}::uuid AND id = ${caseId}::uuid`;
}

/** Has the steps of every open case reckoned anew, after the list was changed: the next look does so. */
export async function wakeSteps(tx: Tx, organisationId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE feedback_case SET "nextStepAt" = GREATEST("dueAt", ${now}::timestamptz)
    WHERE "organisationId" = ${organisationId}::uuid AND state IN ('open', 'claimed') AND "pausedUntil" IS NULL`;
}
