import { Prisma } from '../../../generated/prisma/client.js';
import type { Db } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { invitedHereSql } from '../looking/store-standing.js';
import { invitedSql } from '../store-invited.js';
import type { SeriesFields } from './fields.js';

/** How many people a date at this instant would invite as things stand now. */
export async function countInvited(
  db: Db,
  organisation: Organisation,
  fields: Pick<SeriesFields, 'audience' | 'track'>,
  at: Date,
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM person p WHERE ${invitedSql(organisation, fields, at)}`;
  return row?.count ?? 0;
}

/** Of the planned dates of a series from an instant on the one that most people are going to. */
export async function fullest(
  db: Db,
  organisationId: string,
  seriesId: string,
  from: Date,
): Promise<{ readonly startsAt: Date; readonly going: number } | undefined> {
  const [row] = await db.$queryRaw<{ startsAt: Date; going: number }[]>`
    SELECT d."startsAt", count(*)::int AS going FROM seminar_date d
    JOIN seminar_answer a ON a."organisationId" = d."organisationId" AND a."dateId" = d.id AND a.state = 'going'
    WHERE d."organisationId" = ${organisationId}::uuid AND d."seriesId" = ${seriesId}::uuid AND d.state = 'planned' AND d."startsAt" >= ${from}::timestamptz
    GROUP BY d.id, d."startsAt" ORDER BY going DESC, d."startsAt" LIMIT 1`;
  return row;
}

/** A date of another seminar at the time of a planned one. */
export interface Clash {
  /** The planned one's start. */
  readonly at: Date;
  readonly dateId: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly zone: string;
  readonly sameHost: boolean;
  /** Somebody is invited to both. */
  readonly samePeople: boolean;
}

/** Dates that overlap are looked through up to this number: more of them than anybody would read. */
const MOST_OVERLAPS = 60;

/** A date lasts a day at most (calendar/check): what began earlier than that is over. */
const LONGEST_HOURS = 24;

/** What doesn't count as another seminar: the planned dates' own series, or the one date itself. */
export interface Besides {
  readonly seriesId?: string | undefined;
  readonly dateId?: string;
}

/** Other dates that overlap planned ones, where the host or somebody invited would have to be at both. */
export async function findClashes(
  db: Db,
  organisation: Organisation,
  fields: Pick<SeriesFields, 'audience' | 'track' | 'hostId'>,
  planned: readonly { readonly startsAt: Date; readonly endsAt: Date }[],
  { seriesId, dateId }: Besides,
): Promise<Clash[]> {
  const [first] = planned;
  if (!first) return [];
  const times = JSON.stringify(planned.map(({ startsAt, endsAt }) => ({ startsAt, endsAt })));
  const ofOthers = seriesId === undefined ? Prisma.empty : Prisma.sql`AND d."seriesId" <> ${seriesId}::uuid`;
  const other = dateId === undefined ? ofOthers : Prisma.sql`AND d.id <> ${dateId}::uuid`;
  return await db.$queryRaw<Clash[]>`
    WITH overlap AS MATERIALIZED (
      SELECT c."startsAt" AS at, d.id FROM jsonb_to_recordset(${times}::jsonb) AS c ("startsAt" timestamptz, "endsAt" timestamptz)
      JOIN seminar_date d ON d."organisationId" = ${organisation.id}::uuid AND d.state = 'planned' ${other}
        AND d."startsAt" < c."endsAt" AND d."endsAt" > c."startsAt" AND d."startsAt" > c."startsAt" - ${LONGEST_HOURS + 1} * interval '1 hour'
      ORDER BY c."startsAt", d.id LIMIT ${MOST_OVERLAPS}
    )
    SELECT * FROM (
      SELECT o.at, d.id AS "dateId", COALESCE(d.title, s.title) AS title, d."startsAt", s.zone,
             d."hostId" = ${fields.hostId}::uuid AS "sameHost",
             EXISTS (SELECT 1 FROM person p WHERE ${invitedSql(organisation, fields, first.startsAt)} AND ${invitedHereSql(organisation)}) AS "samePeople"
      FROM overlap o
      JOIN seminar_date d ON d."organisationId" = ${organisation.id}::uuid AND d.id = o.id
      JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    ) found
    WHERE found."sameHost" OR found."samePeople"
    ORDER BY found.at, found."dateId"`;
}
