import type { Card } from '../../src/core/card.js';
import type { Clock } from '../../src/core/clock.js';
import type { Platform } from '../../src/core/interaction.js';
import type { Reader } from '../../src/core/text.js';
import { type Chat, ChatError, type Destination, type PaceRule, type Posted } from '../../src/delivery/port.js';

/** What the fake does with one send instead of taking it. */
export type Fault =
  | ChatError
  /** Done, but the answer is lost. */
  | 'answer_lost'
  /** Not done, and no answer either. */
  | 'request_lost';

export interface FakeMessage {
  readonly to: Destination;
  readonly deliveryId: string;
  readonly externalId: string;
  readonly at: Date;
  readonly reader: Reader;
  readonly shown: Card[];
}

export interface FakeChat extends Chat {
  readonly messages: readonly FakeMessage[];
  /** Who got how many messages. */
  countTo(externalId: string): number;
  /** The next sends (to this one, or to anybody) meet these faults, in this order. */
  fail(faults: readonly Fault[], to?: string): void;
  /** The next updates and look-ups meet these. */
  failUpdates(faults: readonly ChatError[]): void;
  failFinds(faults: readonly ChatError[]): void;
  /** Calls that came faster than the paces allow: must stay empty. */
  readonly tooFast: readonly string[];
  readonly finds: readonly string[];
  readonly updates: readonly { readonly externalId: string; readonly at: Date }[];
  /** Sends wait here until it is opened again. */
  readonly gate: { close(): void; open(): void; readonly waiting: number };
}

export interface FakeChatOptions {
  readonly platform: Platform;
  readonly clock: Clock;
  /** Default 1 a second in a conversation (3 at once), 20 a second in the workspace (5 at once). */
  readonly rules?: (to: Destination) => readonly PaceRule[];
  readonly updateRules?: (to: Destination) => readonly PaceRule[];
  /** Teams can't be asked what became of a message. */
  readonly canFind?: boolean;
}

/** A platform in memory that is as strict as its paces, and forgetful on demand. */
export function fakeChat({ platform, clock, rules = defaultRules, updateRules = () => [], canFind = true }: FakeChatOptions): FakeChat {
  const messages: FakeMessage[] = [];
  const faults: { to: string | undefined; fault: Fault }[] = [];
  const updateFaults: ChatError[] = [];
  const findFaults: ChatError[] = [];
  const updates: { externalId: string; at: Date }[] = [];
  const tooFast: string[] = [];
  const finds: string[] = [];
  const meter = createMeter(clock, tooFast);
  let opened: Promise<void> = Promise.resolve();
  let open = () => {};
  let waiting = 0;

  const take = (to: Destination): Fault | undefined => {
    const at = faults.findIndex((entry) => entry.to === undefined || entry.to === to.externalId);
    return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
  };

  return {
    platform,
    messages,
    tooFast,
    finds,
    updates,
    paces: rules,
    updatePaces: updateRules,
    countTo: (externalId) => messages.filter((message) => message.to.externalId === externalId).length,
    fail: (list, to) => void faults.push(...list.map((fault) => ({ to, fault }))),
    failUpdates: (list) => void updateFaults.push(...list),
    failFinds: (list) => void findFaults.push(...list),
    gate: {
      close: () => {
        opened = new Promise((resolve) => {
          open = resolve;
        });
      },
      open: () => open(),
      get waiting() {
        return waiting;
      },
    },
    send: async (to, card, reader, deliveryId): Promise<Posted> => {
      waiting += 1;
      await opened;
      waiting -= 1;
      const fault = take(to);
      if (fault instanceof ChatError) throw fault;
      if (fault === 'request_lost') throw new ChatError('uncertain', 'connection_lost');
      for (const rule of rules(to)) meter(rule);
      const message = { to, deliveryId, externalId: `${platform}-${messages.length + 1}`, at: clock.now(), reader, shown: [card] };
      messages.push(message);
      if (fault === 'answer_lost') throw new ChatError('uncertain', 'connection_lost');
      return { conversationId: `D-${to.externalId}`, externalId: message.externalId };
    },
    update: async ({ externalId, to }, card) => {
      const fault = updateFaults.shift();
      if (fault) throw fault;
      for (const rule of updateRules(to)) meter(rule);
      const message = messages.find((candidate) => candidate.externalId === externalId);
      if (!message) throw new ChatError('unreachable', 'message_not_found');
      message.shown.push(card);
      updates.push({ externalId, at: clock.now() });
    },
    find: async (to, deliveryId, since) => {
      finds.push(deliveryId);
      const fault = findFaults.shift();
      if (fault) throw fault;
      if (!canFind) return 'unknown';
      const message = messages.find((candidate) => candidate.deliveryId === deliveryId && candidate.at >= since);
      return message ? { conversationId: `D-${to.externalId}`, externalId: message.externalId } : 'absent';
    },
  };
}

function defaultRules(to: Destination): readonly PaceRule[] {
  return [
    { scope: `fake:${to.workspaceExternalId}:${to.externalId}`, count: 1, perMs: 1_000, burst: 3 },
    { scope: `fake:${to.workspaceExternalId}`, count: 20, perMs: 1_000, burst: 5 },
  ];
}

/** Counts each window on its own, otherwise than the engine does: at most count + burst - 1 calls in any `perMs`. */
function createMeter(clock: Clock, tooFast: string[]): (rule: PaceRule) => void {
  const calls = new Map<string, number[]>();
  return (rule) => {
    const now = clock.now().getTime();
    const recent = (calls.get(rule.scope) ?? []).filter((at) => at > now - rule.perMs);
    recent.push(now);
    calls.set(rule.scope, recent);
    if (recent.length > rule.count + (rule.burst ?? 1) - 1) tooFast.push(`${rule.scope} at ${now}`);
  };
}
