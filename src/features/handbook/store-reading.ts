import { refresh } from '../../delivery/enqueue.js';
import { Prisma } from '../../generated/prisma/client.js';
import { type Db, retryOnConflict, type Tx } from '../../people/db.js';
import { newId } from '../../people/ids.js';
import { type Detail, digestOf } from './chain.js';
import { type Assignment, cardsOf, type Signature, subject, type VersionState } from './model.js';
import type { AssignmentState } from './rules.js';

interface AssignmentRow {
  readonly id: string;
  readonly personId: string;
  readonly state: AssignmentState;
  readonly dueOn: string;
  readonly askedAt: Date;
  readonly pagesOpened: number[];
  readonly lastViewedAt: Date | null;
  readonly closedAt: Date | null;
  readonly declineReason: string | null;
  readonly exemptReason: string | null;
  readonly nextStage: number | null;
  readonly versionId: string;
  readonly number: number;
  readonly versionState: VersionState;
  readonly title: string;
  readonly sha256: string;
  readonly statement: string;
  readonly effectiveOn: string;
  readonly pageCount: number;
  readonly readingMinutes: number;
  readonly publishedById: string;
  readonly lastManualReminderOn: string | null;
  readonly seq: bigint | null;
  readonly hash: string | null;
  readonly signedAt: Date | null;
}

/** Requests with their version and signature: one query. `where` is a predicate over `a`, `v` and `k`, which must name the organisation. */
async function loadAssignments(db: Db | Tx, where: Prisma.Sql, tail: Prisma.Sql): Promise<Assignment[]> {
  const rows = await db.$queryRaw<AssignmentRow[]>`
    SELECT a.id, a."personId", a.state, a."dueOn"::text AS "dueOn", a."askedAt", a."pagesOpened", a."lastViewedAt", a."closedAt",
           a."declineReason", a."exemptReason", a."nextStage",
           v.id AS "versionId", v.number, v.state AS "versionState", v.title, v.sha256, v.statement, v."effectiveOn"::text AS "effectiveOn",
           v."pageCount", v."readingMinutes", v."publishedById", v."lastManualReminderOn"::text AS "lastManualReminderOn",
           k.seq, k.hash, k."signedAt"
    FROM handbook_assignment a
    JOIN handbook_version v ON v."organisationId" = a."organisationId" AND v.id = a."versionId"
    LEFT JOIN handbook_acknowledgement k ON k."organisationId" = a."organisationId" AND k."assignmentId" = a.id
    WHERE ${where} ${tail}`;
  return rows.map(toAssignment);
}

function toAssignment(row: AssignmentRow): Assignment {
  return {
    ...row,
    version: {
      id: row.versionId,
      number: row.number,
      state: row.versionState,
      title: row.title,
      sha256: row.sha256,
      statement: row.statement,
      effectiveOn: row.effectiveOn,
      pageCount: row.pageCount,
      readingMinutes: row.readingMinutes,
      publishedById: row.publishedById,
      lastManualReminderOn: row.lastManualReminderOn,
    },
    signature: row.seq !== null && row.hash && row.signedAt ? { seq: Number(row.seq), hash: row.hash, signedAt: row.signedAt } : null,
  };
}

export async function findAssignment(db: Db | Tx, organisationId: string, id: string): Promise<Assignment | undefined> {
  const [found] = await loadAssignments(db, Prisma.sql`a."organisationId" = ${organisationId}::uuid AND a.id = ${id}::uuid`, Prisma.empty);
  return found;
}

/** What waits for a person, the earliest due date first. */
export async function listWaiting(db: Db | Tx, organisationId: string, personId: string): Promise<Assignment[]> {
  return await loadAssignments(
    db,
    Prisma.sql`a."organisationId" = ${organisationId}::uuid AND a."personId" = ${personId}::uuid AND a.state IN ('open', 'declined') AND v.state = 'published'`,
    Prisma.sql`ORDER BY a.state, a."dueOn", a.id`,
  );
}

/** What a person has signed, the newest first. */
export async function listSigned(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly items: Assignment[]; readonly total: number }> {
  const total = await db.acknowledgement.count({ where: { organisationId, personId } });
  const items = await loadAssignments(
    db,
    Prisma.sql`a."organisationId" = ${organisationId}::uuid AND a."personId" = ${personId}::uuid AND k.seq IS NOT NULL`,
    Prisma.sql`ORDER BY k.seq DESC LIMIT ${page.limit} OFFSET ${page.offset}`,
  );
  return { items, total };
}

