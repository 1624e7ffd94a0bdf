import { Prisma } from '../../../generated/prisma/client.js';
import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { OPEN_TALKS } from './store-talks.js';

/** Of a company with very many managers so many are told. */
const MOST_TOLD = 20;

/** How many talks wait that nobody who is here may hold: not those about this person, who learns of none. */
export async function countUnheard(db: Db | Tx, organisation: Organisation, personId: string): Promise<number> {
  const concerned = (who: Prisma.Sql) => Prisma.sql`EXISTS (
    SELECT 1 FROM feedback_concern k
    WHERE k."organisationId" = t."organisationId" AND k."feedbackId" = t."feedbackId" AND k."personId" = ${who})`;
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM ${OPEN_TALKS(organisation.id)}
      AND t."lineId" IS NULL AND t."personId" <> ${personId}::uuid AND NOT ${concerned(Prisma.sql`${personId}::uuid`)}
      AND NOT EXISTS (
        SELECT 1 FROM person p WHERE ${presentSql(organisation)} AND p.role = 'owner' AND p.id <> t."personId" AND NOT ${concerned(Prisma.sql`p.id`)})`;
  return row?.count ?? 0;
}

/** Managers who can be told, apart from some people. */
export async function managersApartFrom(tx: Tx, organisation: Organisation, personIds: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p
    WHERE ${presentSql(organisation)} AND p.role = 'manager' AND p.id <> ALL (${[...personIds]}::uuid[])
    ORDER BY p."joinedAt", p.id LIMIT ${MOST_TOLD}`;
  return rows.map(({ id }) => id);
}
