import { Prisma } from '../../generated/prisma/client.js';
import type { Db, Tx } from '../../people/db.js';

/** Requests whose next stage may have come; locked, so that another process takes others. */
export async function lockDueStages(
  tx: Tx,
  organisationId: string,
  limit: number,
  now: Date,
): Promise<{ readonly id: string; readonly personId: string; readonly dueOn: string; readonly nextStage: number }[]> {
  return await tx.$queryRaw`
    SELECT a.id, a."personId", a."dueOn"::text AS "dueOn", a."nextStage"
    FROM handbook_assignment a
    JOIN handbook_version v ON v."organisationId" = a."organisationId" AND v.id = a."versionId" AND v.state = 'published'
    WHERE a."organisationId" = ${organisationId}::uuid AND a.state = 'open' AND a."nextStage" IS NOT NULL AND a."nextStageAt" <= ${now}
    ORDER BY a."nextStageAt", a.id LIMIT ${limit} FOR UPDATE OF a SKIP LOCKED`;
}

/** Where the ladder of each request goes on; `stage` null where it has ended. */
export async function setStages(
  tx: Tx,
  organisationId: string,
  steps: readonly { readonly id: string; readonly stage: number | null; readonly at: Date | null }[],
): Promise<void> {
  if (steps.length === 0) return;
  await tx.$executeRaw`
    UPDATE handbook_assignment a SET "nextStage" = r.stage, "nextStageAt" = r.at
    FROM jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) AS r (id uuid, stage int, at timestamptz)
    WHERE a."organisationId" = ${organisationId}::uuid AND a.id = r.id`;
}

/**
 * Marks those who are overdue by now as told of, and returns whom to tell.
 * @param dueBefore the last due date (`YYYY-MM-DD`) that is overdue enough
 * @returns ids of active line managers, and whether there is somebody without one; undefined when nobody is left to tell of
 */
export async function escalate(
  tx: Tx,
  organisationId: string,
  dueBefore: string,
  limit: number,
  now: Date,
): Promise<{ readonly managerIds: readonly string[]; readonly unled: boolean; readonly count: number }> {
  const rows = await tx.$queryRaw<{ managerId: string | null }[]>`
    WITH chosen AS MATERIALIZED (
      SELECT a.id, m.id AS "managerId"
      FROM handbook_assignment a
      JOIN handbook_version v ON v."organisationId" = a."organisationId" AND v.id = a."versionId" AND v.state = 'published'
      JOIN person p ON p."organisationId" = a."organisationId" AND p.id = a."personId" AND p.status = 'active'
      LEFT JOIN person m ON m."organisationId" = p."organisationId" AND m.id = p."lineManagerId" AND m.status = 'active'
      WHERE a."organisationId" = ${organisationId}::uuid AND a.state = 'open' AND a."escalatedAt" IS NULL AND a."dueOn" <= ${dueBefore}::date
      ORDER BY a.id LIMIT ${limit} FOR UPDATE OF a SKIP LOCKED
    )
    UPDATE handbook_assignment a SET "escalatedAt" = ${now}
    FROM chosen WHERE a."organisationId" = ${organisationId}::uuid AND a.id = chosen.id
    RETURNING chosen."managerId"`;
  const managerIds = [...new Set(rows.flatMap((row) => (row.managerId ? [row.managerId] : [])))];
  return { managerIds, unled: rows.some((row) => row.managerId === null), count: rows.length };
}

/** Who hears of people without a line manager: the owners, or the managers where there is no owner. */
export async function fallbackManagers(db: Db | Tx, organisationId: string): Promise<string[]> {
  const find = (role: 'owner' | 'manager') =>
    db.person.findMany({ where: { organisationId, role, status: 'active' }, select: { id: true }, orderBy: { id: 'asc' }, take: 20 });
  const owners = await find('owner');
  return (owners.length > 0 ? owners : await find('manager')).map((person) => person.id);
}

export interface OverdueRow {
  readonly name: string;
  readonly title: string;
  readonly dueOn: string;
}

/** The people that a line manager (and, with `unled`, whoever hears of those without one) has to be told of, the longest overdue first. */
export async function listOverdue(
  db: Db | Tx,
  organisationId: string,
  managerId: string,
  unled: boolean,
  dueBefore: string,
  limit: number,
): Promise<{ readonly rows: OverdueRow[]; readonly total: number }> {
  const from = Prisma.sql`
    FROM handbook_assignment a
    JOIN handbook_version v ON v."organisationId" = a."organisationId" AND v.id = a."versionId" AND v.state = 'published'
    JOIN person p ON p."organisationId" = a."organisationId" AND p.id = a."personId" AND p.status = 'active'
    LEFT JOIN person m ON m."organisationId" = p."organisationId" AND m.id = p."lineManagerId" AND m.status = 'active'
    WHERE a."organisationId" = ${organisationId}::uuid AND a.state = 'open' AND a."dueOn" <= ${dueBefore}::date
      AND (m.id = ${managerId}::uuid OR (${unled}::boolean AND m.id IS NULL))`;
  const rows = await db.$queryRaw<
    OverdueRow[]
  >`SELECT p.name, v.title, a."dueOn"::text AS "dueOn" ${from} ORDER BY a."dueOn", p.name, a.id LIMIT ${limit}`;
  const [count] = await db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total ${from}`;
  return { rows, total: count?.total ?? 0 };
}
