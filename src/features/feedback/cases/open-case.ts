import { BellhopError } from '../../../core/errors.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { ensureDefaults } from '../defaults.js';
import { stepAt, workingTimeAt } from '../following/due.js';
import type { Kind, Source } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { note } from './events.js';
import { priorityOf } from './rules.js';
import { createCase, findForCase, takeNumber } from './store-changes.js';

export interface ToFollow {
  readonly feedbackId: string;
  readonly locationId: string | null;
  readonly stars: number | null;
  readonly kind: Kind;
  /** How it came; looked up when left out. */
  readonly source?: Source;
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
  const { organisation } = context;
  const organisationId = organisation.id;
  const { caseId, source } = await findForCase(tx, organisationId, of.feedbackId);
  if (caseId !== null) return caseId;
  const priority = priorityOf({ ...of, source: of.source ?? source });
  const { feedbackId, locationId } = of;
  const [settings, time] = [await loadSettings(tx, organisation), await workingTimeAt(tx, organisation, locationId)];
  const dueAt = time.add(now, settings.dueMinutes[priority]);
  const [first] = settings.ladder;
  const nextStepAt = first ? stepAt(time, dueAt, first) : null;
  const number = await demandNumber(context, tx);
  const id = await createCase(
    tx,
    { organisationId, number, feedbackId, private: of.private, priority, locationId, dueAt, nextStepAt },
    now,
  );
  await note(tx, { organisationId, caseId: id, actorId: of.actorId ?? null, kind: 'opened', data: { priority } }, now);
  return id;
}

async function demandNumber(context: WorkContext, tx: Tx): Promise<number> {
  const { id } = context.organisation;
  const number = await takeNumber(tx, id);
  if (number !== undefined) return number;
  // Numbers are counted in the settings, which are made in a transaction of their own.
  await ensureDefaults(context);
  const first = await takeNumber(tx, id);
  if (first === undefined) throw new BellhopError('feedback.gone');
  return first;
}
