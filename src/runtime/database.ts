import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';
import type { Db } from '../people/db.js';
import type { Log } from '../people/ports.js';
import { createStatementNames } from './statement-names.js';

export interface Database {
  readonly prisma: Db;
  /** The connections that `prisma` uses too. */
  readonly pool: pg.Pool;
  /** Lets running queries end, then disconnects. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** From DATABASE_URL, or from the embedded server. */
  readonly connection: pg.ClientConfig;
  /** Most connections at once. */
  readonly poolSize: number;
  readonly log: Log;
}

/** With Prisma's 2 s a crowd that signs at the same time was refused (measured: 8-20 % of 1,000). */
const MAX_WAIT_MS = 20_000;
/** No query of the bot's takes nearly so long: what does is stuck. */
const STATEMENT_MS = 60_000;
/** Somebody else's lock; longer than any transaction of the bot's may take. */
const LOCK_MS = 30_000;
/**
 * A plan that is kept (see createStatementNames) must not have been made for a table of one page, reading all of it: what
 * runs often has an index. Without this the server had four times the work, once its tables had grown. Where nothing but
 * reading all is possible it is still done; up to PostgreSQL 17 its price would make the server compile such statements,
 * hence no JIT, which pays for long reports only.
 */
const INDEXES_FIRST = '-c enable_seqscan=off -c jit=off';
/** A transaction that does nothing holds its locks no longer than this. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/**
 * Opens the database. Connects at the first query, so an unreachable database is told there; lost connections are
 * replaced as soon as the server can be reached again.
 */
export function openDatabase({ connection, poolSize, log }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    application_name: 'bellhop',
    // Waiting for a free connection counts too, so not less than `maxWait`.
    connectionTimeoutMillis: MAX_WAIT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: STATEMENT_MS,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    options: INDEXES_FIRST,
  });
  // The pool drops such a connection itself; without a listener the error would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'A connection to the database was lost.'));
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: createStatementNames() }),
    transactionOptions: { maxWait: MAX_WAIT_MS, timeout: 30_000 },
  });
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { prisma, pool, close };
}
