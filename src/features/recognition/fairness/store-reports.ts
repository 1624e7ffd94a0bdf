import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';

/** Somebody's report of a kudos. */
export interface Report {
  readonly id: string;
  readonly kudosId: string;
  readonly reporterId: string;
  /** Empty after an erasure. */
  readonly words: string;
  readonly state: 'open' | 'kept' | 'removed';
  readonly createdAt: Date;
  readonly decidedById: string | null;
  readonly decidedAt: Date | null;
  /** What the manager lets the reporter know. */
  readonly decisionWords: string | null;
}

/** @returns the report's id; undefined when this person has reported this kudos before */
export async function addReport(
  tx: Tx,
  organisationId: string,
  report: { readonly kudosId: string; readonly reporterId: string; readonly words: string },
  now: Date,
): Promise<string | undefined> {
  const { count } = await tx.kudosReport.createMany({
    data: { organisationId, id: newId(now), createdAt: now, ...report },
    skipDuplicates: true,
  });
  if (count === 0) return undefined;
  return (await findReportOf(tx, organisationId, report.kudosId, report.reporterId))?.id;
}

/** What this person has reported of this kudos; undefined when nothing. */
export async function findReportOf(db: Db | Tx, organisationId: string, kudosId: string, reporterId: string): Promise<Report | undefined> {
  return (
    (await db.kudosReport.findUnique({
      where: { organisationId_kudosId_reporterId: { organisationId, kudosId, reporterId } },
    })) ?? undefined
  );
}

export async function findReport(db: Db | Tx, organisationId: string, id: string): Promise<Report | undefined> {
  return (await db.kudosReport.findUnique({ where: { organisationId_id: { organisationId, id } } })) ?? undefined;
}

/** All reports of a kudos, the earliest first. */
export async function reportsOf(db: Db | Tx, organisationId: string, kudosId: string): Promise<readonly Report[]> {
  return await db.kudosReport.findMany({ where: { organisationId, kudosId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
}

export interface Decision {
  readonly state: 'kept' | 'removed';
  /** Null: nobody had to decide, since the giver has taken the kudos back. */
  readonly decidedById: string | null;
  readonly words: string | null;
}

/** Ends all open reports of a kudos together. @returns those that it ended */
export async function decideReports(
  tx: Tx,
  organisationId: string,
  kudosId: string,
  decision: Decision,
  now: Date,
): Promise<readonly { readonly id: string; readonly reporterId: string }[]> {
  const { state, decidedById, words } = decision;
  return await tx.$queryRaw`
    UPDATE kudos_report SET state = ${state}::"ReportState", "decidedById" = ${decidedById}::uuid, "decidedAt" = ${now}::timestamptz,
      "decisionWords" = ${words}
    WHERE "organisationId" = ${organisationId}::uuid AND "kudosId" = ${kudosId}::uuid AND state = 'open'
    RETURNING id, "reporterId"`;
}

/** A reported kudos that waits for a decision, with its first report. */
export interface WaitingReport {
  readonly reportId: string;
  readonly kudosId: string;
  readonly createdAt: Date;
  readonly count: number;
}

/** Open reports that a person may decide: whoever gave, got or reported a kudos is no judge of it. */
function waitingSql(organisationId: string, managerId: string): Prisma.Sql {
  return Prisma.sql`
    FROM kudos_report t
    JOIN kudos k ON k."organisationId" = t."organisationId" AND k.id = t."kudosId" AND k."giverId" <> ${managerId}::uuid
    WHERE t."organisationId" = ${organisationId}::uuid AND t.state = 'open'
      AND NOT EXISTS (SELECT 1 FROM kudos_receiver r
        WHERE r."organisationId" = t."organisationId" AND r."kudosId" = t."kudosId" AND r."personId" = ${managerId}::uuid)
      AND NOT EXISTS (SELECT 1 FROM kudos_report o
        WHERE o."organisationId" = t."organisationId" AND o."kudosId" = t."kudosId" AND o."reporterId" = ${managerId}::uuid)`;
}

/** Reported kudos that wait for this manager, the longest waiting first. */
export async function listWaitingReports(
  db: Db | Tx,
  organisationId: string,
  managerId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly WaitingReport[]; readonly total: number }> {
  const rows = await db.$queryRaw<WaitingReport[]>`
    SELECT (array_agg(t.id ORDER BY t."createdAt", t.id))[1] AS "reportId", t."kudosId", min(t."createdAt") AS "createdAt", count(*)::int AS count
    ${waitingSql(organisationId, managerId)}
    GROUP BY t."kudosId" ORDER BY min(t."createdAt"), t."kudosId" LIMIT ${page.limit} OFFSET ${page.offset}`;
  return { rows, total: await countWaitingReports(db, organisationId, managerId) };
}

/** How many reported kudos wait for this manager. */
export async function countWaitingReports(db: Db | Tx, organisationId: string, managerId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(DISTINCT t."kudosId")::int AS count ${waitingSql(organisationId, managerId)}`;
  return row?.count ?? 0;
}

/** Kudos with open reports that were taken back meanwhile: there is nothing left to decide. */
export async function reportedButGone(db: Db | Tx, organisationId: string, limit: number): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ kudosId: string }[]>`
    SELECT DISTINCT t."kudosId" FROM kudos_report t
    JOIN kudos k ON k."organisationId" = t."organisationId" AND k.id = t."kudosId" AND k.state <> 'given'
    WHERE t."organisationId" = ${organisationId}::uuid AND t.state = 'open' LIMIT ${limit}`;
  return rows.map((row) => row.kudosId);
}

/**
 * Takes away what a person wrote in reports and decisions, and what was written of kudos that this person gave or got: that
 * is about the person. Who decided what stays.
 */
export async function eraseReports(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE kudos_report t SET words = '', "decisionWords" = NULL
    FROM kudos k
    WHERE t."organisationId" = ${organisationId}::uuid AND k."organisationId" = t."organisationId" AND k.id = t."kudosId"
      AND (t."reporterId" = ${personId}::uuid OR k."giverId" = ${personId}::uuid OR EXISTS (
        SELECT 1 FROM kudos_receiver r
        WHERE r."organisationId" = k."organisationId" AND r."kudosId" = k.id AND r."personId" = ${personId}::uuid))`;
  await tx.kudosReport.updateMany({ where: { organisationId, decidedById: personId }, data: { decisionWords: null } });
}
