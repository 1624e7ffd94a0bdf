import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { timesOf } from '../date-times.js';
import { type Settings, subject } from '../model.js';

/** The channel that seminars themselves have chosen; null while the organisation's channel for announcements is used. */
export async function findOwnChannel(db: Db | Tx, organisationId: string): Promise<string | null> {
  const row = await db.seminarSettings.findUnique({ where: { organisationId }, select: { channelId: true } });
  return row?.channelId ?? null;
}

/** Writes all settings; the last one to save wins. `channelId` null: the organisation's channel for announcements. */
export async function saveSettings(tx: Tx, organisationId: string, settings: Settings): Promise<void> {
  const { channelId, ladder, postDays, attendPoints, hostPoints } = settings;
  // Not Prisma's upsert: two first ones at the same time would fail.
  await tx.$executeRaw`
    INSERT INTO seminar_settings ("organisationId", "channelId", ladder, "postDays", "attendPoints", "hostPoints")
    VALUES (${organisationId}::uuid, ${channelId}::uuid, ${[...ladder]}::int[], ${postDays}, ${attendPoints}, ${hostPoints})
    ON CONFLICT ("organisationId") DO UPDATE SET
      "channelId" = excluded."channelId", ladder = excluded.ladder, "postDays" = excluded."postDays",
      "attendPoints" = excluded."attendPoints", "hostPoints" = excluded."hostPoints"`;
}

interface AheadRow {
  readonly id: string;
  readonly startsAt: Date;
  readonly zone: string;
  readonly nextStage: number | null;
  readonly nextStageAt: Date | null;
  readonly posted: boolean;
}

/** Rows of one statement. */
const PAGE = 5_000;

/**
 * Gives every date to come the times that the settings say: when it is announced, unless it was, and which reminder is
 * next. One that is due at this moment and still wanted is left to the tick that is about to send it.
 * @returns how many dates were looked at
 */
export async function applySettings(tx: Tx, organisation: Organisation, settings: Settings, now: Date): Promise<number> {
  for (let after = '00000000-0000-0000-0000-000000000000', count = 0; ; ) {
    const page: AheadRow[] = await tx.$queryRaw<AheadRow[]>`
      SELECT d.id, d."startsAt", s.zone, d."nextStage", d."nextStageAt", EXISTS (
        SELECT 1 FROM delivery v WHERE v."organisationId" = d."organisationId" AND v."subjectKey" = ${subject.post('')} || d.id::text) AS posted
      FROM seminar_date d
      JOIN seminar_series s ON s."organisationId" = d."organisationId" AND s.id = d."seriesId"
      WHERE d."organisationId" = ${organisation.id}::uuid AND d.id > ${after}::uuid AND d.state = 'planned' AND d."startsAt" > ${now}::timestamptz
      ORDER BY d.id LIMIT ${PAGE} FOR NO KEY UPDATE OF d`;
    await writeTimes(
      tx,
      organisation.id,
      page.map((row) => timesAnew(row, settings, now)),
    );
    count += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return count;
    after = last.id;
  }
}

function timesAnew(row: AheadRow, settings: Settings, now: Date) {
  const { postAt, nextStage, nextStageAt } = timesOf(row, settings, row.posted, now);
  const isDue = row.nextStage !== null && row.nextStageAt !== null && row.nextStageAt <= now && settings.ladder.includes(row.nextStage);
  return { id: row.id, postAt, ...(isDue ? { nextStage: row.nextStage, nextStageAt: row.nextStageAt } : { nextStage, nextStageAt }) };
}

async function writeTimes(tx: Tx, organisationId: string, rows: readonly ReturnType<typeof timesAnew>[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE seminar_date d SET "postAt" = r."postAt", "nextStage" = r."nextStage", "nextStageAt" = r."nextStageAt"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, "postAt" timestamptz, "nextStage" int, "nextStageAt" timestamptz)
    WHERE d."organisationId" = ${organisationId}::uuid AND d.id = r.id
      AND (d."postAt", d."nextStage", d."nextStageAt") IS DISTINCT FROM (r."postAt", r."nextStage", r."nextStageAt")`;
}
