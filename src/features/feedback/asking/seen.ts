import { createHash } from 'node:crypto';

/**
 * Tells whether something has changed while a form lay open: whoever saves last wins, and is told so.
 * @returns 12 characters, the same for the same values
 */
export const seenOf = (value: object): string =>
  createHash('sha256')
    .update(JSON.stringify(value, (_name, inner: unknown) => (isPlain(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner)))
    .digest('base64url')
    .slice(0, 12);

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
