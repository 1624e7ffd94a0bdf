import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';

/** Who leads and who manages at a location, as it was set. */
export interface Leads {
  readonly leadId: string | null;
  readonly managerId: string | null;
}

/** More managers than so many are not all told of one case. */
const MOST = 5;

/** @param locationId null: of none */
export async function findLeads(db: Db | Tx, organisationId: string, locationId: string | null): Promise<Leads> {
  const row =
    locationId === null ? null : await db.feedbackLead.findUnique({ where: { organisationId_locationId: { organisationId, locationId } } });
  return { leadId: row?.leadId ?? null, managerId: row?.managerId ?? null };
}

/** Managers of a location; those of the whole organisation where it has none. */
export async function managersAt(db: Db | Tx, organisation: Organisation, locationId: string | null): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string; here: boolean }[]>`
    SELECT p.id, COALESCE(p."locationId" = ${locationId}::uuid, false) AS here FROM person p
    WHERE p.role = 'manager' AND ${presentSql(organisation)}
    ORDER BY here DESC, p.id LIMIT ${MOST}`;
  const here = rows.filter((row) => row.here);
  return (here.length > 0 ? here : rows).map(({ id }) => id);
}

/** The organisation's owners who can be reached. */
export async function ownersOf(db: Db | Tx, organisation: Organisation): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p WHERE p.role = 'owner' AND ${presentSql(organisation)} ORDER BY p.id`;
  return rows.map(({ id }) => id);
}
