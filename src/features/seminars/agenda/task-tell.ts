import { enqueue, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { SeminarDate } from '../model.js';
import { type Charge, chargeOf, type Task, taskSubject } from './model.js';
import { whoHears } from './store-hosts.js';

const DAY_MS = 86_400_000;

/** Every message here is one of Bellhop's own: it counts to the day's cap and waits for working hours. */
function delivery(organisationId: string, subjectKey: string, message: string, charge: Charge, personId: string, now: Date): NewDelivery {
  return {
    organisationId,
    subjectKey,
    message,
    payload: { ...charge },
    to: { personId },
    priority: 'bulk',
    capped: true,
    dueAt: now,
  };
}

/** Tells whoever is to do it. */
export async function tellOwner(tx: Tx, organisationId: string, charge: Charge, now: Date): Promise<void> {
  await enqueue(tx, delivery(organisationId, taskSubject.given(charge), 'seminars.task_given', charge, charge.ownerId, now), now);
}

/** Asks whoever does it how it stands. @param until when it is asked again: then this one is too late */
export async function ask(tx: Tx, organisationId: string, task: Task, count: number, until: Date | null, now: Date): Promise<void> {
  const charge = chargeOf(task);
  const asking = delivery(organisationId, taskSubject.asked(charge, count), 'seminars.task_asked', charge, task.ownerId, now);
  await enqueue(tx, { ...asking, expiresAt: until ?? new Date(now.getTime() + 7 * DAY_MS) }, now);
}

/** Tells the host, unless that is the one who does it. */
export async function tellOverdue(tx: Tx, organisationId: string, date: SeminarDate, task: Task, now: Date): Promise<void> {
  const hostId = await whoHears(tx, organisationId, date);
  if (hostId === undefined || hostId === task.ownerId) return;
  const charge = chargeOf(task);
  await enqueue(tx, delivery(organisationId, taskSubject.overdue(charge), 'seminars.task_overdue', charge, hostId, now), now);
}

/** Tells the host that whoever does it has left. */
export async function tellOwnerless(tx: Tx, organisationId: string, date: SeminarDate, task: Task, now: Date): Promise<void> {
  const hostId = await whoHears(tx, organisationId, date);
  if (hostId === undefined) return;
  const charge = chargeOf(task);
  await enqueue(tx, delivery(organisationId, taskSubject.ownerless(charge), 'seminars.task_ownerless', charge, hostId, now), now);
}

/** Tells the host that it is done, unless the host said so. */
export async function tellDone(tx: Tx, organisationId: string, date: SeminarDate, task: Task, byId: string, now: Date): Promise<void> {
  const hostId = await whoHears(tx, organisationId, date);
  if (hostId === undefined || hostId === byId) return;
  await enqueue(tx, delivery(organisationId, taskSubject.done(task.id), 'seminars.task_done', chargeOf(task), hostId, now), now);
}

/** Has every card of an action item that lies in somebody's chat shown anew. @param task as it was before the change */
export async function refreshTask(tx: Tx, organisationId: string, task: Task, now: Date): Promise<void> {
  const charge = chargeOf(task);
  const asked = Array.from({ length: task.askedCount }, (_, index) => taskSubject.asked(charge, index + 1));
  const keys = [taskSubject.given(charge), ...asked, taskSubject.overdue(charge), taskSubject.ownerless(charge)];
  await refresh(tx, organisationId, keys, now);
}
