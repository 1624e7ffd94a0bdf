import { randomUUID } from 'node:crypto';
import { type Mail, Prisma } from '../generated/prisma/client.js';
import type { BellhopRegistry, Work } from '../people/handlers.js';
import type { MailTransport, RenderMail } from './mail-port.js';
import { backOffMs, inMs } from './model.js';
import { persist } from './outcome.js';

/** What the parts of the mail worker share. */
export interface MailEngine {
  readonly work: Work;
  readonly registry: BellhopRegistry;
  readonly transport: MailTransport;
  readonly render: RenderMail;
  readonly processId: string;
  readonly leaseMs: number;
  /** A number from 0 to 1, for the jitter. */
  readonly random: () => number;
}

/** A row that this process has claimed. `claimedBy` is the claim's own token: every later write names it. */
export type ClaimedMail = Omit<Mail, 'claimedBy'> & { readonly claimedBy: string };

/**
 * A mail is given up after so many failed tries, some two hours: mail servers put strangers off for a quarter of an hour
 * (greylisting), and are away for longer than chats are.
 */
export const MAX_MAIL_ATTEMPTS = 16;

/**
 * Claims what is due, the longest due first; each row for one worker only. A person's mails go one after another, in the
 * order in which they were put on their way: an invitation and its withdrawal can't arrive the wrong way round, and the
 * second one's guard knows what became of the first. One that waits for its next try holds up nothing. What a crash left claimed is claimed again
 * once its lease has run out, and counted as tried: what ends its process each time is given up instead of going on for ever.
 *
 * Such a mail may have been taken by the server just before the crash, and arrives twice then: no server can be asked. It
 * has the same Message-ID, by which many mail programs show it once, and a calendar tells the repeat by UID and SEQUENCE.
 */
export async function claimMails(engine: MailEngine, most: number): Promise<ClaimedMail[]> {
  const { clock, db } = engine.work;
  const now = clock.now();
  const claimable = (alias: 'm' | 'o') => {
    const row = Prisma.raw(alias);
    return Prisma.sql`(
      (${row}.state = 'pending' AND ${row}."dueAt" <= ${now}::timestamptz AND (${row}."heldUntil" IS NULL OR ${row}."heldUntil" <= ${now}::timestamptz))
      OR (${row}.state = 'sending' AND ${row}."leaseUntil" <= ${now}::timestamptz))`;
  };
  return await db.$queryRaw<ClaimedMail[]>`
    WITH due AS MATERIALIZED (
      SELECT m."organisationId", m.id FROM mail m
      WHERE ${claimable('m')} AND NOT EXISTS (
        SELECT 1 FROM mail o
        WHERE o."organisationId" = m."organisationId" AND o."personId" = m."personId" AND o.id <> m.id AND (
          (o.state = 'sending' AND o."leaseUntil" > ${now}::timestamptz)
          OR (${claimable('o')} AND (o."createdAt", o.id) < (m."createdAt", m.id))))
      ORDER BY m."dueAt", m.id
      LIMIT ${most}
      FOR UPDATE OF m SKIP LOCKED
    )
    UPDATE mail m
    SET state = 'sending', attempts = attempts + 1, "claimedBy" = ${`${engine.processId}/${randomUUID().slice(0, 13)}`},
        "leaseUntil" = ${inMs(clock, engine.leaseMs)}::timestamptz, "heldUntil" = NULL
    FROM due
    WHERE m."organisationId" = due."organisationId" AND m.id = due.id
    RETURNING m.*`;
}

/** The server has taken it. An address that is nobody's of the organisation has done its duty. */
export async function markMailSent(engine: MailEngine, row: ClaimedMail): Promise<boolean> {
  const now = engine.work.clock.now();
  return await settle(
    engine,
    row,
    Prisma.sql`state = 'sent', "sentAt" = ${now}, "settledAt" = ${now}, "lastError" = NULL, "sealedTo" = NULL`,
  );
}

/** It is no longer true or wanted. What it counts then are the tries before this one, which may have reached the server. @param code why: the guard's, `expired`, `person_left` or `no_address` */
export async function markMailDropped(engine: MailEngine, row: ClaimedMail, code: string): Promise<boolean> {
  return await settle(
    engine,
    row,
    Prisma.sql`state = 'dropped', "settledAt" = ${engine.work.clock.now()}, "lastError" = ${code}, "sealedTo" = NULL,
      attempts = attempts - 1`,
  );
}

/**
 * It is given up: a manager sees it and can send it again.
 * @param code a key of delivery.trouble
 * @param detail the server's own code, without its words: they may hold the address
 */
export async function markMailDead(engine: MailEngine, row: ClaimedMail, code: string, detail?: string): Promise<boolean> {
  engine.work.log.warn({ mailId: row.id, spec: row.spec, code, detail, attempts: row.attempts }, 'An e-mail was given up.');
  return await settle(
    engine,
    row,
    Prisma.sql`state = 'dead', "settledAt" = ${engine.work.clock.now()}, "lastError" = ${[code, detail].filter(Boolean).join(' ')}`,
  );
}

/** Gives it back to wait, as if it had not been claimed. */
export async function giveMailBack(engine: MailEngine, row: ClaimedMail, heldUntil?: Date): Promise<boolean> {
  return await settle(engine, row, Prisma.sql`state = 'pending', attempts = attempts - 1, "heldUntil" = ${heldUntil ?? null}::timestamptz`);
}

/** A failed try: waits longer each time, and is given up after the last one. */
export async function mailFailed(engine: MailEngine, row: ClaimedMail, code: string, detail: string): Promise<'retry' | 'dead'> {
  if (row.attempts >= MAX_MAIL_ATTEMPTS) {
    await markMailDead(engine, row, code, detail);
    return 'dead';
  }
  const heldUntil = inMs(engine.work.clock, backOffMs(row.attempts, engine.random));
  await settle(engine, row, Prisma.sql`state = 'pending', "heldUntil" = ${heldUntil}::timestamptz, "lastError" = ${`${code} ${detail}`}`);
  return 'retry';
}

/** Every write names the claim: a mail that was taken over meanwhile is left to its new holder, and false is returned. */
async function settle(engine: MailEngine, row: ClaimedMail, change: Prisma.Sql): Promise<boolean> {
  const statement = Prisma.sql`
    UPDATE mail SET ${change}, "claimedBy" = NULL, "leaseUntil" = NULL
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid AND state = 'sending' AND "claimedBy" = ${row.claimedBy}`;
  if ((await persist(engine, () => engine.work.db.$executeRaw(statement))) === 1) return true;
  engine.work.log.info({ mailId: row.id }, 'An e-mail was taken over before its outcome was noted.');
  return false;
}
