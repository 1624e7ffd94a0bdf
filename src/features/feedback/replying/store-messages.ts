import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';

/** One message between the organisation and a customer. */
export interface CaseMessage {
  readonly id: string;
  readonly caseId: string;
  /** `out`: to the customer. */
  readonly direction: 'out' | 'in';
  /** Empty once they were removed, and of an answer that was a rating alone. */
  readonly words: string;
  readonly at: Date;
  readonly byId: string | null;
}

export interface NewMessage {
  readonly organisationId: string;
  readonly caseId: string;
  readonly direction: 'out' | 'in';
  readonly words: string;
  readonly byId: string | null;
  /** What accepted it: the same one is written once. */
  readonly onceKey: string;
}

/** @returns its id; undefined when it was written before */
export async function addMessage(tx: Tx, message: NewMessage, now: Date): Promise<string | undefined> {
  const id = newId(now);
  const { count } = await tx.feedbackMessage.createMany({ data: [{ ...message, id, at: now }], skipDuplicates: true });
  return count > 0 ? id : undefined;
}

export async function findMessage(db: Db | Tx, organisationId: string, messageId: string): Promise<CaseMessage | undefined> {
  const row = await db.feedbackMessage.findUnique({ where: { organisationId_id: { organisationId, id: messageId } } });
  return row ?? undefined;
}

/** What was written about a case, the oldest first: the last so many. */
export async function listMessages(db: Db | Tx, organisationId: string, caseId: string, most: number): Promise<CaseMessage[]> {
  return await lastOf(db, organisationId, [caseId], most);
}

/** The same of a case and of all that were merged into it. */
export async function listMessagesAround(db: Db | Tx, organisationId: string, caseId: string, most: number): Promise<CaseMessage[]> {
  const merged = await db.feedbackCase.findMany({ where: { organisationId, mergedIntoId: caseId }, select: { id: true } });
  return await lastOf(db, organisationId, [caseId, ...merged.map(({ id }) => id)], most);
}

async function lastOf(db: Db | Tx, organisationId: string, caseIds: string[], most: number): Promise<CaseMessage[]> {
  const rows = await db.feedbackMessage.findMany({
    where: { organisationId, caseId: { in: caseIds } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: most,
  });
  return rows.reverse();
}

/** Empties what somebody wrote to customers. */
export async function forgetMessages(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.feedbackMessage.updateMany({ where: { organisationId, byId: personId, words: { not: '' } }, data: { words: '' } });
}

/** How many messages came from the customer since an instant. */
export async function countIncoming(db: Db | Tx, organisationId: string, caseId: string, since: Date): Promise<number> {
  return await db.feedbackMessage.count({ where: { organisationId, caseId, direction: 'in', at: { gt: since } } });
}

/** Whether the words of what a case follows were removed. */
export async function isStripped(db: Db | Tx, organisationId: string, caseId: string): Promise<boolean> {
  const row = await db.feedbackCase.findUnique({
    where: { organisationId_id: { organisationId, id: caseId } },
    select: { feedback: { select: { strippedAt: true } } },
  });
  return row?.feedback.strippedAt !== null;
}

/** Whether a form was taken before. */
export async function wasTaken(db: Db | Tx, organisationId: string, onceKey: string): Promise<boolean> {
  return (
    (await db.feedbackMessage.findUnique({ where: { organisationId_onceKey: { organisationId, onceKey } }, select: { id: true } })) !== null
  );
}
