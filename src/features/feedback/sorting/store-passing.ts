import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';

/** Where a piece of feedback was passed to. */
export interface Passed {
  readonly id: string;
  readonly ruleId: string | null;
  readonly channelId: string | null;
  readonly personId: string | null;
}

/** Notes that feedback was passed on, and where to. */
export async function setPassed(tx: Tx, organisationId: string, passed: readonly Passed[]): Promise<void> {
  if (passed.length === 0) return;
  await tx.$executeRaw`
    UPDATE feedback f SET state = 'passed', "ruleId" = p."ruleId", "channelId" = p."channelId", "personId" = p."personId"
    FROM jsonb_to_recordset(${JSON.stringify(passed)}::jsonb) AS p (id uuid, "ruleId" uuid, "channelId" uuid, "personId" uuid)
    WHERE f."organisationId" = ${organisationId}::uuid AND f.id = p.id`;
}

/** An owner who is here: always the same one. */
export async function findFirstOwner(db: Db | Tx, organisation: Organisation): Promise<string | undefined> {
  const [found] = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p WHERE ${presentSql(organisation)} AND p.role = 'owner' ORDER BY p."joinedAt", p.id LIMIT 1`;
  return found?.id;
}
