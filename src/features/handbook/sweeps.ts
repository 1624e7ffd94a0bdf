import type { Sweep } from '../../core/feature.js';
import { enqueueMany, type NewDelivery, refresh, skip } from '../../delivery/enqueue.js';
import { inTransaction } from '../../people/db.js';
import type { WorkContext } from '../../people/handlers.js';
import { addDays, atLocalTime, localDay, nextOpening } from '../../people/hours.js';
import { findPeople } from '../../people/people.js';
import { subject, type Version } from './model.js';
import { climb, ESCALATE_AFTER_DAYS, type LadderStep } from './rules.js';
import { listPublished } from './store.js';
import { type Asking, askBatch, closeLeavers, holdVersion, reopenReturners } from './store-asking.js';
import { escalate, fallbackManagers, lockDueStages, setStages } from './store-ladder.js';

const BATCH = 1_000;
/** Batches of one tick: what is left goes on at the next, so that a sweep never holds up the others for long. */
const MOST_BATCHES = 200;

/** Keeps who is asked in step with the audience: who joins is asked, who leaves is let off. */
const audience: Sweep<WorkContext> = {
  id: 'handbook.audience',
  run: async (context) => {
    for (const version of await listPublished(context.db, context.organisation.id)) {
      // Still being handed out: until then nobody counts as having joined later.
      if (version.askedCount === null) continue;
      for (let batch = 0; batch < MOST_BATCHES; batch++) if (!(await followAudience(context, version))) break;
    }
  },
};

/** One batch. Returns whether there may be more. */
async function followAudience(context: WorkContext, version: Version): Promise<boolean> {
  const { db, organisation, clock } = context;
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    if ((await holdVersion(tx, organisation.id, version.id)) !== 'published') return false;
    const askedOn = localDay(now, organisation.zone);
    const asking: Asking = { organisation, version, askedOn, dueOn: addDays(askedOn, version.joinerDays) };
    const { asked } = await askBatch(tx, asking, undefined, BATCH, now);
    const back = await reopenReturners(tx, asking, BATCH, now);
    await enqueueMany(
      tx,
      back.map((request) => nudgeOf(organisation.id, request, askedOn, now)),
      now,
    );
    const left = await closeLeavers(tx, organisation, version, BATCH, now);
    return Math.max(asked, back.length, left) === BATCH;
  });
}

function nudgeOf(organisationId: string, request: { id: string; personId: string }, day: string, now: Date): NewDelivery {
  return {
    organisationId,
    subjectKey: subject.nudge(request.id, day),
    message: 'handbook.reminder',
    payload: { assignmentId: request.id, stage: 0 },
    to: { personId: request.personId },
    priority: 'bulk',
    capped: true,
    dueAt: now,
  };
}

/** The reminder ladder: of each request the latest stage that has come due. */
const ladder: Sweep<WorkContext> = {
  id: 'handbook.ladder',
  run: async (context) => {
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await climbBatch(context)) < BATCH) break;
  },
};

async function climbBatch({ db, organisation, clock }: WorkContext): Promise<number> {
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    const due = await lockDueStages(tx, organisation.id, BATCH, now);
    if (due.length === 0) return 0;
    const people = await findPeople(tx, organisation.id, [...new Set(due.map((row) => row.personId))]);
    const computed = new Map<string, LadderStep>();
    const send: NewDelivery[] = [];
    const skipped: NewDelivery[] = [];
    const steps: { id: string; stage: number | null; at: Date | null }[] = [];
    for (const row of due) {
      const person = people.get(row.personId);
      if (!person?.active) {
        // About to be closed as left; until then not looked at every minute.
        steps.push({ id: row.id, stage: row.nextStage, at: new Date(now.getTime() + 3_600_000) });
        continue;
      }
      const group = `${row.dueOn} ${row.nextStage} ${person.zone} ${person.hours.start} ${person.hours.end} ${person.hours.days.join()}`;
      const step = computed.get(group) ?? climb(row.dueOn, row.nextStage, person, now);
      computed.set(group, step);
      steps.push({ id: row.id, stage: step.next?.stage ?? null, at: step.next?.at ?? null });
      const delivery = (stage: number, expiresAt?: Date): NewDelivery => ({
        organisationId: organisation.id,
        subjectKey: subject.reminder(row.id, row.dueOn, stage),
        message: 'handbook.reminder',
        payload: { assignmentId: row.id, stage },
        to: { personId: row.personId },
        priority: 'bulk',
        capped: true,
        dueAt: now,
        ...(expiresAt ? { expiresAt } : {}),
      });
      if (step.send) send.push(delivery(step.send.stage, step.send.expiresAt));
      skipped.push(...step.skipped.map((stage) => delivery(stage)));
    }
    await skip(tx, skipped, now);
    await enqueueMany(tx, send, now);
    await setStages(tx, organisation.id, steps);
    return due.length;
  });
}

/** Overdue by three days: one digest a day for each line manager. */
const overdue: Sweep<WorkContext> = {
  id: 'handbook.overdue',
  run: async (context) => {
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await escalateBatch(context)) < BATCH) break;
  },
};

async function escalateBatch({ db, organisation, clock }: WorkContext): Promise<number> {
  return await inTransaction(db, async (tx) => {
    const now = clock.now();
    const today = localDay(now, organisation.zone);
    const { managerIds, unled, count } = await escalate(tx, organisation.id, addDays(today, -ESCALATE_AFTER_DAYS), BATCH, now);
    if (count === 0) return 0;
    const tell = new Set([...managerIds, ...(unled ? await fallbackManagers(tx, organisation.id) : [])]);
    const people = await findPeople(tx, organisation.id, [...tell]);
    const deliveries = [...people.values()].map((person): NewDelivery => {
      const morning = atLocalTime(localDay(now, person.zone), 10 * 60, person.zone);
      const dueAt = nextOpening(morning > now ? morning : now, person.zone, person.hours);
      return {
        organisationId: organisation.id,
        subjectKey: subject.overdue(person.id, today),
        message: 'handbook.overdue',
        payload: { personId: person.id },
        to: { personId: person.id },
        priority: 'bulk',
        capped: true,
        dueAt,
        expiresAt: new Date(dueAt.getTime() + 3 * 86_400_000),
      };
    });
    await enqueueMany(tx, deliveries, now);
    // Told of some of them today already: the card shows the others too.
    await refresh(
      tx,
      organisation.id,
      deliveries.map((delivery) => delivery.subjectKey),
      now,
    );
    return count;
  });
}

export const handbookSweeps = [audience, ladder, overdue];
