import { type Claimed, type Engine, inMs, MAX_ATTEMPTS, type Outcome } from './model.js';
import { failed, giveBack, leaveUncertain, markDead } from './outcome.js';
import { pausePace, workspaceRule } from './pace.js';
import type { ChatError, PaceRule } from './port.js';
import { markUnreachable, type Target } from './target.js';

/**
 * How long a workspace rests whose token or app is not accepted: at first a moment, since platforms refuse good tokens
 * now and then, and twice as long each time it is still refused afterwards.
 */
export const UNAUTHORISED_PAUSE_MS = { first: 5_000, longest: 5 * 60_000 } as const;

/** The rest that each workspace of an engine is in, or was in last. */
const rests = new WeakMap<Engine, Map<string, { readonly until: number; readonly ms: number }>>();

/** When a platform refuses for the pace without telling how long. */
const DEFAULT_RETRY_AFTER_MS = 5_000;

/** How long to wait before a lost answer is looked for: what is under way arrives meanwhile. As a share of the lease: 3 s of 60 s. */
const LOOK_UP_AFTER = 1 / 20;

/** A platform's refusal of a delivery that was tried, in deeds. */
export async function onChatError(
  engine: Engine,
  row: Claimed,
  target: Target,
  paces: readonly PaceRule[],
  error: ChatError,
): Promise<Outcome> {
  const { clock, log } = engine.work;
  switch (error.code) {
    case 'rate_limited': {
      const until = await pauseFor(engine, paces, error);
      await giveBack(engine, row, { heldUntil: until, uncount: true });
      return 'rate_limited';
    }
    case 'transient':
      return await failed(engine, row, row.attempts, 'platform_trouble', error.reason);
    case 'uncertain':
      log.warn(
        { deliveryId: row.id, reason: error.reason, err: error.cause },
        'A platform’s answer was lost: the message is looked up before it is sent again.',
      );
      await leaveUncertain(engine, row, error.reason, inMs(clock, engine.leaseMs * LOOK_UP_AFTER));
      return 'uncertain';
    case 'unreachable':
      await markUnreachable(engine, row.organisationId, target, error.reason);
      if (target.channel) {
        await markDead(engine, row, 'channel_unreachable', error.reason);
        return 'dead';
      }
      // The next claim finds the other account, or that there is none.
      await giveBack(engine, row, { uncount: true, error: { code: 'no_reachable_account', detail: error.reason } });
      return 'retry';
    case 'invalid':
      await markDead(engine, row, 'refused', error.reason);
      return 'dead';
    case 'unauthorised':
      await pauseWorkspace(engine, target, error);
      await giveBack(engine, row, { uncount: true, error: { code: 'unauthorised', detail: error.reason } });
      return 'retry';
  }
}

/** A platform's Retry-After, for the scope that it names or for all of the message's. @returns until when */
export async function pauseFor(engine: Engine, paces: readonly PaceRule[], error: ChatError): Promise<Date> {
  const { clock, db } = engine.work;
  const until = inMs(clock, error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
  await pausePace(db, error.scope ? [error.scope] : paces.map((rule) => rule.scope), until, clock.now());
  return until;
}

/** Nothing can be sent in this workspace: rest, and tell whoever operates the bot. */
export async function pauseWorkspace(engine: Engine, target: Target, error: ChatError): Promise<Date> {
  const { clock, db, log } = engine.work;
  const ms = restOf(engine, target.workspaceId, clock.now().getTime());
  const until = inMs(clock, ms);
  log.error(
    { workspaceId: target.workspaceId, platform: target.platform, reason: error.reason, restMs: ms },
    'The platform does not accept the bot’s token or app: check it. Nothing goes out in this workspace for a while.',
  );
  await pausePace(db, [workspaceRule(target.workspaceId).scope], until, clock.now());
  return until;
}

function restOf(engine: Engine, workspaceId: string, now: number): number {
  const known = rests.get(engine) ?? new Map<string, { readonly until: number; readonly ms: number }>();
  rests.set(engine, known);
  const last = known.get(workspaceId);
  // Several calls under way are refused together: that is one refusal.
  if (last && now < last.until) return last.ms;
  // Refused again soon after the rest, not at some other time.
  const again = last !== undefined && now - last.until <= last.ms + UNAUTHORISED_PAUSE_MS.first;
  const ms = again ? Math.min(UNAUTHORISED_PAUSE_MS.longest, last.ms * 2) : UNAUTHORISED_PAUSE_MS.first;
  known.set(workspaceId, { until: now + ms, ms });
  return ms;
}

/** Whether a delivery may be looked up or tried once more. */
export const hasTriesLeft = (row: Pick<Claimed, 'attempts'>): boolean => row.attempts < MAX_ATTEMPTS;
