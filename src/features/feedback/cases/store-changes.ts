import { randomBytes } from 'node:crypto';
import type { Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { Priority, Source } from '../model.js';
import type { CaseChange } from './rules.js';

/** Writes what an act changes of a case that is locked. */
export async function writeChange(tx: Tx, organisationId: string, caseId: string, change: CaseChange): Promise<void> {
  await tx.feedbackCase.update({
    where: { organisationId_id: { organisationId, id: caseId } },
    data: { ...change, version: { increment: 1 } },
  });
}

/** The case that feedback has already, and what decides about a new one's priority. */
export async function findForCase(
  tx: Tx,
  organisationId: string,
  feedbackId: string,
): Promise<{ readonly caseId: string | null; readonly source: Source | null }> {
  const row = await tx.feedback.findUnique({
    where: { organisationId_id: { organisationId, id: feedbackId } },
    select: { source: true, cases: { select: { id: true }, orderBy: { openedAt: 'asc' }, take: 1 } },
  });
  return { caseId: row?.cases[0]?.id ?? null, source: row?.source ?? null };
}

/** The next number of a case; undefined for an organisation without settings. Whoever opens another one waits for the commit. */
export async function takeNumber(tx: Tx, organisationId: string): Promise<number | undefined> {
  const [row] = await tx.$queryRaw<{ number: number }[]>`
    UPDATE feedback_settings SET "lastCaseNo" = "lastCaseNo" + 1 WHERE "organisationId" = ${organisationId}::uuid RETURNING "lastCaseNo" AS number`;
  return row?.number;
}

export interface NewCase {
  readonly organisationId: string;
  readonly number: number;
  readonly feedbackId: string;
  readonly private: boolean;
  readonly priority: Priority;
  readonly locationId: string | null;
  readonly dueAt: Date;
  readonly nextStepAt: Date | null;
}

/** @returns its id */
export async function createCase(tx: Tx, opened: NewCase, now: Date): Promise<string> {
  const id = newId(now);
  // 128 bits that nobody guesses: the customer's private link is made of it.
  await tx.feedbackCase.create({ data: { ...opened, id, openedAt: now, linkNonce: randomBytes(16).toString('hex') } });
  return id;
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
