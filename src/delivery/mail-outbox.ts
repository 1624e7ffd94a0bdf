import type { RefPayload } from '../core/ref.js';
import type { Tx } from '../people/db.js';
import { newId } from '../people/ids.js';
import type { Vault } from '../people/ports.js';
import { MAIL_CHANNEL, wakeWorkers } from './wake.js';

/** An e-mail to go out: what, to whom, when. It is stored as ids and composed at sending. */
export interface NewMail {
  readonly organisationId: string;
  /** What, whom, stage: unique in the organisation, so that enqueueing again is harmless. */
  readonly subjectKey: string;
  /** Id of a MailSpec of the registry, and what its schema reads. */
  readonly spec: string;
  readonly payload: RefPayload;
  /** A person, at the address that the platforms confirmed; or an address that is nobody's of the organisation, by sealAddress. */
  readonly to: { readonly personId: string } | { readonly sealedTo: string };
  readonly dueAt: Date;
  /** Never sent after this instant: what it is about has passed. */
  readonly expiresAt?: Date;
}

/** Rows of one statement, as of deliveries. */
const ROWS_PER_STATEMENT = 5_000;

/** What a mail's address is sealed for. */
const ADDRESS = 'mail.to';

/** An address as it lies in the outbox until the mail is sent. */
export function sealAddress(vault: Vault, address: string): string {
  return vault.seal(address, ADDRESS);
}

/** @throws when it was not sealed by sealAddress */
export function openAddress(vault: Vault, sealed: string): string {
  return vault.open(sealed, ADDRESS);
}

/**
 * Puts one e-mail on its way, in the transaction of the change that it tells of. Harmless when the subject key is there
 * already. To be asked first: `Work.sendsMail`.
 * @param now the present instant, of the Clock
 */
export async function enqueueMail(tx: Tx, mail: NewMail, now: Date): Promise<void> {
  await enqueueMails(tx, [mail], now);
}

/**
 * Puts many e-mails on their way: one statement for every 5,000.
 * @returns how many were new; the others' subject keys were there already
 */
export async function enqueueMails(tx: Tx, mails: readonly NewMail[], now: Date): Promise<number> {
  let added = 0;
  for (let from = 0; from < mails.length; from += ROWS_PER_STATEMENT) {
    const rows = mails.slice(from, from + ROWS_PER_STATEMENT).map((mail) => ({
      organisationId: mail.organisationId,
      id: newId(now),
      subjectKey: mail.subjectKey,
      spec: mail.spec,
      payload: mail.payload,
      personId: 'personId' in mail.to ? mail.to.personId : null,
      sealedTo: 'sealedTo' in mail.to ? mail.to.sealedTo : null,
      dueAt: mail.dueAt,
      expiresAt: mail.expiresAt ?? null,
    }));
    added += await tx.$executeRaw`
      INSERT INTO mail ("organisationId", id, "subjectKey", spec, payload, "personId", "sealedTo", "dueAt", "expiresAt", "createdAt")
      SELECT r."organisationId", r.id, r."subjectKey", r.spec, r.payload, r."personId", r."sealedTo", r."dueAt", r."expiresAt", ${now}::timestamptz
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
        "organisationId" uuid, id uuid, "subjectKey" text, spec text, payload jsonb, "personId" uuid, "sealedTo" text,
        "dueAt" timestamptz, "expiresAt" timestamptz)
      ORDER BY r."subjectKey"
      ON CONFLICT ("organisationId", "subjectKey") DO NOTHING`;
  }
  if (added > 0 && mails.some((mail) => mail.dueAt <= now)) await wakeWorkers(tx, MAIL_CHANNEL);
  return added;
}

/**
 * Takes back what still waits, or was given up, by subject keys or their beginnings; nothing of it, nor its address, stays to be sent.
 * What a worker has in its hands goes out.
 * @param reason a code, for the managers' list
 */
export async function dropMails(
  tx: Tx,
  organisationId: string,
  { keys, prefixes }: { readonly keys: readonly string[]; readonly prefixes: readonly string[] },
  reason: string,
  now: Date,
): Promise<void> {
  if (keys.length + prefixes.length === 0) return;
  await tx.$executeRaw`
    UPDATE mail SET state = 'dropped', "lastError" = ${reason}, "sealedTo" = NULL, "settledAt" = ${now}::timestamptz
    WHERE "organisationId" = ${organisationId}::uuid AND state IN ('pending', 'dead')
      AND ("subjectKey" = ANY (${[...keys]}) OR EXISTS (SELECT 1 FROM unnest(${[...prefixes]}::text[]) p WHERE starts_with("subjectKey", p)))`;
}
