import { normaliseEmail } from '../../people/names.js';
import type { Vault } from '../../people/ports.js';
import { CONTACT_EMAIL_PURPOSE, CONTACT_PURPOSE, type Contact } from './model.js';
import { ContactColumn } from './schema.js';

/** A contact as it lies in the database, and what finds it again by its e-mail address; nulls where there is nothing in it. */
export function sealContact(vault: Vault, contact: Contact): { readonly sealed: string | null; readonly hash: string | null } {
  const given = Object.entries(contact).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return { sealed: null, hash: null };
  return {
    sealed: vault.seal(JSON.stringify(Object.fromEntries(given)), CONTACT_PURPOSE),
    hash: contact.email ? contactHash(vault, contact.email) : null,
  };
}

/** @throws when it was sealed otherwise */
export function openContact(vault: Vault, sealed: string): Contact {
  const { name, email, phone } = ContactColumn.parse(JSON.parse(vault.open(sealed, CONTACT_PURPOSE)));
  return { ...(name !== undefined && { name }), ...(email !== undefined && { email }), ...(phone !== undefined && { phone }) };
}

/** What finds a customer's feedback by e-mail address, however it is written; null for what is no address. */
export function contactHash(vault: Vault, email: string): string | null {
  const normal = normaliseEmail(email);
  return normal === undefined ? null : vault.digest(normal, CONTACT_EMAIL_PURPOSE);
}
