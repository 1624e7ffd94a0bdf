import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { HomeSection } from '../../../core/feature.js';
import { update, whisper } from '../../../core/reply.js';
import { instant, key, words } from '../../../core/text.js';
import { enqueueMany, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { action, type HandlerContext, job, message, type WorkContext } from '../../../people/handlers.js';
import { takeOff } from '../answering/put-on.js';
import { type SeminarDate, subject } from '../model.js';
import { demandDate } from '../rights.js';
import { DateRef } from '../schema.js';
import { findDate, findDates } from '../store-dates.js';
import { recapCard, settledCard, waitingSection } from './catch-up-cards.js';
import { within } from './refs.js';
import { CatchUpDelivery } from './schema.js';
import {
  findCatchUp,
  hasRecap,
  insertCatchUps,
  materialTitles,
  openFor,
  openOf,
  openWaiting,
  settleCatchUp,
  settleElsewhere,
} from './store-catch-up.js';
import { CATCH_UP_DAYS, daysAfter } from './times.js';

const BATCH = 500;
const MOST_MATERIALS = 10;
const HOME_ROWS = 7;

const reminderKey = (dateId: string, personId: string) => `${subject.catchUp(dateId, personId)}:reminder`;
const keysOf = (dateId: string, personIds: readonly string[]) =>
  personIds.flatMap((personId) => [subject.catchUp(dateId, personId), reminderKey(dateId, personId)]);

/** Has people make up for a date that they missed: with its recap at once, or as soon as there is one. */
export async function startCatchUps(
  context: Pick<WorkContext, 'organisation'>,
  tx: Tx,
  date: SeminarDate,
  personIds: readonly string[],
  now: Date,
): Promise<void> {
  if (personIds.length === 0) return;
  const { id: organisationId } = context.organisation;
  const state = (await hasRecap(tx, organisationId, date.id)) ? 'open' : 'waiting';
  const dueAt = daysAfter(now, CATCH_UP_DAYS);
  const begun = await insertCatchUps(tx, { organisationId, dateId: date.id, personIds, state, dueAt }, now);
  if (state === 'open') await send(tx, organisationId, date.id, begun, now);
}

/** Where one date of a series is enough, whoever has come to this one has nothing to make up for at the others. */
export async function endCatchUps(
  context: WorkContext,
  tx: Tx,
  { id, series }: Pick<SeminarDate, 'id' | 'series'>,
  personIds: readonly string[],
  now: Date,
): Promise<void> {
  if (series.requirement !== 'once' || personIds.length === 0) return;
  const { id: organisationId } = context.organisation;
  const ended = await settleElsewhere(tx, organisationId, { seriesId: series.id, dateId: id }, personIds, now);
  const keys = ended.flatMap(({ dateId, personId }) => keysOf(dateId, [personId]));
  await refresh(tx, organisationId, keys, now);
  for (const { personId, nextDateId } of ended) if (nextDateId !== null) await takeOff(context, tx, nextDateId, personId, now);
}

/** The recap now, and a reminder half way to the day by which it should be read. */
async function send(tx: Tx, organisationId: string, dateId: string, personIds: readonly string[], now: Date): Promise<void> {
  const to = (personId: string, reminder: boolean): NewDelivery => ({
    organisationId,
    subjectKey: reminder ? reminderKey(dateId, personId) : subject.catchUp(dateId, personId),
    message: 'seminars.catch_up',
    payload: { dateId, personId, reminder },
    to: { personId },
    priority: 'bulk',
    capped: true,
    dueAt: reminder ? daysAfter(now, CATCH_UP_DAYS / 2) : now,
    expiresAt: daysAfter(now, CATCH_UP_DAYS),
  });
  await enqueueMany(
    tx,
    personIds.flatMap((personId) => [to(personId, false), to(personId, true)]),
    now,
  );
  // One that was closed and begins anew has its message already.
  await refresh(tx, organisationId, keysOf(dateId, personIds), now);
}

/** A date has got its recap, or a new one: those who wait for it are sent it. In the transaction that writes it. */
export async function recapReady(context: WorkContext, tx: Tx, date: SeminarDate, now: Date): Promise<void> {
  const { id: organisationId } = context.organisation;
  if (date.recap === '') return;
  const subjectKey = `seminars.catch_up:${date.id}:${now.getTime()}`;
  await enqueueJob(tx, { organisationId, subjectKey, kind: 'seminars.catch_up', payload: { dateId: date.id }, dueAt: now }, now);
  // Those who have it already see it as it is now.
  await refresh(tx, organisationId, keysOf(date.id, await openOf(tx, organisationId, date.id, BATCH)), now);
}

const sendRecap = job({
  kind: 'seminars.catch_up',
  payload: DateRef,
  run: async ({ tx, organisation, clock }, { dateId }, cursor) => {
    const now = clock.now();
    const date = await findDate(tx, organisation.id, dateId);
    if (!date || date.recap === '') return { done: true };
    const people = await openWaiting(tx, organisation.id, dateId, daysAfter(now, CATCH_UP_DAYS), BATCH);
    await send(tx, organisation.id, dateId, people, now);
    return people.length < BATCH ? { done: true } : { next: typeof cursor === 'number' ? cursor + 1 : 1 };
  },
});

/** What there is for a person to make up for a date, as it stands. @throws BellhopError `seminars.catch_up_none` */
async function catchUpCard(context: WorkContext, dateId: string, personId: string, reminder: boolean): Promise<Card> {
  const { db, organisation } = context;
  const date = await demandDate(context, dateId);
  const catchUp = await findCatchUp(db, organisation.id, dateId, personId);
  if (!catchUp) throw new BellhopError('seminars.catch_up_none', { title: words(date.title), start: instant(date.startsAt) });
  if (catchUp.state === 'open' && date.recap !== '') {
    return recapCard(date, catchUp, await materialTitles(db, organisation.id, dateId, MOST_MATERIALS), reminder);
  }
  const next = catchUp.nextDateId === null ? undefined : await findDate(db, organisation.id, catchUp.nextDateId);
  return settledCard(date, catchUp, next);
}

const catchUpMessage = message({
  id: 'seminars.catch_up',
  payload: CatchUpDelivery,
  guard: async ({ db, organisation }, { dateId, personId }) =>
    (await findCatchUp(db, organisation.id, dateId, personId))?.state === 'open' ? null : 'settled',
  card: async (context, { dateId, personId, reminder }) => await catchUpCard(context, dateId, personId, reminder),
  line: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    return {
      text: key('seminars.catch_up.line', { title: words(date.title), start: instant(date.startsAt) }),
      action: button(key('seminars.action.recap'), within.recap(dateId)),
    };
  },
});

