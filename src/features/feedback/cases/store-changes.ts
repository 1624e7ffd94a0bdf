import type { Tx } from '../../../people/db.js';
import type { Priority } from '../model.js';
import { newNonce } from '../privacy/nonce.js';
import type { CaseChange } from './rules.js';

/** Writes what an act changes of a case that is locked. */
export async function writeChange(tx: Tx, organisationId: string, caseId: string, change: CaseChange): Promise<void> {
  await tx.feedbackCase.update({
    where: { organisationId_id: { organisationId, id: caseId } },
    data: { ...change, version: { increment: 1 } },
  });
}

/** The cases that were opened for these entries, by the entry's id: of a merged one its own, not where it goes on. */
export async function findOwnCases(tx: Tx, organisationId: string, feedbackIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.feedbackCase.findMany({
    where: { organisationId, feedbackId: { in: [...feedbackIds] } },
    select: { id: true, feedbackId: true },
    // The first one of each stays in the map.
    orderBy: { openedAt: 'desc' },
  });
  return new Map(rows.map(({ id, feedbackId }) => [feedbackId, id]));
}

/**
 * The next numbers of cases, as many as are wanted. Whoever opens others waits for the commit.
 * @returns the first of them; undefined for an organisation without settings
 */
export async function takeNumbers(tx: Tx, organisationId: string, many: number): Promise<number | undefined> {
  const [row] = await tx.$queryRaw<{ first: number }[]>`
    UPDATE feedback_settings SET "lastCaseNo" = "lastCaseNo" + ${many}::int WHERE "organisationId" = ${organisationId}::uuid
    RETURNING "lastCaseNo" - ${many}::int + 1 AS first`;
  return row?.first;
}

export interface NewCase {
  readonly id: string;
  readonly number: number;
  readonly feedbackId: string;
  readonly private: boolean;
  readonly priority: Priority;
  readonly locationId: string | null;
  readonly dueAt: Date;
  readonly nextStepAt: Date | null;
}

export async function createCases(tx: Tx, organisationId: string, opened: readonly NewCase[], now: Date): Promise<void> {
  await tx.feedbackCase.createMany({
    data: opened.map((one) => ({ ...one, organisationId, openedAt: now, linkNonce: newNonce() })),
  });
}

/** Has those that went into a case lead on to where that one goes on now. */
export async function leadOn(tx: Tx, organisationId: string, caseId: string, intoId: string): Promise<void> {
  await tx.feedbackCase.updateMany({ where: { organisationId, mergedIntoId: caseId }, data: { mergedIntoId: intoId } });
}

/** Closes a case to all but the line of whom it is about, or opens it up. */
export async function setCasePrivate(tx: Tx, organisationId: string, caseId: string, isPrivate: boolean): Promise<void> {
  await tx.feedbackCase.update({
    where: { organisationId_id: { organisationId, id: caseId } },
    data: { private: isPrivate, version: { increment: 1 } },
  });
}
