import type { Sweep } from '../../../core/feature.js';
import { enqueueMany, type NewDelivery } from '../../../delivery/enqueue.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { note } from '../cases/events.js';
import { isFollowed } from '../cases/rules.js';
import { type Case, type Said, type Settings, subject } from '../model.js';
import { refreshFeedback } from '../refresh.js';
import { findManyFeedback } from '../store-feedback.js';
import { loadSettings } from '../store-settings.js';
import { stepAt, type WorkingTime, workingTimeAt } from './due.js';
import { lockDueSteps, writeStep } from './store-steps.js';
import { whomToTell } from './whom.js';

/** Cases of one transaction, and transactions of one look: the rest comes with the next one. */
const BATCH = 50;
const MOST_BATCHES = 20;

/** Messages that one person gets of one look: after a standstill very many may have become due. */
const MOST_AT_ONCE = 5;
/** By person, in one look. A batch that begins anew counts twice, which does no harm. */
type Told = Map<string, number>;

/** A step that is told so late (the bot stood still) waits for the next opening of the place. */
const LATE_MS = 15 * 60_000;

/** Which opening of a case it is: each one has its escalation list from the beginning. */
export const openingOf = ({ reopenedAt }: Pick<Case, 'reopenedAt'>): number => (reopenedAt === null ? 1 : 2);

/** Takes the steps that are due; of several that fell due while the bot stood still the latest alone. */
export const escalation: Sweep<WorkContext> = {
  id: 'feedback.escalation',
  run: async (context) => {
    const told: Told = new Map();
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await takeBatch(context, told)) < BATCH) return;
  },
};

async function takeBatch(context: WorkContext, sent: Told): Promise<number> {
  const { db, organisation, clock } = context;
  return await inTransaction(db, async (tx) => {
    const cases = await lockDueSteps(tx, organisation.id, clock.now(), BATCH);
    if (cases.length === 0) return 0;
    const settings = await loadSettings(tx, organisation);
    const said = await findManyFeedback(
      tx,
      organisation.id,
      cases.map(({ feedbackId }) => feedbackId),
    );
    const times = new Map<string | null, WorkingTime>();
    for (const one of cases) {
      const time = times.get(one.locationId) ?? (await workingTimeAt(tx, organisation, one.locationId));
      times.set(one.locationId, time);
      await takeStep(context, tx, { one, feedback: said.get(one.feedbackId), settings, time, sent });
    }
    return cases.length;
  });
}

interface Due {
  readonly one: Case;
  readonly feedback: Said | undefined;
  readonly settings: Settings;
  readonly time: WorkingTime;
  readonly sent: Told;
}

async function takeStep(context: WorkContext, tx: Tx, { one, feedback, settings, time, sent }: Due): Promise<void> {
  const { organisation, clock } = context;
  const now = clock.now();
  const at = settings.ladder.map((step) => stepAt(time, one.dueAt, step));
  if (!isFollowed(one) || !feedback) {
    // A resolved one may be closed from now on: its card says so.
    if (one.state === 'resolved') await refreshFeedback(tx, organisation.id, one.feedbackId, now);
    return await writeStep(tx, organisation.id, one.id, { step: one.step, nextStepAt: null });
  }
  const reached = at.findLastIndex((due, index) => index >= one.step && due <= now);
  const [step, due] = [settings.ladder[reached], at[reached]];
  if (!step || !due) return await writeStep(tx, organisation.id, one.id, { step: one.step, nextStepAt: at[one.step] ?? null });
  await writeStep(tx, organisation.id, one.id, { step: reached + 1, nextStepAt: at[reached + 1] ?? null });
  await refreshFeedback(tx, organisation.id, one.feedbackId, now);
  const told = await whomToTell({ db: tx, organisation, settings }, { case: one, feedback }, step.to);
  if (told.length === 0) {
    context.log.warn(
      { caseId: one.id, step: reached },
      'Nobody is left to be told of a case that is overdue: the organisation needs an owner.',
    );
    return;
  }
  const openings = openingOf(one);
  await note(
    tx,
    {
      organisationId: organisation.id,
      caseId: one.id,
      actorId: null,
      kind: 'escalated',
      data: { step: reached, to: step.to, told: told.map(({ id }) => id) },
    },
    now,
  );
  const late = now.getTime() - due.getTime() > LATE_MS;
  const dueAt = late ? openingFrom(time, now) : now;
  const messages = told.map(({ id: personId }) => ({
    organisationId: organisation.id,
    subjectKey: subject.escalation(one.id, openings, reached, personId),
    message: 'feedback.escalation',
    payload: { caseId: one.id, openings, to: step.to, personId },
    to: { personId },
    ...mannerFor(personId, sent),
    dueAt,
  }));
  await enqueueMany(tx, messages, now);
}

/** At once; what is too much for one look counts to the person's day, and is merged there. */
function mannerFor(personId: string, sent: Told): Pick<NewDelivery, 'priority' | 'capped'> {
  const count = (sent.get(personId) ?? 0) + 1;
  sent.set(personId, count);
  return count > MOST_AT_ONCE ? { priority: 'bulk', capped: true } : { priority: 'alert' };
}

/** The first instant from another on that lies within working time. */
function openingFrom(time: WorkingTime, at: Date): Date {
  const ms = 1 / 60_000;
  return new Date(time.add(at, ms).getTime() - 1);
}
