import { randomBytes } from 'node:crypto';

/** Crockford's Base32: without I, L, O and U, so that nothing is misread. https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new reference: 8 characters, 40 random bits. */
export function newReference(): string {
  let rest = randomBytes(5).readUIntBE(0, 5);
  let made = '';
  for (let index = 0; index < 8; index++) {
    made = `${ALPHABET[rest % 32]}${made}`;
    rest = Math.floor(rest / 32);
  }
  return made;
}

/** As a customer reads it: `7K3M-Q2XA`. */
export const showReference = (reference: string): string => `${reference.slice(0, 4)}-${reference.slice(4)}`;

/** A reference as somebody typed it: any case, with or without the hyphen, O for 0, I and L for 1; undefined when it is none. */
export function readReference(typed: string): string | undefined {
  const read = typed
    .toUpperCase()
    .replace(/[\s‐-―-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(read) ? read : undefined;
}
