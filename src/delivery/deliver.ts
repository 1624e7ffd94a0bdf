import type { Card } from '../core/card.js';
import { isDatabaseAway } from '../people/db.js';
import type { WorkContext } from '../people/handlers.js';
import type { Organisation } from '../people/model.js';
import { callPlatform, toChatError } from './call.js';
import { takePlace, waitForHours } from './cap.js';
import { composeMerged, composeOne, guard, type Message, readMessage } from './compose.js';
import type { Claimed, Engine } from './model.js';
import { failed, giveBack, markAttempted, markDead, markDropped, markSent } from './outcome.js';
import { type Denial, takePace, workspaceRule } from './pace.js';
import { type Chat, ChatError } from './port.js';
import { findTarget, markReached, type Target } from './target.js';
import { onChatError } from './trouble.js';

/** What a lane gives to its deliveries. */
export interface LaneHands {
  /** Ends when those before it in the order have asked for their pace: alerts stay before bulk. */
  readonly turn: Promise<void>;
  /** This one has asked for its pace, or doesn't go out now. */
  readonly passed: () => void;
  /** The pace denied a slot. Returns the instant to hold the delivery until; undefined when the whole lane waits instead. */
  readonly denied: (denial: Denial, row: Claimed) => Date | undefined;
  /** The platform couldn't be reached, or could. */
  readonly reached: (ok: boolean) => void;
}

/**
 * Brings one claimed delivery to its end, or gives it back to wait: expiry, target, working hours, guard, pace, cap,
 * card, and then the one call. Never throws: what goes wrong is noted with the delivery.
 */
export async function deliver(engine: Engine, organisation: Organisation, row: Claimed, hands: LaneHands): Promise<void> {
  const context: WorkContext = { ...engine.work, organisation };
  try {
    const ready = await prepare(engine, context, row);
    await hands.turn;
    if (ready) await goOut(engine, context, row, ready, hands);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    engine.work.log.error({ err: error, deliveryId: row.id, message: row.message }, 'A delivery could not be composed.');
    await failed(engine, row, row.attempts + 1, 'compose_failed', nameOf(error), { count: true });
  } finally {
    hands.passed();
  }
}

interface Ready {
  readonly message: Message;
  readonly target: Target;
  readonly chat: Chat;
}

/** Everything that is asked before a message takes its place in the pace; undefined when it doesn't go out now. */
async function prepare(engine: Engine, context: WorkContext, row: Claimed): Promise<Ready | undefined> {
  const now = engine.work.clock.now();
  const stop = async (settled: Promise<unknown>): Promise<undefined> => {
    await settled;
    return undefined;
  };
  if (engine.stopping()) return await stop(giveBack(engine, row));
  if (row.expiresAt && row.expiresAt <= now) return await stop(markDropped(engine, row, 'expired'));
  const message = readMessage(engine, row);
  if ('trouble' in message) return await stop(markDead(engine, row, message.trouble, message.detail));
  const found = await findTarget(engine, context.organisation, row);
  if ('none' in found) {
    if (found.none === 'person_left') return await stop(markDropped(engine, row, found.none));
    // What is no longer wanted is no trouble to anybody.
    const code = await guard(context, message);
    return await stop(code === null ? markDead(engine, row, found.none, found.reason ?? null) : markDropped(engine, row, code));
  }
  const { target } = found;
  const chat = engine.chats.get(target.platform);
  // The person's best account is another one by now: that workspace's pace counts.
  if (!chat || target.workspaceId !== row.workspaceId) return await stop(giveBack(engine, row, { workspaceId: target.workspaceId }));
  if (row.capped && !row.anyHour && target.person) {
    const opening = waitForHours(row, target.person, now);
    if (opening) {
      engine.observer.delivery('waits', target.platform, 0);
      return await stop(giveBack(engine, row, { dueAt: opening }));
    }
  }
  const code = await guard(context, message);
  if (code !== null) {
    engine.observer.delivery('dropped', target.platform, 0);
    return await stop(markDropped(engine, row, code));
  }
  return { message, target, chat };
}

