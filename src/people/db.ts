import type { Prisma, PrismaClient } from '../generated/prisma/client.js';

/** The database. */
export type Db = PrismaClient;

/** The database inside a transaction; what only reads takes `Db | Tx`. */
export type Tx = Prisma.TransactionClient;

/**
 * Whether a row of this unique index was there already.
 * @param index the index's name in the database, for instance `delivery_organisationId_subjectKey_key`; any index without it
 */
export function isUniqueViolation(error: unknown, index?: string): boolean {
  return traces(error).some(
    (trace) => (trace.code === 'P2002' || trace.code === '23505') && (index === undefined || indexOf(error) === index),
  );
}

/**
 * Whether the database couldn't be reached, or went away in the middle: the same may well succeed later.
 * A write that was lost so may have been committed nevertheless.
 */
export function isDatabaseAway(error: unknown): boolean {
  return traces(error).some((trace) => AWAY.has(trace.code ?? '') || (trace.message !== undefined && AWAY_MESSAGE.test(trace.message)));
}

/**
 * Runs `act` again when another transaction was in its way: a lost race for a unique key, a serialisation
 * failure, a deadlock. `act` must be the whole transaction, since nothing works in one that has failed.
 * @param attempts how often at most, the first time included
 * @returns what `act` returned
 * @throws the last error when it still fails, and any other error at once
 */
export async function retryOnConflict<T>(act: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt >= attempts || !isConflict(error)) throw error;
      // A random pause, so that those who met don't meet again: at most 20, 40, 80... ms.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
    }
  }
}

/**
 * Runs `act` in one transaction, again from its beginning when another transaction was in its way.
 * Waits up to 20 s for a connection: at Prisma's default of 2 s a burst of 1,000 fails.
 * @returns what `act` returned
 */
export async function inTransaction<T>(db: Db, act: (tx: Tx) => Promise<T>): Promise<T> {
  return await retryOnConflict(() => db.$transaction(act, { maxWait: 20_000, timeout: 20_000 }));
}

function isConflict(error: unknown): boolean {
  return traces(error).some((trace) => CONFLICT.has(trace.code ?? ''));
}

/** Prisma's codes, and PostgreSQL's for what comes from the pool or through raw SQL. */
const CONFLICT: ReadonlySet<string> = new Set(['P2002', 'P2034', '23505', '40001', '40P01']);

const AWAY: ReadonlySet<string> = new Set([
  // Prisma: not reachable, timed out, connection closed. https://www.prisma.io/docs/orm/reference/error-reference
  ...['P1001', 'P1002', 'P1008', 'P1017'],
  // PostgreSQL: shutting down, crashed, starting up, connection exceptions, too many connections. https://www.postgresql.org/docs/18/errcodes-appendix.html
  ...['57P01', '57P02', '57P03', '08000', '08001', '08003', '08006', '53300'],
  // The socket; ENOENT is a Unix socket whose server is down.
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/** What `pg` tells without a code. */
const AWAY_MESSAGE = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

interface Trace {
  readonly code?: string;
  readonly message?: string;
  readonly index?: string;
}

/** An error and what is inside it: Prisma wraps the driver's error in `meta.driverAdapterError.cause`, others use `cause`. */
function traces(error: unknown, depth = 0): Trace[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const { code, originalCode, message, originalMessage, constraint, cause, meta, driverAdapterError } = error as Record<string, unknown>;
  const found: Trace[] = [
    { code: text(code), message: text(message), index: text(constraint) ?? text((constraint as { index?: unknown } | undefined)?.index) },
    { code: text(originalCode), message: text(originalMessage) },
  ];
  return [...found, ...[cause, meta, driverAdapterError].flatMap((inner) => traces(inner, depth + 1))];
}

function indexOf(error: unknown): string | undefined {
  return traces(error).find((trace) => trace.index !== undefined)?.index;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
