import { key, type Text } from '../core/text.js';
import type { Db, Tx } from '../people/db.js';
import { DELIVERY_CHANNEL, wakeWorkers } from './wake.js';

/** A message that was given up. */
export interface DeadLetter {
  readonly id: string;
  /** Id of its MessageSpec. */
  readonly message: string;
  /** Whom it was for: exactly one of the two names is there, unless the person or channel is gone. */
  readonly personName: string | null;
  readonly channelName: string | null;
  readonly personId: string | null;
  readonly channelId: string | null;
  /** Why, as one of describeTrouble's codes. */
  readonly code: string;
  /** The platform's own code. */
  readonly detail: string | null;
  readonly createdAt: Date;
  readonly diedAt: Date | null;
}

/**
 * What was given up in an organisation, the newest first.
 * @param page `after`: the id of the last one of the page before
 */
export async function listDeadLetters(
  db: Db | Tx,
  organisationId: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<DeadLetter[]> {
  const rows = await db.delivery.findMany({
    where: { organisationId, state: 'dead', ...(after && { id: { lt: after } }) },
    orderBy: { id: 'desc' },
    take: limit,
  });
  const ids = (read: (row: (typeof rows)[number]) => string | null) => rows.flatMap((row) => read(row) ?? []);
  const [people, channels] = await Promise.all([
    db.person.findMany({ where: { organisationId, id: { in: ids((row) => row.personId) } }, select: { id: true, name: true } }),
    db.channel.findMany({ where: { organisationId, id: { in: ids((row) => row.channelId) } }, select: { id: true, name: true } }),
  ]);
  const names = new Map([...people, ...channels].map((named) => [named.id, named.name]));
  return rows.map((row) => ({
    id: row.id,
    message: row.message,
    personName: (row.personId && names.get(row.personId)) || null,
    channelName: (row.channelId && names.get(row.channelId)) || null,
    personId: row.personId,
    channelId: row.channelId,
    code: row.lastError ?? 'unknown',
    detail: row.lastErrorDetail,
    createdAt: row.createdAt,
    diedAt: row.settledAt,
  }));
}

/** How many were given up. */
export async function countDeadLetters(db: Db | Tx, organisationId: string): Promise<number> {
  return await db.delivery.count({ where: { organisationId, state: 'dead' } });
}

/**
 * Sends one again that was given up, as if it were new: whoever asks has mended what was wrong, so the person's accounts,
 * or the channel, are tried again too.
 * @returns false when there is no such one (any more): somebody else was quicker
 */
export async function sendAgain(tx: Tx, organisationId: string, deliveryId: string, now: Date): Promise<boolean> {
  const [reopened] = await tx.$queryRaw<{ personId: string | null; channelId: string | null }[]>`
    UPDATE delivery
    SET state = 'pending', attempts = 0, "dueAt" = ${now}::timestamptz, "heldUntil" = NULL, "expiresAt" = NULL, "attemptedAt" = NULL,
        "settledAt" = NULL, "workspaceId" = NULL, "accountId" = NULL, "overCap" = false
    WHERE "organisationId" = ${organisationId}::uuid AND id = ${deliveryId}::uuid AND state = 'dead'
    RETURNING "personId", "channelId"`;
  if (!reopened) return false;
  const reachable = { unreachableReason: null, unreachableSince: null };
  if (reopened.personId) await tx.account.updateMany({ where: { organisationId, personId: reopened.personId }, data: reachable });
  if (reopened.channelId) await tx.channel.updateMany({ where: { organisationId, id: reopened.channelId }, data: reachable });
  await wakeWorkers(tx, DELIVERY_CHANNEL);
  return true;
}

const TROUBLES: Readonly<Record<string, string>> = {
  no_reachable_account: 'delivery.trouble.no_reachable_account',
  channel_unreachable: 'delivery.trouble.channel_unreachable',
  refused: 'delivery.trouble.refused',
  platform_trouble: 'delivery.trouble.platform_trouble',
  uncertain: 'delivery.trouble.uncertain',
  unknown_message: 'delivery.trouble.unknown_message',
  payload_invalid: 'delivery.trouble.payload_invalid',
  compose_failed: 'delivery.trouble.compose_failed',
};

/** Why a message was given up, and what to do about it, in a manager's words. */
export function describeTrouble(code: string): Text {
  return key(TROUBLES[code] ?? 'delivery.trouble.unknown');
}
