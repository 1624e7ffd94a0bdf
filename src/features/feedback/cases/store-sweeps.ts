import type { Tx } from '../../../people/db.js';

/** Ids of cases whose pause is over, locked until the commit; those that somebody is changing come with the next look. */
export async function lockPausedUntil(tx: Tx, organisationId: string, now: Date, limit: number): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM feedback_case
    WHERE "organisationId" = ${organisationId}::uuid AND "pausedUntil" <= ${now}::timestamptz
    ORDER BY "pausedUntil" LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED`;
  return rows.map(({ id }) => id);
}

/**
 * Ids of open cases whose owner has left, or may not read them any more (whom it is about by now, whoever isn't in the line), locked likewise.
 * @param personId of one person alone
 */
export async function lockOfLeavers(tx: Tx, organisationId: string, limit: number, personId?: string): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM feedback_case c
    JOIN person p ON p."organisationId" = c."organisationId" AND p.id = c."ownerId"
    WHERE c."organisationId" = ${organisationId}::uuid AND c.state = 'claimed' AND c."ownerId" IS NOT NULL
      AND (${personId ?? null}::uuid IS NULL OR p.id = ${personId ?? null}::uuid)
      AND (p.status <> 'active' OR (c.private AND EXISTS (
        SELECT 1 FROM feedback_concern k
        WHERE k."organisationId" = c."organisationId" AND k."feedbackId" = c."feedbackId" AND k."personId" = p.id))
        OR (c.private AND p.role <> 'owner' AND NOT EXISTS (
          WITH RECURSIVE above AS (
            SELECT q."lineManagerId" AS id, 1 AS depth FROM feedback_concern k
            JOIN person q ON q."organisationId" = k."organisationId" AND q.id = k."personId"
            WHERE k."organisationId" = c."organisationId" AND k."feedbackId" = c."feedbackId"
            UNION
            SELECT q."lineManagerId", above.depth + 1 FROM person q JOIN above ON q.id = above.id
            WHERE q."organisationId" = c."organisationId" AND above.depth < 100
          )
          SELECT 1 FROM above WHERE above.id = p.id)))
    ORDER BY c.id LIMIT ${limit} FOR NO KEY UPDATE OF c SKIP LOCKED`;
  return rows.map(({ id }) => id);
}

/** Takes away what somebody wrote in notes and reasons, and in what they found out. */
export async function forgetWords(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.feedbackCaseEvent.updateMany({ where: { organisationId, actorId: personId, words: { not: '' } }, data: { words: '' } });
}
