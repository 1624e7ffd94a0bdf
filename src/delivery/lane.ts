import { loadOrganisation } from '../people/organisation.js';
import { claimDue, claimRefreshes, type LaneKey } from './claim.js';
import { deliver, type LaneHands } from './deliver.js';
import type { Claimed, Engine } from './model.js';
import { commonRules, type Denial, peekPace, workspaceRule } from './pace.js';
import type { PaceRule } from './port.js';
import { refreshCard } from './refresh-cards.js';

/** So many alerts may be on their way beyond the usual number: they never wait for bulk to come back. */
const EXTRA_FOR_ALERTS = 5;
const REFRESHES_AT_ONCE = 4;

/** One workspace's deliveries in this process. */
export interface Lane {
  /** Starts what may start now. @returns how many it started */
  readonly pump: () => Promise<number>;
  /** What is on its way. */
  readonly inFlight: ReadonlySet<Promise<void>>;
  /** Whether there may be more to start, now or once its pace opens. */
  readonly hungry: () => boolean;
  /** When its pace opens: before that, pumping starts nothing. Undefined when it waits for none. */
  readonly opensAt: () => Date | undefined;
}

/**
 * @param concurrency most messages of this workspace on their way at once
 * @param ended called whenever something came back, so that the next may start
 */
export function createLane(engine: Engine, key: LaneKey, concurrency: number, ended: () => void): Lane {
  const { clock, db, log } = engine.work;
  const chat = engine.chats.get(key.platform);
  const rulesFor = (read: 'paces' | 'updatePaces') => [workspaceRule(key.id), ...(chat ? commonRules(chat, key, read) : [])];
  const sends = createFlow(rulesFor('paces'));
  const refreshes = createFlow(rulesFor('updatePaces'));
  const inFlight = new Set<Promise<void>>();
  const holds = createHolds(engine);
  let troubles = 0;

  /** The last message on its way to each person or channel: messages of one conversation go one after another. */
  const lastTo = new Map<string, Promise<void>>();

  const launch = (flow: Flow, work: Promise<void>): Promise<void> => {
    flow.running += 1;
    const run = work
      .catch((error: unknown) => {
        log.error({ err: error, workspaceId: key.id }, 'A delivery was interrupted; it is taken up again once its lease has run out.');
        flow.sleepUntil(new Date(clock.now().getTime() + 1_000));
      })
      .finally(() => {
        flow.running -= 1;
        inFlight.delete(run);
        ended();
      });
    inFlight.add(run);
    return run;
  };

  const pumpSends = async (): Promise<number> => {
    const room = concurrency - sends.running;
    if (room + EXTRA_FOR_ALERTS <= 0) return 0;
    const slots = await sends.slots(engine, concurrency);
    if (slots <= 0) return 0;
    const rows = await claimDue(engine, key, Math.min(slots, room > 0 ? room : room + EXTRA_FOR_ALERTS), room > 0 ? 2 : 0);
    if (room > 0) sends.hungry = rows.length > 0;
    if (rows.length === 0) return 0;
    const organisation = await loadOrganisation(db, key.organisationId);
    let turn = Promise.resolve();
    for (const row of rows) {
      const before = turn;
      const conversation = row.personId ?? row.channelId ?? row.id;
      const ahead = lastTo.get(conversation);
      let pass = () => {};
      if (!ahead) {
        sends.asking += 1;
        turn = new Promise((resolve) => {
          let passed = false;
          pass = () => {
            if (!passed) sends.asking -= 1;
            passed = true;
            resolve();
          };
        });
      }
      const hands: LaneHands = {
        // Who waits for its conversation holds up nobody else.
        turn: ahead ? before.then(() => ahead) : before,
        passed: pass,
        denied: (denial) => {
          if (!sends.shares(denial.scope)) return holds.until(denial, row);
          sends.sleepUntil(denial.opensAt);
          return undefined;
        },
        // While the platform is down, thousands of deliveries must not use up their tries: ever longer rests, up to a minute.
        reached: (ok) => {
          troubles = ok ? 0 : troubles + 1;
          if (troubles >= 5) sends.sleepUntil(new Date(clock.now().getTime() + Math.min(60_000, 1_000 * 2 ** (troubles - 5))));
        },
      };
      const run = launch(sends, deliver(engine, organisation, row, hands)).finally(() => {
        if (lastTo.get(conversation) === run) lastTo.delete(conversation);
      });
      lastTo.set(conversation, run);
    }
    return rows.length;
  };

  const pumpRefreshes = async (): Promise<number> => {
    const room = REFRESHES_AT_ONCE - refreshes.running;
    if (room <= 0) return 0;
    const slots = await refreshes.slots(engine, room);
    if (slots <= 0) return 0;
    const rows = await claimRefreshes(engine, key, Math.min(slots, room));
    refreshes.hungry = rows.length > 0;
    if (rows.length === 0) return 0;
    const organisation = await loadOrganisation(db, key.organisationId);
    for (const row of rows) {
      const denied = (scope: string, opensAt: Date) => {
        if (refreshes.shares(scope)) refreshes.sleepUntil(opensAt);
      };
      launch(refreshes, refreshCard(engine, organisation, row, denied));
    }
    return rows.length;
  };

  return {
    inFlight,
    pump: async () => (engine.stopping() ? 0 : (await pumpSends()) + (await pumpRefreshes())),
    hungry: () => sends.hungry || refreshes.hungry,
    opensAt: () => [sends, refreshes].flatMap((flow) => (flow.hungry && flow.opensAt > clock.now() ? [flow.opensAt] : [])).sort(byTime)[0],
  };
}

const byTime = (a: Date, b: Date) => a.getTime() - b.getTime();

/** Sends or refreshes of a workspace: what they share of the pace. */
interface Flow {
  running: number;
  /** Claimed, and not yet given their slot: so many of the free ones are spoken for. */
  asking: number;
  hungry: boolean;
  readonly opensAt: Date;
  shares(scope: string): boolean;
  sleepUntil(at: Date): void;
  slots(engine: Engine, most: number): Promise<number>;
}

function createFlow(rules: readonly PaceRule[]): Flow {
  const scopes = new Set(rules.map((rule) => rule.scope));
  let opensAt = new Date(0);
  const flow: Flow = {
    running: 0,
    asking: 0,
    hungry: true,
    get opensAt() {
      return opensAt;
    },
    shares: (scope) => scopes.has(scope),
    sleepUntil: (at) => {
      if (at > opensAt) opensAt = at;
      flow.hungry = true;
    },
    slots: async (engine, most) => {
      const now = engine.work.clock.now();
      if (now < opensAt) return 0;
      const pace = await peekPace(engine.work.db, rules, most, now);
      if (pace.free === 0) flow.sleepUntil(pace.opensAt);
      return pace.free - flow.asking;
    },
  };
  return flow;
}

/**
 * Staggers what waits for one conversation, a slot for each, so that its hundredth message isn't asked after a hundred times: answers
 * among themselves, bulk likewise. Alerts wait for the very next slot.
 */
function createHolds(engine: Engine) {
  const last = new Map<string, number>();
  return {
    until: ({ scope, opensAt, everyMs }: Denial, row: Claimed): Date => {
      if (row.priority === 0) return opensAt;
      const now = engine.work.clock.now().getTime();
      if (last.size > 1_000) for (const [held, at] of last) if (at <= now) last.delete(held);
      const queue = `${row.priority} ${scope}`;
      const behind = last.get(queue) ?? 0;
      const at = Math.max(opensAt.getTime(), behind > now ? behind + everyMs : 0);
      last.set(queue, at);
      return new Date(at);
    },
  };
}
