import { Prisma } from '../generated/prisma/client.js';
import type { Db, Tx } from './db.js';

/** The line managers above a person, the nearest first. Ends at a ring, should there ever be one. */
export async function lineAbove(db: Db | Tx, organisationId: string, personId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE line AS (
      SELECT p."lineManagerId" AS id, 1 AS depth FROM person p WHERE p."organisationId" = ${organisationId}::uuid AND p.id = ${personId}::uuid
      UNION
      SELECT p."lineManagerId", line.depth + 1 FROM person p JOIN line ON p.id = line.id
      WHERE p."organisationId" = ${organisationId}::uuid AND line.depth < 100
    )
    SELECT id FROM line WHERE id IS NOT NULL ORDER BY depth`;
  return [...new Set(rows.map((row) => row.id))];
}

/** Whether `managerId` stands somewhere above `personId`. */
export async function isInLineOf(db: Db | Tx, organisationId: string, managerId: string, personId: string): Promise<boolean> {
  return (await lineAbove(db, organisationId, personId)).includes(managerId);
}

/** A statement that lists the ids of everybody below a person in the line. Ends at a ring too. */
export const belowSql = (organisationId: string, personId: string): Prisma.Sql => Prisma.sql`
  WITH RECURSIVE below AS (
    SELECT q.id, 1 AS depth FROM person q WHERE q."organisationId" = ${organisationId}::uuid AND q."lineManagerId" = ${personId}::uuid
    UNION
    SELECT q.id, below.depth + 1 FROM person q JOIN below ON q."lineManagerId" = below.id
    WHERE q."organisationId" = ${organisationId}::uuid AND below.depth < 100
  )
  SELECT DISTINCT id FROM below`;

/** Everybody in whose line somebody stands. */
export async function lineBelow(db: Db | Tx, organisationId: string, personId: string): Promise<string[]> {
  return (await db.$queryRaw<{ id: string }[]>(belowSql(organisationId, personId))).map(({ id }) => id);
}
