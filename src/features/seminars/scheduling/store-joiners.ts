import type { Db } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { invitedHereSql } from '../looking/store-standing.js';
import { NEW_DAYS } from '../model.js';

export interface Joiner {
  readonly seriesId: string;
  readonly personId: string;
}

/**
 * People who joined while a series that they have to come to was running, and have no part in it yet: no answer to any of
 * its dates, whatever it was. Only where some date to come has room for them. Nearly nothing is read while nobody joins.
 */
export async function listJoiners(db: Db, organisation: Organisation, now: Date, limit: number): Promise<Joiner[]> {
  return await db.$queryRaw<Joiner[]>`
    WITH joiner AS MATERIALIZED (
      SELECT j.id, j."joinedAt" FROM person j
      WHERE j."organisationId" = ${organisation.id}::uuid AND j.status = 'active'
        AND j."joinedAt" > ${new Date(now.getTime() - NEW_DAYS * 86_400_000)}::timestamptz
    ), required AS MATERIALIZED (
      SELECT r.id, r."createdAt", r.track FROM seminar_series r
      WHERE r."organisationId" = ${organisation.id}::uuid AND r."endedAt" IS NULL AND r.requirement <> 'voluntary'
        AND (r.track = 'new_employees' OR r."createdAt" < (SELECT max("joinedAt") FROM joiner))
    ), answered AS MATERIALIZED (
      SELECT DISTINCT a."personId", o."seriesId" FROM joiner
      JOIN seminar_answer a ON a."organisationId" = ${organisation.id}::uuid AND a."personId" = joiner.id
      JOIN seminar_date o ON o."organisationId" = a."organisationId" AND o.id = a."dateId"
    ), pair AS MATERIALIZED (
      SELECT joiner.id AS "personId", required.id AS "seriesId" FROM joiner
      JOIN required ON required.track = 'new_employees' OR required."createdAt" < joiner."joinedAt"
      LEFT JOIN answered ON answered."personId" = joiner.id AND answered."seriesId" = required.id
      WHERE answered."seriesId" IS NULL
    )
    SELECT pair."seriesId", pair."personId" FROM pair
    JOIN seminar_series s ON s."organisationId" = ${organisation.id}::uuid AND s.id = pair."seriesId"
    JOIN person p ON p."organisationId" = ${organisation.id}::uuid AND p.id = pair."personId"
    WHERE EXISTS (
      SELECT 1 FROM seminar_date d
      WHERE d."organisationId" = s."organisationId" AND d."seriesId" = s.id AND d.state = 'planned' AND d."startsAt" > ${now}::timestamptz
        AND (d.capacity IS NULL OR d.capacity > (
          SELECT count(*) FROM seminar_answer g WHERE g."organisationId" = d."organisationId" AND g."dateId" = d.id AND g.state = 'going'))
        AND ${invitedHereSql(organisation)})
    ORDER BY pair."personId", pair."seriesId" LIMIT ${limit}`;
}
