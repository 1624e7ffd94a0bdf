import { z } from 'zod';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import { dropEarlierArrivals } from '../attending/store-phases.js';
import { windowOf } from '../attending/times.js';
import type { SeminarDate, Series } from '../model.js';

/** What a date looked like: everything that people arrange themselves by. Instants in ISO 8601. */
const Look = z.object({
  title: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  place: z.string(),
  link: z.string(),
  hostId: z.uuid(),
  /** No news by itself; kept so that two who change a date at the same time change what each of them meant. */
  capacity: z.int().nullable().optional(),
});
export type Look = z.output<typeof Look>;

const Changed = z.object({
  dateId: z.uuid(),
  zone: z.string(),
  /** Null: it wasn't there. */
  before: Look.nullable(),
  /** Null: it was cancelled. */
  after: Look.nullable(),
  /** Who has got a place by it, from the waiting list. */
  movedUp: z.array(z.uuid()).optional(),
});
export type Changed = z.output<typeof Changed>;

export type ChangeKind = 'changed' | 'cancelled' | 'added' | 'followed';

/** A change as people are told of it. */
export interface Change {
  readonly id: string;
  readonly seriesId: string;
  readonly kind: ChangeKind;
  readonly dates: readonly Changed[];
  /** The reason, in its author's words; empty: none was given. */
  readonly words: string;
  readonly at: Date;
  readonly byId: string;
}

export const lookOf = ({
  title,
  startsAt,
  endsAt,
  place,
  link,
  hostId,
  capacity,
}: Omit<Look, 'startsAt' | 'endsAt' | 'capacity'> & Pick<SeminarDate, 'startsAt' | 'endsAt' | 'capacity'>): Look => ({
  title,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  place,
  link,
  hostId,
  capacity,
});

/** The parts that people arrange themselves by. */
export type LookPart = Exclude<keyof Look, 'capacity'>;

/** What differs between two looks. */
export function differences(before: Look, after: Look): readonly LookPart[] {
  return (['title', 'startsAt', 'endsAt', 'place', 'link', 'hostId'] as const).filter((part) => before[part] !== after[part]);
}

export async function createChange(tx: Tx, organisationId: string, change: Omit<Change, 'id'>): Promise<string> {
  const id = newId(change.at);
  const { seriesId, kind, dates, words, at, byId } = change;
  const only = dates.length === 1 ? dates[0]?.dateId : undefined;
  await tx.seminarChange.create({
    data: { organisationId, id, seriesId, kind, data: { dates: [...dates] }, words, at, byId, dateId: only ?? null },
  });
  return id;
}

export async function findChange(db: Db | Tx, organisationId: string, id: string): Promise<Change | undefined> {
  const row = await db.seminarChange.findUnique({ where: { organisationId_id: { organisationId, id } } });
  if (!row) return undefined;
  const { dates } = z.object({ dates: z.array(Changed) }).parse(row.data);
  return { id: row.id, seriesId: row.seriesId, kind: row.kind as ChangeKind, dates, words: row.words, at: row.at, byId: row.byId };
}

/** How a date looked before the first change after an instant; undefined: it hasn't changed since. */
export async function lookAt(tx: Tx, organisationId: string, date: SeminarDate, at: Date): Promise<Look | undefined> {
  const [row] = await tx.$queryRaw<{ before: unknown }[]>`
    SELECT m.change -> 'before' AS before FROM seminar_change c, LATERAL jsonb_array_elements(c.data -> 'dates') AS m (change)
    WHERE c."organisationId" = ${organisationId}::uuid AND c."seriesId" = ${date.series.id}::uuid AND c.at > ${at}::timestamptz
      AND m.change ->> 'dateId' = ${date.id} ORDER BY c.at, c.id LIMIT 1`;
  return row && (Look.nullable().parse(row.before) ?? undefined);
}

/** What a date becomes. `title` null: as the series. */
export interface NewLook {
  readonly title: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly place: string;
  readonly link: string;
  readonly hostId: string;
  readonly capacity: number | null;
}

/** The times that follow from a new start; undefined: the start stays, and so do they. */
export interface NewTimes {
  readonly postAt: Date | null;
  readonly nextStage: number | null;
  readonly nextStageAt: Date | null;
  readonly phaseAt: Date | null;
}

