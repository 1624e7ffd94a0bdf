import { BellhopError } from '../../../core/errors.js';
import { date, instant } from '../../../core/text.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { addDays } from '../../../people/hours.js';
import { timesOf } from '../date-times.js';
import type { SeminarDate, Series, Settings } from '../model.js';
import type { SeriesFields } from '../scheduling/fields.js';
import { fieldsFrom } from '../scheduling/following.js';
import { planAhead } from '../scheduling/plan.js';
import { lockSeries, updateSeries } from '../scheduling/store-series.js';
import { findDate, listFollowing, lockDates } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import { type ChangeContext, demandRoom, followUp, keep, tell, tellCalendarsOfEnd } from './apply.js';
import { type Fates, fatesOf, lastDayBefore, type NewTime } from './fates.js';
import {
  type Changed,
  cancelDates,
  clearRuleDays,
  differences,
  keepTitles,
  listStarts,
  lookOf,
  type NewLook,
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
 * Gives a series other values from one of its dates on. What a date has of its own (day, place, host, ...) stays unless that
 * is what the series changes, and every date keeps its answers: where the days of the rule change, each date stays in its
 * week or month (match-dates); what the new rule has more is added, what it has less is cancelled. Dates that were cancelled
 * stay so. Everyone concerned hears once.
 * @throws BellhopError `seminars.series_gone`, `seminars.date_begun`, `seminars.date_cancelled`, `seminars.follow_early`, `seminars.date_taken`,
 * `seminars.capacity_low`
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

  const goesOn = fieldsFrom(from, now).plan;
  const before = await lastDayBefore(tx, organisation.id, seriesId, goesOn);
  if (before !== undefined && fields.plan.firstDay <= before) throw new BellhopError('seminars.follow_early', { day: date(before) });
  const fates = await fatesOf(organisation, tx, { from, dates, goesOn, plan: fields.plan }, now);
  const surplus = dates.filter(({ id }) => fates.cancelled.has(id));
  await cancelSurplus(context, tx, surplus, words, now);
  await demandFree(tx, organisation.id, series, fields, dates, fates);
  await makeRoom(tx, organisation.id, dates, fates);
  // A rule that goes on as it did keeps its first day: a number of dates is counted from there.
  const { minutes, length, zone } = fields.plan;
  const settled = fates.isNewRule ? fields : { ...fields, plan: { ...series.plan, minutes, length, zone } };
  // The dates before keep the name that they were, or are, held under.
  if (fields.title !== series.title) await keepTitles(tx, organisation.id, series, ids);
  await updateSeries(tx, organisation.id, seriesId, settled, now);

  const settings = await loadSettings(tx, organisation);
  const changed: Changed[] = [];
  for (const date of dates) {
    const next = fates.becomes.get(date.id);
    if (next) changed.push(...(await becomes(context, tx, { date, series, fields, next, settings }, now)));
  }
  const afresh = { ...series, ...fields, plannedTo: addDays(fields.plan.firstDay, -1), endedAt: null };
  const added = fates.isNewRule ? await planAhead(context, tx, afresh, now) : 0;
  const news = new Map(changed.map((one) => [one.dateId, one]));
  for (const { id } of dates) {
    if (!fates.becomes.has(id)) continue;
    const one = news.get(id);
    const movedUp = await followUp(context, tx, id, one !== undefined, now);
    if (one) news.set(id, { ...one, movedUp });
  }
  const cancelled = surplus.map((date) => ({ dateId: date.id, zone: date.series.plan.zone, before: lookOf(date), after: null }));
  const all = [...news.values(), ...cancelled].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  const told = await tell(context, tx, { seriesId, kind: 'followed', dates: all, words }, now);
  return { changed: changed.length, cancelled: surplus.length, added, told };
}

/** When a date begins, or would have begun; ISO 8601. */
const startOf = ({ before, after }: Changed): string => (after ?? before)?.startsAt ?? '';

/**
 * No two dates of the series begin at the same instant.
 * @throws BellhopError `seminars.date_taken`
 */
async function demandFree(
  tx: Tx,
  organisationId: string,
  { id: seriesId }: Series,
  { plan: { zone } }: SeriesFields,
  dates: readonly SeminarDate[],
  { becomes }: Fates,
): Promise<void> {
  const own = new Set(dates.map(({ id }) => id));
  const taken = new Set(
    (await listStarts(tx, organisationId, seriesId)).filter(({ id }) => !own.has(id)).map(({ startsAt }) => startsAt.getTime()),
  );
  for (const { startsAt } of becomes.values()) {
    if (taken.has(startsAt.getTime())) throw new BellhopError('seminars.date_taken', { at: instant(startsAt, zone) });
    taken.add(startsAt.getTime());
  }
}

/** Takes what is given another day or time out of its own way. */
async function makeRoom(tx: Tx, organisationId: string, dates: readonly SeminarDate[], { becomes, stand }: Fates): Promise<void> {
  const moving = dates.filter(({ id, startsAt }) => becomes.get(id) && becomes.get(id)?.startsAt.getTime() !== startsAt.getTime());
  await setAside(
    tx,
    organisationId,
    moving.map(({ id }) => id),
  );
  const renamed = dates.filter(({ id, ruleDay }) => becomes.get(id) && becomes.get(id)?.ruleDay !== ruleDay).map(({ id }) => id);
  await clearRuleDays(tx, organisationId, [...renamed, ...stand.keys()]);
  for (const [id, ruleDay] of stand) if (ruleDay !== null) await setRuleDay(tx, organisationId, id, ruleDay);
}

interface Becoming {
  readonly date: SeminarDate;
  readonly series: Series;
  readonly fields: SeriesFields;
  readonly next: NewTime;
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
  if (next.ruleDay !== null && next.ruleDay !== date.ruleDay) await setRuleDay(tx, organisation.id, date.id, next.ruleDay);
  const isNews = differences(before, after).length > 0;
  const readsAnew = fields.purpose !== series.purpose || fields.preReading !== series.preReading;
  if (!isNews && !readsAnew && look.capacity === date.capacity && look.title === keep(date).title) return [];
  const times =
    before.startsAt === after.startsAt
      ? undefined
      : timesOf({ startsAt: look.startsAt, zone }, settings, await wasPosted(tx, organisation.id, date.id), now);
  await updateDate(tx, organisation.id, date.id, look, { times, isNews: isNews || readsAnew }, now);
  return isNews ? [{ dateId: date.id, zone, before, after }] : [];
}

/** What the series changes goes for the date too; what it leaves alone stays as the date has it. */
function lookAnew(date: SeminarDate, before: Series, after: SeriesFields, next: NewTime): NewLook {
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
  const ids = dates.map(({ id }) => id);
  await cancelDates(tx, organisation.id, ids, words, now);
  // The rule doesn't give them any more; should it once again, their days are free for new dates.
  await clearRuleDays(tx, organisation.id, ids);
  await tellCalendarsOfEnd(context, tx, ids, now);
}
