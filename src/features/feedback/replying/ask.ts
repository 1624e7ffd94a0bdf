import { enqueueMail } from '../../../delivery/mail-outbox.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type Case, type Said, subject } from '../model.js';
import { addressOf } from './address.js';
import { customersOf } from './customers.js';

/**
 * Asks the customer whether it is put right, and so the customers of all cases that went into this one: one e-mail for each resolution
 * and customer, with the link to their own private page. To be called in the transaction that resolves the case.
 * @param now the resolution: what the case has as `resolvedAt`
 * @returns when it was asked (`askedAt`); null when nobody can be asked: no e-mail address, no mail server, no address of the bot's pages
 */
export async function askCustomer(
  context: WorkContext,
  tx: Tx,
  of: Pick<Case, 'id'>,
  feedback: Pick<Said, 'contactSealed' | 'contactHash'>,
  now: Date,
): Promise<Date | null> {
  const organisationId = context.organisation.id;
  let isAnyAsked = false;
  for (const customer of await customersOf(tx, organisationId, { caseId: of.id, feedback })) {
    const sealedTo = addressOf(context, customer.feedback);
    if (sealedTo === undefined) continue;
    isAnyAsked = true;
    await enqueueMail(
      tx,
      {
        organisationId,
        subjectKey: subject.ask(customer.caseId, now),
        spec: 'feedback.ask',
        payload: { caseId: customer.caseId, resolvedAt: now.getTime() },
        to: { sealedTo },
        dueAt: now,
      },
      now,
    );
  }
  return isAnyAsked ? now : null;
}
