import type { Clock } from '../core/clock.js';
import type { Platform } from '../core/interaction.js';
import type { Delivery } from '../generated/prisma/client.js';
import type { BellhopRegistry, Work } from '../people/handlers.js';
import type { Chat } from './port.js';

/** A row that this process has claimed. `claimedBy` is the claim's own token: every later write names it. */
export type Claimed = Omit<Delivery, 'claimedBy'> & { readonly claimedBy: string };

/** What became of one try at a delivery; the label of the metrics. */
export type Outcome = 'sent' | 'merged' | 'dropped' | 'dead' | 'retry' | 'rate_limited' | 'uncertain' | 'found' | 'waits' | 'refreshed';

/** Who counts: runtime hands it over and wires it to its metrics. */
export interface DeliveryObserver {
  /** @param ms how long the platform took; 0 when it was not called */
  delivery(outcome: Outcome, platform: Platform, ms: number): void;
}

/** What the parts of the delivery engine share. */
export interface Engine {
  readonly work: Work;
  readonly registry: BellhopRegistry;
  readonly chats: ReadonlyMap<Platform, Chat>;
  readonly processId: string;
  readonly observer: DeliveryObserver;
  readonly leaseMs: number;
  /** How long a platform may take for one call; then its answer counts as lost. */
  readonly callTimeoutMs: number;
  /** A number from 0 to 1, for the jitter. */
  readonly random: () => number;
  /** True once a stop was asked for: what has not been attempted is given back. */
  readonly stopping: () => boolean;
}

/** A delivery is given up after so many failed tries. */
export const MAX_ATTEMPTS = 8;

/**
 * How long to wait after the nth failed try: 1 s, 3 s, 9 s ... 15 min, each shortened at random by up to a half,
 * so that what failed together doesn't come again together.
 * @param attempts failed tries so far, from 1
 * @returns milliseconds
 */
export function backOffMs(attempts: number, random: () => number): number {
  const full = Math.min(15 * 60_000, 1_000 * 3 ** Math.max(0, attempts - 1));
  return Math.round(full * (1 - random() / 2));
}

/** The instant so many milliseconds from now. */
export function inMs(clock: Clock, ms: number): Date {
  return new Date(clock.now().getTime() + ms);
}
