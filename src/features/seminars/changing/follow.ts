import { BellhopError } from '../../../core/errors.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { addDays, localDay } from '../../../people/hours.js';
import { type PlannedDate, planDates } from '../calendar/dates.js';
import { timesOf } from '../date-times.js';
import type { SeminarDate, Series, Settings } from '../model.js';
import { planOf, type SeriesFields } from '../scheduling/fields.js';
import { planAhead } from '../scheduling/plan.js';
import { lockSeries, updateSeries } from '../scheduling/store-series.js';
import { findDate, listFollowing, lockDates } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import { type ChangeContext, demandRoom, followUp, keep, tell, tellCalendarsOfEnd } from './apply.js';
import {
  type Changed,
  cancelDates,
  differences,
  lookOf,
  type NewLook,
  ruleDaysOf,
  setAside,
  setRuleDay,
  updateDate,
  wasPosted,
} from './store-changes.js';

/** What came of a change of all that follows. */
export interface Followed {
  readonly changed: number;
  readonly cancelled: number;
  readonly added: number;
  /** People who hear of it. */
  readonly told: number;
}

export interface Following {
  readonly seriesId: string;
  /** The first date that is changed. */
  readonly fromDateId: string;
  readonly fields: SeriesFields;
  /** The reason; empty: none was given. */
  readonly words: string;
}

/**
 * Gives a series other values from one of its dates on. The dates that follow keep their answers: the first one becomes the
 * new rule's first date, the second one its second, and so on; what the new rule has more is added, what it has less is
 * cancelled. Dates that were cancelled stay so. What a date has of its own (place, host, ...) stays unless that is what the
 * series changes. Everyone concerned hears once.
 * @throws BellhopError `seminars.series_gone`, `seminars.date_begun`, `seminars.date_cancelled`, `seminars.capacity_low`
 */
export async function followSeries(
  context: ChangeContext,
  tx: Tx,
  { seriesId, fromDateId, fields, words }: Following,
  now: Date,
): Promise<Followed> {
  const { organisation } = context;
  const series = await lockSeries(tx, organisation.id, seriesId);
  const from = await findDate(tx, organisation.id, fromDateId);
  if (!series || !from || from.series.id !== seriesId) throw new BellhopError('seminars.series_gone');
  if (from.state === 'cancelled') throw new BellhopError('seminars.date_cancelled');
  if (from.startsAt <= now) throw new BellhopError('seminars.date_begun');
  const ids = (await listFollowing(tx, organisation.id, seriesId, from.startsAt)).map(({ id }) => id);
  const dates = (await lockDates(tx, organisation.id, ids)).filter(({ state }) => state === 'planned');
  await setAside(tx, organisation.id, ids);
  await updateSeries(tx, organisation.id, seriesId, fields, now);

  const planned = await newDates(context, tx, seriesId, fields, dates.length, now);
  const settings = await loadSettings(tx, organisation);
  const changed: Changed[] = [];
  for (const [place, next] of planned.entries()) {
    const date = dates[place];
    if (date) changed.push(...(await becomes(context, tx, { date, series, fields, next, settings }, now)));
  }
  const surplus = dates.slice(planned.length);
  await cancelSurplus(context, tx, surplus, words, now);
  const added = await planAhead(context, tx, { ...series, ...fields, plannedTo: addDays(fields.plan.firstDay, -1), endedAt: null }, now);
  for (const { id } of dates.slice(0, planned.length)) await followUp(context, tx, id, now);
  const cancelled = surplus.map((date) => ({ dateId: date.id, zone: date.series.plan.zone, before: lookOf(date), after: null }));
  const told = await tell(context, tx, { seriesId, kind: 'followed', dates: [...changed, ...cancelled], words }, now);
  return { changed: changed.length, cancelled: surplus.length, added, told };
}

/** The first dates that the new rule gives, as many as there are to be given; days that are cancelled or past stay so. */
async function newDates(
  { organisation }: WorkContext,
  tx: Tx,
  seriesId: string,
  fields: SeriesFields,
  count: number,
  now: Date,
): Promise<readonly PlannedDate[]> {
  const taken = new Set((await ruleDaysOf(tx, organisation.id, seriesId)).map(({ ruleDay }) => ruleDay));
  const today = localDay(now, fields.plan.zone);
  const from = fields.plan.firstDay > today ? fields.plan.firstDay : today;
  const planned = await planDates(planOf(fields, organisation), { from, limit: count + taken.size + 1 });
  return planned.filter(({ ruleDay, startsAt }) => startsAt > now && !taken.has(ruleDay)).slice(0, count);
}

interface Becoming {
  readonly date: SeminarDate;
  readonly series: Series;
  readonly fields: SeriesFields;
  readonly next: PlannedDate;
  readonly settings: Settings;
}

async function becomes(
  { organisation }: WorkContext,
  tx: Tx,
  { date, series, fields, next, settings }: Becoming,
  now: Date,
): Promise<readonly Changed[]> {
  const look = lookAnew(date, series, fields, next);
  await demandRoom(tx, organisation.id, date, look.capacity);
  const before = lookOf(date);
  const after = lookOf({ ...look, title: look.title ?? fields.title });
  const { zone } = fields.plan;
  const times =
    before.startsAt === after.startsAt
      ? undefined
      : timesOf({ startsAt: look.startsAt, zone }, settings, await wasPosted(tx, organisation.id, date.id), now);
  await updateDate(tx, organisation.id, date.id, look, times, now);
  await setRuleDay(tx, organisation.id, date.id, next.ruleDay);
  return differences(before, after).length > 0 ? [{ dateId: date.id, zone, before, after }] : [];
}

/** What the series changes goes for the date too; what it leaves alone stays as the date has it. */
function lookAnew(date: SeminarDate, before: Series, after: SeriesFields, next: PlannedDate): NewLook {
  const own = keep(date);
  return {
    title: after.title === before.title ? own.title : null,
    startsAt: next.startsAt,
    endsAt: next.endsAt,
    place: after.place === before.place ? own.place : after.place,
    link: after.link === before.link ? own.link : after.link,
    hostId: after.hostId === before.hostId ? own.hostId : after.hostId,
    capacity: after.capacity === before.capacity ? own.capacity : after.capacity,
  };
}

async function cancelSurplus(context: WorkContext, tx: Tx, dates: readonly SeminarDate[], words: string, now: Date): Promise<void> {
  const { organisation } = context;
  await cancelDates(
    tx,
    organisation.id,
    dates.map(({ id }) => id),
    words,
    now,
  );
  // Cancelled first: then the instants that they had may be another date's by now.
  for (const date of dates) await updateDate(tx, organisation.id, date.id, keep(date), undefined, now);
  await tellCalendarsOfEnd(
    context,
    tx,
    dates.map(({ id }) => id),
    now,
  );
}
