import type { Db } from '../people/db.js';

/** A channel or group chat on Teams that has the app; Teams itself lists them nowhere. */
export interface Place {
  /** In Bellhop. */
  readonly id: string;
  readonly name: string;
  readonly externalId: string;
  readonly kind: 'channel' | 'group';
  readonly parentExternalId?: string;
  readonly serviceUrl?: string;
}

/** The places of a tenant that the bot can post in, by name. */
export async function teamsPlaces(db: Db, organisationId: string, tenantId: string): Promise<readonly Place[]> {
  const rows = await db.channel.findMany({
    where: { organisationId, botIsMember: true, archivedAt: null, workspace: { platform: 'teams', externalId: tenantId, removedAt: null } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id, name, externalId, kind, parentExternalId, serviceUrl }) => ({
    id,
    name,
    externalId,
    kind,
    ...(parentExternalId !== null && { parentExternalId }),
    ...(serviceUrl !== null && { serviceUrl }),
  }));
}
