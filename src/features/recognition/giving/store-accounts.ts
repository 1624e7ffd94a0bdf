import type { Db } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';

/** The name of the account that a mention stands for, whoever it belongs to; undefined when it is not known. */
export async function accountName({ db, organisation, workspaceId }: HandlerContext, externalId: string): Promise<string | undefined> {
  const row = await db.account.findFirst({ where: { organisationId: organisation.id, workspaceId, externalId }, select: { name: true } });
  return row?.name;
}

interface OwnAccount {
  readonly externalId: string | null;
  readonly emailCipher: string | null;
}

/** People's accounts in a workspace (null where they have none there) and their sealed addresses, by person. */
export async function accountsOf(
  db: Db,
  organisationId: string,
  personIds: readonly string[],
  workspaceId: string,
): Promise<ReadonlyMap<string, OwnAccount>> {
  const rows = await db.$queryRaw<(OwnAccount & { readonly id: string })[]>`
    SELECT p.id, p."emailCipher", (
      SELECT a."externalId" FROM account a
      WHERE a."organisationId" = p."organisationId" AND a."personId" = p.id AND a."workspaceId" = ${workspaceId}::uuid AND a.status = 'active'
      ORDER BY a."lastUsedAt" DESC NULLS LAST, a.id LIMIT 1) AS "externalId"
    FROM person p WHERE p."organisationId" = ${organisationId}::uuid AND p.id = ANY (${[...personIds]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** Names and teams, to tell people of one name apart. */
export async function teamsOf(db: Db, organisationId: string, personIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.$queryRaw<{ id: string; team: string }[]>`
    SELECT p.id, t.name AS team FROM person p JOIN team t ON t."organisationId" = p."organisationId" AND t.id = p."teamId"
    WHERE p."organisationId" = ${organisationId}::uuid AND p.id = ANY (${[...personIds]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row.team]));
}

/** Whether people of the organisation are on more than one platform or workspace. */
export async function hasManyWorkspaces(db: Db, organisationId: string): Promise<boolean> {
  return (await db.workspace.count({ where: { organisationId, removedAt: null } })) > 1;
}
