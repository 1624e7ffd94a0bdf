import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { ActiveKey } from './store-look-up.js';

/** A system with its keys, as managers see it. */
export interface Integration {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly keys: readonly KeyRow[];
}

export interface KeyRow {
  readonly id: string;
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** Notes that a key was used, at most once a minute: managers want to know whether, not how often. */
export async function noteUse(db: Db | Tx, organisationId: string, key: Pick<ActiveKey, 'id' | 'isNoted'>, now: Date): Promise<void> {
  if (key.isNoted) return;
  await db.$executeRaw`
    UPDATE feedback_key SET "lastUsedAt" = ${now}::timestamptz
    WHERE "organisationId" = ${organisationId}::uuid AND id = (
      SELECT id FROM feedback_key WHERE "organisationId" = ${organisationId}::uuid AND id = ${key.id}::uuid
        AND ("lastUsedAt" IS NULL OR "lastUsedAt" <= ${new Date(now.getTime() - 60_000)}::timestamptz)
      FOR NO KEY UPDATE SKIP LOCKED)`;
}

const KEYS = { orderBy: { createdAt: 'desc' } } as const;

export async function listIntegrations(db: Db | Tx, organisationId: string): Promise<readonly Integration[]> {
  return await db.feedbackIntegration.findMany({
    where: { organisationId, closedAt: null },
    include: { keys: KEYS },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
}

export async function findIntegration(db: Db | Tx, organisationId: string, id: string): Promise<Integration | undefined> {
  const row = await db.feedbackIntegration.findFirst({ where: { organisationId, id, closedAt: null }, include: { keys: KEYS } });
  return row ?? undefined;
}

/** One at a time: so that keys are counted and rotated one after another. @returns whether it is there */
export async function lockIntegration(tx: Tx, organisationId: string, id: string): Promise<boolean> {
  const found = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM feedback_integration WHERE "organisationId" = ${organisationId}::uuid AND id = ${id}::uuid AND "closedAt" IS NULL
    FOR NO KEY UPDATE`;
  return found.length > 0;
}

export async function addIntegration(tx: Tx, organisationId: string, name: string, createdById: string, now: Date): Promise<string> {
  const { id } = await tx.feedbackIntegration.create({ data: { organisationId, id: newId(now), name, createdById, createdAt: now } });
  return id;
}

export async function addKey(
  tx: Tx,
  organisationId: string,
  key: { readonly integrationId: string; readonly sealed: string; readonly hint: string; readonly createdById: string },
  now: Date,
): Promise<void> {
  await tx.feedbackKey.create({ data: { organisationId, id: newId(now), ...key, createdAt: now } });
}

/** The keys that are good now end at an instant; those that end before it stay as they are. */
export async function expireKeys(tx: Tx, organisationId: string, integrationId: string, at: Date): Promise<void> {
  await tx.feedbackKey.updateMany({
    where: { organisationId, integrationId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] },
    data: { expiresAt: at },
  });
}

/** @returns whether it was good until now */
export async function revokeKey(tx: Tx, organisationId: string, keyId: string, now: Date): Promise<boolean> {
  const { count } = await tx.feedbackKey.updateMany({ where: { organisationId, id: keyId, revokedAt: null }, data: { revokedAt: now } });
  return count > 0;
}

export async function closeIntegration(tx: Tx, organisationId: string, id: string, now: Date): Promise<void> {
  await tx.feedbackIntegration.updateMany({ where: { organisationId, id, closedAt: null }, data: { closedAt: now } });
  await tx.feedbackKey.updateMany({ where: { organisationId, integrationId: id, revokedAt: null }, data: { revokedAt: now } });
}
