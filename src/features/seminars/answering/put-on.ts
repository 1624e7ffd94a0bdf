import { enqueue } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { uninvite } from '../inviting/invite.js';
import { type SeminarDate, type Series, subject } from '../model.js';
import { countAnswers, listFollowing, lockDates } from '../store-dates.js';
import { answerDate } from './answer.js';
import { moveUp, refreshAnswers } from './post.js';
import { findAnswer } from './store-answers.js';
import { removePutOn } from './store-put-on.js';

/** So many dates are looked at for a free place: two years of a monthly seminar. */
const MOST_DATES = 24;

/**
 * Puts somebody on the next date of a series that has room, and tells them once. Dates that they can't come to are left
 * out; whoever is going to one already is left there, and told nothing.
 * @param of the series that they have to come to, or the date of it that they missed
 * @param after only dates that begin later count
 * @returns the date that they are on now; undefined where none has room
 */
export async function putOnNext(
  context: WorkContext,
  tx: Tx,
  of: Series | SeminarDate,
  personId: string,
  after: Date,
  now: Date,
): Promise<SeminarDate | undefined> {
  const { organisation } = context;
  const missed = 'series' in of;
  const from = new Date(Math.max(after.getTime(), now.getTime()) + 1);
  const dates = await listFollowing(tx, organisation.id, missed ? of.series.id : of.id, from);
  for (const { id } of dates.slice(0, MOST_DATES)) {
    const [date] = await lockDates(tx, organisation.id, [id]);
    // A host has no place to be put on.
    if (date?.state !== 'planned' || date.startsAt < from || date.hostId === personId) continue;
    const answer = await findAnswer(tx, organisation.id, id, personId);
    if (answer?.state === 'going') return date;
    if (answer?.state === 'cant') continue;
    if (date.capacity !== null && (await countAnswers(tx, organisation.id, id)).going >= date.capacity) continue;
    const { outcome } = await answerDate(context, tx, { dateId: id, personId, wanted: 'going', source: 'put_on' }, now);
    if (outcome !== 'ok') continue;
    await tell(context, tx, date, personId, missed, now);
    return date;
  }
  return undefined;
}

/**
 * Takes somebody off a date again that they were put on and need not come to after all, unless it has begun. Nobody is told:
 * the message about it asks whether they come.
 */
export async function takeOff(context: WorkContext, tx: Tx, dateId: string, personId: string, now: Date): Promise<void> {
  const { organisation } = context;
  const [date] = await lockDates(tx, organisation.id, [dateId]);
  if (date?.state !== 'planned' || date.startsAt <= now || !(await removePutOn(tx, organisation.id, dateId, personId))) return;
  await uninvite(context, tx, date, [personId], now);
  await moveUp(context, tx, date, now);
  await refreshAnswers(tx, organisation.id, dateId, [personId], now);
}

async function tell(context: WorkContext, tx: Tx, date: SeminarDate, personId: string, missed: boolean, now: Date): Promise<void> {
  await enqueue(
    tx,
    {
      organisationId: context.organisation.id,
      subjectKey: subject.putOn(date.id, personId),
      message: 'seminars.put_on',
      payload: { dateId: date.id, personId, missed },
      to: { personId },
      priority: 'bulk',
      capped: true,
      dueAt: now,
      expiresAt: date.startsAt,
      progressOf: subject.direct(date.id, personId),
    },
    now,
  );
}
