import { Prisma } from '../../../generated/prisma/client.js';
import { audienceColumns } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import { toRRule } from '../calendar/rhythm.js';
import type { DateTimes } from '../date-times.js';
import type { Series } from '../model.js';
import { loadSeries } from '../store-dates.js';
import type { SeriesFields } from './fields.js';

const asDay = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** The columns of what somebody decides about a series. */
function columnsOf(fields: SeriesFields) {
  const { plan, audience, title, purpose, hostId, requirement, track, place, link, preReading, capacity, channelId } = fields;
  return {
    ...audienceColumns(audience),
    ...{ title, purpose, hostId, requirement, track, place, link, preReading, capacity, channelId },
    zone: plan.zone,
    firstDay: asDay(plan.firstDay),
    startMinutes: plan.minutes,
    lengthMinutes: plan.length,
    rule: toRRule(plan.rhythm, plan.ending, plan.firstDay),
    exceptions: plan.exceptions.map(asDay),
    holidays: plan.holidays,
    country: plan.country,
  };
}

export async function insertSeries(tx: Tx, organisationId: string, series: Series, now: Date): Promise<void> {
  const { id, plannedTo, endedAt, createdById } = series;
  await tx.seminarSeries.create({
    data: { organisationId, id, ...columnsOf(series), plannedTo: asDay(plannedTo), endedAt, createdAt: now, createdById, changedAt: now },
  });
}

/** Writes what somebody has decided anew; the dates that are there are another matter. */
export async function updateSeries(tx: Tx, organisationId: string, seriesId: string, fields: SeriesFields, now: Date): Promise<void> {
  await tx.seminarSeries.updateMany({ where: { organisationId, id: seriesId }, data: { ...columnsOf(fields), changedAt: now } });
}

/** Notes how far a series' dates are made. @param plannedTo `YYYY-MM-DD` */
export async function setPlanned(
  tx: Tx,
  organisationId: string,
  seriesId: string,
  { plannedTo, endedAt }: { readonly plannedTo: string; readonly endedAt: Date | null },
): Promise<void> {
  await tx.seminarSeries.updateMany({ where: { organisationId, id: seriesId }, data: { plannedTo: asDay(plannedTo), endedAt } });
}

/** A series, locked against other planning and changes of it until the commit. */
export async function lockSeries(tx: Tx, organisationId: string, seriesId: string): Promise<Series | undefined> {
  const [found] = await loadSeries(tx, organisationId, Prisma.sql`s.id = ${seriesId}::uuid`, Prisma.sql`FOR NO KEY UPDATE OF s`);
  return found;
}

/** Whether somebody has changed a series since an instant. */
export async function isChangedSince(db: Db | Tx, organisationId: string, seriesId: string, since: Date): Promise<boolean> {
  return (await db.seminarSeries.count({ where: { organisationId, id: seriesId, changedAt: { gt: since } } })) > 0;
}

/** Running series whose dates are made to a day before `day` (`YYYY-MM-DD`), those that reach least far first. */
export async function listToPlan(db: Db | Tx, organisationId: string, day: string, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM seminar_series s
    WHERE s."organisationId" = ${organisationId}::uuid AND s."endedAt" IS NULL AND s."plannedTo" < ${day}::date
    ORDER BY s."plannedTo", s.id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** The start of the last date of a series that is planned; undefined where there is none. */
export async function lastPlanned(db: Db | Tx, organisationId: string, seriesId: string): Promise<Date | undefined> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT max(d."startsAt") AS at FROM seminar_date d
    WHERE d."organisationId" = ${organisationId}::uuid AND d."seriesId" = ${seriesId}::uuid AND d.state = 'planned'`;
  return row?.at ?? undefined;
}

/** A date to be made. */
export interface DateRow extends DateTimes {
  readonly id: string;
  readonly ruleDay: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Makes dates as their series has them; whose day of the rule or whose start is taken is left out. @returns how many were made */
export async function insertDates(tx: Tx, organisationId: string, series: Series, rows: readonly DateRow[], now: Date): Promise<number> {
  return await tx.$executeRaw`
    INSERT INTO seminar_date ("organisationId", id, "seriesId", "ruleDay", "startsAt", "endsAt", place, link, "hostId", capacity,
                              "postAt", "nextStage", "nextStageAt", "phaseAt", "createdAt", "changedAt")
    SELECT ${organisationId}::uuid, r.id, ${series.id}::uuid, r."ruleDay", r."startsAt", r."endsAt", ${series.place}, ${series.link},
           ${series.hostId}::uuid, ${series.capacity}::int, r."postAt", r."nextStage", r."nextStageAt", r."phaseAt",
           ${now}::timestamptz, ${now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
      id uuid, "ruleDay" date, "startsAt" timestamptz, "endsAt" timestamptz, "postAt" timestamptz, "nextStage" int,
      "nextStageAt" timestamptz, "phaseAt" timestamptz)
    ORDER BY r."startsAt"
    ON CONFLICT DO NOTHING`;
}
