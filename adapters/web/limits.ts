import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../src/core/clock.js';
import type { Vault } from '../../src/people/ports.js';

/** One customer's network: providers give a household of IPv6 a /56. */
const IPV6_PREFIX = 56;
const MINUTE_MS = 60_000;

/** Clients that are remembered at once, over all routes; some 15 MB. Beyond it the one that wasn't seen longest is forgotten. */
export const MAX_CLIENTS = 50_000;

/** Whose network a request comes from, as a digest: the same for the same client, nobody's address. */
export function addressDigest(request: Pick<Request, 'ip'>, vault: Vault): string {
  return vault.digest(networkOf(request.ip ?? ''), 'client address').slice(0, 32);
}

function networkOf(address: string): string {
  try {
    return ipKeyGenerator(address, IPV6_PREFIX);
  } catch {
    // Through a proxy anything can come as an address.
    return address;
  }
}

interface Window {
  hits: number;
  /** ms since 1970 */
  readonly ends: number;
}

export type Windows = LRUCache<string, Window>;

/** Shared by all limits of a door, so that their memory is bounded together. */
export const createWindows = (): Windows => new LRUCache({ max: MAX_CLIENTS });

/** Counts in windows of a minute, each beginning with a client's first request. */
export function createStore(windows: Windows, clock: Clock, prefix: string): Store & { secondsLeft(key: string): number } {
  const named = (key: string) => `${prefix} ${key}`;
  const openWindow = (key: string): Window | undefined => {
    const found = windows.get(named(key));
    return found && found.ends > clock.now().getTime() ? found : undefined;
  };
  return {
    localKeys: true,
    increment: (key) => {
      const window = openWindow(key) ?? { hits: 0, ends: clock.now().getTime() + MINUTE_MS };
      window.hits += 1;
      windows.set(named(key), window);
      return { totalHits: window.hits, resetTime: new Date(window.ends) };
    },
    decrement: (key) => {
      const window = openWindow(key);
      if (window) window.hits -= 1;
    },
    resetKey: (key) => void windows.delete(named(key)),
    secondsLeft: (key) => Math.max(1, Math.ceil(((openWindow(key)?.ends ?? 0) - clock.now().getTime()) / 1000)),
  };
}

export interface LimitOptions {
  readonly perMinute: number;
  readonly windows: Windows;
  /** Tells the counts of one route from those of another. */
  readonly route: string;
  readonly vault: Vault;
  readonly clock: Clock;
  /** @param seconds after which it may be tried again */
  readonly refuse: (request: Request, response: Response, seconds: number) => void;
}

/** So many requests of one client in a minute; the others are refused before anything of them is read. */
export function limited({ perMinute, windows, route, vault, clock, refuse }: LimitOptions): RequestHandler {
  const store = createStore(windows, clock, route);
  const key = (request: Pick<Request, 'ip'>) => addressDigest(request, vault);
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    store,
    keyGenerator: key,
    standardHeaders: false,
    legacyHeaders: false,
    // Its checks are of settings that are made here, and write to the console.
    validate: false,
    handler: (request, response) => refuse(request, response, store.secondsLeft(key(request))),
  });
}
