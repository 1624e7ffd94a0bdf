import { randomUUID } from 'node:crypto';
import type { Platform } from '../core/interaction.js';
import { type Delivery, Prisma } from '../generated/prisma/client.js';
import { type Claimed, type Engine, inMs } from './model.js';

/** A workspace with its deliveries, which share a pace: nothing of one waits for another's. */
export interface LaneKey {
  readonly organisationId: string;
  readonly id: string;
  readonly platform: Platform;
  readonly externalId: string;
}

/** A token that no other claim has, of this process or another. */
export function claimToken(engine: Engine): string {
  return `${engine.processId}/${randomUUID().slice(0, 13)}`;
}

/**
 * Gives deliveries that came due their workspace: that of the person's best account, or the channel's.
 * @returns how many got one, and those that can't have one, claimed
 */
export async function routeDue(engine: Engine, most: number): Promise<{ readonly routed: number; readonly unroutable: Claimed[] }> {
  const now = engine.work.clock.now();
  const token = claimToken(engine);
  const rows = await engine.work.db.$queryRaw<Claimed[]>`
    WITH due AS MATERIALIZED (
      SELECT d."organisationId", d.id, d."personId", d."channelId" FROM delivery d
      WHERE d.state = 'pending' AND d."workspaceId" IS NULL AND d."dueAt" <= ${now}::timestamptz
        AND (d."heldUntil" IS NULL OR d."heldUntil" <= ${now}::timestamptz)
      ORDER BY d.priority, d."dueAt", d.id
      LIMIT ${most}
      FOR UPDATE SKIP LOCKED
    ), route AS (
      SELECT due."organisationId", due.id, COALESCE(account."workspaceId", channel."workspaceId") AS "workspaceId"
      FROM due
      LEFT JOIN LATERAL (
        SELECT a."workspaceId" FROM account a
        JOIN workspace w ON w."organisationId" = a."organisationId" AND w.id = a."workspaceId"
        WHERE a."organisationId" = due."organisationId" AND a."personId" = due."personId" AND a.status = 'active'
          AND w."removedAt" IS NULL AND w.platform = ANY (${platforms(engine)})
        ORDER BY a."unreachableReason" IS NOT NULL, a."lastUsedAt" DESC NULLS LAST, a.id
        LIMIT 1
      ) account ON true
      LEFT JOIN LATERAL (
        SELECT c."workspaceId" FROM channel c
        JOIN workspace w ON w."organisationId" = c."organisationId" AND w.id = c."workspaceId"
        WHERE c."organisationId" = due."organisationId" AND c.id = due."channelId"
          AND w."removedAt" IS NULL AND w.platform = ANY (${platforms(engine)})
      ) channel ON true
    )
    UPDATE delivery d
    SET "workspaceId" = r."workspaceId",
        state = CASE WHEN r."workspaceId" IS NULL THEN 'sending'::"DeliveryState" ELSE d.state END,
        "claimedBy" = CASE WHEN r."workspaceId" IS NULL THEN ${token} END,
        "leaseUntil" = CASE WHEN r."workspaceId" IS NULL THEN ${inMs(engine.work.clock, engine.leaseMs)}::timestamptz END,
        "attemptedAt" = NULL
    FROM route r
    WHERE d."organisationId" = r."organisationId" AND d.id = r.id
    RETURNING d.*`;
  const unroutable = rows.filter((row) => row.workspaceId === null);
  return { routed: rows.length - unroutable.length, unroutable };
}

/** The workspaces with something to send or to refresh now. */
export async function lanesWithWork(engine: Engine): Promise<LaneKey[]> {
  const now = engine.work.clock.now();
  return await engine.work.db.$queryRaw<LaneKey[]>`
    SELECT w."organisationId", w.id, w.platform, w."externalId" FROM workspace w
    WHERE w."removedAt" IS NULL AND w.platform = ANY (${platforms(engine)}) AND (
      EXISTS (
        SELECT 1 FROM delivery d
        WHERE d.state = 'pending' AND d."workspaceId" = w.id AND d."organisationId" = w."organisationId"
          AND d."dueAt" <= ${now}::timestamptz AND (d."heldUntil" IS NULL OR d."heldUntil" <= ${now}::timestamptz)
      ) OR EXISTS (
        SELECT 1 FROM delivery d
        WHERE d.state = 'sent' AND d."workspaceId" = w.id AND d."organisationId" = w."organisationId"
          AND d."refreshDueAt" <= ${now}::timestamptz
      )
    )
    ORDER BY w.id`;
}

/**
 * Claims what is due in one workspace, alerts first, the longest due next; each row for one worker only.
 * @param lowest the lowest priority to take: 0 for alerts only, 2 for everything
 */
