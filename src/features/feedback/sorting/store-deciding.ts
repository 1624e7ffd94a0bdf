import type { Db, Tx } from '../../../people/db.js';
import { addChosen } from '../intake/store-accept.js';
import type { FeedbackState, Kind } from '../model.js';

/** Notes who has decided about feedback and when (nulls: nobody any more), and what it is from then on. */
export async function setDecided(
  tx: Tx,
  organisationId: string,
  feedbackId: string,
  decidedById: string | null,
  decidedAt: Date | null,
  state?: FeedbackState,
): Promise<void> {
  await tx.feedback.update({
    where: { organisationId_id: { organisationId, id: feedbackId } },
    data: { decidedById, decidedAt, ...(state && { state }) },
  });
}

export async function setKind(tx: Tx, organisationId: string, feedbackId: string, kind: Kind): Promise<void> {
  await tx.feedback.update({ where: { organisationId_id: { organisationId, id: feedbackId } }, data: { kind } });
}

export async function removeConcerns(tx: Tx, organisationId: string, feedbackId: string, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return;
  await tx.feedbackConcern.deleteMany({ where: { organisationId, feedbackId, personId: { in: [...personIds] } } });
}

/** These and nobody else are whom feedback is about, as a manager chose them. */
export async function replaceConcerns(
  tx: Tx,
  organisationId: string,
  feedbackId: string,
  personIds: readonly string[],
  now: Date,
): Promise<void> {
  await tx.feedbackConcern.deleteMany({ where: { organisationId, feedbackId } });
  await addChosen(tx, organisationId, feedbackId, personIds, now);
}

/** Who has decided, and when; undefined where nobody has. */
export async function findDecision(
  db: Db | Tx,
  organisationId: string,
  feedbackId: string,
): Promise<{ readonly at: Date; readonly name: string } | undefined> {
  const [row] = await db.$queryRaw<{ at: Date; name: string | null }[]>`
    SELECT f."decidedAt" AS at, p.name FROM feedback f
    LEFT JOIN person p ON p."organisationId" = f."organisationId" AND p.id = f."decidedById"
    WHERE f."organisationId" = ${organisationId}::uuid AND f.id = ${feedbackId}::uuid AND f."decidedAt" IS NOT NULL`;
  return row && { at: row.at, name: row.name ?? '' };
}
