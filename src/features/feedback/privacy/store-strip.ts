import type { Tx } from '../../../people/db.js';

/** What a case is to its customer's mails. */
export interface StrippedCase {
  readonly id: string;
  readonly messageIds: readonly string[];
}

/** Empties the words and contacts of these entries, whatever state they are in. Ratings, themes, whom it concerns and times stay. */
export async function emptyFeedback(tx: Tx, organisationId: string, feedbackIds: readonly string[], now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE feedback SET words = '[]', "servedBy" = '', "contactSealed" = NULL, "contactHash" = NULL, "wordsDigest" = NULL, "externalRef" = '',
      "bodyDigest" = '', "strippedAt" = ${now}::timestamptz
    WHERE "organisationId" = ${organisationId}::uuid AND id = ANY (${[...feedbackIds]}::uuid[])`;
}

/**
 * Empties what was written about their cases: root cause and action taken, notes, the conversation. Whoever waits for the customer's
 * word needn't wait any more: nobody can be asked, unless customers of cases that went into it can.
 * @returns the cases, with the messages whose mails may still wait
 */
export async function emptyCases(
  tx: Tx,
  organisationId: string,
  feedbackIds: readonly string[],
  now: Date,
): Promise<readonly StrippedCase[]> {
  const cases = await tx.$queryRaw<{ id: string }[]>`
    UPDATE feedback_case c SET "rootCause" = '', "actionTaken" = '', version = version + 1,
      "closableAt" = CASE WHEN c.state = 'resolved' AND NOT EXISTS (
        SELECT 1 FROM feedback_case m JOIN feedback f ON f."organisationId" = m."organisationId" AND f.id = m."feedbackId"
        WHERE m."organisationId" = c."organisationId" AND m."mergedIntoId" = c.id AND f."contactSealed" IS NOT NULL
      ) THEN LEAST(c."closableAt", ${now}::timestamptz) ELSE c."closableAt" END
    WHERE c."organisationId" = ${organisationId}::uuid AND c."feedbackId" = ANY (${[...feedbackIds]}::uuid[])
    RETURNING c.id`;
  if (cases.length === 0) return [];
  const caseIds = cases.map(({ id }) => id);
  await tx.$executeRaw`
    UPDATE feedback_case_event SET words = '' WHERE "organisationId" = ${organisationId}::uuid AND "caseId" = ANY (${caseIds}::uuid[]) AND words <> ''`;
  await tx.$executeRaw`
    UPDATE feedback_message SET words = '' WHERE "organisationId" = ${organisationId}::uuid AND "caseId" = ANY (${caseIds}::uuid[]) AND words <> ''`;
  const messages = await tx.feedbackMessage.findMany({
    where: { organisationId, caseId: { in: caseIds }, direction: 'out' },
    select: { id: true, caseId: true },
  });
  return caseIds.map((id) => ({ id, messageIds: messages.filter(({ caseId }) => caseId === id).map((message) => message.id) }));
}

/** Which messages show these entries, went out or will: their own, bundles, and what people were told of them, their cases and talks. */
export async function subjectKeysShowing(tx: Tx, organisationId: string, feedbackIds: readonly string[]): Promise<readonly string[]> {
  // Subjects name what a message is about, and end with whom it is for (model.ts, `subject`); ";" is what comes next behind ":".
  const rows = await tx.$queryRaw<{ subjectKey: string }[]>`
    WITH entries AS MATERIALIZED (
      SELECT f.id, f."bundleId" FROM feedback f WHERE f."organisationId" = ${organisationId}::uuid AND f.id = ANY (${[...feedbackIds]}::uuid[])
    ), cases AS MATERIALIZED (
      -- What was written to a case that went into another one is told of by that one's messages.
      SELECT c.id FROM entries f JOIN feedback_case c ON c."organisationId" = ${organisationId}::uuid AND c."feedbackId" = f.id
      UNION
      SELECT c."mergedIntoId" FROM entries f JOIN feedback_case c ON c."organisationId" = ${organisationId}::uuid AND c."feedbackId" = f.id
      WHERE c."mergedIntoId" IS NOT NULL
    ), starts AS MATERIALIZED (
      SELECT 'feedback.post:' || id || ':' AS start FROM entries
      UNION ALL SELECT 'feedback.waiting:' || id || ':' FROM entries
      UNION ALL SELECT 'feedback.escalation:' || id || ':' FROM cases
      UNION ALL SELECT 'feedback.news:' || e.id || ':' FROM cases c JOIN feedback_case_event e ON e."organisationId" = ${organisationId}::uuid AND e."caseId" = c.id
      UNION ALL SELECT kind || t.id || ':' FROM entries f
        JOIN feedback_talk t ON t."organisationId" = ${organisationId}::uuid AND t."feedbackId" = f.id
        CROSS JOIN unnest('{feedback.talk:,feedback.talked:,feedback.talk_answer:}'::text[]) kind
    )
    SELECT d."subjectKey" FROM starts s
      JOIN delivery d ON d."organisationId" = ${organisationId}::uuid AND d."subjectKey" >= s.start AND d."subjectKey" < left(s.start, -1) || ';'
    UNION SELECT 'feedback.post:' || id FROM entries
    UNION SELECT 'feedback.bundle:' || "bundleId" FROM entries WHERE "bundleId" IS NOT NULL`;
  return rows.map(({ subjectKey }) => subjectKey);
}

export async function listCaseIds(tx: Tx, organisationId: string, feedbackIds: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.feedbackCase.findMany({ where: { organisationId, feedbackId: { in: [...feedbackIds] } }, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** Ends the customer's private link of a case: a new one is made of the new nonce. */
export async function renewNonce(tx: Tx, organisationId: string, caseId: string, linkNonce: string): Promise<void> {
  await tx.feedbackCase.update({ where: { organisationId_id: { organisationId, id: caseId } }, data: { linkNonce } });
}
