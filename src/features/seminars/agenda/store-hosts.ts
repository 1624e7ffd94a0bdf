import type { Db, Tx } from '../../../people/db.js';
import type { SeminarDate } from '../model.js';

/**
 * Who hears for a date: its host, else the series' host, else whoever made the series; when all of them have left, a manager.
 * @returns undefined when there is nobody of them
 */
export async function whoHears(db: Db | Tx, organisationId: string, date: SeminarDate): Promise<string | undefined> {
  const first = [date.hostId, date.series.hostId, date.series.createdById];
  const [found] = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p
    WHERE p."organisationId" = ${organisationId}::uuid AND p.status = 'active'
      AND (p.id = ANY (${first}::uuid[]) OR p.role IN ('manager', 'owner'))
    ORDER BY array_position(${first}::uuid[], p.id) NULLS LAST, p.role = 'owner', p.id LIMIT 1`;
  return found?.id;
}
