import { refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type Kudos, subject } from '../model.js';

/** Has all cards of a kudos composed again. */
export async function refreshCards(context: WorkContext, tx: Tx, kudos: Kudos): Promise<void> {
  const keys = [subject.card(kudos.id), ...kudos.receiverIds.map((personId) => subject.received(kudos.id, personId))];
  await refresh(tx, context.organisation.id, keys, context.clock.now());
}