/** Writes a date anew. @param isNews whether calendars show something of it: they hear of it by the next SEQUENCE */
export async function updateDate(
  tx: Tx,
  organisationId: string,
  id: string,
  look: NewLook,
  { times, isNews }: { readonly times: NewTimes | undefined; readonly isNews: boolean },
  now: Date,
): Promise<void> {
  await tx.seminarDate.update({
    where: { organisationId_id: { organisationId, id } },
    data: {
      ...look,
      ...times,
      ...(times && { phase: 'ahead' as const }),
      ...(isNews && { sequence: { increment: 1 } }),
      changedAt: now,
    },
  });
  // Whoever had checked in already does so anew when its time has come.
  if (times) await dropEarlierArrivals(tx, organisationId, id, windowOf(look).opens);
}

/** Cancels dates: nothing happens to them by itself any more. */
export async function cancelDates(tx: Tx, organisationId: string, ids: readonly string[], words: string, now: Date): Promise<void> {
  await tx.seminarDate.updateMany({
    where: { organisationId, id: { in: [...ids] }, state: 'planned' },
    data: {
      state: 'cancelled',
      cancelWords: words,
      sequence: { increment: 1 },
      postAt: null,
      nextStage: null,
      nextStageAt: null,
      phaseAt: null,
      changedAt: now,
    },
  });
}

/** Whether another planned date of the series begins at this instant. */
export async function isTaken(tx: Tx, organisationId: string, seriesId: string, startsAt: Date, except?: string): Promise<boolean> {
  const found = await tx.seminarDate.findFirst({
    where: { organisationId, seriesId, startsAt, state: 'planned', ...(except && { id: { not: except } }) },
    select: { id: true },
  });
  return found !== null;
}

/** Whether a date was put on its way to the channel. */
export async function wasPosted(tx: Tx, organisationId: string, dateId: string): Promise<boolean> {
  const row = await tx.seminarDate.findUniqueOrThrow({
    where: { organisationId_id: { organisationId, id: dateId } },
    select: { postAt: true },
  });
  return row.postAt === null;
}

/** Makes a date that no rule gives. @returns its id */
export async function createDate(
  tx: Tx,
  organisationId: string,
  seriesId: string,
  look: NewLook,
  times: NewTimes,
  now: Date,
): Promise<string> {
  const id = newId(now);
  await tx.seminarDate.create({ data: { organisationId, id, seriesId, ...look, ...times, createdAt: now, changedAt: now } });
  return id;
}

/** Gives the dates of a series, but for some, its present title as their own. */
export async function keepTitles(
  tx: Tx,
  organisationId: string,
  { id: seriesId, title }: Pick<Series, 'id' | 'title'>,
  besides: readonly string[],
): Promise<void> {
  await tx.seminarDate.updateMany({ where: { organisationId, seriesId, title: null, id: { notIn: [...besides] } }, data: { title } });
}

/** When the planned dates of a series begin. */
export async function listStarts(
  tx: Tx,
  organisationId: string,
  seriesId: string,
): Promise<readonly { readonly id: string; readonly startsAt: Date }[]> {
  return await tx.seminarDate.findMany({ where: { organisationId, seriesId, state: 'planned' }, select: { id: true, startsAt: true } });
}

/** Days of the rule that have a date, planned or cancelled. */
export async function ruleDaysOf(
  db: Db | Tx,
  organisationId: string,
  seriesId: string,
): Promise<readonly { readonly id: string; readonly ruleDay: string }[]> {
  return await db.$queryRaw`
    SELECT id, "ruleDay"::text AS "ruleDay" FROM seminar_date
    WHERE "organisationId" = ${organisationId}::uuid AND "seriesId" = ${seriesId}::uuid AND "ruleDay" IS NOT NULL`;
}

/**
 * Takes dates out of the way of one another before they are given new instants in the same transaction: a thousand years ahead.
 */
export async function setAside(tx: Tx, organisationId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE seminar_date SET "startsAt" = "startsAt" + interval '1000 years', "endsAt" = "endsAt" + interval '1000 years'
    WHERE "organisationId" = ${organisationId}::uuid AND id = ANY (${[...ids]}::uuid[])`;
}

/** Dates that stand for no day of the rule any more: it may be another date's. */
export async function clearRuleDays(tx: Tx, organisationId: string, ids: readonly string[]): Promise<void> {
  await tx.seminarDate.updateMany({ where: { organisationId, id: { in: [...ids] } }, data: { ruleDay: null } });
}

export async function setRuleDay(tx: Tx, organisationId: string, id: string, ruleDay: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE seminar_date SET "ruleDay" = ${ruleDay}::date WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid`;
}

/** Removes the reasons that somebody wrote. */
export async function eraseReasons(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.seminarChange.updateMany({ where: { organisationId, byId: personId }, data: { words: '' } });
}
