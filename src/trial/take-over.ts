import type { Tx } from '../people/db.js';
import { lockPeople } from '../people/lock.js';

/** The workspace becomes another client's tenant, and who was there before has left. Nothing happens the second time. */
export async function takeOver(tx: Tx, organisationId: string, externalId: string, now: Date): Promise<void> {
  await lockPeople(tx, organisationId);
  const { count } = await tx.workspace.updateMany({
    where: { organisationId, platform: 'teams', externalId: { not: externalId } },
    data: { externalId, membersSyncedAt: now, serviceUrl: null, botExternalId: null },
  });
  if (count === 0) return;
  await tx.account.updateMany({ where: { organisationId, status: 'active' }, data: { status: 'left' } });
  await tx.person.updateMany({ where: { organisationId, status: 'active' }, data: { status: 'left', leftAt: now, role: 'employee' } });
  await tx.channel.updateMany({ where: { organisationId }, data: { botIsMember: false, archivedAt: now } });
  await tx.organisation.updateMany({ where: { id: organisationId }, data: { announcementsChannelId: null, managersChannelId: null } });
  await tx.feedbackSettings.updateMany({ where: { organisationId }, data: { channelId: null } });
}
