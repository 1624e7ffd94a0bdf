import { enqueueMail } from '../../../delivery/mail-outbox.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type Case, type Said, subject } from '../model.js';
import { addressOf } from './address.js';

/**
 * Asks the customer whether it is put right: one e-mail for each resolution, with the link to the private page. To be called
 * in the transaction that resolves the case.
 * @param now the resolution: what the case has as `resolvedAt`
 * @returns when it was asked (`askedAt`); null when nobody can be asked: no e-mail address, no mail server, no address of the bot's pages
 */
export async function askCustomer(
  context: WorkContext,
  tx: Tx,
  of: Pick<Case, 'id'>,
  feedback: Pick<Said, 'contactSealed'>,
  now: Date,
): Promise<Date | null> {
  const sealedTo = addressOf(context, feedback);
  if (sealedTo === undefined) return null;
  await enqueueMail(
    tx,
    {
      organisationId: context.organisation.id,
      subjectKey: subject.ask(of.id, now),
      spec: 'feedback.ask',
      payload: { caseId: of.id, resolvedAt: now.getTime() },
      to: { sealedTo },
      dueAt: now,
    },
    now,
  );
  return now;
}
