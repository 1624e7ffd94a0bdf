import type { Db, Tx } from '../../../people/db.js';
import { isUniqueViolation } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';

/** An account of the ledger. The organisation's own (`issued`, `loss`, `spent`) are owned by the organisation's id. */
export interface AccountKey {
  readonly kind: 'allowance' | 'balance' | 'reserved' | 'issued' | 'loss' | 'spent';
  /** The person's id, or the organisation's. */
  readonly owner: string;
  /** Of an allowance only: the month, `2026-11`. */
  readonly period?: string;
}

export type Entry = AccountKey & { readonly amount: number };

export interface Movement {
  readonly organisationId: string;
  readonly kind: 'give' | 'join' | 'take_back' | 'award' | 'redeem' | 'refund' | 'fulfil' | 'correction';
  /** Null: Bellhop itself. */
  readonly actorId: string | null;
  readonly kudosId?: string;
  readonly redemptionId?: string;
  /** A code, never people's words. */
  readonly reason?: string;
  /** Sum up to zero; more entries of one account are added up. */
  readonly entries: readonly Entry[];
}

/** Somebody has too few points for a movement. The transaction has failed: answer outside of it. */
export class TooFewPoints extends Error {
  constructor(options: ErrorOptions) {
    super('A person has too few points for this movement.', options);
    this.name = 'TooFewPoints';
  }
}

/**
 * Posts a balanced movement; the database refuses anything else. Accounts are locked in one order, and stay so until the commit.
 * @returns the movement's id
 * @throws TooFewPoints when a person's account would go below zero
 */
export async function post(tx: Tx, movement: Movement, at: Date): Promise<string> {
  const id = newId(at);
  const { organisationId, kind, actorId, kudosId = null, redemptionId = null, reason = '', entries } = movement;
  try {
    await tx.$executeRaw`SELECT ledger_post(
      ${organisationId}::uuid, ${id}::uuid, ${kind}, ${at}::timestamptz, ${actorId}::uuid, ${kudosId}::uuid, ${redemptionId}::uuid, ${reason},
      ${JSON.stringify(entries)}::jsonb)`;
  } catch (error) {
    if (violates(error, 'ledger_account_never_negative')) throw new TooFewPoints({ cause: error });
    throw error;
  }
  return id;
}

export interface Standing extends AccountKey {
  readonly balance: number;
}

/**
 * Locks people's accounts until the commit, in the order in which `post` locks too, and tells how they stand. The
 * organisation's own accounts are left out. What a movement depends on is locked before, all of it in one call.
 */
export async function lockAccounts(tx: Tx, organisationId: string, accounts: readonly AccountKey[]): Promise<readonly Standing[]> {
  return await tx.$queryRaw<Standing[]>`
    SELECT kind, owner, period, balance FROM ledger_lock(${organisationId}::uuid, ${JSON.stringify(accounts)}::jsonb)`;
}

/** Grants a person's allowance of a month, unless that was done before; 0 grants nothing. */
export async function grantAllowance(
  tx: Tx,
  organisationId: string,
  personId: string,
  period: string,
  amount: number,
  at: Date,
): Promise<void> {
  await tx.$executeRaw`SELECT ledger_grant_allowance(${organisationId}::uuid, ${personId}::uuid, ${period}, ${amount}::int, ${at}::timestamptz)`;
}

/** The balance of one account; undefined when nothing was ever moved there. */
export async function balanceOf(db: Db | Tx, organisationId: string, account: AccountKey): Promise<number | undefined> {
  const [row] = await db.$queryRaw<{ balance: number | null }[]>`
    SELECT balance FROM ledger_account
    WHERE "organisationId" = ${organisationId}::uuid AND id = ledger_account_id(${account.kind}, ${account.owner}::uuid, ${account.period ?? ''})`;
  return row?.balance ?? undefined;
}

/** What is wrong with an organisation's ledger; empty when it holds. For operators and tests: reads all of it. */
export async function auditLedger(db: Db | Tx, organisationId: string): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ problem: string }[]>`
    SELECT 'movement ' || e."movementId" || ' sums up to ' || sum(e.amount) AS problem FROM ledger_entry e
      WHERE e."organisationId" = ${organisationId}::uuid GROUP BY e."movementId" HAVING sum(e.amount) <> 0 OR count(*) < 2
    UNION ALL
    SELECT 'account ' || a.id || ' says ' || a.balance || ', its entries ' || COALESCE(sum(e.amount), 0) FROM ledger_account a
      LEFT JOIN ledger_entry e ON e."organisationId" = a."organisationId" AND e."accountId" = a.id
      WHERE a."organisationId" = ${organisationId}::uuid AND a.balance IS NOT NULL
      GROUP BY a.id, a.balance HAVING a.balance <> COALESCE(sum(e.amount), 0) OR a.balance < 0`;
  return rows.map((row) => row.problem);
}

/** Whether a constraint of this name was violated. */
function violates(error: unknown, constraint: string): boolean {
  return !isUniqueViolation(error) && JSON.stringify(tracesOf(error)).includes(constraint);
}

function tracesOf(error: unknown): readonly string[] {
  const messages: string[] = [];
  for (let at: unknown = error; at instanceof Error && messages.length < 5; at = at.cause) {
    messages.push(at.message, JSON.stringify('meta' in at ? at.meta : null));
  }
  return messages;
}
