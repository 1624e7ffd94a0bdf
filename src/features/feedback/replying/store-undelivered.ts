import type { Db, Tx } from '../../../people/db.js';

/** An e-mail to a customer that was given up. */
export interface Undelivered {
  readonly mailId: string;
  readonly spec: 'feedback.reply' | 'feedback.ask';
  readonly caseId: string;
  /** Of a reply. */
  readonly messageId: string | null;
}

/**
 * E-mails to customers that were given up, whose cases don't tell of it yet: read by the index of what was given up. One that was sent
 * again and given up again is told of again.
 */
export async function findUndelivered(db: Db | Tx, organisationId: string, most: number): Promise<Undelivered[]> {
  return await db.$queryRaw<Undelivered[]>`
    SELECT m.id AS "mailId", m.spec, c.id AS "caseId", g.id AS "messageId"
    FROM mail m
    LEFT JOIN feedback_message g
      ON m.spec = 'feedback.reply' AND g."organisationId" = m."organisationId" AND g.id = (m.payload ->> 'messageId')::uuid
    JOIN feedback_case c
      ON c."organisationId" = m."organisationId" AND c.id = COALESCE(g."caseId", (m.payload ->> 'caseId')::uuid)
    WHERE m."organisationId" = ${organisationId}::uuid AND m.state = 'dead' AND m.spec IN ('feedback.reply', 'feedback.ask')
      AND NOT EXISTS (
        SELECT 1 FROM feedback_case_event e
        WHERE e."organisationId" = c."organisationId" AND e."caseId" = COALESCE(c."mergedIntoId", c.id) AND e.kind = 'mail_failed'
          AND e.data ->> 'mailId' = m.id::text AND e.at >= m."settledAt")
    ORDER BY m.id LIMIT ${most}`;
}
