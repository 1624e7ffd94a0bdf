import { enqueueMany, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import { presentAmong } from '../../../people/audience.js';
import { hoursOfLocation } from '../../../people/business-hours.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { holidayTest } from '../../../people/holidays.js';
import { addDays, localDay } from '../../../people/hours.js';
import { lineAbove } from '../../../people/line.js';
import { subject } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { ASK, type AtWork, askOf, nextAskAt, workingDay } from './rules.js';
import { changeTalk, listConcernIds, ownersApartFrom, type Talk, talkSubjects } from './store-talks.js';
import { LOOK_AGAIN_MS, tellUnheard } from './unheard.js';

/** The messages' ids. */
export const TALK = 'feedback.talk';
export const TALKED = 'feedback.talked';
export const ANSWERED = 'feedback.talk_answer';

/** Who stands above somebody at this moment and could talk with them, the nearest first: here, and none of those whom it is about. */
async function lineFor({ organisation }: WorkContext, tx: Tx, personId: string, concerned: readonly string[]): Promise<readonly string[]> {
  const above = await lineAbove(tx, organisation.id, personId);
  return await presentAmong(
    tx,
    organisation,
    above.filter((id) => !concerned.includes(id)),
  );
}

/** When whoever works where this person does is at work. */
export async function workOf({ organisation }: WorkContext, tx: Tx, talk: Pick<Talk, 'personLocationId'>): Promise<AtWork> {
  const { zone, hours, country } = await hoursOfLocation(tx, organisation, talk.personLocationId);
  return { zone, hours, isHoliday: await holidayTest(country) };
}

/** The day by which a talk is to be held that somebody hears of now. A day off is none to talk on. @returns `YYYY-MM-DD` */
export async function dueDay({ organisation }: WorkContext, tx: Tx, work: AtWork, now: Date): Promise<string> {
  const { talkDays } = await loadSettings(tx, organisation);
  return workingDay(work, addDays(localDay(now, work.zone), talkDays), 1);
}

/**
 * Asks whoever is in line now about a talk, as often as it is due: at first, the day before, when its day has passed, again, and then
 * the next in line, the owners at last. Never anybody whom it is about: where nobody is left, managers hear that another owner is
 * needed.
 */
export async function ask(context: WorkContext, tx: Tx, talk: Talk, now: Date): Promise<void> {
  const { organisation } = context;
  const work = await workOf(context, tx, talk);
  const concerned = await listConcernIds(tx, organisation.id, talk.feedbackId);
  const line = await lineFor(context, tx, talk.personId, concerned);
  const above = await ownersApartFrom(tx, organisation, concerned);
  if (line.length === 0 && above.length === 0) {
    await tellUnheard(context, tx, talk.id, concerned, now);
    await changeTalk(tx, organisation.id, talk.id, { lineId: null, nextAskAt: new Date(now.getTime() + LOOK_AGAIN_MS) });
    return;
  }
  const today = localDay(now, work.zone);
  // Whoever is the first to hear of it has as many days as anybody.
  const dueOn = talk.asked === 0 && today > talk.dueOn ? await dueDay(context, tx, work, now) : talk.dueOn;
  const count = askOf(talk.asked, dueOn, today);
  const higher = Math.max(0, count - ASK.lastAgain);
  const asked = line[higher];
  const isLast = asked === undefined;
  // Owners who were asked as the line know of it.
  const told = asked === undefined ? above.filter((id) => higher === 0 || !line.slice(0, higher).includes(id)) : [asked];
  await tell(context, tx, { id: talk.id, dueOn }, count, told, now);
  const goesOn = !(isLast && count >= ASK.lastAgain);
  await changeTalk(tx, organisation.id, talk.id, {
    asked: count,
    dueOn,
    lineId: line[0] ?? null,
    nextAskAt: goesOn ? nextAskAt(work, count, dueOn, now) : null,
  });
}

/** Sends the message of a stage to these people; the first one at once, reminders as they can be taken in. */
async function tell(
  { organisation }: WorkContext,
  tx: Tx,
  { id, dueOn }: Pick<Talk, 'id' | 'dueOn'>,
  count: number,
  personIds: readonly string[],
  now: Date,
): Promise<void> {
  const deliveries = personIds.map(
    (personId): NewDelivery => ({
      organisationId: organisation.id,
      // A talk whose day was moved is asked about anew.
      subjectKey: subject.talk(`${id}:${dueOn}`, count, personId),
      message: TALK,
      payload: { talkId: id, personId, asked: count },
      to: { personId },
      ...(count === ASK.first ? { priority: 'alert' } : { priority: 'answer', capped: true }),
      dueAt: now,
    }),
  );
  await enqueueMany(tx, deliveries, now);
}

/** Has whoever is in line by now hear of a talk, when somebody else was asked before. */
export async function askPresentLine(context: WorkContext, tx: Tx, talk: Talk, now: Date): Promise<void> {
  const { organisation } = context;
  const concerned = await listConcernIds(tx, organisation.id, talk.feedbackId);
  const [nearest = null] = await lineFor(context, tx, talk.personId, concerned);
  if (nearest === talk.lineId) return;
  const told = nearest === null ? await ownersApartFrom(tx, organisation, concerned) : [nearest];
  if (talk.asked === 0 || told.length === 0) {
    // Nobody has heard of it yet, or nobody is left who may: that is the next look's.
    await changeTalk(tx, organisation.id, talk.id, { lineId: nearest, nextAskAt: now });
  } else {
    await changeTalk(tx, organisation.id, talk.id, { lineId: nearest });
    await tell(context, tx, talk, ASK.first, told, now);
  }
  // What lies with the one before tells nothing any more.
  await refreshTalk(context, tx, talk.id, now);
}

/** Has every message about a talk composed anew. */
export async function refreshTalk({ organisation }: WorkContext, tx: Tx, talkId: string, now: Date): Promise<void> {
  await refresh(tx, organisation.id, await talkSubjects(tx, organisation.id, talkId), now);
}
