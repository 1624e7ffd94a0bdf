import { Prisma } from '../../generated/prisma/client.js';
import { audienceSql } from '../../people/audience.js';
import type { Db, Tx } from '../../people/db.js';
import type { Organisation } from '../../people/model.js';
import { NEW_DAYS, type SeminarDate, type Series, type Track } from './model.js';

type Asking = Pick<Organisation, 'id' | 'guestsAllowed'>;

/** Whom a date of a series is for: its audience, narrowed by its track. A predicate over `person p`. */
export function invitedSql(organisation: Asking, series: Pick<Series, 'audience' | 'track'>, startsAt: Date): Prisma.Sql {
  return Prisma.sql`(${audienceSql(organisation, series.audience)} AND ${trackSql(series.track, startsAt)})`;
}

function trackSql(track: Track, startsAt: Date): Prisma.Sql {
  switch (track) {
    case 'none':
      return Prisma.sql`true`;
    case 'managers':
      return Prisma.sql`p.role IN ('manager', 'owner')`;
    case 'front_line':
      return Prisma.sql`p.role = 'employee'`;
    case 'new_employees':
      return Prisma.sql`p."joinedAt" > ${new Date(startsAt.getTime() - NEW_DAYS * 86_400_000)}::timestamptz`;
  }
}

/**
 * Who has to come to a date: nobody where coming is voluntary; where once is enough, those who have not been to
 * another date of the series, have not read the recap of one that they missed, and are not going to another one. A predicate over `person p`.
 */
export function requiredSql(organisation: Asking, date: SeminarDate): Prisma.Sql {
  const invited = invitedSql(organisation, date.series, date.startsAt);
  switch (date.series.requirement) {
    case 'voluntary':
      return Prisma.sql`false`;
    case 'every':
      return invited;
    case 'once':
      return Prisma.sql`(${invited} AND NOT EXISTS (
        SELECT 1 FROM seminar_date o
        LEFT JOIN seminar_attendance t ON t."organisationId" = o."organisationId" AND t."dateId" = o.id AND t."personId" = p.id
        LEFT JOIN seminar_answer n ON n."organisationId" = o."organisationId" AND n."dateId" = o.id AND n."personId" = p.id
        LEFT JOIN seminar_catch_up u ON u."organisationId" = o."organisationId" AND u."dateId" = o.id AND u."personId" = p.id
        WHERE o."organisationId" = ${organisation.id}::uuid AND o."seriesId" = ${date.series.id}::uuid AND o.id <> ${date.id}::uuid
          AND (t.attended OR u.state = 'read' OR (o.state = 'planned' AND o.phase <> 'over' AND n.state IN ('going', 'waiting')))))`;
  }
}

/** Whether a person is invited to a date, and whether that person has to come. */
export async function standingOf(
  db: Db | Tx,
  organisation: Organisation,
  date: SeminarDate,
  personId: string,
): Promise<{ readonly invited: boolean; readonly required: boolean }> {
  const [row] = await db.$queryRaw<{ invited: boolean; required: boolean }[]>`
    SELECT ${invitedSql(organisation, date.series, date.startsAt)} AS invited, ${requiredSql(organisation, date)} AS required
    FROM person p WHERE p."organisationId" = ${organisation.id}::uuid AND p.id = ${personId}::uuid`;
  return row ?? { invited: false, required: false };
}
