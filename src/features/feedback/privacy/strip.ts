import { refresh } from '../../../delivery/enqueue.js';
import { dropMails } from '../../../delivery/mail-outbox.js';
import type { Tx } from '../../../people/db.js';
import { forgetPraise } from '../../recognition/index.js';
import { subject } from '../model.js';
import { emptyCases, emptyFeedback, subjectKeysShowing } from './store-strip.js';

/**
 * Removes contacts and words of these entries wherever they lie: the entries, their cases' causes, notes and conversations, the
 * kudos that quote them, mails that still wait. Numbers stay: ratings, stars, themes, kinds, times, states, who is concerned; so do
 * what was agreed in a talk with a colleague (that colleague's record) and the reasons why somebody looked at a contact (the proof of
 * it). What quotes the words by looking them up (channel cards, agendas, the customer's page) shows that they are gone.
 * In the caller's transaction; safe to repeat.
 */
export async function stripFeedback(tx: Tx, organisationId: string, feedbackIds: readonly string[], now: Date): Promise<void> {
  if (feedbackIds.length === 0) return;
  await emptyFeedback(tx, organisationId, feedbackIds, now);
  const cases = await emptyCases(tx, organisationId, feedbackIds, now);
  const mails = {
    keys: cases.flatMap(({ messageIds }) => messageIds.map(subject.reply)),
    // Of every resolution (model.ts, `subject.ask`).
    prefixes: cases.map(({ id }) => `feedback.ask:${id}:`),
  };
  await dropMails(tx, organisationId, mails, 'feedback_stripped', now);
  await forgetPraise(
    tx,
    organisationId,
    feedbackIds.map((id) => `feedback:${id}`),
    now,
  );
  await refresh(tx, organisationId, await subjectKeysShowing(tx, organisationId, feedbackIds), now);
}
