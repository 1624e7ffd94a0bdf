import { z } from 'zod';
import type { JobProgress } from '../../../core/feature.js';
import { enqueue, enqueueMany } from '../../../delivery/enqueue.js';
import type { NewJob } from '../../../delivery/jobs.js';
import { recordEvent } from '../../../people/audit.js';
import { type JobContext, job } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { DateRef } from '../schema.js';
import { findDate } from '../store-dates.js';
import { afterHost } from './after-host.js';
import { endCatchUps, startCatchUps } from './catch-up.js';
import { opinionDelivery } from './opinion-messages.js';
import { awardAttending, awardHosting } from './points.js';
import { figuresOf, peopleWhoCame, recordHost, recordMissing } from './store-settle.js';

const BATCH = 500;

const STEPS = ['missing', 'opinions', 'points', 'host'] as const;

/** The step that a batch does, and the id that the batch before it ended with. */
const Cursor = z.object({ step: z.enum(STEPS), after: z.uuid().optional() }).default({ step: 'missing' });

/** Settles a date that is over: once, whoever asks for it. */
export function settleJob(organisationId: string, dateId: string, now: Date): NewJob {
  return { organisationId, subjectKey: `seminars.settle:${dateId}`, kind: 'seminars.settle', payload: { dateId }, dueAt: now };
}

const settle = job({
  kind: 'seminars.settle',
  payload: DateRef,
  run: async (context, { dateId }, cursor) => {
    const date = await findDate(context.tx, context.organisation.id, dateId);
    if (!date || date.state === 'cancelled') return { done: true };
    const { step, after } = Cursor.parse(cursor);
    const last = await RUN[step](context, date, after);
    if (last !== undefined) return { next: { step, after: last } };
    return following(step);
  },
});

function following(step: (typeof STEPS)[number]): JobProgress {
  const next = STEPS[STEPS.indexOf(step) + 1];
  return next === undefined ? { done: true } : { next: { step: next } };
}

/** Each does one batch. @returns the id that a further batch begins after; undefined: all is done */
type Run = (context: JobContext, date: SeminarDate, after: string | undefined) => Promise<string | undefined>;

const RUN: Readonly<Record<(typeof STEPS)[number], Run>> = {
  missing: async (context, date, after) => {
    const { tx, organisation, clock } = context;
    const now = clock.now();
    if (after === undefined) await recordHost(tx, organisation.id, date, now);
    const missing = await recordMissing(tx, organisation, date, { after, limit: BATCH }, now);
    const required = missing.filter((row) => row.required).map((row) => row.personId);
    await startCatchUps(context, tx, date, required, now);
    return missing.length < BATCH ? undefined : missing.at(-1)?.personId;
  },
  opinions: async (context, date, after) => {
    const { tx, organisation, clock } = context;
    const now = clock.now();
    const people = await peopleWhoCame(tx, organisation.id, date, { after, limit: BATCH });
    await endCatchUps(context, tx, date, people, now);
    await enqueueMany(
      tx,
      people.map((personId) => opinionDelivery(organisation.id, date, personId, now)),
      now,
    );
    return people.length < BATCH ? undefined : people.at(-1);
  },
  points: async (context, date, after) => {
    const { tx, organisation } = context;
    const people = await peopleWhoCame(tx, organisation.id, date, { after, limit: BATCH });
    await awardAttending(context, tx, date, people);
    return people.length < BATCH ? undefined : people.at(-1);
  },
  host: async (context, date) => {
    const { tx, organisation, clock } = context;
    const now = clock.now();
    const { invited, going, came, missed } = await figuresOf(tx, organisation, date);
    const settled = { organisationId: organisation.id, actorId: null, verb: 'seminars.settled', subjectId: date.id };
    // How many were invited is known at this moment only: audiences change. The report reads it here.
    await recordEvent(tx, { ...settled, data: { invited, going, came, missed } }, now);
    if (going + came + missed > 0) await enqueue(tx, afterHost(organisation.id, date, now), now);
    await awardHosting(context, tx, date);
    return undefined;
  },
};

export const settleJobs = [settle];
