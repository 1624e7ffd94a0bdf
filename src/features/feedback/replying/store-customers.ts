import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';

/** Cases that went into one, the oldest first, and what each follows. */
export async function listMergedInto(
  db: Db | Tx,
  organisationId: string,
  caseId: string,
): Promise<readonly { readonly id: string; readonly feedbackId: string }[]> {
  return await db.feedbackCase.findMany({
    where: { organisationId, mergedIntoId: caseId },
    orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, feedbackId: true },
  });
}

/**
 * Whether the customer of a case that went into another has said since an instant that it is put right.
 * @param caseId the case that it went into: its history tells
 * @param fromId the customer's own case
 */
export async function hasSaidRight(
  db: Db | Tx,
  organisationId: string,
  caseId: string,
  { fromId, since }: { readonly fromId: string; readonly since: Date },
): Promise<boolean> {
  const found = await db.feedbackCaseEvent.findFirst({
    where: {
      organisationId,
      caseId,
      kind: { in: ['answered', 'confirmed'] },
      at: { gte: since },
      AND: [{ data: { path: ['from'], equals: fromId } }, { data: { path: ['right'], equals: 'yes' } }],
    },
    select: { id: true },
  });
  return found !== null;
}

/** Whether one of these e-mails is on its way or has arrived, as far as anybody knows. */
export async function isAnySent(db: Db | Tx, organisationId: string, subjectKeys: readonly string[]): Promise<boolean> {
  const rows = await db.$queryRaw<{ found: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM mail m WHERE m."organisationId" = ${organisationId}::uuid AND ${Prisma.sql`m."subjectKey" = ANY (${[...subjectKeys]}::text[])`}
        AND m.state IN ('pending', 'sending', 'sent')) AS found`;
  return rows[0]?.found ?? false;
}
