import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { AnswerState, SeminarDate } from '../model.js';
import { invitedSql, requiredSql } from '../store-invited.js';

export interface DueStage {
  readonly id: string;
  readonly startsAt: Date;
  readonly sequence: number;
  readonly nextStage: number;
}

/** Ids of dates whose next reminder has come due, the longest due first. */
export async function findDueStages(db: Db | Tx, organisationId: string, limit: number, now: Date): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM seminar_date d
    WHERE d."organisationId" = ${organisationId}::uuid AND d."nextStageAt" <= ${now}::timestamptz
    ORDER BY d."nextStageAt" LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/**
 * Locks those of them that are still due, in the order of their ids as everybody does. It waits for whoever is at one: answers
 * hold a date for an instant only, and a date that was skipped would be reminded of a minute later.
 */
export async function lockDueStages(tx: Tx, organisationId: string, ids: readonly string[], now: Date): Promise<readonly DueStage[]> {
  return await tx.$queryRaw<DueStage[]>`
    SELECT d.id, d."startsAt", d.sequence, COALESCE(d."nextStage", 0) AS "nextStage" FROM seminar_date d
    WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ANY (${[...ids]}::uuid[]) AND d."nextStageAt" <= ${now}::timestamptz
    ORDER BY d.id FOR NO KEY UPDATE`;
}

/** Where the ladder of each date goes on; `stage` null where it has ended. */
export async function setStages(
  tx: Tx,
  organisationId: string,
  steps: readonly { readonly id: string; readonly stage: number | null; readonly at: Date | null }[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE seminar_date d SET "nextStage" = r.stage, "nextStageAt" = r.at
    FROM jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) AS r (id uuid, stage int, at timestamptz)
    WHERE d."organisationId" = ${organisationId}::uuid AND d.id = r.id`;
}

export interface Coming {
  readonly personId: string;
  readonly state: AnswerState | 'host';
}

/** Who comes or may come to a date, and its host; a page in the order of their ids. Whoever can't come isn't among them. */
export async function listComing(
  tx: Tx,
  organisationId: string,
  date: Pick<SeminarDate, 'id' | 'hostId'>,
  after: string | undefined,
  limit: number,
): Promise<readonly Coming[]> {
  const later = after ? Prisma.sql`AND c."personId" > ${after}::uuid` : Prisma.empty;
  return await tx.$queryRaw<Coming[]>`
    SELECT c."personId", c.state FROM (
      SELECT a."personId", a.state::text AS state FROM seminar_answer a
      WHERE a."organisationId" = ${organisationId}::uuid AND a."dateId" = ${date.id}::uuid AND a.state IN ('going', 'maybe')
      UNION ALL
      SELECT h.id, 'host' FROM person h
      WHERE h."organisationId" = ${organisationId}::uuid AND h.id = ${date.hostId}::uuid AND NOT EXISTS (
        SELECT 1 FROM seminar_answer a
        WHERE a."organisationId" = h."organisationId" AND a."dateId" = ${date.id}::uuid AND a."personId" = h.id)
    ) c
    JOIN person p ON p."organisationId" = ${organisationId}::uuid AND p.id = c."personId" AND p.status = 'active'
    WHERE true ${later}
    ORDER BY c."personId" LIMIT ${limit}`;
}

/**
 * Who was asked to a date and has not answered; where coming to one date is enough, only those who still have to. A page in the
 * order of their ids. The host is not asked.
 */
export async function listSilent(
  tx: Tx,
  organisation: Organisation,
  date: SeminarDate,
  after: string | undefined,
  limit: number,
): Promise<readonly string[]> {
  const asked = date.series.requirement === 'once' ? requiredSql(organisation, date) : invitedSql(organisation, date.series, date.startsAt);
  const later = after ? Prisma.sql`AND p.id > ${after}::uuid` : Prisma.empty;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM person p
    WHERE ${asked} AND p.id <> ${date.hostId}::uuid ${later} AND NOT EXISTS (
      SELECT 1 FROM seminar_answer a
      WHERE a."organisationId" = p."organisationId" AND a."dateId" = ${date.id}::uuid AND a."personId" = p.id)
    ORDER BY p.id LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

export interface DuePost {
  readonly id: string;
  readonly startsAt: Date;
  readonly state: SeminarDate['state'];
  readonly channelId: string | null;
}

/**
 * Ids of dates that are to be announced now, and of those that never were and have begun.
 * @param hasChannel whether there is a channel for series without one of their own: without it they wait
 */
export async function findDuePosts(
  db: Db | Tx,
  organisationId: string,
  hasChannel: boolean,
  limit: number,
  now: Date,
): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM seminar_date d
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    WHERE d."organisationId" = ${organisationId}::uuid AND d."postAt" <= ${now}::timestamptz
      AND (s."channelId" IS NOT NULL OR ${hasChannel} OR d."startsAt" <= ${now}::timestamptz)
    ORDER BY d."postAt" LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

export async function lockDuePosts(tx: Tx, organisationId: string, ids: readonly string[], now: Date): Promise<readonly DuePost[]> {
  return await tx.$queryRaw<DuePost[]>`
    SELECT d.id, d."startsAt", d.state, s."channelId" FROM seminar_date d
    JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
    WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ANY (${[...ids]}::uuid[]) AND d."postAt" <= ${now}::timestamptz
    ORDER BY d.id FOR NO KEY UPDATE OF d`;
}

/** They are announced, or never will be. */
export async function markPosted(tx: Tx, organisationId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE seminar_date d SET "postAt" = NULL WHERE d."organisationId" = ${organisationId}::uuid AND d.id = ANY (${[...ids]}::uuid[])`;
}
