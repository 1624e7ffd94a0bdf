import { presentSql } from '../../../people/audience.js';
import type { Db } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { invitedHereSql, targetHereSql } from '../looking/store-standing.js';
import { NEW_DAYS } from '../model.js';

export interface Joiner {
  readonly seriesId: string;
  readonly personId: string;
}

/**
 * People who joined while a series that they have to come to was running, and have no part in it yet: no answer to any of
 * its dates that stand, whatever it was, and nothing recorded of them there. Only where some date to come has room for them. Nearly nothing is
 * read while nobody joins.
 */
export async function listJoiners(db: Db, organisation: Organisation, now: Date, limit: number): Promise<Joiner[]> {
  return await db.$queryRaw<Joiner[]>`
    WITH joiner AS MATERIALIZED (
      SELECT p.* FROM person p
      WHERE ${presentSql(organisation)} AND p."joinedAt" > ${new Date(now.getTime() - NEW_DAYS * 86_400_000)}::timestamptz
    ), required AS MATERIALIZED (
      SELECT s.* FROM seminar_series s
      WHERE s."organisationId" = ${organisation.id}::uuid AND s."endedAt" IS NULL AND s.requirement <> 'voluntary'
        AND (s.track = 'new_employees' OR s."createdAt" < (SELECT max("joinedAt") FROM joiner))
    ), answered AS MATERIALIZED (
      SELECT a."personId", o."seriesId" FROM joiner
      JOIN seminar_answer a ON a."organisationId" = ${organisation.id}::uuid AND a."personId" = joiner.id
      JOIN seminar_date o ON o."organisationId" = a."organisationId" AND o.id = a."dateId" AND o.state = 'planned'
      UNION
      SELECT t."personId", o."seriesId" FROM joiner
      JOIN seminar_attendance t ON t."organisationId" = ${organisation.id}::uuid AND t."personId" = joiner.id
      JOIN seminar_date o ON o."organisationId" = t."organisationId" AND o.id = t."dateId"
    ), pair AS MATERIALIZED (
      SELECT either."personId", either."seriesId" FROM (
        SELECT p.id AS "personId", s.id AS "seriesId" FROM joiner p JOIN required s ON s."createdAt" < p."joinedAt"
        WHERE p."joinedAt" > (SELECT min("createdAt") FROM required) AND ${targetHereSql(organisation)}
        UNION
        SELECT p.id, s.id FROM joiner p CROSS JOIN required s WHERE s.track = 'new_employees' AND ${targetHereSql(organisation)}
      ) either
      LEFT JOIN answered ON answered."personId" = either."personId" AND answered."seriesId" = either."seriesId"
      WHERE answered."seriesId" IS NULL
    )
    SELECT pair."seriesId", pair."personId" FROM pair
    JOIN required s ON s.id = pair."seriesId"
    JOIN joiner p ON p.id = pair."personId"
    WHERE EXISTS (
      SELECT 1 FROM seminar_date d
      WHERE d."organisationId" = ${organisation.id}::uuid AND d."seriesId" = s.id AND d.state = 'planned' AND d."startsAt" > ${now}::timestamptz
        AND d."hostId" <> p.id AND (d.capacity IS NULL OR d.capacity > (
          SELECT count(*) FROM seminar_answer g WHERE g."organisationId" = d."organisationId" AND g."dateId" = d.id AND g.state = 'going'))
        AND ${invitedHereSql(organisation)})
    ORDER BY pair."personId", pair."seriesId" LIMIT ${limit}`;
}
