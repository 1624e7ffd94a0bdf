import type { Tx } from '../people/db.js';

/**
 * Forgets where a person's messages stand: a conversation tells whose it is. What still waits is dropped. The rows stay,
 * so that nothing is counted or asked twice.
 */
export async function forgetConversations(tx: Tx, organisationId: string, personId: string, now: Date): Promise<void> {
  await tx.delivery.updateMany({
    where: { organisationId, personId, state: 'pending' },
    data: { state: 'dropped', lastError: 'person_erased', settledAt: now },
  });
  await tx.mail.updateMany({
    where: { organisationId, personId, state: { in: ['pending', 'dead'] } },
    data: { state: 'dropped', lastError: 'person_erased', settledAt: now },
  });
  await tx.delivery.updateMany({
    where: { organisationId, personId },
    data: { conversationId: null, externalId: null, lastErrorDetail: null, refreshDueAt: null },
  });
}
