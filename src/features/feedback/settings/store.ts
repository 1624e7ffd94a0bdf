import type { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import type { Settings } from '../model.js';

export type Changed = Partial<Omit<Settings, 'channelId' | 'colour' | 'logoPictureId' | 'retentionMonths'>>;

/** Writes what was changed; the last one to save wins. The row is made with the defaults (ensureDefaults). */
export async function saveSettings(tx: Tx, organisationId: string, { ownChannelId, ladder, dueMinutes, ...rest }: Changed): Promise<void> {
  await tx.feedbackSettings.update({
    where: { organisationId },
    data: {
      ...rest,
      ...(ownChannelId !== undefined && { channelId: ownChannelId }),
      ...(dueMinutes && { dueMinutes }),
      ...(ladder && { ladder: ladder as unknown as Prisma.InputJsonArray }),
    },
  });
}

/** Who leads and manages at a location, as it was set. */
export interface LocationLeads {
  readonly id: string;
  readonly name: string;
  readonly leadId: string | null;
  readonly managerId: string | null;
}

/** Locations by name with their leads, and how many there are. */
export async function listLeads(
  db: Db | Tx,
  organisationId: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly locations: readonly LocationLeads[]; readonly total: number }> {
  const [locations, total] = await Promise.all([
    db.location.findMany({
      where: { organisationId },
      select: { id: true, name: true },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      skip: offset,
      take: limit,
    }),
    db.location.count({ where: { organisationId } }),
  ]);
  const leads = await db.feedbackLead.findMany({ where: { organisationId, locationId: { in: locations.map(({ id }) => id) } } });
  const byLocation = new Map(leads.map((lead) => [lead.locationId, lead]));
  return {
    locations: locations.map(({ id, name }) => ({
      id,
      name,
      leadId: byLocation.get(id)?.leadId ?? null,
      managerId: byLocation.get(id)?.managerId ?? null,
    })),
    total,
  };
}

/** Undefined when the location is gone. */
export async function findLocationLeads(db: Db | Tx, organisationId: string, locationId: string): Promise<LocationLeads | undefined> {
  const location = await db.location.findUnique({
    where: { organisationId_id: { organisationId, id: locationId } },
    select: { id: true, name: true },
  });
  if (!location) return undefined;
  const lead = await db.feedbackLead.findUnique({ where: { organisationId_locationId: { organisationId, locationId } } });
  return { ...location, leadId: lead?.leadId ?? null, managerId: lead?.managerId ?? null };
}

/** How many locations have a lead or a manager of their own. */
export async function countLeads(db: Db | Tx, organisationId: string): Promise<number> {
  return await db.feedbackLead.count({
    where: { organisationId, OR: [{ leadId: { not: null } }, { managerId: { not: null } }] },
  });
}

export async function saveLeads(
  tx: Tx,
  organisationId: string,
  locationId: string,
  { leadId, managerId }: Pick<LocationLeads, 'leadId' | 'managerId'>,
): Promise<void> {
  // Not Prisma's upsert: two first ones at the same time would fail.
  await tx.$executeRaw`
    INSERT INTO feedback_lead ("organisationId", "locationId", "leadId", "managerId")
    VALUES (${organisationId}::uuid, ${locationId}::uuid, ${leadId}::uuid, ${managerId}::uuid)
    ON CONFLICT ("organisationId", "locationId") DO UPDATE SET "leadId" = excluded."leadId", "managerId" = excluded."managerId"`;
}

/** Takes somebody out of every place where they lead or manage. */
export async function forgetLeader(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.feedbackLead.updateMany({ where: { organisationId, leadId: personId }, data: { leadId: null } });
  await tx.feedbackLead.updateMany({ where: { organisationId, managerId: personId }, data: { managerId: null } });
  await tx.feedbackSettings.updateMany({ where: { organisationId, leadId: personId }, data: { leadId: null } });
  await tx.feedbackSettings.updateMany({ where: { organisationId, managerId: personId }, data: { managerId: null } });
}
