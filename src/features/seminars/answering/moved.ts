import { enqueueMany } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { invite } from '../inviting/invite.js';
import { type SeminarDate, subject } from '../model.js';

/** Who got a place from the waiting list hears of it at once, and is invited by e-mail where there is one. */
export async function tellMoved(context: WorkContext, tx: Tx, date: SeminarDate, personIds: readonly string[], now: Date): Promise<void> {
  if (personIds.length === 0) return;
  await enqueueMany(
    tx,
    personIds.map((personId) => ({
      organisationId: context.organisation.id,
      subjectKey: subject.movedUp(date.id, personId, now),
      message: 'seminars.moved_up',
      payload: { dateId: date.id, personId },
      to: { personId },
      priority: 'alert' as const,
      dueAt: now,
      expiresAt: date.startsAt,
      progressOf: subject.direct(date.id, personId),
    })),
    now,
  );
  await invite(context, tx, date, personIds, now);
}
