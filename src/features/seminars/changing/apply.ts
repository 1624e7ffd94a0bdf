import { BellhopError } from '../../../core/errors.js';
import { instant } from '../../../core/text.js';
import { enqueueMany } from '../../../delivery/enqueue.js';
import { recordEvent } from '../../../people/audit.js';
import type { Tx } from '../../../people/db.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { moveUp, refreshPost } from '../answering/post.js';
import { timesOf } from '../date-times.js';
import { invite, uninvite } from '../inviting/invite.js';
import { type SeminarDate, subject } from '../model.js';
import { countAnswers, findDate, findDates, lockDates } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import {
  type Change,
  type Changed,
  type ChangeKind,
  cancelDates,
  createChange,
  differences,
  isTaken,
  type Look,
  lookOf,
  type NewLook,
  updateDate,
  wasPosted,
} from './store-changes.js';
import { concernedBy, goingTo } from './store-concerned.js';

/** What every change needs. */
export type ChangeContext = HandlerContext;

/**
 * Gives one date another look, tells nobody yet.
 * @returns how it looked before and after, or undefined where nothing differs
 * @throws BellhopError `seminars.date_gone`, `seminars.date_cancelled`, `seminars.date_begun`, `seminars.date_taken`, `seminars.capacity_low`
 */
export async function changeDate(context: WorkContext, tx: Tx, dateId: string, next: NewLook, now: Date): Promise<Changed | undefined> {
  const { organisation } = context;
  const [date] = await lockDates(tx, organisation.id, [dateId]);
  demandChangeable(date, now);
  const before = lookOf(date);
  const after = lookOf({ ...next, title: next.title ?? date.series.title });
  // Another capacity alone is no news: whoever has a place keeps it, and no calendar shows it.
  const isNews = differences(before, after).length > 0;
  if (!isNews && next.capacity === date.capacity) return undefined;
  await demandRoom(tx, organisation.id, date, next.capacity);
  const moves = next.startsAt.getTime() !== date.startsAt.getTime();
  if (moves && (await isTaken(tx, organisation.id, date.series.id, next.startsAt, dateId))) {
    throw new BellhopError('seminars.date_taken', { at: instant(next.startsAt, date.series.plan.zone) });
  }
  const times = moves ? await newTimes(context, tx, date, next.startsAt, now) : undefined;
  await updateDate(tx, organisation.id, dateId, next, { times, isNews }, now);
  const movedUp = await followUp(context, tx, dateId, isNews, now);
  return { dateId, zone: date.series.plan.zone, before, after, movedUp };
}

/**
 * Everybody who is going keeps the place.
 * @throws BellhopError `seminars.capacity_low`
 */
export async function demandRoom(tx: Tx, organisationId: string, date: SeminarDate, capacity: number | null): Promise<void> {
  if (capacity === null || capacity === date.capacity) return;
  const { going } = await countAnswers(tx, organisationId, date.id);
  if (capacity < going) throw new BellhopError('seminars.capacity_low', { going });
}

async function newTimes(context: WorkContext, tx: Tx, date: SeminarDate, startsAt: Date, now: Date) {
  const { organisation } = context;
  const settings = await loadSettings(tx, organisation);
  return timesOf({ startsAt, zone: date.series.plan.zone }, settings, await wasPosted(tx, organisation.id, date.id), now);
}

/**
 * What follows for those who come: free places, calendars, the post.
 * @param isNews whether those concerned are told of the change, and their calendars: then who moves up is told with it
 * @returns who moved up
 */
export async function followUp(context: WorkContext, tx: Tx, dateId: string, isNews: boolean, now: Date): Promise<string[]> {
  const { organisation } = context;
  const date = await findDate(tx, organisation.id, dateId);
  if (!date) return [];
  // First those who move up: they are invited to what the date has become.
  const movedUp = await moveUp(context, tx, date, now, !isNews);
  if (isNews) await invite(context, tx, date, await goingTo(tx, organisation.id, dateId), now);
  await refreshPost(tx, organisation.id, dateId, now);
  return [...movedUp];
}

