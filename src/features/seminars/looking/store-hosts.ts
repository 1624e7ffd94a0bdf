import { Prisma } from '../../../generated/prisma/client.js';
import { presentSql } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';

/** Dates of one series whose host has left. */
export interface Hostless {
  readonly seriesId: string;
  readonly title: string;
  /** Empty: erased. */
  readonly hostName: string;
  /** The first of them, and when it begins. */
  readonly dateId: string;
  readonly startsAt: Date;
  readonly count: number;
  /** Whether the series names the one who left; otherwise only dates of it do. */
  readonly ofSeries: boolean;
}

/** Planned dates that nobody hosts any more, by series and former host, the most pressing first. @param hostId of one former host only */
export async function listHostless(
  db: Db | Tx,
  organisationId: string,
  { now, limit, hostId }: { readonly now: Date; readonly limit: number; readonly hostId?: string },
): Promise<Hostless[]> {
  const whose = hostId === undefined ? Prisma.empty : Prisma.sql`AND p.id = ${hostId}::uuid`;
  return await db.$queryRaw<Hostless[]>`
    SELECT s.id AS "seriesId", s.title, CASE WHEN p."erasedAt" IS NULL THEN p.name ELSE '' END AS "hostName",
           (array_agg(d.id ORDER BY d."startsAt", d.id))[1] AS "dateId", min(d."startsAt") AS "startsAt", count(*)::int AS count,
           s."hostId" = p.id AS "ofSeries"
    FROM person p
    JOIN seminar_date d ON d."organisationId" = p."organisationId" AND d."hostId" = p.id AND d."startsAt" > ${now}::timestamptz
      AND d.state = 'planned'
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    WHERE p."organisationId" = ${organisationId}::uuid AND p.status = 'left' ${whose}
    GROUP BY s.id, s.title, s."hostId", p.id, p.name, p."erasedAt"
    ORDER BY min(d."startsAt"), s.id, p.id LIMIT ${limit}`;
}

/** Who has left and still stands as the host of dates to come. */
export async function formerHosts(db: Db | Tx, organisationId: string, now: Date): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p
    WHERE p."organisationId" = ${organisationId}::uuid AND p.status = 'left' AND EXISTS (
      SELECT 1 FROM seminar_date d
      WHERE d."organisationId" = p."organisationId" AND d."hostId" = p.id AND d."startsAt" > ${now}::timestamptz AND d.state = 'planned')
    ORDER BY p.id`;
  return rows.map((row) => row.id);
}

/** Everybody who may put another host in. */
export async function managerIds(db: Db | Tx, organisation: Pick<Organisation, 'id' | 'guestsAllowed'>): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p WHERE ${presentSql(organisation)} AND p.role IN ('manager', 'owner') ORDER BY p.id`;
  return rows.map((row) => row.id);
}

/** How many series with dates to come are announced nowhere, as long as the settings name no channel either. */
export async function countUnannounced(db: Db | Tx, organisationId: string, now: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM seminar_series s
    WHERE s."organisationId" = ${organisationId}::uuid AND s."channelId" IS NULL AND EXISTS (
      SELECT 1 FROM seminar_date d
      WHERE d."organisationId" = s."organisationId" AND d."seriesId" = s.id AND d."startsAt" > ${now}::timestamptz AND d.state = 'planned')`;
  return row?.count ?? 0;
}
