import { Prisma } from '../generated/prisma/client.js';
import { isDatabaseAway, retryOnConflict } from '../people/db.js';
import { refreshAt } from './enqueue.js';
import { backOffMs, type Claimed, type Engine, inMs, MAX_ATTEMPTS } from './model.js';
import type { Posted } from './port.js';

/**
 * Writes down what became of a claimed delivery. Every write names the claim: one that was taken over
 * meanwhile is left to its new holder, and false is returned. What was to go out inside it follows its fate.
 */
export async function markSent(engine: Engine, row: Claimed, posted: Posted): Promise<boolean> {
  const now = engine.work.clock.now();
  return await settle(engine, row, {
    carrier: Prisma.sql`state = 'sent', "sentAt" = ${now}, "settledAt" = ${now}, "conversationId" = ${posted.conversationId},
      "externalId" = ${posted.externalId}, "lastError" = NULL, "lastErrorDetail" = NULL`,
    passengers: Prisma.sql`state = 'merged', "settledAt" = ${now}`,
  });
}

/** It is no longer true or wanted. @param code why: the guard's, `expired` or `person_left` */
export async function markDropped(engine: Engine, row: Claimed, code: string): Promise<boolean> {
  return await settle(engine, row, {
    carrier: Prisma.sql`state = 'dropped', "settledAt" = ${engine.work.clock.now()}, "lastError" = ${code}, "lastErrorDetail" = NULL, "capDay" = NULL`,
    passengers: GIVE_BACK,
  });
}

/**
 * It is given up: a manager sees it and can send it again.
 * @param code a key of delivery.trouble
 * @param tries failed ones, where the last was not counted yet
 */
export async function markDead(engine: Engine, row: Claimed, code: string, detail: string | null, tries = row.attempts): Promise<boolean> {
  engine.work.log.warn({ deliveryId: row.id, message: row.message, code, detail, attempts: tries }, 'A delivery was given up.');
  return await settle(engine, row, {
    carrier: Prisma.sql`state = 'dead', "settledAt" = ${engine.work.clock.now()}, "lastError" = ${code}, "lastErrorDetail" = ${detail},
      attempts = GREATEST(attempts, ${tries}), "capDay" = NULL`,
    passengers: GIVE_BACK,
  });
}

/** What a delivery that waits again is given. */
export interface Waiting {
  /** Not before this instant. */
  readonly heldUntil?: Date;
  /** A later due time: the next opening. */
  readonly dueAt?: Date;
  /** Its day's cap was reached. */
  readonly overCap?: boolean;
  /** Another workspace is to send it. */
  readonly workspaceId?: string;
  /** The try that was counted at its beginning wasn't one. */
  readonly uncount?: boolean;
  /** A failed try that had not come to the platform yet. */
  readonly count?: boolean;
  readonly possibleRepeat?: boolean;
  readonly error?: { readonly code: string; readonly detail: string | null };
}

/** Gives it back to wait. Its place in the person's day is given back too, unless it waits only for its next try. */
export async function giveBack(engine: Engine, row: Claimed, waiting: Waiting = {}): Promise<boolean> {
  return await settle(engine, row, {
    carrier: Prisma.sql`state = 'pending', "attemptedAt" = NULL, "heldUntil" = ${waiting.heldUntil ?? null}::timestamptz,
      attempts = attempts + ${(waiting.count ? 1 : 0) - (waiting.uncount ? 1 : 0)},
      "possibleRepeats" = "possibleRepeats" + ${waiting.possibleRepeat ? 1 : 0},
      "dueAt" = COALESCE(${waiting.dueAt ?? null}::timestamptz, "dueAt"),
      "capDay" = CASE WHEN ${waiting.dueAt !== undefined} THEN NULL ELSE "capDay" END,
      "overCap" = "overCap" OR ${waiting.overCap ?? false},
      "workspaceId" = COALESCE(${waiting.workspaceId ?? null}::uuid, "workspaceId"),
      "lastError" = COALESCE(${waiting.error?.code ?? null}, "lastError"), "lastErrorDetail" = COALESCE(${waiting.error?.detail ?? null}, "lastErrorDetail")`,
    passengers: GIVE_BACK,
  });
}

/**
 * A failed try: waits longer each time, and is given up after the last one.
 * @param tries failed ones so far, this one included
 */
