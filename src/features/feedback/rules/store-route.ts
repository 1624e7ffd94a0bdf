import type { Db, Tx } from '../../../people/db.js';

/** Which of these channels the bot can post to now. */
export async function canPostTo(db: Db | Tx, organisationId: string, channelIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (channelIds.length === 0) return new Set();
  const rows = await db.channel.findMany({
    where: { organisationId, id: { in: [...channelIds] }, botIsMember: true, archivedAt: null, workspace: { removedAt: null } },
    select: { id: true },
  });
  return new Set(rows.map(({ id }) => id));
}
