import { sealAddress } from '../../../delivery/mail-outbox.js';
import type { WorkContext } from '../../../people/handlers.js';
import { openContact } from '../contact.js';
import type { Contact, Said } from '../model.js';

/** Why a customer can't be written to. */
export type NoWay = 'no_mail_server' | 'no_pages' | 'no_contact' | 'no_email';

type Way = Pick<WorkContext, 'vault' | 'sendsMail' | 'publicUrl'>;

/** What stands in the way of an e-mail to a customer with a link to answer by; undefined when nothing does. */
export function noWayTo(context: Way, feedback: Pick<Said, 'contactSealed'>): NoWay | undefined {
  const contact = contactOf(context, feedback);
  if (contact === undefined) return 'no_contact';
  if (contact.email === undefined) return 'no_email';
  if (!context.sendsMail) return 'no_mail_server';
  return context.publicUrl === undefined ? 'no_pages' : undefined;
}

/** A customer's e-mail address as the outbox takes it; undefined when none can be written to. */
export function addressOf(context: Way, feedback: Pick<Said, 'contactSealed'>): string | undefined {
  const email = noWayTo(context, feedback) === undefined ? contactOf(context, feedback)?.email : undefined;
  return email === undefined ? undefined : sealAddress(context.vault, email);
}

/** Undefined for none, and for one whose key isn't there any more: cards are shown nevertheless. */
function contactOf({ vault }: Way, { contactSealed }: Pick<Said, 'contactSealed'>): Contact | undefined {
  if (contactSealed === null) return undefined;
  try {
    return openContact(vault, contactSealed);
  } catch {
    return undefined;
  }
}
