import type { RefPayload } from '../core/ref.js';
import { Prisma } from '../generated/prisma/client.js';
import type { Tx } from '../people/db.js';
import { newId } from '../people/ids.js';
import { DELIVERY_CHANNEL, wakeWorkers } from './wake.js';

/** `alert`: at once, aside from every cap. `answer`: to somebody's act. `bulk`: everything that can wait for the others. */
export type Priority = 'alert' | 'answer' | 'bulk';

/** A message to go out: what, to whom, when. It is stored as keys and rendered at sending. */
export interface NewDelivery {
  readonly organisationId: string;
  /** What, whom, stage: unique in the organisation, so that enqueueing again is harmless. */
  readonly subjectKey: string;
  /** Id of a MessageSpec of the registry, and what its schema reads. */
  readonly message: string;
  readonly payload: RefPayload;
  readonly to: { readonly personId: string } | { readonly channelId: string };
  readonly priority: Priority;
  /** Bot-started: counts to the person's daily cap, waits for working hours and may be merged. Its MessageSpec has `line`. */
  readonly capped?: boolean;
  /** A capped message that does not wait for working hours: a manager has just asked for it to go. */
  readonly anyHour?: boolean;
  readonly dueAt: Date;
  /** Never sent after this instant: the event it is about has passed. */
  readonly expiresAt?: Date;
  /** Subject key of a shared card that counts such deliveries: it is refreshed as they go out, at most once in 3 s. */
  readonly progressOf?: string;
}

/** A posted card is composed again at most once in so many milliseconds. */
export const REFRESH_EVERY_MS = 3_000;

/** Rows of one statement: what keeps a publication to thousands within memory and PostgreSQL's message sizes. */
const ROWS_PER_STATEMENT = 5_000;

const PRIORITY: Readonly<Record<Priority, number>> = { alert: 0, answer: 1, bulk: 2 };

/**
 * Puts one message on its way, in the transaction of the change that it tells of. Harmless when the subject key is there already.
 * @param now the present instant, of the Clock
 */
export async function enqueue(tx: Tx, delivery: NewDelivery, now: Date): Promise<void> {
  await enqueueMany(tx, [delivery], now);
}

/**
 * Puts many messages on their way: one statement for every 5,000.
 * @returns how many were new; the others' subject keys were there already
 */
export async function enqueueMany(tx: Tx, deliveries: readonly NewDelivery[], now: Date): Promise<number> {
  const added = await insert(tx, deliveries, 'pending', now);
  if (added > 0 && deliveries.some((delivery) => delivery.dueAt <= now)) await wakeWorkers(tx, DELIVERY_CHANNEL);
  return added;
}

/**
 * Records stages that were overtaken before they went out, so that they never will. One that is still waiting is
 * taken back; one that went out stays as it is.
 */
export async function skip(tx: Tx, skipped: readonly Omit<NewDelivery, 'dueAt'>[], now: Date): Promise<void> {
  const due = skipped.map((delivery) => ({ ...delivery, dueAt: now }));
  await insert(tx, due, 'skipped', now);
  for (const [organisationId, subjectKeys] of byOrganisation(skipped)) {
    await tx.$executeRaw`
      UPDATE delivery SET state = 'skipped', "settledAt" = ${now}
      WHERE "organisationId" = ${organisationId}::uuid AND "subjectKey" = ANY (${subjectKeys}) AND state = 'pending'`;
  }
}

/**
 * Has posted cards composed again, as things stand then: each at most once in 3 s, however often it is asked for. The
 * workers find them when they look next, within a second: of two commits that wake them one has to wait for the other.
 * A message that is still to be posted needs nothing; one that went out inside another refreshes that one.
 * @returns whether there are any such cards, and something was written
 */
export async function refresh(tx: Tx, organisationId: string, subjectKeys: readonly string[], now: Date): Promise<boolean> {
  if (subjectKeys.length === 0) return false;
  // Pending rows are noted too: locked until this commits, they can't be claimed and composed without this change.
  const noted = await tx.$executeRaw`
    WITH wanted AS MATERIALIZED (
      SELECT d."organisationId", d.id FROM delivery d
      WHERE d."organisationId" = ${organisationId}::uuid
        AND d.id IN (
          SELECT COALESCE(k."mergedIntoId", k.id) FROM delivery k
          WHERE k."organisationId" = ${organisationId}::uuid AND k."subjectKey" = ANY (${[...subjectKeys]})
        )
      ORDER BY d.id
      FOR UPDATE
    )
    UPDATE delivery d SET "refreshDueAt" = ${refreshAt(now)}
    FROM wanted w
    WHERE d."organisationId" = w."organisationId" AND d.id = w.id AND d.state IN ('pending', 'sending', 'sent')`;
  return noted > 0;
}

/** When a card `d` that was wanted anew at `now` may be composed again. */
export function refreshAt(now: Date): Prisma.Sql {
  return Prisma.sql`LEAST(d."refreshDueAt", GREATEST(${now}::timestamptz, d."refreshedAt" + ${REFRESH_EVERY_MS} * interval '1 millisecond'))`;
}

async function insert(tx: Tx, deliveries: readonly NewDelivery[], state: 'pending' | 'skipped', now: Date): Promise<number> {
  let added = 0;
  for (let from = 0; from < deliveries.length; from += ROWS_PER_STATEMENT) {
    const rows = deliveries.slice(from, from + ROWS_PER_STATEMENT).map((delivery) => ({
      organisationId: delivery.organisationId,
      id: newId(now),
      subjectKey: delivery.subjectKey,
      message: delivery.message,
      payload: delivery.payload,
      priority: PRIORITY[delivery.priority],
      capped: delivery.capped ?? false,
      anyHour: delivery.anyHour ?? false,
      personId: 'personId' in delivery.to ? delivery.to.personId : null,
      channelId: 'channelId' in delivery.to ? delivery.to.channelId : null,
      dueAt: delivery.dueAt,
      expiresAt: delivery.expiresAt ?? null,
      progressOf: delivery.progressOf ?? null,
    }));
    added += await tx.$executeRaw`
      INSERT INTO delivery ("organisationId", id, "subjectKey", message, payload, priority, capped, "anyHour", "personId", "channelId",
                            state, "dueAt", "expiresAt", "progressOf", "createdAt", "settledAt")
      SELECT r."organisationId", r.id, r."subjectKey", r.message, r.payload, r.priority, r.capped, r."anyHour", r."personId", r."channelId",
             ${state}::"DeliveryState", r."dueAt", r."expiresAt", r."progressOf", ${now}::timestamptz, ${state === 'skipped' ? now : null}::timestamptz
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
        "organisationId" uuid, id uuid, "subjectKey" text, message text, payload jsonb, priority smallint, capped boolean, "anyHour" boolean,
        "personId" uuid, "channelId" uuid, "dueAt" timestamptz, "expiresAt" timestamptz, "progressOf" text)
      ORDER BY r."subjectKey"
      ON CONFLICT ("organisationId", "subjectKey") DO NOTHING`;
  }
  return added;
}

function byOrganisation(deliveries: readonly Pick<NewDelivery, 'organisationId' | 'subjectKey'>[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const { organisationId, subjectKey } of deliveries) {
    const keys = grouped.get(organisationId);
    if (keys) keys.push(subjectKey);
    else grouped.set(organisationId, [subjectKey]);
  }
  return grouped;
}
