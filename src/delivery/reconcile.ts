import type { Organisation } from '../people/model.js';
import { callPlatform, toChatError } from './call.js';
import { backOffMs, type Claimed, type Engine, inMs, MAX_ATTEMPTS } from './model.js';
import { failed, giveBack, leaveUncertain, markDead, markDropped, markSent } from './outcome.js';
import { takePace, workspaceRule } from './pace.js';
import type { ChatError } from './port.js';
import { findTarget, markReached } from './target.js';
import { hasTriesLeft, pauseFor, pauseWorkspace } from './trouble.js';

/** The search begins so much before the attempt: a platform's clock may be behind ours. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** A message that can't be looked up is given up after so long: sending it again might double it. */
const LOOK_UP_FOR_MS = 24 * 3_600_000;

/**
 * Finds out what became of an attempt whose answer was lost, in a crash or on the way. It was sent: noted. It was
 * not: it goes out again. Where the platform can't be asked it goes out again too, and is counted as a possible repeat.
 */
export async function reconcile(engine: Engine, organisation: Organisation, row: Claimed): Promise<void> {
  const { clock, db, log } = engine.work;
  const found = await findTarget(engine, organisation, row, row.accountId);
  if ('none' in found) {
    // Nowhere to look it up, and nobody to send it to.
    await (found.none === 'person_left' ? markDropped(engine, row, found.none) : markDead(engine, row, 'uncertain', found.reason ?? null));
    return;
  }
  const { target } = found;
  const chat = engine.chats.get(target.platform);
  if (!chat) return;
  const rules = chat.updatePaces(target.destination);
  const pace = await takePace(db, [workspaceRule(target.workspaceId), ...rules], clock.now());
  if (!pace.granted) return void (await leaveUncertain(engine, row, 'paced', pace.opensAt));

  const attemptedAt = row.attemptedAt ?? clock.now();
  let error: ChatError;
  try {
    const since = new Date(attemptedAt.getTime() - CLOCKS_DIFFER_MS);
    const posted = await callPlatform(engine, () => chat.find(target.destination, row.id, since));
    if (posted === 'absent') {
      if (hasTriesLeft(row)) await giveBack(engine, row, { heldUntil: inMs(clock, backOffMs(row.attempts, engine.random)) });
      else await failed(engine, row, MAX_ATTEMPTS, 'platform_trouble', row.lastErrorDetail);
    } else if (posted === 'unknown') {
      if (!hasTriesLeft(row)) return void (await markDead(engine, row, 'uncertain', row.lastErrorDetail));
      await giveBack(engine, row, { possibleRepeat: true, heldUntil: inMs(clock, backOffMs(row.attempts, engine.random)) });
    } else {
      log.info({ deliveryId: row.id }, 'A message whose answer was lost had arrived.');
      engine.observer.delivery('found', target.platform, 0);
      await markSent(engine, row, posted);
      await markReached(engine, row.organisationId, target, posted.conversationId);
    }
    return;
  } catch (thrown) {
    error = toChatError(thrown);
  }
  if (error.code === 'rate_limited') return void (await leaveUncertain(engine, row, error.reason, await pauseFor(engine, rules, error)));
  if (error.code === 'unauthorised')
    return void (await leaveUncertain(engine, row, error.reason, await pauseWorkspace(engine, target, error)));
  const age = clock.now().getTime() - attemptedAt.getTime();
  const hopeless = error.code === 'invalid' || error.code === 'unreachable';
  if (hopeless || age > LOOK_UP_FOR_MS) return void (await markDead(engine, row, 'uncertain', error.reason));
  log.warn({ deliveryId: row.id, reason: error.reason, err: error.cause }, 'A message could not be looked up; it will be tried again.');
  // Ever later: an eighth of the time that has passed, between 3 s and 15 min.
  await leaveUncertain(engine, row, error.reason, inMs(clock, Math.min(15 * 60_000, Math.max(engine.leaseMs / 20, age / 8))));
}
