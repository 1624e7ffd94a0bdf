import { randomBytes } from 'node:crypto';

/** What a customer's private link is made of: 128 bits that nobody guesses. */
export const newNonce = (): string => randomBytes(16).toString('hex');
