import type { Platform } from '../core/interaction.js';
import type { Organisation as OrganisationRow } from '../generated/prisma/client.js';
import { type Db, inTransaction, type Tx } from './db.js';
import { zoneOrUtc } from './hours.js';
import { newId } from './ids.js';
import type { Organisation } from './model.js';
import type { WorkspaceProfile } from './ports.js';

/** What an organisation is called until somebody tells its name. */
export const UNNAMED = 'Our organisation';

/** An organisation's settings. Throws when there is none of this id. */
export async function loadOrganisation(db: Db | Tx, id: string): Promise<Organisation> {
  return toOrganisation(await db.organisation.findUniqueOrThrow({ where: { id } }));
}

/** All organisations, the oldest first. */
export async function listOrganisationIds(db: Db | Tx): Promise<string[]> {
  const rows = await db.organisation.findMany({ select: { id: true }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  return rows.map((row) => row.id);
}

/**
 * The organisation that this installation serves: the oldest one, or a new one when there is none yet.
 * Safe when several processes start at once.
 */
export async function ensureOrganisation(
  db: Db,
  wanted: { readonly id?: string; readonly name: string; readonly zone?: string; readonly locale?: string; readonly now: Date },
): Promise<Organisation> {
  return await inTransaction(db, (tx) => ensureOrganisationIn(tx, wanted));
}

/** The same inside a transaction. */
export async function ensureOrganisationIn(
  tx: Tx,
  wanted: { readonly id?: string; readonly name: string; readonly zone?: string; readonly locale?: string; readonly now: Date },
): Promise<Organisation> {
  const find = () =>
    wanted.id
      ? tx.organisation.findUnique({ where: { id: wanted.id } })
      : tx.organisation.findFirst({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  const found = await find();
  if (found) return toOrganisation(found);
  // Nothing unique stands for "the first one", so those who look at the same time wait for one another.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('bellhop.organisation'))`;
  const meanwhile = await find();
  if (meanwhile) return toOrganisation(meanwhile);
  const row = await tx.organisation.create({
    data: {
      id: wanted.id ?? newId(wanted.now),
      name: wanted.name,
      createdAt: wanted.now,
      ...(wanted.zone && { zone: wanted.zone }),
      ...(wanted.locale && { locale: wanted.locale }),
    },
  });
  return toOrganisation(row);
}

/** A workspace as it was found or made. */
export interface KnownWorkspace {
  readonly organisationId: string;
  readonly id: string;
  readonly platform: Platform;
  readonly externalId: string;
  readonly botExternalId: string | null;
}

/**
 * Notes a Slack workspace or a Teams tenant as the organisation's; one that was removed is there again.
 * @returns undefined when the organisation has another one on this platform, or another organisation has this one
 */
export async function ensureWorkspaceIn(
  tx: Tx,
  organisationId: string,
  profile: WorkspaceProfile,
  now: Date,
): Promise<KnownWorkspace | undefined> {
  // One organisation has one workspace of a platform: two installations at once must not both be the first.
  await tx.$executeRaw`SELECT 1 FROM organisation WHERE id = ${organisationId}::uuid FOR UPDATE`;
  const found = await tx.workspace.findUnique({
    where: { platform_externalId: { platform: profile.platform, externalId: profile.externalId } },
  });
  if (found && found.organisationId !== organisationId) return undefined;
  const known = {
    name: profile.name,
    ...(profile.botExternalId && { botExternalId: profile.botExternalId }),
    ...(profile.serviceUrl && { serviceUrl: profile.serviceUrl }),
  };
  if (found) {
    return await tx.workspace.update({
      where: { organisationId_id: { organisationId, id: found.id } },
      // Read again from the start after a removal: nobody told of changes meanwhile.
      data: { ...known, removedAt: null, ...(found.removedAt && { installedAt: now, membersSyncedAt: null }) },
    });
  }
  const other = await tx.workspace.findFirst({ where: { organisationId, platform: profile.platform, removedAt: null } });
  if (other) return undefined;
  // A tenant of Teams has no name that a bot is told; a Slack workspace does.
  if (profile.platform === 'slack') {
    await tx.organisation.updateMany({ where: { id: organisationId, name: UNNAMED }, data: { name: profile.name } });
  }
  return await tx.workspace.create({
    data: { organisationId, id: newId(now), platform: profile.platform, externalId: profile.externalId, installedAt: now, ...known },
  });
}

/** What is read of a row; from JSON an instant is text. */
export type OrganisationFields = Omit<OrganisationRow, 'createdAt' | 'firstRunAskedAt' | 'firstRunDoneAt'> & {
  readonly firstRunDoneAt: Date | string | null;
};

/** A row of the database as features see it. */
export function toOrganisation(row: OrganisationFields): Organisation {
  return {
    id: row.id,
    name: row.name,
    zone: zoneOrUtc(row.zone),
    locale: row.locale,
    country: row.country,
    hours: { start: row.workStart, end: row.workEnd, days: row.workDays },
    dailyCap: row.dailyCap,
    guestsAllowed: row.guestsAllowed,
    announcementsChannelId: row.announcementsChannelId,
    managersChannelId: row.managersChannelId,
    firstRunDone: row.firstRunDoneAt !== null,
  };
}