/** Notes that a page was opened, with the time; the first opening counts. Only while the request is open. */
export async function openPage(db: Db | Tx, organisationId: string, id: string, page: number, now: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE handbook_assignment a
    SET "pagesOpened" = a."pagesOpened" || ${page}::int, "pagesOpenedAt" = a."pagesOpenedAt" || ${now}::timestamptz,
        "firstViewedAt" = COALESCE(a."firstViewedAt", ${now}), "lastViewedAt" = ${now}
    FROM handbook_version v
    WHERE a."organisationId" = ${organisationId}::uuid AND a.id = ${id}::uuid AND a.state IN ('open', 'declined') AND NOT ${page}::int = ANY (a."pagesOpened")
      AND v."organisationId" = a."organisationId" AND v.id = a."versionId" AND ${page}::int BETWEEN 1 AND v."pageCount"`;
}

export interface Signing {
  readonly organisationId: string;
  readonly assignmentId: string;
  readonly personId: string;
  readonly platform: 'slack' | 'teams';
  readonly detail: Detail;
  readonly consentedAt: Date;
  readonly signedAt: Date;
}

/**
 * Signs: closes the request and appends to the organisation's chain, in one statement that is its own transaction. The
 * chain's head is locked at its very end, and nothing of this process lies between that lock and the commit: everybody
 * who signs waits there. Nor does the disk: the signature is on it when this returns, by the write that follows, which
 * many share. (1,000 signatures took 2.8 s with an interactive transaction, 2.0 s with the disk under the lock.)
 * @returns undefined when it can't be signed (any more): not open, pages missing, withdrawn, or somebody else's
 */
export async function sign(db: Db, signing: Signing): Promise<Signature | undefined> {
  const { organisationId, assignmentId, personId, detail, signedAt } = signing;
  const [signed] = await retryOnConflict(
    () => db.$queryRaw<SignedRow[]>`
      WITH unhurried AS MATERIALIZED (
        SELECT set_config('synchronous_commit', 'off', true)
      ), before AS MATERIALIZED (
        SELECT a.id, a."nextStage" FROM handbook_assignment a, unhurried
        WHERE a."organisationId" = ${organisationId}::uuid AND a.id = ${assignmentId}::uuid FOR UPDATE OF a
      ), closed AS (
        UPDATE handbook_assignment a SET state = 'signed', "closedAt" = ${signedAt}, "nextStage" = NULL, "nextStageAt" = NULL
        FROM handbook_version v, before
        WHERE a."organisationId" = ${organisationId}::uuid AND a.id = before.id AND a."personId" = ${personId}::uuid AND a.state = 'open'
          AND v."organisationId" = a."organisationId" AND v.id = a."versionId" AND v.state = 'published'
          AND cardinality(a."pagesOpened") >= v."pageCount"
        RETURNING a.id, v.id AS "versionId", v.sha256, a."lastViewedAt", a."dueOn"::text AS "dueOn", before."nextStage",
                  v."lastManualReminderOn"::text AS "lastNudgeOn"
      )
      SELECT k.seq, k.hash, c."dueOn", c."nextStage", c."lastNudgeOn"
      FROM closed c, LATERAL handbook_append_acknowledgement(
        ${organisationId}::uuid, ${newId(signedAt)}::uuid, c.id, c."versionId", ${personId}::uuid, c.sha256,
        ${signing.platform}, COALESCE(c."lastViewedAt", ${signedAt}::timestamptz), ${signing.consentedAt}::timestamptz, ${signedAt}::timestamptz,
        ${digestOf(detail)}, ${detail.salt}, ${detail.typedName}, ${detail.profileName}, ${detail.workspaceExternalId},
        ${detail.accountExternalId}, ${detail.statement}, ${detail.agreement}) k`,
  );
  if (!signed) return undefined;
  // The card that was acted on is answered anyway; this is for the others about the same request. What it writes brings
  // the signature to the disk with it.
  const flushed = await refresh(db, organisationId, cardsOf({ id: assignmentId, ...signed }), signedAt);
  if (!flushed) await db.$executeRaw`SELECT pg_logical_emit_message(true, 'bellhop.signed', ${assignmentId})`;
  return { seq: Number(signed.seq), hash: signed.hash, signedAt };
}

interface SignedRow {
  readonly seq: bigint;
  readonly hash: string;
  readonly dueOn: string;
  readonly nextStage: number | null;
  readonly lastNudgeOn: string | null;
}

/**
 * Moves a request from one state to another, guarded.
 * @returns false when it wasn't in that state any more
 */
export async function moveAssignment(
  tx: Tx,
  organisationId: string,
  id: string,
  from: readonly AssignmentState[],
  data: Prisma.AssignmentUpdateManyMutationInput,
): Promise<boolean> {
  const { count } = await tx.assignment.updateMany({ where: { organisationId, id, state: { in: [...from] } }, data });
  return count > 0;
}

/** Has every card about a request composed again. */
export async function refreshCards(tx: Tx, organisationId: string, assignment: Assignment, now: Date): Promise<void> {
  await refresh(tx, organisationId, cardsOf({ ...assignment, lastNudgeOn: assignment.version.lastManualReminderOn }), now);
  if (assignment.declineReason !== null) await refreshDeclines(tx, organisationId, assignment.id, now);
}

/** Has the cards composed again that told managers of a refusal: they show what became of it. */
export async function refreshDeclines(db: Db | Tx, organisationId: string, assignmentId: string, now: Date): Promise<void> {
  const told = await db.delivery.findMany({
    where: { organisationId, subjectKey: { startsWith: subject.declines(assignmentId) } },
    select: { subjectKey: true },
  });
  await refresh(
    db,
    organisationId,
    told.map((row) => row.subjectKey),
    now,
  );
}
