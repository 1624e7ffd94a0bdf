import { key, type Text, words } from '../core/text.js';
import type { Delivery, Mail } from '../generated/prisma/client.js';
import type { Db, Tx } from '../people/db.js';
import { DELIVERY_CHANNEL, MAIL_CHANNEL, wakeWorkers } from './wake.js';

/** A message or an e-mail that was given up. */
export interface DeadLetter {
  readonly id: string;
  readonly kind: 'chat' | 'mail';
  /** Id of its MessageSpec or MailSpec. */
  readonly message: string;
  /**
   * Whom it was for: exactly one of the two names is there, unless the person or channel is gone. An e-mail to whoever is
   * none of the organisation's people has neither, nor an id.
   */
  readonly personName: string | null;
  readonly channelName: string | null;
  readonly personId: string | null;
  readonly channelId: string | null;
  /** Why, as one of describeTrouble's codes. */
  readonly code: string;
  /** The platform's or the mail server's own code. */
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
  const page = {
    where: { organisationId, state: 'dead' as const, ...(after && { id: { lt: after } }) },
    orderBy: { id: 'desc' as const },
    take: limit,
  };
  const [messages, mails] = await Promise.all([db.delivery.findMany(page), db.mail.findMany(page)]);
  // Ids begin with the instant at which they were made: both lists are in one order.
  const rows = [...messages.map(ofMessage), ...mails.map(ofMail)].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
  const ids = (read: (row: (typeof rows)[number]) => string | null) => rows.flatMap((row) => read(row) ?? []);
  const [people, channels] = await Promise.all([
    db.person.findMany({ where: { organisationId, id: { in: ids((row) => row.personId) } }, select: { id: true, name: true } }),
    db.channel.findMany({ where: { organisationId, id: { in: ids((row) => row.channelId) } }, select: { id: true, name: true } }),
  ]);
  const names = new Map([...people, ...channels].map((named) => [named.id, named.name]));
  return rows.map((row) => ({
    ...row,
    personName: (row.personId && names.get(row.personId)) || null,
    channelName: (row.channelId && names.get(row.channelId)) || null,
  }));
}

type Nameless = Omit<DeadLetter, 'personName' | 'channelName'>;

function ofMessage(row: Delivery): Nameless {
  const { id, message, personId, channelId, createdAt } = row;
  const [code, detail] = [row.lastError ?? 'unknown', row.lastErrorDetail];
  return { id, kind: 'chat', message, personId, channelId, code, detail, createdAt, diedAt: row.settledAt };
}

function ofMail(row: Mail): Nameless {
  const { id, personId, createdAt } = row;
  const [code = 'unknown', ...detail] = (row.lastError ?? 'unknown').split(' ');
  return {
    id,
    kind: 'mail',
    message: row.spec,
    personId,
    channelId: null,
    code,
    detail: detail.join(' ') || null,
    createdAt,
    diedAt: row.settledAt,
  };
}

/** How many were given up. */
export async function countDeadLetters(db: Db | Tx, organisationId: string): Promise<number> {
  const dead = { where: { organisationId, state: 'dead' as const } };
  const [messages, mails] = await Promise.all([db.delivery.count(dead), db.mail.count(dead)]);
  return messages + mails;
}

/**
 * Sends a message or an e-mail again that was given up, as if it were new: whoever asks has mended what was wrong, so the person's accounts,
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
  if (!reopened) return await mailAgain(tx, organisationId, deliveryId, now);
  const reachable = { unreachableReason: null, unreachableSince: null };
  if (reopened.personId) await tx.account.updateMany({ where: { organisationId, personId: reopened.personId }, data: reachable });
  if (reopened.channelId) await tx.channel.updateMany({ where: { organisationId, id: reopened.channelId }, data: reachable });
  await wakeWorkers(tx, DELIVERY_CHANNEL);
  return true;
}

/** Never after what it is about has passed: nobody wants an invitation to that. */
async function mailAgain(tx: Tx, organisationId: string, mailId: string, now: Date): Promise<boolean> {
  const { count } = await tx.mail.updateMany({
    where: { organisationId, id: mailId, state: 'dead' },
    data: { state: 'pending', attempts: 0, dueAt: now, heldUntil: null, settledAt: null },
  });
  if (count > 0) await wakeWorkers(tx, MAIL_CHANNEL);
  return count > 0;
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
  mail_refused: 'delivery.trouble.mail_refused',
  mail_trouble: 'delivery.trouble.mail_trouble',
};

/**
 * Why a message was given up, and what to do about it, in a manager's words.
 * @param detail the other side's own code: what a mail server says is for its administrator to look up
 */
export function describeTrouble(code: string, detail: string | null = null): Text {
  const known = TROUBLES[code] ?? 'delivery.trouble.unknown';
  return code.startsWith('mail_') ? key(known, { detail: words(detail ?? '–') }) : key(known);
}
