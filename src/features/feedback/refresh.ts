import { refresh } from '../../delivery/enqueue.js';
import type { Tx } from '../../people/db.js';
import { subject } from './model.js';
import { findShownBy } from './store-shown.js';
import { talkSubjects } from './talks/store-talks.js';

/** Has every message that shows a piece of feedback, and the case that follows it, composed anew. */
export async function refreshFeedback(tx: Tx, organisationId: string, feedbackId: string, now: Date): Promise<void> {
  const { bundleId, personIds, talkIds } = await findShownBy(tx, organisationId, feedbackId);
  const keys = [subject.post(feedbackId), ...personIds.map((personId) => subject.direct(feedbackId, personId))];
  // Whoever holds a talk reads the words on a card of their own.
  for (const talkId of talkIds) keys.push(...(await talkSubjects(tx, organisationId, talkId)));
  await refresh(tx, organisationId, bundleId === null ? keys : [...keys, subject.bundle(bundleId)], now);
}
