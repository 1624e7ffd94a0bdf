import { z } from 'zod';
import { enqueueMany, type NewDelivery } from '../../../delivery/enqueue.js';
import type { NewJob } from '../../../delivery/jobs.js';
import { job, message } from '../../../people/handlers.js';
import { type SeminarDate, subject } from '../model.js';
import { demandDate } from '../rights.js';
import { DateRef } from '../schema.js';
import { countAnswers, findDate } from '../store-dates.js';
import { askCard, closedCard, hereCard, hostCard } from './check-in-cards.js';
import { DatePerson } from './schema.js';
import { findAttendance } from './store-attendance.js';
import { goingPeople } from './store-phases.js';
import { stepAt, windowOf } from './times.js';

const BATCH = 1_000;

/** Asks those who said to come. A date that is moved after this began asks anew: its start is another one. */
export function checkInJob(organisationId: string, { id, startsAt }: SeminarDate, now: Date): NewJob {
  const payload = { dateId: id, start: startsAt.getTime() };
  return { organisationId, subjectKey: `seminars.check_in:${id}:${payload.start}`, kind: 'seminars.check_in', payload, dueAt: now };
}

/** Tells the host, and has the code at hand. */
export function hostCheckIn(organisationId: string, date: SeminarDate, now: Date): NewDelivery {
  return {
    organisationId,
    subjectKey: `seminars.check_in_host:${date.id}:${date.startsAt.getTime()}`,
    message: 'seminars.check_in_host',
    payload: { dateId: date.id },
    to: { personId: date.hostId },
    priority: 'alert',
    dueAt: now,
    expiresAt: windowOf(date).closes,
  };
}

/** The message that asks a person to check in, by its subject key. */
export const checkInKey = ({ id, startsAt }: Pick<SeminarDate, 'id' | 'startsAt'>, personId: string): string =>
  `${subject.checkIn(id, personId)}:${startsAt.getTime()}`;

const askAll = job({
  kind: 'seminars.check_in',
  payload: DateRef.extend({ start: z.number().int() }),
  run: async ({ tx, organisation, clock }, { dateId, start }, cursor) => {
    const now = clock.now();
    const date = await findDate(tx, organisation.id, dateId);
    if (!date || date.state === 'cancelled' || date.startsAt.getTime() !== start || stepAt(date, now) !== 'open') return { done: true };
    const after = z.uuid().optional().parse(cursor);
    const people = await goingPeople(tx, organisation.id, dateId, { after, limit: BATCH });
    await enqueueMany(
      tx,
      people
        .filter((personId) => personId !== date.hostId)
        .map(
          (personId): NewDelivery => ({
            organisationId: organisation.id,
            subjectKey: checkInKey(date, personId),
            message: 'seminars.check_in',
            payload: { dateId, personId },
            to: { personId },
            priority: 'alert',
            dueAt: now,
            expiresAt: windowOf(date).closes,
          }),
        ),
      now,
    );
    return people.length < BATCH ? { done: true } : { next: people.at(-1) };
  },
});

const checkIn = message({
  id: 'seminars.check_in',
  payload: DatePerson,
  guard: async ({ db, organisation, clock }, { dateId, personId }) => {
    const date = await findDate(db, organisation.id, dateId);
    if (!date || date.state === 'cancelled') return 'date_cancelled';
    if (stepAt(date, clock.now()) !== 'open') return 'check_in_closed';
    return (await findAttendance(db, organisation.id, dateId, personId)) ? 'checked_in' : null;
  },
  card: async (context, { dateId, personId }) => {
    const { db, organisation, clock } = context;
    const date = await demandDate(context, dateId);
    const attendance = await findAttendance(db, organisation.id, dateId, personId);
    if (attendance?.attended) return hereCard(date, attendance, true);
    return date.state === 'planned' && stepAt(date, clock.now()) === 'open' ? askCard(date) : closedCard(date);
  },
});

const checkInHost = message({
  id: 'seminars.check_in_host',
  payload: DateRef,
  guard: async ({ db, organisation }, { dateId }) => {
    const date = await findDate(db, organisation.id, dateId);
    return !date || date.state === 'cancelled' ? 'date_cancelled' : null;
  },
  card: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    const { going } = await countAnswers(context.db, context.organisation.id, dateId);
    return date.state === 'cancelled' ? closedCard(date) : hostCard(date, going);
  },
});

export const checkInMessages = [checkIn, checkInHost];
export const checkInJobs = [askAll];
