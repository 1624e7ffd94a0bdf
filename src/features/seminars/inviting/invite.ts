import { enqueueMails } from '../../../delivery/mail-outbox.js';
import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type SeminarDate, subject } from '../model.js';
import { lastInvitations } from './store-invitations.js';

/** What an invitation has to know of its date; everything else is looked up when it is sent. */
export type Invited = Pick<SeminarDate, 'id' | 'sequence' | 'endsAt'>;

/** Id of the mail. */
export const INVITATION = 'seminars.invitation';

/**
 * Sends people an invitation to a date by e-mail, as a calendar takes it (ICS, METHOD:REQUEST), or its newest state to those
 * who have one. To be called once somebody is going, and for everyone going with each change of the date.
 *
 * A person's SEQUENCE is at least the date's, and one more with every mail to that person, withdrawals among them: some
 * calendars take no REQUEST after a CANCEL of the same SEQUENCE, and whoever comes, goes and comes again needs no change of
 * the date for it. Source: RFC 5546, section 2.1.5 (a higher SEQUENCE always wins).
 * @param date as it is after the change
 * @param now the present instant, of the Clock
 */
export async function invite(context: WorkContext, tx: Tx, date: Invited, personIds: readonly string[], now: Date): Promise<void> {
  await put(context, tx, date, personIds, 'REQUEST', now);
}

/** Takes invitations back (METHOD:CANCEL): from whom they were sent to, and from nobody else. Arguments as of `invite`. */
export async function uninvite(context: WorkContext, tx: Tx, date: Invited, personIds: readonly string[], now: Date): Promise<void> {
  await put(context, tx, date, personIds, 'CANCEL', now);
}

async function put(
  { sendsMail, organisation }: WorkContext,
  tx: Tx,
  { id: dateId, sequence, endsAt }: Invited,
  personIds: readonly string[],
  method: 'REQUEST' | 'CANCEL',
  now: Date,
): Promise<void> {
  if (!sendsMail || personIds.length === 0 || endsAt <= now) return;
  const last = await lastInvitations(tx, organisation.id, dateId, personIds);
  const concerned = [...new Set(personIds)].filter((personId) => method === 'REQUEST' || last.get(personId)?.method === 'REQUEST');
  const mails = concerned.map((personId) => {
    const before = last.get(personId);
    const nth = before ? before.nth + 1 : 0;
    return {
      organisationId: organisation.id,
      subjectKey: subject.invitation(dateId, personId, nth),
      spec: INVITATION,
      payload: { dateId, personId, nth, method, sequence: Math.max(sequence, before ? before.sequence + 1 : 0) },
      to: { personId },
      dueAt: now,
      expiresAt: endsAt,
    };
  });
  await enqueueMails(tx, mails, now);
}