/**
 * Cancels dates, with a reason, tells nobody yet.
 * @throws BellhopError `seminars.date_gone`, `seminars.date_cancelled`, `seminars.date_begun`
 */
export async function cancel(
  context: WorkContext,
  tx: Tx,
  dateIds: readonly string[],
  words: string,
  now: Date,
): Promise<readonly Changed[]> {
  const { organisation } = context;
  const dates = await lockDates(tx, organisation.id, dateIds);
  if (dates.length === 0) throw new BellhopError('seminars.date_gone');
  for (const date of dates) demandChangeable(date, now);
  await cancelDates(tx, organisation.id, dateIds, words, now);
  await tellCalendarsOfEnd(context, tx, dateIds, now);
  return dates.map((date) => ({ dateId: date.id, zone: date.series.plan.zone, before: lookOf(date), after: null }));
}

/** Takes cancelled dates out of calendars, and says so on their posts. */
export async function tellCalendarsOfEnd(context: WorkContext, tx: Tx, dateIds: readonly string[], now: Date): Promise<void> {
  const { organisation } = context;
  for (const date of await findDates(tx, organisation.id, dateIds)) {
    await uninvite(context, tx, date, await goingTo(tx, organisation.id, date.id), now);
    await refreshPost(tx, organisation.id, date.id, now);
  }
}

function demandChangeable(date: SeminarDate | undefined, now: Date): asserts date is SeminarDate {
  if (!date) throw new BellhopError('seminars.date_gone');
  if (date.state === 'cancelled') throw new BellhopError('seminars.date_cancelled');
  if (date.startsAt <= now) throw new BellhopError('seminars.date_begun');
}

/**
 * Notes a change, and tells everyone concerned but its author: one message each, however many dates it touches.
 * @returns how many are told
 */
export async function tell(
  context: ChangeContext,
  tx: Tx,
  change: { readonly seriesId: string; readonly kind: ChangeKind; readonly dates: readonly Changed[]; readonly words: string },
  now: Date,
): Promise<number> {
  const { organisation, person } = context;
  const noted: Omit<Change, 'id'> = { ...change, at: now, byId: person.id };
  const id = await createChange(tx, organisation.id, noted);
  const ids = change.dates.map(({ dateId }) => dateId);
  const shown = change.dates.filter(isNews);
  const hosts = shown.flatMap(({ before }) => (before ? [before.hostId] : []));
  const concerned = new Set(
    await concernedBy(
      tx,
      organisation.id,
      shown.map(({ dateId }) => dateId),
      hosts,
    ),
  );
  concerned.delete(person.id);
  await enqueueMany(
    tx,
    [...concerned].sort().map((personId) => ({
      organisationId: organisation.id,
      subjectKey: subject.change(id, personId),
      message: 'seminars.changed',
      payload: { changeId: id, personId },
      to: { personId },
      // It has been asked for just now, and it may be about tomorrow morning: no cap, no waiting for hours.
      priority: 'answer' as const,
      dueAt: now,
    })),
    now,
  );
  const verb = `seminars.${change.kind}`;
  const act = {
    organisationId: organisation.id,
    actorId: person.id,
    verb,
    subjectId: ids[0] ?? change.seriesId,
    data: { changeId: id, dates: ids.length },
  };
  await recordEvent(tx, act, now);
  return concerned.size;
}

/** Whether people have to hear of it: another capacity alone concerns nobody who has a place. */
function isNews({ before, after }: Changed): boolean {
  return before === null || after === null || differences(before, after).length > 0;
}

/** The date as it looks when nothing of it changes. */
export function keep(date: SeminarDate): NewLook {
  const { startsAt, endsAt, place, link, hostId, capacity } = date;
  return { title: date.ownTitle ? date.title : null, startsAt, endsAt, place, link, hostId, capacity };
}

export type { Look };
