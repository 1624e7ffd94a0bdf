import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import type { Clock } from '../../src/core/clock.js';
import { type PageForm, RESERVED_FIELDS } from '../../src/core/page.js';
import type { Submission } from '../../src/core/web.js';
import type { Vault } from '../../src/people/ports.js';
import type { FormTicket } from './pages/form.js';

/** How long a page's form may lie open, in hours. */
export const TICKET_HOURS = 24;

/**
 * What a proof costs: one key in 256 fits, each of so many rounds. About half a second on a phone, in the background while the
 * form is filled in; two milliseconds to check.
 */
const PROOF = { algorithm: 'PBKDF2/SHA-256', cost: 2000, keyPrefix: '00' } as const;

/** Longer than any proof that was made here. */
const MAX_PROOF_CHARACTERS = 2000;

const Proof = z.object({
  challenge: z.object({
    parameters: z.strictObject({
      algorithm: z.literal(PROOF.algorithm),
      nonce: z.string(),
      salt: z.string(),
      cost: z.number(),
      keyLength: z.number(),
      keyPrefix: z.string(),
      data: z.strictObject({ ticket: z.string() }),
    }),
    signature: z.string(),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
});

type Fields = Readonly<Record<string, readonly string[]>>;

export interface Guard {
  /**
   * @param kept the ticket that a form was sent with, for the same form shown again
   * @returns what the form carries
   */
  ticketFor(form: PageForm, kept?: string): Promise<FormTicket>;
  /**
   * Looks at how a form was sent. Never throws, whatever was sent.
   * @param path of the request, decoded
   */
  judge(fields: Fields, path: string): Promise<Submission>;
  /** The ticket, when it is right for this path and not too old. */
  ticketIn(fields: Fields, path: string): string | undefined;
}

/**
 * Tells people from machines as far as that can be done without asking anybody and without shutting out who has no JavaScript.
 * Nothing is kept on the server: a ticket is signed, and the proof of work is bound to it.
 */
export function createGuard({ vault, clock }: { readonly vault: Vault; readonly clock: Clock }): Guard {
  const secret = vault.digest('proof of work', 'public form');
  const sign = (id: string, made: string, path: string) => vault.digest(`${id} ${made} ${path}`, 'public form').slice(0, 32);

  const readTicket = (fields: Fields, path: string): Ticket | undefined => {
    const value = fields[RESERVED_FIELDS.ticket]?.[0] ?? '';
    const [, id, made, mac] = /^([\w-]{22})\.([0-9a-z]{1,9})\.([0-9a-f]{32})$/.exec(value) ?? [];
    if (id === undefined || made === undefined || mac === undefined) return undefined;
    if (!timingSafeEqual(Buffer.from(mac), Buffer.from(sign(id, made, path)))) return undefined;
    // Processes on several machines may have clocks that differ a little.
    const age = Math.max(0, clock.now().getTime() - Number.parseInt(made, 36));
    return { id, value, age, fresh: age <= TICKET_HOURS * 3_600_000 };
  };

  const check = async (typed: string, ticket: Ticket | undefined): Promise<Submission['proof']> => {
    if (typed === '') return 'none';
    if (!ticket?.fresh || typed.length > MAX_PROOF_CHARACTERS) return 'wrong';
    try {
      const { challenge, solution } = Proof.parse(JSON.parse(typed));
      if (challenge.parameters.data.ticket !== ticket.id) return 'wrong';
      const { verified } = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret: secret });
      return verified ? 'solved' : 'wrong';
    } catch {
      return 'wrong';
    }
  };

  return {
    ticketFor: async (form, kept) => {
      const made = clock.now().getTime().toString(36);
      const fresh = randomBytes(16).toString('base64url');
      const ticket = kept ?? `${fresh}.${made}.${sign(fresh, made, pathOf(form.action))}`;
      const data = { ticket: ticket.split('.')[0] ?? '' };
      return { ticket, challenge: JSON.stringify(await createChallenge({ ...PROOF, deriveKey, data, hmacSignatureSecret: secret })) };
    },
    judge: async (fields, path) => {
      const ticket = readTicket(fields, path);
      return {
        id: ticket?.id ?? randomBytes(16).toString('base64url'),
        seconds: ticket?.fresh ? Math.floor(ticket.age / 1000) : undefined,
        honeypot: (fields[RESERVED_FIELDS.honeypot] ?? []).some((value) => value !== ''),
        proof: await check(fields[RESERVED_FIELDS.proof]?.[0] ?? '', ticket),
      };
    },
    ticketIn: (fields, path) => {
      const ticket = readTicket(fields, path);
      return ticket?.fresh ? ticket.value : undefined;
    },
  };
}

interface Ticket {
  readonly id: string;
  readonly value: string;
  /** ms */
  readonly age: number;
  readonly fresh: boolean;
}

/** A path as the guard compares it: decoded, without its query. */
export function pathOf(address: string): string {
  const path = address.split(/[?#]/, 1)[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
