import { BellhopError } from '../../../core/errors.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { ensureDefaults } from '../defaults.js';
import { stepAt, type WorkingTime, workingTimeAt } from '../following/due.js';
import type { Said } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { noteOfEach } from './events.js';
import { priorityOf } from './rules.js';
import { createCases, findOwnCases, type NewCase, takeNumbers } from './store-changes.js';

/** Feedback that is to be followed to its end. */
export interface ToFollow extends Pick<Said, 'id' | 'locationId' | 'stars' | 'kind' | 'source'> {
  /** About a colleague: for that person's line and owners alone. */
  readonly private: boolean;
  /** Who opens it by hand. */
  readonly actorId?: string;
}

/**
 * Opens a case that follows a piece of feedback to its end, unless there is one: that is safe to repeat as long as the caller
 * holds the feedback's lock. In the caller's transaction; whoever shows the feedback refreshes it.
 * @returns the case's id
 */
export async function openCase(context: WorkContext, tx: Tx, of: ToFollow, now: Date): Promise<string> {
  const id = (await openCases(context, tx, [of], now)).get(of.id);
  if (id === undefined) throw new Error('No case was opened.');
  return id;
}

/**
 * The same for many at once, in a few statements.
 * @returns the ids of their cases, by that of the feedback
 */
export async function openCases(context: WorkContext, tx: Tx, many: readonly ToFollow[], now: Date): Promise<ReadonlyMap<string, string>> {
  const { organisation } = context;
  const ids = many.map(({ id }) => id);
  const cases = new Map(ids.length === 0 ? [] : await findOwnCases(tx, organisation.id, ids));
  const fresh = many.filter(({ id }) => !cases.has(id));
  if (fresh.length === 0) return cases;
  const { dueMinutes, ladder } = await loadSettings(tx, organisation);
  const times = await workingTimes(context, tx, fresh);
  const first = await demandNumbers(context, tx, fresh.length);
  const opened = fresh.map((of, index): NewCase => {
    const priority = priorityOf(of);
    const time = times(of.locationId);
    const dueAt = time.add(now, dueMinutes[priority]);
    const nextStepAt = ladder[0] ? stepAt(time, dueAt, ladder[0]) : null;
    const { id: feedbackId, locationId } = of;
    return { id: newId(now), number: first + index, feedbackId, private: of.private, priority, locationId, dueAt, nextStepAt };
  });
  await createCases(tx, organisation.id, opened, now);
  const events = opened.map(({ id: caseId, priority }, index) => {
    const actorId = fresh[index]?.actorId ?? null;
    return { organisationId: organisation.id, caseId, actorId, kind: 'opened', data: { priority } } as const;
  });
  await noteOfEach(tx, events, now);
  for (const { id, feedbackId } of opened) cases.set(feedbackId, id);
  return cases;
}

/** The working time of every location among these. */
async function workingTimes(
  { organisation }: WorkContext,
  tx: Tx,
  many: readonly ToFollow[],
): Promise<(locationId: string | null) => WorkingTime> {
  const own = await workingTimeAt(tx, organisation, null);
  const times = new Map<string | null, WorkingTime>();
  for (const locationId of new Set(many.map((of) => of.locationId))) {
    if (locationId !== null) times.set(locationId, await workingTimeAt(tx, organisation, locationId));
  }
  return (locationId) => times.get(locationId) ?? own;
}

/** @returns the first of so many numbers */
async function demandNumbers(context: WorkContext, tx: Tx, many: number): Promise<number> {
  const { id } = context.organisation;
  const first = await takeNumbers(tx, id, many);
  if (first !== undefined) return first;
  // Numbers are counted in the settings, which are made in a transaction of their own.
  await ensureDefaults(context);
  const after = await takeNumbers(tx, id, many);
  if (after === undefined) throw new BellhopError('feedback.gone');
  return after;
}