/** Shows the recap again, from a message that was merged with others or from App Home. */
const recap = action({
  id: 'seminars.recap',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => whisper(await catchUpCard(context, dateId, context.person.id, false)),
});

const readRecap = action({
  id: 'seminars.read_recap',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    const { db, organisation, clock, person } = context;
    await demandDate(context, dateId);
    await inTransaction(db, async (tx) => {
      const now = clock.now();
      const mine = { organisationId: organisation.id, dateId, personId: person.id };
      if (!(await hasRecap(tx, organisation.id, dateId))) return;
      if (await settleCatchUp(tx, mine, { state: 'read' }, now)) await refresh(tx, organisation.id, keysOf(dateId, [person.id]), now);
    });
    return update(await catchUpCard(context, dateId, person.id, false));
  },
});

/** What waits for the actor: recaps to read. */
export async function catchUpHome({ db, organisation, person }: HandlerContext): Promise<readonly HomeSection[]> {
  const { dateIds, total } = await openFor(db, organisation.id, person.id, HOME_ROWS);
  return total === 0 ? [] : [waitingSection(await findDates(db, organisation.id, dateIds), total)];
}

export const catchUpActions = [recap, readRecap];
export const catchUpMessages = [catchUpMessage];
export const catchUpJobs = [sendRecap];