export async function failed(
  engine: Engine,
  row: Claimed,
  tries: number,
  code: string,
  detail: string | null,
  waiting: Waiting = {},
): Promise<'retry' | 'dead'> {
  if (tries >= MAX_ATTEMPTS) {
    await markDead(engine, row, code, detail, tries);
    return 'dead';
  }
  await giveBack(engine, row, { ...waiting, heldUntil: inMs(engine.work.clock, backOffMs(tries, engine.random)), error: { code, detail } });
  return 'retry';
}

/** Its answer was lost: it stays claimed for a moment, by nobody, and is looked up before anything else. */
export async function leaveUncertain(engine: Engine, row: Claimed, detail: string, until: Date): Promise<boolean> {
  const changed = await engine.work.db.$executeRaw`
    UPDATE delivery SET "leaseUntil" = ${until}::timestamptz, "lastError" = 'uncertain', "lastErrorDetail" = ${detail}
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid AND state = 'sending' AND "claimedBy" = ${row.claimedBy}`;
  return changed === 1;
}

/** Just before the platform is called, and only then: what has this mark may have arrived. False: the claim is lost, call nothing. */
export async function markAttempted(
  engine: Engine,
  row: Claimed,
  route: { readonly workspaceId: string; readonly accountId: string | null },
): Promise<boolean> {
  const { clock, db } = engine.work;
  const changed = await db.$executeRaw`
    UPDATE delivery
    SET "attemptedAt" = ${clock.now()}::timestamptz, attempts = attempts + 1, "leaseUntil" = ${inMs(clock, engine.leaseMs)}::timestamptz,
        "workspaceId" = ${route.workspaceId}::uuid, "accountId" = ${route.accountId}::uuid
    WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid AND state = 'sending' AND "claimedBy" = ${row.claimedBy}`;
  return changed === 1;
}

const GIVE_BACK = Prisma.sql`state = 'pending', "mergedIntoId" = NULL`;

/** One statement, so that a crash leaves nothing half told: the delivery, its passengers, and the card that counts them. */
async function settle(
  engine: Engine,
  row: Claimed,
  change: { readonly carrier: Prisma.Sql; readonly passengers: Prisma.Sql },
): Promise<boolean> {
  const now = engine.work.clock.now();
  const statement = Prisma.sql`
    WITH carrier AS (
      UPDATE delivery SET ${change.carrier}, "claimedBy" = NULL, "leaseUntil" = NULL
      WHERE "organisationId" = ${row.organisationId}::uuid AND id = ${row.id}::uuid AND state = 'sending' AND "claimedBy" = ${row.claimedBy}
      RETURNING "organisationId", id, state, "progressOf"
    ), passengers AS (
      UPDATE delivery d SET ${change.passengers}, "claimedBy" = NULL, "leaseUntil" = NULL
      FROM carrier c
      WHERE d."organisationId" = c."organisationId" AND d."mergedIntoId" = c.id AND d.state = 'sending'
      RETURNING d."organisationId", d.state, d."progressOf"
    ), counted AS (
      SELECT DISTINCT s."organisationId", s."progressOf"
      FROM (SELECT "organisationId", state, "progressOf" FROM carrier UNION ALL SELECT "organisationId", state, "progressOf" FROM passengers) s
      WHERE s.state <> 'pending' AND s."progressOf" IS NOT NULL
    ), told AS (
      UPDATE delivery d SET "refreshDueAt" = ${refreshAt(now)}
      FROM counted c
      WHERE d."organisationId" = c."organisationId" AND d."subjectKey" = c."progressOf" AND d.state IN ('pending', 'sending', 'sent')
        AND d."refreshDueAt" IS DISTINCT FROM ${refreshAt(now)}
      RETURNING 1
    )
    SELECT count(*)::int AS settled FROM carrier`;
  const [result] = await persist(engine, () => engine.work.db.$queryRaw<{ settled: number }[]>(statement));
  if (result?.settled === 1) return true;
  engine.work.log.info({ deliveryId: row.id }, 'A delivery was taken over before its outcome was noted.');
  return false;
}

/** What has happened must be noted: while the database is away it is tried again, as long as the claim lasts. */
export async function persist<T>(engine: Pick<Engine, 'leaseMs'>, write: () => Promise<T>): Promise<T> {
  const tries = 6;
  for (let attempt = 1; ; attempt++) {
    try {
      return await retryOnConflict(write);
    } catch (error) {
      if (attempt >= tries || !isDatabaseAway(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, (engine.leaseMs / 60) * attempt));
    }
  }
}
