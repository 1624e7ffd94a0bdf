import { refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type Kudos, subject } from '../model.js';

/** Has all cards of a kudos composed again. */
export async function refreshCards(context: WorkContext, tx: Tx, kudos: Kudos): Promise<void> {
  const messageKey = kudos.source === 'reaction' ? messageKeyOf(kudos) : undefined;
  const received = (personId: string) =>
    messageKey === undefined ? subject.received(kudos.id, personId) : subject.reacted(messageKey, personId);
  const keys = [subject.card(kudos.id), ...kudos.receiverIds.map(received)];
  await refresh(tx, context.organisation.id, keys, context.clock.now());
}

/** What the reactions at one message have in common; see giving/reactions.ts. */
export function messageKeyOf({ originKey, giverId }: Kudos): string | undefined {
  const end = originKey?.indexOf(`:${giverId}`) ?? -1;
  return originKey?.startsWith('reaction:') && end > 0 ? originKey.slice('reaction:'.length, end) : undefined;
}
