import type { Role } from '../../../core/roles.js';
import type { Db, Tx } from '../../../people/db.js';

export interface Away {
  readonly personId: string;
  /** Null when the deputy has left, or was never named. */
  readonly deputyId: string | null;
}

/** Whoever is away on a day (`YYYY-MM-DD`), with who decides meanwhile. */
export async function listAway(db: Db | Tx, organisationId: string, today: string): Promise<readonly Away[]> {
  return await db.$queryRaw<Away[]>`
    SELECT c."personId", p.id AS "deputyId" FROM recognition_choice c
    LEFT JOIN person p ON p."organisationId" = c."organisationId" AND p.id = c."deputyId" AND p.status = 'active'
    WHERE c."organisationId" = ${organisationId}::uuid AND c."awayUntil" >= ${today}::date`;
}

/** Until when a person is away and who decides meanwhile; undefined when the person is here. */
export async function findAway(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  today: string,
): Promise<{ readonly until: string; readonly deputyId: string | null } | undefined> {
  const [row] = await db.$queryRaw<{ until: string; deputyId: string | null }[]>`
    SELECT c."awayUntil"::text AS until, c."deputyId" FROM recognition_choice c
    WHERE c."organisationId" = ${organisationId}::uuid AND c."personId" = ${personId}::uuid AND c."awayUntil" >= ${today}::date`;
  return row;
}

/** @param until the last day away, `YYYY-MM-DD`; null: here again */
export async function setAway(
  tx: Tx,
  organisationId: string,
  personId: string,
  away: { readonly until: string; readonly deputyId: string } | null,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO recognition_choice ("organisationId", "personId", "deputyId", "awayUntil")
    VALUES (${organisationId}::uuid, ${personId}::uuid, ${away?.deputyId ?? null}::uuid, ${away?.until ?? null}::date)
    ON CONFLICT ("organisationId", "personId") DO UPDATE SET "deputyId" = excluded."deputyId", "awayUntil" = excluded."awayUntil"`;
}

/** Managers and owners who are here, at most 200, in the order of their ids. */
export async function listDecidingRoles(
  db: Db | Tx,
  organisationId: string,
): Promise<readonly { readonly id: string; readonly role: Role }[]> {
  return await db.person.findMany({
    where: { organisationId, status: 'active', role: { in: ['manager', 'owner'] } },
    select: { id: true, role: true },
    orderBy: { id: 'asc' },
    take: 200,
  });
}

/** Whether somebody who is here reports to this person. */
export async function hasReports(db: Db | Tx, organisationId: string, personId: string): Promise<boolean> {
  return (
    (await db.person.findFirst({ where: { organisationId, lineManagerId: personId, status: 'active' }, select: { id: true } })) !== null
  );
}

/** Whether this person hands over some reward of the catalogue. */
export async function fulfilsSomething(db: Db | Tx, organisationId: string, personId: string): Promise<boolean> {
  return (await db.reward.findFirst({ where: { organisationId, fulfillerId: personId, archivedAt: null }, select: { id: true } })) !== null;
}
