import { Prisma } from '../../generated/prisma/client.js';
import type { Db, Tx } from '../../people/db.js';
import type { Counts } from './model.js';
import { subject } from './model.js';
import type { AssignmentState } from './rules.js';

/**
 * How a version stands.
 * @param today the day in the organisation's zone
 */
export async function countVersion(db: Db | Tx, organisationId: string, versionId: string, today: string): Promise<Counts> {
  const [row] = await db.$queryRaw<Counts[]>`
    SELECT (count(*) FILTER (WHERE a.state NOT IN ('left', 'exempt')))::int AS asked,
           (count(*) FILTER (WHERE a.state = 'signed'))::int AS signed,
           (count(*) FILTER (WHERE a.state = 'open'))::int AS waiting,
           (count(*) FILTER (WHERE a.state = 'open' AND a."dueOn" < ${today}::date))::int AS overdue,
           (count(*) FILTER (WHERE a.state = 'declined'))::int AS declined,
           (count(*) FILTER (WHERE a.state = 'exempt'))::int AS exempt
    FROM handbook_assignment a
    WHERE a."organisationId" = ${organisationId}::uuid AND a."versionId" = ${versionId}::uuid`;
  return row ?? { asked: 0, signed: 0, waiting: 0, overdue: 0, declined: 0, exempt: 0 };
}

export interface OutstandingRow {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly dueOn: string;
  readonly opened: number;
  readonly reason: string | null;
}

/** Those who haven't signed, or who declined: the earliest due date first. */
export async function listByState(
  db: Db | Tx,
  organisationId: string,
  versionId: string,
  state: 'open' | 'declined',
  page: { readonly offset: number; readonly limit: number },
): Promise<OutstandingRow[]> {
  return await db.$queryRaw<OutstandingRow[]>`
    SELECT a.id, a."personId", p.name, a."dueOn"::text AS "dueOn", cardinality(a."pagesOpened")::int AS opened, a."declineReason" AS reason
    FROM handbook_assignment a
    JOIN person p ON p."organisationId" = a."organisationId" AND p.id = a."personId"
    WHERE a."organisationId" = ${organisationId}::uuid AND a."versionId" = ${versionId}::uuid AND a.state = ${state}::"AssignmentState"
    ORDER BY a."dueOn", p.name, a.id LIMIT ${page.limit} OFFSET ${page.offset}`;
}

export interface ReportRow {
  readonly name: string;
  readonly team: string | null;
  readonly location: string | null;
  readonly state: AssignmentState;
  readonly dueOn: string;
  readonly askedAt: Date;
  readonly lastViewedAt: Date | null;
  readonly signedAt: Date | null;
  readonly seq: bigint | null;
  readonly hash: string | null;
  readonly typedName: string | null;
  readonly reason: string | null;
}

/** Everyone who was asked for a version, for the file. */
export async function reportRows(db: Db | Tx, organisationId: string, versionId: string): Promise<ReportRow[]> {
  return await db.$queryRaw<ReportRow[]>`
    SELECT p.name, t.name AS team, l.name AS location, a.state, a."dueOn"::text AS "dueOn", a."askedAt", a."lastViewedAt",
           k."signedAt", k.seq, k.hash, d."typedName", COALESCE(a."declineReason", a."exemptReason") AS reason
    FROM handbook_assignment a
    JOIN person p ON p."organisationId" = a."organisationId" AND p.id = a."personId"
    LEFT JOIN team t ON t."organisationId" = p."organisationId" AND t.id = p."teamId"
    LEFT JOIN location l ON l."organisationId" = p."organisationId" AND l.id = p."locationId"
    LEFT JOIN handbook_acknowledgement k ON k."organisationId" = a."organisationId" AND k."assignmentId" = a.id
    LEFT JOIN handbook_acknowledgement_detail d ON d."organisationId" = k."organisationId" AND d."acknowledgementId" = k.id
    WHERE a."organisationId" = ${organisationId}::uuid AND a."versionId" = ${versionId}::uuid
    ORDER BY a.state, p.name, a.id`;
}

/** How far the handing out of a version is: requests made, and messages that are through (sent, merged, or no longer needed). */
export async function countHandedOut(
  db: Db | Tx,
  organisationId: string,
  versionId: string,
): Promise<{ readonly asked: number; readonly through: number; readonly dead: number }> {
  const [row] = await db.$queryRaw<{ asked: number; through: number; dead: number }[]>`
    SELECT count(*)::int AS asked,
           (count(*) FILTER (WHERE d.state NOT IN ('pending', 'sending', 'dead')))::int AS through,
           (count(*) FILTER (WHERE d.state = 'dead'))::int AS dead
    FROM delivery d
    WHERE d."organisationId" = ${organisationId}::uuid AND d."progressOf" = ${subject.progress(versionId)}`;
  return row ?? { asked: 0, through: 0, dead: 0 };
}

/** Versions that somebody hasn't signed yet, with how many: what waits for managers. */
export async function listOpenVersions(
  db: Db | Tx,
  organisationId: string,
  today: string,
  limit: number,
): Promise<{ readonly id: string; readonly title: string; readonly number: number; readonly waiting: number; readonly overdue: number }[]> {
  return await db.$queryRaw`
    SELECT v.id, v.title, v.number, count(*)::int AS waiting, (count(*) FILTER (WHERE a."dueOn" < ${today}::date))::int AS overdue
    FROM handbook_version v
    JOIN handbook_assignment a ON a."organisationId" = v."organisationId" AND a."versionId" = v.id AND a.state = 'open'
    WHERE v."organisationId" = ${organisationId}::uuid AND v.state = 'published'
    GROUP BY v.id, v.title, v.number, v."publishedAt"
    ORDER BY v."publishedAt" DESC ${Prisma.sql`LIMIT ${limit}`}`;
}
