import type { Db, Tx } from '../../../people/db.js';

/** An entry whose time is over. */
export interface Overdue {
  readonly id: string;
  /** Whether a message shows it, which has to be composed anew. */
  readonly posted: boolean;
}

/**
 * What came before an instant and still has its words, the oldest first, locked: what another process is at is passed over. What isn't
 * over yet stays: a case that isn't closed (or went on in one that isn't), a talk that is still to be held. A resolved case that nobody
 * closes is over once nothing has happened in it since that instant.
 */
export async function lockOverdue(tx: Tx, organisationId: string, before: Date, limit: number): Promise<readonly Overdue[]> {
  return await tx.$queryRaw<Overdue[]>`
    WITH overdue AS MATERIALIZED (
      SELECT f.id, f."bundleId", f."personId", f."channelId", f."receivedAt" FROM feedback f
      WHERE f."organisationId" = ${organisationId}::uuid AND f."receivedAt" < ${before}::timestamptz AND f."strippedAt" IS NULL
        -- What was imported this moment as history has its themes told from its words first.
        AND f.state <> 'fresh'
        AND NOT EXISTS (
          SELECT 1 FROM feedback_case c
          LEFT JOIN feedback_case i ON i."organisationId" = c."organisationId" AND i.id = c."mergedIntoId"
          WHERE c."organisationId" = f."organisationId" AND c."feedbackId" = f.id AND COALESCE(i.state, c.state) <> 'closed'
            AND (COALESCE(i.state, c.state) <> 'resolved' OR EXISTS (
              SELECT 1 FROM feedback_case_event e
              WHERE e."organisationId" = c."organisationId" AND e."caseId" = COALESCE(i.id, c.id) AND e.at >= ${before}::timestamptz
            ))
        )
        AND NOT EXISTS (
          SELECT 1 FROM feedback_talk t WHERE t."organisationId" = f."organisationId" AND t."feedbackId" = f.id AND t.state = 'open'
        )
      ORDER BY f."receivedAt" LIMIT ${limit}
      FOR UPDATE OF f SKIP LOCKED
    )
    SELECT o.id, EXISTS (
      SELECT 1 FROM delivery d WHERE d."organisationId" = ${organisationId}::uuid AND d.state = 'sent'
        AND d."subjectKey" IN ('feedback.post:' || o.id, 'feedback.bundle:' || o."bundleId", 'feedback.post:' || o.id || ':' || o."personId")
    ) AS posted
    FROM overdue o ORDER BY o."receivedAt"`;
}

/** How much would lose its words if they were kept since an instant only; counted up to `most`. */
export async function countOverdue(db: Db | Tx, organisationId: string, before: Date, most: number): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM feedback f
      WHERE f."organisationId" = ${organisationId}::uuid AND f."receivedAt" < ${before}::timestamptz AND f."strippedAt" IS NULL LIMIT ${most}
    ) found`;
  return row?.count ?? 0;
}

export async function saveRetention(tx: Tx, organisationId: string, retentionMonths: number | null): Promise<void> {
  await tx.feedbackSettings.update({ where: { organisationId }, data: { retentionMonths } });
}