async function goOut(
  engine: Engine,
  context: WorkContext,
  row: Claimed,
  { message, target, chat }: Ready,
  hands: LaneHands,
): Promise<void> {
  if (engine.stopping()) return void (await giveBack(engine, row));
  const rules = [workspaceRule(target.workspaceId), ...chat.paces(target.destination)];
  const pace = await takePace(engine.work.db, rules, engine.work.clock.now());
  hands.passed();
  if (!pace.granted) return void (await giveBack(engine, row, { heldUntil: hands.denied(pace, row) }));

  const card =
    row.capped && target.person ? await composeCapped(engine, context, row, message, target) : await composeOne(context, message);
  if (!card || !(await markAttempted(engine, row, { workspaceId: target.workspaceId, accountId: target.account?.id ?? null }))) return;
  await call(engine, row, target, chat, card, hands);
}

/** Takes a place in the person's day; undefined when there is none, or another message took this one along. */
async function composeCapped(
  engine: Engine,
  context: WorkContext,
  row: Claimed,
  message: Message,
  target: Target,
): Promise<Card | undefined> {
  if (!target.person) return await composeOne(context, message);
  const place = await takePlace(engine, context.organisation, target.person, row, message.spec.line !== undefined);
  if (place.kind === 'taken') return undefined;
  if (place.kind === 'wait') {
    engine.observer.delivery('waits', target.platform, 0);
    // The event would be over by then.
    if (row.expiresAt && row.expiresAt <= place.until) await markDropped(engine, row, 'expired');
    else await giveBack(engine, row, { dueAt: place.until, overCap: true });
    return undefined;
  }
  const along: Message[] = [];
  for (const passenger of place.passengers) {
    const read = await readPassenger(engine, context, passenger);
    if (read) along.push(read);
  }
  return await composeMerged(context, [message, ...along]);
}

/** A message that goes out inside another one, unless it no longer may; then it comes to its own end. */
async function readPassenger(engine: Engine, context: WorkContext, row: Claimed): Promise<Message | undefined> {
  const now = engine.work.clock.now();
  const message = readMessage(engine, row);
  if ('trouble' in message) await markDead(engine, row, message.trouble, message.detail);
  else if (row.expiresAt && row.expiresAt <= now) await markDropped(engine, row, 'expired');
  else if (!message.spec.line) await giveBackAlone(engine, row);
  else {
    const code = await guard(context, message);
    if (code === null) return message;
    await markDropped(engine, row, code);
  }
  return undefined;
}

/** A passenger that has no line: it waits for a place of its own. */
async function giveBackAlone(engine: Engine, row: Claimed): Promise<void> {
  engine.work.log.error(
    { deliveryId: row.id, message: row.message },
    'A message that counts to the daily cap has no line to be merged by.',
  );
  await engine.work.db.$executeRaw`
    UPDATE delivery SET state = 'pending', "mergedIntoId" = NULL, "claimedBy" = NULL, "leaseUntil" = NULL
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid AND state = 'sending' AND "claimedBy" = ${row.claimedBy}`;
}

/** The one call. From here on a crash leaves a delivery that may have arrived. */
async function call(engine: Engine, row: Claimed, target: Target, chat: Chat, card: Card, hands: LaneHands): Promise<void> {
  const attempted: Claimed = { ...row, attempts: row.attempts + 1, accountId: target.account?.id ?? null };
  const started = performance.now();
  const posted = await callPlatform(engine, () => chat.send(target.destination, card, target.reader, row.id)).catch(toChatError);
  const took = performance.now() - started;
  if (!(posted instanceof ChatError)) {
    hands.reached(true);
    engine.observer.delivery('sent', target.platform, took);
    await markSent(engine, attempted, posted);
    await markReached(engine, row.organisationId, target, posted.conversationId);
    return;
  }
  hands.reached(posted.code !== 'transient' && posted.code !== 'uncertain');
  engine.observer.delivery(await onChatError(engine, attempted, target, chat.paces(target.destination), posted), target.platform, took);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
