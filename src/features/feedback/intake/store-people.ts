import type { Db, Tx } from '../../../people/db.js';

/** The platform's ids of people in a workspace, by person. */
export async function accountsOf(
  db: Db | Tx,
  organisationId: string,
  personIds: readonly string[],
  workspaceId: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.account.findMany({
    where: { organisationId, workspaceId, personId: { in: [...personIds] }, status: 'active' },
    select: { personId: true, externalId: true },
  });
  return new Map(rows.map(({ personId, externalId }) => [personId, externalId]));
}
