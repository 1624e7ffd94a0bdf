import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import { allowanceFor, findGiver } from '../giving/store-giving.js';
import type { KudosSource, KudosState, Value } from '../model.js';
import { loadSettings, toValue } from '../store-settings.js';

/** How a person stands. Points. */
export interface Standing {
  readonly balance: number;
  /** Put aside for rewards that are under way. */
  readonly reserved: number;
  /** What may still be given this month. */
  readonly left: number;
}

/**
 * How a person stands; whoever has given nothing this month has the whole allowance left.
 * @param month `2026-11`, in the organisation's zone
 */
export async function standingOf(db: Db | Tx, organisation: Organisation, personId: string, month: string): Promise<Standing> {
  const [row] = await db.$queryRaw<{ balance: number | null; reserved: number | null; left: number | null; granted: boolean }[]>`
    SELECT max(a.balance) FILTER (WHERE a.kind = 'balance') AS balance, max(a.balance) FILTER (WHERE a.kind = 'reserved') AS reserved,
           max(a.balance) FILTER (WHERE a.kind = 'allowance') AS left,
           EXISTS (SELECT 1 FROM ledger_movement m WHERE m."organisationId" = ${organisation.id}::uuid
                   AND m.id = ledger_account_id('allowance', ${personId}::uuid, ${month})) AS granted
    FROM ledger_account a
    WHERE a."organisationId" = ${organisation.id}::uuid AND a.id = ANY (ARRAY[
      ledger_account_id('balance', ${personId}::uuid, ''), ledger_account_id('reserved', ${personId}::uuid, ''),
      ledger_account_id('allowance', ${personId}::uuid, ${month})])`;
  const left = row?.granted ? (row.left ?? 0) : await wholeAllowance(db, organisation, personId);
  return { balance: row?.balance ?? 0, reserved: row?.reserved ?? 0, left };
}

async function wholeAllowance(db: Db | Tx, organisation: Organisation, personId: string): Promise<number> {
  const [settings, giver] = [await loadSettings(db, organisation), await findGiver(db, organisation.id, personId)];
  return allowanceFor(giver ?? { leads: false }, settings);
}

export interface Counts {
  readonly kudos: number;
  readonly points: number;
}

export interface Totals {
  readonly received: Counts;
  readonly receivedInAll: Counts;
  readonly given: Counts;
  readonly givenInAll: Counts;
}

interface TotalsRow {
  readonly kudos: number;
  readonly points: number;
  readonly kudosInAll: number;
  readonly pointsInAll: number;
}

/**
 * What a person received and gave, private kudos too, with what colleagues added and what was added to theirs. What was
 * taken back is left out, and so is what customers said from what was given.
 * @param since when the month began
 */
export async function totalsOf(db: Db | Tx, organisationId: string, personId: string, since: Date): Promise<Totals> {
  const [received] = await db.$queryRaw<TotalsRow[]>`
    SELECT (count(*) FILTER (WHERE g.at >= ${since}::timestamptz))::int AS kudos,
           COALESCE(sum(g.points) FILTER (WHERE g.at >= ${since}::timestamptz), 0)::int AS points,
           count(*)::int AS "kudosInAll", COALESCE(sum(g.points), 0)::int AS "pointsInAll"
    FROM (
      SELECT r."createdAt" AS at, r.points + COALESCE((
        SELECT sum(j.points) FROM kudos_join j
        WHERE j."organisationId" = r."organisationId" AND j."kudosId" = r."kudosId" AND j."takenBackAt" IS NULL), 0) AS points
      FROM kudos_receiver r
      WHERE r."organisationId" = ${organisationId}::uuid AND r."personId" = ${personId}::uuid AND r.state = 'given'
    ) g`;
  const [given] = await db.$queryRaw<TotalsRow[]>`
    SELECT (count(DISTINCT g.kudos) FILTER (WHERE g.at >= ${since}::timestamptz))::int AS kudos,
           COALESCE(sum(g.points) FILTER (WHERE g.at >= ${since}::timestamptz), 0)::int AS points,
           count(DISTINCT g.kudos)::int AS "kudosInAll", COALESCE(sum(g.points), 0)::int AS "pointsInAll"
    FROM (
      SELECT r."createdAt" AS at, r."kudosId" AS kudos, r.points
      FROM kudos_receiver r
      JOIN kudos k ON k."organisationId" = r."organisationId" AND k.id = r."kudosId" AND k.source <> 'customer'
      WHERE r."organisationId" = ${organisationId}::uuid AND r."giverId" = ${personId}::uuid AND r.state = 'given'
      UNION ALL
      SELECT j."createdAt", NULL, j.points
      FROM kudos_join j
      JOIN kudos_receiver r ON r."organisationId" = j."organisationId" AND r."kudosId" = j."kudosId" AND r.state = 'given'
      WHERE j."organisationId" = ${organisationId}::uuid AND j."personId" = ${personId}::uuid AND j."takenBackAt" IS NULL
    ) g`;
  const counts = (row: TotalsRow | undefined): [Counts, Counts] => [
    { kudos: row?.kudos ?? 0, points: row?.points ?? 0 },
    { kudos: row?.kudosInAll ?? 0, points: row?.pointsInAll ?? 0 },
  ];
  const [[month, inAll], [givenMonth, givenInAll]] = [counts(received), counts(given)];
  return { received: month, receivedInAll: inAll, given: givenMonth, givenInAll };
}

