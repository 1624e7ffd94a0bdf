import type { Reader } from '../core/text.js';
import { isDatabaseAway } from '../people/db.js';
import type { WorkContext } from '../people/handlers.js';
import { loadOrganisation } from '../people/organisation.js';
import { findPerson, organisationReader, readerOf } from '../people/people.js';
import {
  type ClaimedMail,
  giveMailBack,
  MAX_MAIL_ATTEMPTS,
  type MailEngine,
  mailFailed,
  markMailDead,
  markMailDropped,
  markMailSent,
} from './mail-claim.js';
import { openAddress } from './mail-outbox.js';
import { MailError, type OutgoingMail } from './mail-port.js';

/** What became of one try at a mail; the label of the metrics. */
export type MailOutcome = 'sent' | 'dropped' | 'dead' | 'retry' | 'waits';

/** What the mail server did, for the worker: whether to go on, or to rest. */
export interface MailResult {
  readonly outcome: MailOutcome;
  /** How long the server took; 0 when it was not called. */
  readonly ms: number;
  /** Undefined when the server was not called, or refused this one mail only. */
  readonly server?: 'well' | 'troubled' | 'unauthorised';
}

/**
 * Brings one claimed mail to its end, or gives it back to wait: expiry, recipient, guard, words, and then the one call.
 * @throws only when the database is away; the mail is taken up again once its lease has run out
 */
export async function sendMail(engine: MailEngine, row: ClaimedMail): Promise<MailResult> {
  const ready = await prepare(engine, row).catch(async (error: unknown) => {
    if (isDatabaseAway(error)) {
      // Often back at once, as after a lost connection: then the next claim need not wait for the lease.
      await giveMailBack(engine, row).catch(() => undefined);
      throw error;
    }
    engine.work.log.error({ err: error, mailId: row.id, spec: row.spec }, 'An e-mail could not be composed.');
    return { outcome: await mailFailed(engine, row, 'compose_failed', error instanceof Error ? error.name : typeof error) };
  });
  return 'outcome' in ready ? { ...ready, ms: 0 } : await call(engine, row, ready);
}

async function prepare(engine: MailEngine, row: ClaimedMail): Promise<OutgoingMail | { readonly outcome: MailOutcome }> {
  const { work, registry } = engine;
  const drop = async (code: string) => {
    await markMailDropped(engine, row, code);
    return { outcome: 'dropped' as const };
  };
  const bury = async (code: string, detail?: string) => {
    await markMailDead(engine, row, code, detail);
    return { outcome: 'dead' as const };
  };
  // Its process ended in the middle of the last try.
  if (row.attempts > MAX_MAIL_ATTEMPTS) return await bury('mail_trouble');
  if (row.expiresAt && row.expiresAt <= work.clock.now()) return await drop('expired');
  const spec = registry.mails.get(row.spec);
  const payload = spec?.payload.safeParse(row.payload);
  if (!spec || !payload?.success) return await bury(spec ? 'payload_invalid' : 'unknown_message');
  const context: WorkContext = { ...work, organisation: await loadOrganisation(work.db, row.organisationId) };
  const recipient = await recipientOf(context, row);
  if ('none' in recipient) return await drop(recipient.none);
  const code = await spec.guard?.(context, payload.data as never);
  if (code) return await drop(code);
  const envelope = { from: engine.transport.from, to: recipient.address };
  const { calendar, locale, ...content } = await spec.compose(context, payload.data as never, recipient.reader, envelope);
  const rendered = engine.render(content, { ...recipient.reader, ...(locale && { locale }) }, work.localise);
  return { id: row.id, to: recipient.address, ...rendered, ...(calendar && { calendar }) };
}

type Recipient = { readonly address: string; readonly reader: Reader } | { readonly none: 'person_left' | 'no_address' };

/** Where a mail goes, and in whose language: a person's own, the organisation's for whoever is none of its people. */
async function recipientOf({ db, vault, organisation }: WorkContext, row: ClaimedMail): Promise<Recipient> {
  if (row.sealedTo) return { address: openAddress(vault, row.sealedTo), reader: organisationReader(organisation) };
  if (!row.personId) return { none: 'no_address' };
  const [person, kept] = await Promise.all([
    findPerson(db, organisation.id, row.personId),
    db.person.findUnique({
      where: { organisationId_id: { organisationId: organisation.id, id: row.personId } },
      select: { emailCipher: true },
    }),
  ]);
  if (!person?.active) return { none: 'person_left' };
  if (!kept?.emailCipher) return { none: 'no_address' };
  return { address: vault.open(kept.emailCipher, 'person.email'), reader: readerOf(person) };
}

/** The one call. From here on a crash leaves a mail that may have arrived. */
async function call(engine: MailEngine, row: ClaimedMail, mail: OutgoingMail): Promise<MailResult> {
  const started = performance.now();
  const error = await within(engine.leaseMs * CALL_SHARE, engine.transport.send(mail)).catch(toMailError);
  const ms = performance.now() - started;
  if (!error) {
    await markMailSent(engine, row);
    return { outcome: 'sent', ms, server: 'well' };
  }
  const { log } = engine.work;
  switch (error.code) {
    case 'refused':
      await markMailDead(engine, row, 'mail_refused', error.reason);
      return { outcome: 'dead', ms };
    case 'transient':
      log.info(
        { mailId: row.id, reason: error.reason, attempts: row.attempts },
        'The mail server did not take an e-mail; it is tried again.',
      );
      return { outcome: await mailFailed(engine, row, 'mail_trouble', error.reason), ms, server: 'troubled' };
    case 'unauthorised':
      log.error(
        { reason: error.reason },
        'The mail server does not accept the user name or password: check SMTP_URL. E-mails wait meanwhile.',
      );
      await giveMailBack(engine, row);
      return { outcome: 'waits', ms, server: 'unauthorised' };
  }
}

/** A call is over before its claim is, so that nobody else takes the mail meanwhile: 2 of 3 minutes. */
const CALL_SHARE = 2 / 3;

async function within(ms: number, act: Promise<void>): Promise<undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new MailError('transient', 'timeout')), ms);
  });
  await Promise.race([act, late]).finally(() => clearTimeout(timer));
  return undefined;
}

/** What a transport throws beside its port's errors is a defect of it, told by its name: its words may hold an address. */
function toMailError(error: unknown): MailError {
  return error instanceof MailError ? error : new MailError('transient', error instanceof Error ? error.name : typeof error);
}
