import type { Db, Tx } from '../../people/db.js';

/** Whether everyone of the organisation could look into this channel: it isn't a private one, and the bot is in it. */
export async function isOpenChannel(db: Db | Tx, organisationId: string, channelId: string): Promise<boolean> {
  const found = await db.channel.findUnique({
    where: { organisationId_id: { organisationId, id: channelId } },
    select: { isPrivate: true, kind: true },
  });
  return found !== null && !found.isPrivate && found.kind === 'channel';
}

/** Whether a person is a member of a channel by one of their accounts. */
export async function isMemberOf(db: Db | Tx, organisationId: string, channelId: string, personId: string): Promise<boolean> {
  const found = await db.channelMember.findFirst({
    where: { organisationId, channelId, account: { personId } },
    select: { channelId: true },
  });
  return found !== null;
}
