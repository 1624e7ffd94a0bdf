import type { Platform } from '../core/interaction.js';
import { isDatabaseAway } from '../people/db.js';
import type { BellhopRegistry, Work } from '../people/handlers.js';
import { loadOrganisation } from '../people/organisation.js';
import { lanesWithWork, routeDue, takeOverExpired } from './claim.js';
import { deliver } from './deliver.js';
import { createLane, type Lane } from './lane.js';
import { createLoop, POLL_MS } from './loop.js';
import type { Claimed, DeliveryObserver, Engine } from './model.js';
import { markDropped } from './outcome.js';
import type { Chat } from './port.js';
import { reconcile } from './reconcile.js';
import { createRest } from './wake.js';

export interface DeliveryWorkerOptions {
  readonly work: Work;
  readonly registry: BellhopRegistry;
  readonly chats: ReadonlyMap<Platform, Chat>;
  /** Different for every process that runs. */
  readonly processId: string;
  /** Most messages of one workspace on their way at once in this process (default 10). */
  readonly concurrency?: number;
  readonly observer?: DeliveryObserver;
  /** How long a claim lasts (default 60,000 ms): what a crash left is taken up again then. */
  readonly leaseMs?: number;
  /** For the jitter of back-offs (default Math.random). */
  readonly random?: () => number;
}

export interface DeliveryWorker {
  /** Sends everything that is due by the clock, until nothing more can be done without waiting. @returns how many deliveries it had in hand */
  runDue(): Promise<number>;
  /** Works on by itself until stopped, looking each second and whenever it is woken. */
  start(): void;
  /** Sends in flight finish; what is claimed and not begun is given back. */
  stop(): Promise<void>;
  /** Something may be due: at a NOTIFY on `bellhop_delivery`. */
  wake(): void;
}

/** The first to wake it is heard at once; of a crowd's thousand wakes one in so many milliseconds is. */
const SCAN_EVERY_MS = 100;
const ROUTE_AT_ONCE = 500;
const TAKE_OVER_AT_ONCE = 20;

/** Sends the deliveries of every organisation. Any number of processes may run one; they share the work and the pace. */
export function createDeliveryWorker(options: DeliveryWorkerOptions): DeliveryWorker {
  const leaseMs = options.leaseMs ?? 60_000;
  const engine: Engine = {
    work: options.work,
    registry: options.registry,
    chats: options.chats,
    processId: options.processId,
    observer: options.observer ?? { delivery: () => {} },
    leaseMs,
    callTimeoutMs: leaseMs / 2,
    random: options.random ?? Math.random,
    stopping: () => loop.stopping(),
  };
  const { clock, log } = options.work;
  const rest = createRest();
  const lanes = new Map<string, Lane>();
  const lookUps = new Set<Promise<void>>();
  let scanWanted = true;
  let scannedAt = Number.NEGATIVE_INFINITY;
  let wakeComing = false;

  const lookUp = (row: Claimed): void => {
    const run = loadOrganisation(options.work.db, row.organisationId)
      .then((organisation) => reconcile(engine, organisation, row))
      .catch((error: unknown) =>
        log.error(
          { err: error, deliveryId: row.id },
          'A lost answer could not be looked up; it is tried again once its lease has run out.',
        ),
      )
      .finally(() => lookUps.delete(run));
    lookUps.add(run);
  };

  const scanDue = (): boolean => performance.now() - scannedAt >= (scanWanted ? SCAN_EVERY_MS : POLL_MS);

  const settled = async (): Promise<void> => {
    await Promise.allSettled([...lookUps, ...[...lanes.values()].flatMap((lane) => [...lane.inFlight])]);
  };

  /** What no lane does: crashed claims, new routes, and which workspaces have work. @returns how many deliveries it moved */
  const scan = async (): Promise<{ readonly moved: number; readonly busy: readonly Lane[] }> => {
    const expired = await takeOverExpired(engine, TAKE_OVER_AT_ONCE - lookUps.size);
    for (const row of expired.attempted) lookUp(row);
    const { routed, unroutable } = await routeDue(engine, ROUTE_AT_ONCE);
    for (const row of unroutable) await deliverNowhere(engine, row);
    const busy: Lane[] = [];
    for (const key of await lanesWithWork(engine)) {
      const lane = lanes.get(key.id) ?? createLane(engine, key, options.concurrency ?? 10, rest.wake);
      lanes.set(key.id, lane);
      busy.push(lane);
    }
    return { moved: expired.given + expired.attempted.length + routed + unroutable.length, busy };
  };

  const drain = async (lane: Lane): Promise<number> => {
    for (let total = 0; ; ) {
      const started = await lane.pump();
      total += started;
      if (started > 0) continue;
      if (lane.inFlight.size === 0) return total;
      await Promise.race(lane.inFlight);
    }
  };

  let active: readonly Lane[] = [];
  const loop = createLoop({
    rest,
    log,
    names: { waiting: 'Deliveries', who: 'delivery worker' },
    round: async () => {
      let moved = 0;
      if (scanDue()) {
        scanWanted = false;
        scannedAt = performance.now();
        const found = await scan();
        active = [...new Set([...active, ...found.busy])];
        moved = found.moved;
        // More than one batch may wait for its route.
        if (moved >= ROUTE_AT_ONCE) scannedAt = Number.NEGATIVE_INFINITY;
      }
      const started = await Promise.all(active.map((lane) => lane.pump()));
      active = active.filter((lane, index) => (started[index] ?? 0) > 0 || lane.hungry());
      return started.every((count) => count === 0) && !scanDue() ? restMs(active, clock.now(), scannedAt) : 0;
    },
  });

  return {
    runDue: async () => {
      for (let total = 0; ; ) {
        const { moved, busy } = await scan();
        const sent = await Promise.all(busy.map(drain));
        await settled();
        const step = sent.reduce((sum, count) => sum + count, moved);
        if (step === 0) return total;
        total += step;
      }
    },
    start: loop.start,
    stop: async () => {
      await loop.stop();
      await settled();
    },
    wake: () => {
      scanWanted = true;
      const early = scannedAt + SCAN_EVERY_MS - performance.now();
      if (early <= 0) return rest.wake();
      if (wakeComing) return;
      wakeComing = true;
      setTimeout(() => {
        wakeComing = false;
        rest.wake();
      }, early).unref();
    },
  };
}

function restMs(active: readonly Lane[], now: Date, scannedAt: number): number {
  const untilScan = POLL_MS - (performance.now() - scannedAt);
  const untilOpen = active.flatMap((lane) => lane.opensAt() ?? []).map((at) => at.getTime() - now.getTime());
  return Math.max(1, Math.min(untilScan, ...untilOpen));
}

/** A delivery that no workspace can take: it ends as one that can't be reached, or isn't wanted any more. */
async function deliverNowhere(engine: Engine, row: Claimed): Promise<void> {
  const organisation = await loadOrganisation(engine.work.db, row.organisationId).catch((error: unknown) => {
    if (isDatabaseAway(error)) throw error;
    return undefined;
  });
  if (!organisation) return void (await markDropped(engine, row, 'organisation_gone'));
  await deliver(engine, organisation, row, {
    turn: Promise.resolve(),
    passed: () => {},
    denied: ({ opensAt }) => opensAt,
    reached: () => {},
  });
}
