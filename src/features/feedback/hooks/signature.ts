import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How far a request's time may be from ours, in seconds. Standard Webhooks, "Verifying webhook authenticity": five minutes. */
export const TOLERANCE_SECONDS = 300;
/** Signatures of one request that are looked at: a sender that rotates its key sends two. */
const MOST_SIGNATURES = 10;
const PREFIX = 'whsec_';
/** Bytes of a secret: the specification wants 24 to 64. */
const SECRET_BYTES = 32;

export interface Signed {
  /** `webhook-id`, `webhook-timestamp` and `webhook-signature`, as they came. */
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** The bytes as they came: nothing of them is read before this. */
  readonly body: Uint8Array;
}

export type SignatureProblem = 'headers_missing' | 'id_invalid' | 'timestamp_invalid' | 'too_old' | 'too_new' | 'signature_wrong';

/** A new secret, as its holder sees it: `whsec_` and Base64. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** A request whose headers are in order: what is left to be checked is who signed it. */
export interface Checkable {
  readonly id: string;
  readonly timestamp: string;
  readonly offered: readonly Buffer[];
  readonly body: Uint8Array;
}

/**
 * Checks the headers of a request as Standard Webhooks says (https://github.com/standard-webhooks/standard-webhooks, specification
 * 1.0.0): an id, signatures, and a time within a window against replays.
 * @param now the present instant, of the Clock
 */
export function checkHeaders({ id, timestamp, signature, body }: Signed, now: Date): Checkable | { readonly problem: SignatureProblem } {
  if (!id || !timestamp || !signature) return { problem: 'headers_missing' };
  // A full stop would let two ids and bodies sign alike (the specification forbids it).
  if (!/^[\x21-\x2d\x2f-\x7e]{1,200}$/.test(id)) return { problem: 'id_invalid' };
  if (!/^\d{1,12}$/.test(timestamp)) return { problem: 'timestamp_invalid' };
  const age = Math.floor(now.getTime() / 1000) - Number(timestamp);
  if (age > TOLERANCE_SECONDS) return { problem: 'too_old' };
  if (age < -TOLERANCE_SECONDS) return { problem: 'too_new' };
  const offered = signature
    .split(' ')
    .slice(0, MOST_SIGNATURES)
    .flatMap((versioned) => (versioned.startsWith('v1,') ? [Buffer.from(versioned.slice(3), 'base64')] : []));
  return { id, timestamp, offered, body };
}

/**
 * Whether this secret signed it: HMAC-SHA256 over `id.timestamp.body`, compared in constant time.
 * @param secret as newSecret makes them
 */
export function isSignedBy({ id, timestamp, offered, body }: Checkable, secret: string): boolean {
  const wanted = createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest();
  return offered.some((given) => given.length === wanted.length && timingSafeEqual(given, wanted));
}
