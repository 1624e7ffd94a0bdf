import { REFRESH_EVERY_MS, refresh, refreshAt } from '../../../delivery/enqueue.js';
import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { subject } from '../model.js';

/** Has direct messages about a date composed again: those to some people, or to everybody. */
export async function refreshDirect(
  tx: Tx,
  organisationId: string,
  dateId: string,
  personIds: readonly string[] | undefined,
  now: Date,
): Promise<void> {
  const of = personIds
    ? Prisma.sql`${personIds.map((id) => subject.direct(dateId, id))}::text[]`
    : Prisma.sql`(SELECT array_agg(${subject.direct(dateId, '')} || p.id) FROM person p WHERE p."organisationId" = ${organisationId}::uuid AND p.status = 'active')::text[]`;
  const rows = await tx.$queryRaw<{ subjectKey: string }[]>`
    SELECT d."subjectKey" FROM delivery d
    WHERE d."organisationId" = ${organisationId}::uuid AND d."progressOf" = ANY (${of}) AND d.state IN ('sending', 'sent', 'merged')`;
  await refresh(
    tx,
    organisationId,
    rows.map((row) => row.subjectKey),
    now,
  );
}

/**
 * Notes that a date's post, and what some people were sent about it, is to be composed again, unless it is noted for then or
 * earlier already. To be called once the change is committed: whatever waits to be sent shows it anyway.
 */
export async function noteRefresh(db: Db, organisationId: string, dateId: string, personIds: readonly string[], now: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE delivery d SET "refreshDueAt" = ${refreshAt(now)}
    WHERE d."organisationId" = ${organisationId}::uuid AND d.state IN ('sending', 'sent')
      AND d.id IN (
        SELECT k.id FROM delivery k WHERE k."organisationId" = ${organisationId}::uuid AND k."subjectKey" = ${subject.post(dateId)}
        UNION ALL
        SELECT COALESCE(k."mergedIntoId", k.id) FROM delivery k
        WHERE k."organisationId" = ${organisationId}::uuid AND k."progressOf" = ANY (${personIds.map((id) => subject.direct(dateId, id))})
          AND k.state IN ('sending', 'sent', 'merged')
      )
      AND (d."refreshDueAt" IS NULL
        OR d."refreshDueAt" > GREATEST(${now}::timestamptz, d."refreshedAt" + ${REFRESH_EVERY_MS} * interval '1 millisecond'))`;
}

/** A card is composed at most so long before it is noted as refreshed. */
const UNDER_WAY_MS = 10_000;

/** Dates to come whose posts don't show the latest answers, and are not noted to be composed again either. */
export async function findStalePosts(db: Db, organisationId: string, now: Date): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM seminar_date d
    JOIN delivery v ON v."organisationId" = d."organisationId" AND v."subjectKey" = ${subject.post('')} || d.id
    WHERE d."organisationId" = ${organisationId}::uuid AND d."startsAt" > ${now}::timestamptz AND d."postAt" IS NULL
      AND v.state = 'sent' AND v."refreshDueAt" IS NULL
      AND EXISTS (
        SELECT 1 FROM seminar_answer a
        WHERE a."organisationId" = d."organisationId" AND a."dateId" = d.id
          AND a."answeredAt" > COALESCE(v."refreshedAt", v."attemptedAt") - ${UNDER_WAY_MS} * interval '1 millisecond')`;
  return rows.map((row) => row.id);
}
