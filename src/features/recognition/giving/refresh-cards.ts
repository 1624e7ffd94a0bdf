import { refresh } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type Kudos, subject } from '../model.js';

/** What tells where the cards of a kudos are. */
export type Carded = Pick<Kudos, 'id' | 'source' | 'originKey' | 'giverId' | 'receiverIds'>;

/** Has all cards of a kudos composed again, or of several. */
export async function refreshCards(context: WorkContext, tx: Tx, ...kudos: readonly Carded[]): Promise<void> {
  await refresh(tx, context.organisation.id, [...new Set(kudos.flatMap(cardKeys))], context.clock.now());
}

/** Subject keys of all cards of a kudos. */
export function cardKeys(kudos: Carded): readonly string[] {
  const messageKey = kudos.source === 'reaction' ? messageKeyOf(kudos) : undefined;
  const received = (personId: string) =>
    messageKey === undefined ? subject.received(kudos.id, personId) : subject.reacted(messageKey, personId);
  return [subject.card(kudos.id), ...kudos.receiverIds.map(received)];
}

/** What the reactions at one message have in common; see giving/reactions.ts. */
export function messageKeyOf({ originKey, giverId }: Carded): string | undefined {
  const end = originKey?.indexOf(`:${giverId}`) ?? -1;
  return originKey?.startsWith('reaction:') && end > 0 ? originKey.slice('reaction:'.length, end) : undefined;
}
