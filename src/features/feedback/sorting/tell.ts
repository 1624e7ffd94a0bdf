import { enqueueMany, type NewDelivery, refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { subject } from '../model.js';
import { findStillWaiting, findTold, managersWhoWait } from './store-waiting.js';

/** The message's id. */
export const WAITING = 'feedback.waiting';

/** How long ago a message may have told of what waits that still counts, in ms. */
const COUNTS_MS = 3 * 86_400_000;

/**
 * Tells managers and owners, each of what doesn't concern them, that something waits to be looked at: once a day while what they were
 * told of still waits. What comes meanwhile is counted on the card that they have.
 */
export async function tellOfWaiting({ organisation }: Pick<WorkContext, 'organisation'>, tx: Tx, now: Date): Promise<void> {
  const day = localDay(now, organisation.zone);
  const told = await findTold(tx, organisation.id, WAITING, new Date(now.getTime() - COUNTS_MS));
  const still = await findStillWaiting(tx, organisation.id, [...new Set(told.map(({ subjectKey }) => anchorOf(subjectKey)))]);
  const knowing = new Set(
    told.filter(({ subjectKey }) => subjectKey.includes(`:${day}:`) && still.has(anchorOf(subjectKey))).map(({ personId }) => personId),
  );
  const deliveries = (await managersWhoWait(tx, organisation))
    .filter(({ personId }) => !knowing.has(personId))
    .map(
      ({ personId, oldestId }): NewDelivery => ({
        organisationId: organisation.id,
        subjectKey: subject.waiting(`${oldestId}:${day}`, personId),
        message: WAITING,
        payload: { personId },
        to: { personId },
        priority: 'answer',
        capped: true,
        // A customer waits behind it, at whatever hour: how often in a day is the person's own cap.
        anyHour: true,
        dueAt: now,
      }),
    );
  await enqueueMany(tx, deliveries, now);
  await refresh(
    tx,
    organisation.id,
    told.map(({ subjectKey }) => subjectKey),
    now,
  );
}

/** Has what told of it lately count anew. */
export async function refreshWaiting({ organisation }: Pick<WorkContext, 'organisation'>, tx: Tx, now: Date): Promise<void> {
  const told = await findTold(tx, organisation.id, WAITING, new Date(now.getTime() - COUNTS_MS));
  await refresh(
    tx,
    organisation.id,
    told.map(({ subjectKey }) => subjectKey),
    now,
  );
}

/** The entry that a message was sent for: `feedback.waiting:<entry>:<day>:<person>`. */
const anchorOf = (subjectKey: string): string => subjectKey.split(':')[1] ?? '';
