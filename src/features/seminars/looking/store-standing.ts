import { Prisma } from '../../../generated/prisma/client.js';
import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { type AnswerState, NEW_DAYS } from '../model.js';

type Asking = Pick<Organisation, 'id' | 'guestsAllowed'>;

/**
 * Whether `seminar_date d` of `seminar_series s` is for `person p`: store-invited's rule for one date, asked of any number of
 * dates in one query.
 */
export function invitedHereSql(organisation: Asking): Prisma.Sql {
  return Prisma.sql`(${presentSql(organisation)} AND ${targetHereSql(organisation)} AND
    CASE s.track
      WHEN 'managers' THEN p.role IN ('manager', 'owner')
      WHEN 'front_line' THEN p.role = 'employee'
      WHEN 'new_employees' THEN p."joinedAt" > d."startsAt" - ${NEW_DAYS} * interval '1 day'
      ELSE true
    END)`;
}

/** Whether `person p` belongs to the audience of `seminar_series s`, whether the person is there at all aside. */
export function targetHereSql(organisation: Asking): Prisma.Sql {
  return Prisma.sql`(
    CASE s."audienceKind"
      WHEN 'everyone' THEN true
      WHEN 'role' THEN p.role::text = s."audienceTarget"
      WHEN 'team' THEN p."teamId"::text = s."audienceTarget"
      WHEN 'location' THEN p."locationId"::text = s."audienceTarget"
      WHEN 'people' THEN p.id = ANY (s."audiencePeople")
      WHEN 'channel' THEN EXISTS (
        SELECT 1 FROM channel_member cm
        JOIN account ca ON ca."organisationId" = cm."organisationId" AND ca.id = cm."accountId" AND ca.status = 'active'
        WHERE cm."organisationId" = ${organisation.id}::uuid AND cm."channelId"::text = s."audienceTarget" AND ca."personId" = p.id)
      ELSE false
    END)`;
}

/** Whether `person p` has to come to `seminar_date d` of `seminar_series s`: store-invited's rule, as above. */
export function requiredHereSql(organisation: Asking): Prisma.Sql {
  return Prisma.sql`(s.requirement <> 'voluntary' AND ${invitedHereSql(organisation)} AND (s.requirement = 'every' OR NOT EXISTS (
    SELECT 1 FROM seminar_date o
    LEFT JOIN seminar_attendance t ON t."organisationId" = o."organisationId" AND t."dateId" = o.id AND t."personId" = p.id
    LEFT JOIN seminar_answer n ON n."organisationId" = o."organisationId" AND n."dateId" = o.id AND n."personId" = p.id
    LEFT JOIN seminar_catch_up u ON u."organisationId" = o."organisationId" AND u."dateId" = o.id AND u."personId" = p.id
    WHERE o."organisationId" = d."organisationId" AND o."seriesId" = s.id AND o.id <> d.id
      AND (t.attended OR u.state = 'read' OR (o.state = 'planned' AND o.phase <> 'over' AND n.state IN ('going', 'waiting'))))))`;
}

/** How a person stands to a date. */
export interface Standing {
  readonly invited: boolean;
  readonly required: boolean;
  /** Null: not answered. */
  readonly answer: AnswerState | null;
  /** Put on it by a requirement. */
  readonly putOn: boolean;
  /** How many wait before this person; 0 for whoever doesn't wait. */
  readonly ahead: number;
  /** Null: nothing is recorded of it. */
  readonly attended: boolean | null;
  /** Missed it, and still has to read its recap. */
  readonly hasRecap: boolean;
  /** Has said already how it was. */
  readonly hasSaid: boolean;
}

const NO_STANDING: Standing = {
  invited: false,
  required: false,
  answer: null,
  putOn: false,
  ahead: 0,
  attended: null,
  hasRecap: false,
  hasSaid: false,
};

/** How a person stands to dates, by their ids. */
export async function standingsOf(
  db: Db | Tx,
  organisation: Asking,
  personId: string,
  dateIds: readonly string[],
): Promise<(dateId: string) => Standing> {
  const rows = await db.$queryRaw<(Standing & { id: string })[]>`
    SELECT d.id, COALESCE(${invitedHereSql(organisation)}, false) AS invited, COALESCE(${requiredHereSql(organisation)}, false) AS required,
           a.state AS answer,
           COALESCE(a.source = 'put_on', false) AS "putOn", t.attended,
           COALESCE(c.state = 'open', false) AS "hasRecap", o."personId" IS NOT NULL AS "hasSaid",
           CASE WHEN a.state = 'waiting' THEN (
             SELECT count(*)::int FROM seminar_answer w
             WHERE w."organisationId" = d."organisationId" AND w."dateId" = d.id AND w.state = 'waiting' AND w."queueNo" < a."queueNo")
           ELSE 0 END AS ahead
    FROM seminar_date d
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    JOIN person p ON p."organisationId" = d."organisationId" AND p.id = ${personId}::uuid
    LEFT JOIN seminar_answer a ON a."organisationId" = d."organisationId" AND a."dateId" = d.id AND a."personId" = p.id
    LEFT JOIN seminar_attendance t ON t."organisationId" = d."organisationId" AND t."dateId" = d.id AND t."personId" = p.id
    LEFT JOIN seminar_catch_up c ON c."organisationId" = d."organisationId" AND c."dateId" = d.id AND c."personId" = p.id
    LEFT JOIN seminar_opinion_given o ON o."organisationId" = d."organisationId" AND o."dateId" = d.id AND o."personId" = p.id
    WHERE d."organisationId" = ${organisation.id}::uuid AND d.id = ANY (${[...dateIds]}::uuid[])`;
  const found = new Map(rows.map(({ id, ...standing }) => [id, standing]));
  return (dateId) => found.get(dateId) ?? NO_STANDING;
}
