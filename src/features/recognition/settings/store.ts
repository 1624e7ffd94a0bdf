import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { Settings, Value } from '../model.js';

/** The channel that recognition itself has chosen; null while the organisation's channel for announcements is used. */
export async function findOwnChannel(db: Db | Tx, organisationId: string): Promise<string | null> {
  const row = await db.recognitionSettings.findUnique({ where: { organisationId }, select: { channelId: true } });
  return row?.channelId ?? null;
}

/** Writes all settings; the last one to save wins. `channelId` null: the organisation's channel for announcements. */
export async function saveSettings(tx: Tx, organisationId: string, settings: Settings): Promise<void> {
  const { allowance, leadAllowance, pairCap, joinPoints, reactionEmoji, reactionPoints, channelId, currency } = settings;
  // Not Prisma's upsert: two first ones at the same time would fail.
  await tx.$executeRaw`
    INSERT INTO recognition_settings ("organisationId", allowance, "leadAllowance", "pairCap", "joinPoints", "reactionEmoji", "reactionPoints",
                                      "channelId", currency)
    VALUES (${organisationId}::uuid, ${allowance}, ${leadAllowance}, ${pairCap}, ${joinPoints}, ${reactionEmoji}, ${reactionPoints},
            ${channelId}::uuid, ${currency})
    ON CONFLICT ("organisationId") DO UPDATE SET
      allowance = excluded.allowance, "leadAllowance" = excluded."leadAllowance", "pairCap" = excluded."pairCap",
      "joinPoints" = excluded."joinPoints", "reactionEmoji" = excluded."reactionEmoji", "reactionPoints" = excluded."reactionPoints",
      "channelId" = excluded."channelId", currency = excluded.currency`;
}

/** Lets one change of the values wait for another: names are compared, the last one is kept. */
export async function lockValues(tx: Tx, organisationId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`recognition.values:${organisationId}`}, 0))`;
}

/** Adds a value behind all others. @returns its id */
export async function addValue(
  tx: Tx,
  organisationId: string,
  value: { readonly name: string; readonly emoji: string },
  now: Date,
): Promise<string> {
  const id = newId(now);
  const last = await tx.serviceValue.aggregate({ where: { organisationId }, _max: { position: true } });
  await tx.serviceValue.create({ data: { organisationId, id, ...value, position: (last._max.position ?? -1) + 1 } });
  return id;
}

/** @param name null keeps the catalogue's */
export async function changeValue(
  tx: Tx,
  organisationId: string,
  id: string,
  value: { readonly name: string | null; readonly emoji: string },
): Promise<void> {
  await tx.serviceValue.updateMany({ where: { organisationId, id }, data: value });
}

/** Old kudos keep it; nobody can choose it any more. */
export async function archiveValue(tx: Tx, organisationId: string, id: string, now: Date): Promise<void> {
  await tx.serviceValue.updateMany({ where: { organisationId, id, archivedAt: null }, data: { archivedAt: now } });
}

/** Puts the values into this order. */
export async function orderValues(tx: Tx, organisationId: string, values: readonly Pick<Value, 'id'>[]): Promise<void> {
  for (const [position, { id }] of values.entries()) {
    await tx.serviceValue.updateMany({ where: { organisationId, id, position: { not: position } }, data: { position } });
  }
}
