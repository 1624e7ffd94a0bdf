import { z } from 'zod';
import { enqueueMany, type NewDelivery, skip } from '../../../delivery/enqueue.js';
import { type JobContext, job } from '../../../people/handlers.js';
import { type SeminarDate, subject } from '../model.js';
import { findDate } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import { isOvertaken, mayNudge, PRESSING } from './ladder.js';
import { RemindJob } from './schema.js';
import { type Coming, listComing, listSilent } from './store-ladder.js';

/** People in one batch. */
const BATCH = 1_000;

const Cursor = z.object({ of: z.enum(['coming', 'silent']), after: z.uuid().optional() }).catch({ of: 'coming' });

type Step = z.output<typeof RemindJob>;

/** One step of a date's ladder: reminds those who come or may come, and asks those who have not answered, once ever. */
const remind = job({
  kind: 'seminars.remind',
  payload: RemindJob,
  run: async (context, step, raw) => {
    const { tx, organisation, clock } = context;
    const now = clock.now();
    const date = await findDate(tx, organisation.id, step.dateId);
    const { ladder } = await loadSettings(tx, organisation);
    if (!date || date.state === 'cancelled' || date.startsAt <= now || date.startsAt.getTime() !== step.startsAt) return { done: true };
    if (isOvertaken(date, ladder, step.stage, now)) return { done: true };
    const { of, after } = Cursor.parse(raw);
    if (of === 'coming') {
      const people = await listComing(tx, organisation.id, date, after, BATCH);
      await remindAll(context, date, step, ladder, people, now);
      return { next: people.length < BATCH ? { of: 'silent' } : { of, after: people.at(-1)?.personId } };
    }
    if (!mayNudge(date, ladder, now)) return { done: true };
    const silent = await listSilent(tx, organisation, date, after, BATCH);
    await enqueueMany(
      tx,
      silent.map((personId) => nudgeOf(organisation.id, date, personId, now)),
      now,
    );
    return silent.length < BATCH ? { done: true } : { next: { of, after: silent.at(-1) } };
  },
});

async function remindAll(
  { tx, organisation }: JobContext,
  date: SeminarDate,
  step: Step,
  ladder: readonly number[],
  people: readonly Coming[],
  now: Date,
): Promise<void> {
  const earlier = ladder.filter((stage) => stage > step.stage);
  const overtaken = earlier.flatMap((stage) => people.map((person) => reminderOf(organisation.id, date, { ...step, stage }, person, now)));
  await skip(tx, overtaken, now);
  await enqueueMany(
    tx,
    people.map((person) => reminderOf(organisation.id, date, step, person, now)),
    now,
  );
}

function reminderOf(organisationId: string, date: SeminarDate, step: Step, { personId, state }: Coming, now: Date): NewDelivery {
  const { sequence, ...payload } = step;
  // Whoever comes is told in time, whatever the hour there and however much the bot has said that day; a maybe can wait.
  const pressing = step.stage <= PRESSING && state !== 'maybe';
  return {
    organisationId,
    subjectKey: subject.reminder(date.id, sequence, step.stage, personId),
    message: 'seminars.reminder',
    payload: { ...payload, personId },
    to: { personId },
    priority: pressing ? 'answer' : 'bulk',
    capped: !pressing,
    dueAt: now,
    expiresAt: date.startsAt,
    progressOf: subject.direct(date.id, personId),
  };
}

function nudgeOf(organisationId: string, date: SeminarDate, personId: string, now: Date): NewDelivery {
  return {
    organisationId,
    subjectKey: subject.nudge(date.id, personId),
    message: 'seminars.nudge',
    payload: { dateId: date.id, personId },
    to: { personId },
    priority: 'bulk',
    capped: true,
    dueAt: now,
    expiresAt: date.startsAt,
    progressOf: subject.direct(date.id, personId),
  };
}

export const answeringJobs = [remind];
