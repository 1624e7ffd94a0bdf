import { Prisma } from '../../../generated/prisma/client.js';
import type { Db } from '../../../people/db.js';
import type { RedemptionState } from './model.js';

/** From one instant on, before another. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

export interface MovementRow {
  readonly movementId: string;
  readonly at: Date;
  readonly kind: string;
  readonly account: string;
  readonly period: string;
  /** Null for the organisation's own accounts. */
  readonly person: string | null;
  readonly amount: number;
  readonly actor: string | null;
  readonly reason: string;
  readonly kudosId: string | null;
  readonly redemptionId: string | null;
}

const within = (organisationId: string, { from, to }: Span) =>
  Prisma.sql`m."organisationId" = ${organisationId}::uuid AND m.at >= ${from}::timestamptz AND m.at < ${to}::timestamptz`;

/** How many entries a span has. */
export async function countEntries(db: Db, organisationId: string, span: Span): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM ledger_movement m
    JOIN ledger_entry e ON e."organisationId" = m."organisationId" AND e."movementId" = m.id
    WHERE ${within(organisationId, span)}`;
  return row?.count ?? 0;
}

/** The entries of so many movements of a span, in the order of their instants. @param after the last row of the page before */
export async function movementPage(
  db: Db,
  organisationId: string,
  span: Span,
  after: MovementRow | undefined,
  limit: number,
): Promise<MovementRow[]> {
  const next = after
    ? Prisma.sql`AND m.at >= ${after.at}::timestamptz AND (m.at, m.id) > (${after.at}::timestamptz, ${after.movementId}::uuid)`
    : Prisma.empty;
  return await db.$queryRaw<MovementRow[]>`
    WITH page AS MATERIALIZED (
      SELECT m.* FROM ledger_movement m WHERE ${within(organisationId, span)} ${next} ORDER BY m.at, m.id LIMIT ${limit}
    )
    SELECT m.id AS "movementId", m.at, m.kind::text AS kind, a.kind::text AS account, a.period, p.name AS person, e.amount,
           b.name AS actor, m.reason, m."kudosId", m."redemptionId"
    FROM page m
    JOIN ledger_entry e ON e."organisationId" = m."organisationId" AND e."movementId" = m.id
    JOIN ledger_account a ON a."organisationId" = e."organisationId" AND a.id = e."accountId"
    LEFT JOIN person p ON p."organisationId" = a."organisationId" AND p.id = a."ownerId"
    LEFT JOIN person b ON b."organisationId" = m."organisationId" AND b.id = m."actorId"
    ORDER BY m.at, m.id, e.amount, e."accountId"`;
}

export interface RedemptionRow {
  readonly id: string;
  readonly personId: string;
  readonly person: string;
  readonly team: string | null;
  readonly location: string | null;
  readonly reward: string;
  readonly price: number;
  readonly moneyMinor: number | null;
  readonly currency: string;
  readonly state: RedemptionState;
  readonly requestedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
}

/** Redemptions that were asked for in a span, or came to their end in it, in the order of their ids. Never a code, never a note. */
export async function redemptionPage(
  db: Db,
  organisationId: string,
  { from, to }: Span,
  after: string | undefined,
  limit: number,
): Promise<RedemptionRow[]> {
  const next = after ? Prisma.sql`AND d.id > ${after}::uuid` : Prisma.empty;
  return await db.$queryRaw<RedemptionRow[]>`
    SELECT d.id, d."personId", p.name AS person, t.name AS team, l.name AS location, d."rewardName" AS reward, d.price, d."moneyMinor", d.currency,
           d.state::text AS state, d."requestedAt", d."decidedAt", b.name AS "decidedBy", d."closedAt", c.name AS "closedBy"
    FROM redemption d
    JOIN person p ON p."organisationId" = d."organisationId" AND p.id = d."personId"
    LEFT JOIN team t ON t."organisationId" = p."organisationId" AND t.id = p."teamId"
    LEFT JOIN location l ON l."organisationId" = p."organisationId" AND l.id = p."locationId"
    LEFT JOIN person b ON b."organisationId" = d."organisationId" AND b.id = d."decidedById"
    LEFT JOIN person c ON c."organisationId" = d."organisationId" AND c.id = d."closedById"
    WHERE d."organisationId" = ${organisationId}::uuid ${next}
      AND ((d."requestedAt" >= ${from}::timestamptz AND d."requestedAt" < ${to}::timestamptz)
        OR (d."closedAt" >= ${from}::timestamptz AND d."closedAt" < ${to}::timestamptz))
    ORDER BY d.id LIMIT ${limit}`;
}

/** What a person was handed over in a span. */
export interface ValueRow {
  readonly personId: string;
  readonly person: string;
  readonly team: string | null;
  readonly location: string | null;
  readonly currency: string;
  readonly count: number;
  readonly points: number;
  /** In the currency's smallest unit. */
  readonly moneyMinor: number;
}

/** Rewards handed over in a span, by person and currency: what they are worth may have to be taxed in the year in which they were received. */
export async function valuesByPerson(db: Db, organisationId: string, { from, to }: Span): Promise<ValueRow[]> {
  return await db.$queryRaw<ValueRow[]>`
    SELECT v."personId", p.name AS person, t.name AS team, l.name AS location, v.currency, v.count, v.points, v."moneyMinor"
    FROM (
      SELECT d."personId", d.currency, count(*)::int AS count, sum(d.price)::float8 AS points, sum(COALESCE(d."moneyMinor", 0))::float8 AS "moneyMinor"
      FROM redemption d
      WHERE d."organisationId" = ${organisationId}::uuid AND d.state = 'fulfilled'
        AND d."closedAt" >= ${from}::timestamptz AND d."closedAt" < ${to}::timestamptz
      GROUP BY d."personId", d.currency
    ) v
    JOIN person p ON p."organisationId" = ${organisationId}::uuid AND p.id = v."personId"
    LEFT JOIN team t ON t."organisationId" = p."organisationId" AND t.id = p."teamId"
    LEFT JOIN location l ON l."organisationId" = p."organisationId" AND l.id = p."locationId"
    ORDER BY p.name, v."personId", v.currency`;
}
