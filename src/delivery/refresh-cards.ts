import type { Card } from '../core/card.js';
import { type Delivery, Prisma } from '../generated/prisma/client.js';
import { isDatabaseAway } from '../people/db.js';
import type { WorkContext } from '../people/handlers.js';
import type { Organisation } from '../people/model.js';
import { callPlatform, toChatError } from './call.js';
import { composeMerged, type Message, readMessage } from './compose.js';
import { REFRESH_EVERY_MS } from './enqueue.js';
import { backOffMs, type Engine, inMs, MAX_ATTEMPTS } from './model.js';
import { takePace, workspaceRule } from './pace.js';
import { ChatError } from './port.js';
import { findTarget } from './target.js';
import { pauseFor, pauseWorkspace } from './trouble.js';

/** The pace of a scope denied a slot. */
export type Denied = (scope: string, opensAt: Date) => void;

/** Composes a posted card again and replaces it. Never throws but for a database that is away. */
export async function refreshCard(engine: Engine, organisation: Organisation, row: Delivery, denied: Denied): Promise<void> {
  const { clock, log } = engine.work;
  try {
    await replace(engine, organisation, row, denied);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    log.error({ err: error, deliveryId: row.id, message: row.message }, 'A posted card could not be composed again.');
    await retry(engine, row, clock.now());
  }
}

async function replace(engine: Engine, organisation: Organisation, row: Delivery, denied: Denied): Promise<void> {
  const { clock, db } = engine.work;
  if (engine.stopping()) return await later(engine, row, clock.now());
  if (!row.conversationId || !row.externalId) return await giveUp(engine, row, 'not_posted');
  const found = await findTarget(engine, organisation, row, row.accountId);
  const chat = 'target' in found ? engine.chats.get(found.target.platform) : undefined;
  if ('none' in found || !chat) return await giveUp(engine, row, 'none' in found ? found.none : 'no_platform');
  const { target } = found;
  const messages = await messagesOf(engine, row);
  if (messages.length === 0) return await giveUp(engine, row, 'unreadable');

  const rules = chat.updatePaces(target.destination);
  const pace = await takePace(db, [workspaceRule(target.workspaceId), ...rules], clock.now());
  if (!pace.granted) {
    denied(pace.scope, pace.opensAt);
    return await later(engine, row, pace.opensAt);
  }
  const context: WorkContext = { ...engine.work, organisation };
  const card: Card = await composeMerged(context, messages);
  const posted = { conversationId: row.conversationId, externalId: row.externalId, to: target.destination };
  if (!(await isOurs(engine, row))) return;
  const started = performance.now();
  const error = await callPlatform(engine, () => chat.update(posted, card, target.reader)).catch(toChatError);
  if (!(error instanceof ChatError)) {
    engine.observer.delivery('refreshed', target.platform, performance.now() - started);
    return await done(engine, row);
  }
  switch (error.code) {
    case 'rate_limited':
      return await later(engine, row, await pauseFor(engine, rules, error));
    case 'unauthorised':
      return await later(engine, row, await pauseWorkspace(engine, target, error));
    case 'unreachable':
    case 'invalid':
      return await giveUp(engine, row, error.reason);
    // Replacing a card twice does no harm.
    case 'transient':
    case 'uncertain':
      return await retry(engine, row, clock.now(), error.reason);
  }
}

/** What a posted message shows: its own delivery, and those that went out inside it. */
async function messagesOf(engine: Engine, row: Delivery): Promise<Message[]> {
  const inside = await engine.work.db.delivery.findMany({
    where: { organisationId: row.organisationId, mergedIntoId: row.id, state: 'merged' },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
  });
  return [row, ...inside].map((part) => readMessage(engine, part)).filter((message) => 'spec' in message);
}

/**
 * Right before the card is sent: the pause until the next time begins here, and not at the claim, which a busy computer may
 * have left behind for seconds.
 * @returns false where another worker has claimed the card meanwhile, and composes it anew
 */
async function isOurs(engine: Engine, row: Delivery): Promise<boolean> {
  const { clock, db } = engine.work;
  const now = clock.now();
  const held = await db.$executeRaw`
    UPDATE delivery SET "refreshedAt" = ${now}::timestamptz,
      "refreshDueAt" = CASE WHEN "refreshDueAt" = ${row.refreshDueAt}::timestamptz THEN "refreshDueAt" ELSE ${notBefore(now)} END
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid AND "refreshedAt" = ${row.refreshedAt}::timestamptz`;
  return held > 0;
}

/** When what was wanted anew meanwhile is due, after an update at `now`. */
function notBefore(now: Date): Prisma.Sql {
  return Prisma.sql`GREATEST("refreshDueAt", ${inMs({ now: () => now }, REFRESH_EVERY_MS)}::timestamptz)`;
}

/** Shown as things stood when it was composed; a change that came meanwhile has moved the due time, and stays wanted. */
async function done(engine: Engine, row: Delivery): Promise<void> {
  const { clock, db } = engine.work;
  const now = clock.now();
  await db.$executeRaw`
    UPDATE delivery SET "refreshAttempts" = 0, "refreshedAt" = ${now}::timestamptz,
      "refreshDueAt" = CASE WHEN "refreshDueAt" = ${row.refreshDueAt}::timestamptz THEN NULL ELSE ${notBefore(now)} END
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid`;
}

async function later(engine: Engine, row: Delivery, at: Date): Promise<void> {
  await engine.work.db.$executeRaw`
    UPDATE delivery SET "refreshDueAt" = ${at}::timestamptz
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid AND state = 'sent'`;
}

async function retry(engine: Engine, row: Delivery, now: Date, reason?: string): Promise<void> {
  const tries = row.refreshAttempts + 1;
  if (tries >= MAX_ATTEMPTS) return await giveUp(engine, row, reason ?? 'compose_failed');
  const at = inMs({ now: () => now }, backOffMs(tries, engine.random));
  await engine.work.db.$executeRaw`
    UPDATE delivery SET "refreshDueAt" = ${at}::timestamptz, "refreshAttempts" = ${tries}
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid AND state = 'sent'`;
}

/** The card stays as it is: deleted, or out of reach. The next change tries again. */
async function giveUp(engine: Engine, row: Delivery, reason: string): Promise<void> {
  engine.work.log.warn({ deliveryId: row.id, reason }, 'A posted card can’t be brought up to date.');
  await engine.work.db.$executeRaw`
    UPDATE delivery SET "refreshDueAt" = NULL, "refreshAttempts" = 0
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid`;
}
