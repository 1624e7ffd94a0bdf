import { refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import { askedBefore } from '../fairness/store-managers.js';
import { cardKeys } from '../giving/refresh-cards.js';
import { listCarded } from '../giving/store-kudos.js';
import { subject } from '../model.js';
import { forgetQuotes } from './store.js';

/**
 * Takes a customer's words away that other features brought as praise, the kudos made of them included: points and thanks stay. Cards
 * that show them are composed anew.
 * @param sourceKeys as of `NewPraise.sourceKey`
 */
export async function forgetPraise(tx: Tx, organisationId: string, sourceKeys: readonly string[], now: Date): Promise<void> {
  const { praiseIds, kudosIds } = await forgetQuotes(tx, organisationId, sourceKeys, now);
  if (praiseIds.length === 0) return;
  const asked = await askedBefore(
    tx,
    organisationId,
    praiseIds.map((id) => subject.praise(id, '')),
  );
  const kudos = await listCarded(tx, organisationId, kudosIds);
  await refresh(tx, organisationId, [...new Set([...asked.map(({ subjectKey }) => subjectKey), ...kudos.flatMap(cardKeys)])], now);
}
