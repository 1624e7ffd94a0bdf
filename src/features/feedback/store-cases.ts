import { Prisma } from '../../generated/prisma/client.js';
import type { Db, Tx } from '../../people/db.js';
import type { Case } from './model.js';

/** Columns of `feedback_case c` with the names of its people `o` (owner) and `r` (resolver), as a Case has them. */
export const CASE_COLUMNS = Prisma.sql`
  c.id, c.number, c."feedbackId", c.private, c.state::text AS state, c.priority::text AS priority, c."locationId", c."ownerId", o.name AS "ownerName",
  c."openedAt", c."claimedAt", c."dueAt", c."respondedAt", c."pausedUntil", c."pausedAt", c."resolvedAt", c."resolverId", r.name AS "resolverName",
  c."rootCause", c."causeThemeId", c."actionTaken", c."askedAt", c."closableAt", c."reopenedAt", c."closedAt", c."closedById",
  c.outcome::text AS outcome, c.satisfaction::int AS satisfaction, c."mergedIntoId", c."linkNonce", c.step, c."nextStepAt", c.version`;

export const CASE_TABLES = Prisma.sql`
  feedback_case c
  LEFT JOIN person o ON o."organisationId" = c."organisationId" AND o.id = c."ownerId"
  LEFT JOIN person r ON r."organisationId" = c."organisationId" AND r.id = c."resolverId"`;

/** A case of the organisation; undefined when there is none such. */
export async function findCase(db: Db | Tx, organisationId: string, caseId: string): Promise<Case | undefined> {
  const [found] = await db.$queryRaw<Case[]>`
    SELECT ${CASE_COLUMNS} FROM ${CASE_TABLES} WHERE c."organisationId" = ${organisationId}::uuid AND c.id = ${caseId}::uuid`;
  return found;
}

/** The case that people call by its number. */
export async function findCaseByNumber(db: Db | Tx, organisationId: string, number: number): Promise<Case | undefined> {
  const [found] = await db.$queryRaw<Case[]>`
    SELECT ${CASE_COLUMNS} FROM ${CASE_TABLES} WHERE c."organisationId" = ${organisationId}::uuid AND c.number = ${number}`;
  return found;
}

/** Locks a case until the transaction ends, so that two acts upon it follow one another; its state as it is then. */
export async function lockCase(tx: Tx, organisationId: string, caseId: string): Promise<Case | undefined> {
  await tx.$queryRaw`SELECT 1 FROM feedback_case WHERE "organisationId" = ${organisationId}::uuid AND id = ${caseId}::uuid FOR NO KEY UPDATE`;
  return await findCase(tx, organisationId, caseId);
}