/** A movement of a person's points, or a kudos that came without any. */
export interface HistoryRow {
  /** Null: a kudos without points. */
  readonly kind: 'give' | 'join' | 'take_back' | 'award' | 'redeem' | 'refund' | 'correction' | null;
  /** The ledger's code: what an award was for. */
  readonly code: string | null;
  /** Negative where points went away. */
  readonly amount: number;
  readonly at: Date;
  /** Who moved them; null: Bellhop itself. */
  readonly actor: string | null;
  readonly source: KudosSource | null;
  readonly state: KudosState | null;
  /** The reason of the kudos, or what was written about a correction. */
  readonly words: string | null;
  readonly value: Value | null;
  readonly reward: string | null;
}

type HistorySqlRow = Omit<HistoryRow, 'value'> & {
  readonly valueId: string | null;
  readonly valueCode: string | null;
  readonly name: string | null;
  readonly emoji: string | null;
};

/** The movements of a person's balance, the newest first: ids begin with the time, so that the index has them in order. */
export async function historyOf(
  db: Db | Tx,
  organisationId: string,
  personId: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly HistoryRow[]; readonly total: number }> {
  const reach = page.offset + page.limit;
  const rows = await db.$queryRaw<HistorySqlRow[]>`
    WITH page AS MATERIALIZED (
      (SELECT e."movementId" AS id, e.amount, e."movementId" AS movement, NULL::uuid AS kudos FROM ledger_entry e
       WHERE e."organisationId" = ${organisationId}::uuid AND e."accountId" = ledger_account_id('balance', ${personId}::uuid, '')
       ORDER BY e."movementId" DESC LIMIT ${reach})
      UNION ALL
      (SELECT r."kudosId", 0, NULL, r."kudosId" FROM kudos_receiver r
       WHERE r."organisationId" = ${organisationId}::uuid AND r."personId" = ${personId}::uuid AND r.points = 0
       ORDER BY r."createdAt" DESC, r."kudosId" DESC LIMIT ${reach})
      ORDER BY id DESC LIMIT ${page.limit} OFFSET ${page.offset}
    )
    SELECT m.kind::text AS kind, m.reason AS code, page.amount, COALESCE(m.at, k."createdAt") AS at, a.name AS actor, k.source, k.state, COALESCE(n.words, k.words) AS words,
           k."valueId", v.code AS "valueCode", v.name, v.emoji, d."rewardName" AS reward
    FROM page
    LEFT JOIN ledger_movement m ON m."organisationId" = ${organisationId}::uuid AND m.id = page.movement
    LEFT JOIN kudos k ON k."organisationId" = ${organisationId}::uuid AND k.id = COALESCE(m."kudosId", page.kudos)
    LEFT JOIN service_value v ON v."organisationId" = ${organisationId}::uuid AND v.id = k."valueId"
    LEFT JOIN ledger_note n ON n."organisationId" = ${organisationId}::uuid AND n."movementId" = m.id
    LEFT JOIN redemption d ON d."organisationId" = ${organisationId}::uuid AND d.id = m."redemptionId"
    LEFT JOIN person a ON a."organisationId" = ${organisationId}::uuid
      AND a.id = CASE WHEN page.movement IS NULL THEN k."giverId" ELSE m."actorId" END
    ORDER BY page.id DESC`;
  const [count] = await db.$queryRaw<{ total: number }[]>`
    SELECT ((SELECT count(*) FROM ledger_entry e
             WHERE e."organisationId" = ${organisationId}::uuid AND e."accountId" = ledger_account_id('balance', ${personId}::uuid, ''))
          + (SELECT count(*) FROM kudos_receiver r
             WHERE r."organisationId" = ${organisationId}::uuid AND r."personId" = ${personId}::uuid AND r.points = 0))::int AS total`;
  return {
    rows: rows.map(({ valueId, valueCode, name, emoji, ...row }) => ({
      ...row,
      value: valueId !== null && emoji !== null ? toValue({ id: valueId, code: valueCode, name, emoji }) : null,
    })),
    total: count?.total ?? 0,
  };
}

/** How many kudos a person gave, what was taken back left out. */
export async function countGiven(db: Db | Tx, organisationId: string, personId: string): Promise<number> {
  return await db.kudos.count({ where: { organisationId, giverId: personId, state: 'given' } });
}

/** Whether a person has left the leaderboards. */
export async function isOffLeaderboards(db: Db | Tx, organisationId: string, personId: string): Promise<boolean> {
  const row = await db.recognitionChoice.findUnique({
    where: { organisationId_personId: { organisationId, personId } },
    select: { offLeaderboards: true },
  });
  return row?.offLeaderboards ?? false;
}

export async function chooseLeaderboards(db: Db | Tx, organisationId: string, personId: string, off: boolean): Promise<void> {
  await db.$executeRaw`
    INSERT INTO recognition_choice ("organisationId", "personId", "offLeaderboards") VALUES (${organisationId}::uuid, ${personId}::uuid, ${off})
    ON CONFLICT ("organisationId", "personId") DO UPDATE SET "offLeaderboards" = EXCLUDED."offLeaderboards"`;
}

/** Forgets what a person chose for leaderboards. */
export async function forgetChoice(tx: Tx, organisationId: string, personId: string): Promise<void> {
  await tx.recognitionChoice.deleteMany({ where: { organisationId, personId } });
}