export async function claimDue(engine: Engine, lane: LaneKey, most: number, lowest: number): Promise<Claimed[]> {
  const now = engine.work.clock.now();
  const rows = await engine.work.db.$queryRaw<Claimed[]>`
    WITH due AS MATERIALIZED (
      SELECT d."organisationId", d.id FROM delivery d
      WHERE d.state = 'pending' AND d."workspaceId" = ${lane.id}::uuid AND d."organisationId" = ${lane.organisationId}::uuid
        AND d.priority <= ${lowest} AND d."dueAt" <= ${now}::timestamptz AND (d."heldUntil" IS NULL OR d."heldUntil" <= ${now}::timestamptz)
      ORDER BY d.priority, d."dueAt", d.id
      LIMIT ${most}
      FOR UPDATE SKIP LOCKED
    )
    -- What is composed from now on shows every change so far: a refresh that was asked for has nothing left to do.
    UPDATE delivery d
    SET state = 'sending', "claimedBy" = ${claimToken(engine)}, "leaseUntil" = ${inMs(engine.work.clock, engine.leaseMs)}::timestamptz,
        "attemptedAt" = NULL, "heldUntil" = NULL, "refreshDueAt" = NULL
    FROM due
    WHERE d."organisationId" = due."organisationId" AND d.id = due.id
    RETURNING d.*`;
  return rows.sort((a, b) => a.priority - b.priority || a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1));
}

/**
 * Takes over what a process left behind. What it had not attempted simply waits again; what it had attempted
 * is returned, claimed anew, to be looked up.
 */
export async function takeOverExpired(engine: Engine, most: number): Promise<{ readonly given: number; readonly attempted: Claimed[] }> {
  const { db, clock } = engine.work;
  const now = clock.now();
  const given = await db.$executeRaw`
    WITH expired AS MATERIALIZED (
      SELECT d."organisationId", d.id FROM delivery d
      WHERE d.state = 'sending' AND d."leaseUntil" <= ${now}::timestamptz AND d."attemptedAt" IS NULL
        AND NOT EXISTS (
          -- Those that go out inside another message follow its fate.
          SELECT 1 FROM delivery c
          WHERE c."organisationId" = d."organisationId" AND c.id = d."mergedIntoId" AND c.state = 'sending')
      ORDER BY d."leaseUntil"
      LIMIT ${most}
      FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE delivery d SET state = 'pending', "claimedBy" = NULL, "leaseUntil" = NULL, "mergedIntoId" = NULL
    FROM expired e
    WHERE d."organisationId" = e."organisationId" AND d.id = e.id`;
  const attempted = await db.$queryRaw<Claimed[]>`
    WITH expired AS MATERIALIZED (
      SELECT d."organisationId", d.id FROM delivery d
      WHERE d.state = 'sending' AND d."leaseUntil" <= ${now}::timestamptz AND d."attemptedAt" IS NOT NULL
      ORDER BY d."leaseUntil"
      LIMIT ${most}
      FOR UPDATE SKIP LOCKED
    )
    UPDATE delivery d SET "claimedBy" = ${claimToken(engine)}, "leaseUntil" = ${inMs(clock, engine.leaseMs)}::timestamptz
    FROM expired e
    WHERE d."organisationId" = e."organisationId" AND d.id = e.id
    RETURNING d.*`;
  return { given, attempted };
}

/**
 * Claims posted cards that are to be composed again. The due time itself is the lease: it is moved ahead, and
 * a change that comes meanwhile moves it back.
 */
export async function claimRefreshes(engine: Engine, lane: LaneKey, most: number): Promise<Delivery[]> {
  const now = engine.work.clock.now();
  return await engine.work.db.$queryRaw<Delivery[]>`
    WITH due AS MATERIALIZED (
      SELECT d."organisationId", d.id FROM delivery d
      WHERE d.state = 'sent' AND d."workspaceId" = ${lane.id}::uuid AND d."organisationId" = ${lane.organisationId}::uuid
        AND d."refreshDueAt" <= ${now}::timestamptz
      -- A shared card before the thousand that each one person sees.
      ORDER BY d.priority, d."refreshDueAt"
      LIMIT ${most}
      FOR UPDATE SKIP LOCKED
    )
    UPDATE delivery d SET "refreshDueAt" = ${inMs(engine.work.clock, engine.leaseMs)}::timestamptz, "refreshedAt" = ${now}::timestamptz
    FROM due
    WHERE d."organisationId" = due."organisationId" AND d.id = due.id
    RETURNING d.*`;
}

function platforms(engine: Engine): Prisma.Sql {
  return Prisma.sql`${[...engine.chats.keys()]}::"Platform"[]`;
}
