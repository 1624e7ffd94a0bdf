import { CARD_LIMITS } from '../core/card.js';
import { inTransaction } from '../people/db.js';
import { addDays, atLocalTime, localDay, nextOpening } from '../people/hours.js';
import type { Organisation, Person } from '../people/model.js';
import { type Claimed, type Engine, inMs } from './model.js';

/** What a capped message may do now. */
export type CapVerdict =
  /** It goes out, and takes these along (none: by itself). They are claimed with its token and name it as their carrier. */
  | { readonly kind: 'go'; readonly passengers: readonly Claimed[] }
  /** The day is full: everything that is left waits for that opening. */
  | { readonly kind: 'wait'; readonly until: Date }
  /** Another message took it along meanwhile, or another worker has it. */
  | { readonly kind: 'taken' };

/** What one message can take along: a card has so many rows, and one is its own. */
export const MOST_PASSENGERS = CARD_LIMITS.rows - 1;

/**
 * Keeps the daily cap. In a person's local day at most `dailyCap` capped messages go out (alerts and answers are
 * never capped):
 *
 * - the first `dailyCap - 1` go out by themselves;
 * - the last one takes along what else is due for this person at that moment, merged into one message of up to
 *   seven lines; when nothing else is due it goes out as it is;
 * - what comes due later, or found no room, waits for the first opening of working hours on a later day, and then
 *   goes out merged with everything else that waited so, as one of that day's messages.
 *
 * A place in the day is taken here, before sending, under a lock of that person, so that two workers can't both take
 * the last one. It is kept over retries and given back when the message is dropped or given up.
 *
 * @param mayMerge false for a message without a line of its own: it goes out by itself even as the day's last one
 */
export async function takePlace(
  engine: Engine,
  organisation: Organisation,
  person: Person,
  row: Claimed,
  mayMerge: boolean,
): Promise<CapVerdict> {
  const now = engine.work.clock.now();
  const today = localDay(now, person.zone);
  const cap = Math.max(1, organisation.dailyCap);
  return await inTransaction(engine.work.db, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`delivery.cap:${person.id}`}, 0))`;
    const [day] = await tx.$queryRaw<{ used: number; mine: boolean }[]>`
      SELECT (
        SELECT count(*)::int FROM delivery d
        WHERE d."organisationId" = ${organisation.id}::uuid AND d."personId" = ${person.id}::uuid AND d."capDay" = ${today}::date
          AND d.id <> ${row.id}::uuid
      ) AS used,
      EXISTS (
        SELECT 1 FROM delivery d
        WHERE d."organisationId" = ${organisation.id}::uuid AND d.id = ${row.id}::uuid AND d.state = 'sending' AND d."claimedBy" = ${row.claimedBy}
          AND d."mergedIntoId" IS NULL
      ) AS mine`;
    if (!day?.mine) return { kind: 'taken' };
    if (day.used >= cap)
      return { kind: 'wait', until: nextOpening(atLocalTime(addDays(today, 1), 0, person.zone), person.zone, person.hours) };

    await tx.$executeRaw`
      UPDATE delivery SET "capDay" = ${today}::date
      WHERE "organisationId" = ${organisation.id}::uuid AND id = ${row.id}::uuid`;
    const last = day.used === cap - 1;
    if (!mayMerge || (!last && !row.overCap)) return { kind: 'go', passengers: [] };
    // Also what a worker has claimed but not begun to send: it finds its claim gone, and leaves it.
    const passengers = await tx.$queryRaw<Claimed[]>`
      WITH along AS MATERIALIZED (
        SELECT d."organisationId", d.id FROM delivery d
        WHERE d."organisationId" = ${organisation.id}::uuid AND d."personId" = ${person.id}::uuid AND d.capped AND d.id <> ${row.id}::uuid
          AND d."dueAt" <= ${now}::timestamptz AND d."attemptedAt" IS NULL AND d."mergedIntoId" IS NULL
          AND d."capDay" IS DISTINCT FROM ${today}::date
          AND (d.state = 'pending' OR d.state = 'sending')
          AND (${last} OR d."overCap")
        ORDER BY d."dueAt", d.id
        LIMIT ${MOST_PASSENGERS}
        FOR UPDATE SKIP LOCKED
      )
      UPDATE delivery d
      SET state = 'sending', "mergedIntoId" = ${row.id}::uuid, "claimedBy" = ${row.claimedBy},
          "leaseUntil" = ${inMs(engine.work.clock, engine.leaseMs)}::timestamptz, "refreshDueAt" = NULL, "heldUntil" = NULL
      FROM along
      WHERE d."organisationId" = along."organisationId" AND d.id = along.id
      RETURNING d.*`;
    return { kind: 'go', passengers: passengers.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1)) };
  });
}

/**
 * When a capped message may go out to this person at the earliest: now, or at the next opening of the working hours.
 * What would come too late by then (`expiresAt`) goes out now, since the event doesn't wait.
 * @returns undefined for now
 */
export function waitForHours(row: Pick<Claimed, 'expiresAt'>, person: Person, now: Date): Date | undefined {
  const opening = nextOpening(now, person.zone, person.hours);
  if (opening <= now || (row.expiresAt !== null && row.expiresAt <= opening)) return undefined;
  return opening;
}
