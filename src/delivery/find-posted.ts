import type { Db, Tx } from '../people/db.js';
import type { Posted } from './port.js';

/** The message of the registry that stands somewhere, with the payload as it was stored. */
export interface PostedMessage {
  readonly message: string;
  readonly payload: unknown;
}

/** Which delivery a posted message is; undefined for a message that is none. One that went out inside another is not looked at. */
export async function findPosted(
  db: Db | Tx,
  organisationId: string,
  workspaceId: string,
  { conversationId, externalId }: Posted,
): Promise<PostedMessage | undefined> {
  const row = await db.delivery.findFirst({
    where: { organisationId, externalId, workspaceId, conversationId },
    select: { message: true, payload: true },
  });
  return row ?? undefined;
}
