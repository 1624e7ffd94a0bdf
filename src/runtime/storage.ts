import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Log } from '../people/ports.js';
import type { Config } from './config.js';
import type { Database } from './database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import type { QueueFigures } from './metrics.js';
import { migrate } from './migrate.js';

export interface Storage {
  readonly database: Database;
  /** How to connect now: an embedded server that was started again may be found elsewhere. */
  connection(): pg.ClientConfig;
  /** Whether the database answers within a second. */
  answers(): Promise<boolean>;
  /** What waits in the database, for the figures. */
  queue(): Promise<QueueFigures>;
  /** Disconnects, and stops the embedded server unless another bot uses it. */
  close(): Promise<void>;
}

/** Beside `src`, in the sources and in the build alike. */
const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Enough for the workers and a crowd at once; several processes share a server's 100. */
const POOL_SIZE = 10;

/**
 * Opens the database, up to date: the one of DATABASE_URL, or the embedded server in the data folder.
 * @throws OperatorError saying which setting to mend
 */
export async function openStorage(config: Pick<Config, 'databaseUrl' | 'dataDir'>, log: Log): Promise<Storage> {
  const embedded = config.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined;
  try {
    const connection = (): pg.ClientConfig => (embedded ? embedded.connection() : { connectionString: config.databaseUrl });
    const { applied } = await migrate(connection(), MIGRATIONS);
    if (applied.length > 0) log.info({ applied }, 'The database was brought up to date');
    return await storageOf(connection, embedded, log);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

async function storageOf(connection: () => pg.ClientConfig, embedded: EmbeddedPostgres | undefined, log: Log): Promise<Storage> {
  // Prisma is large: while the server started it was read with all the rest.
  const { openDatabase } = await import('./database.js');
  const database = openDatabase({ connection: connection(), poolSize: POOL_SIZE, log });
  // A connection of its own: whether the database answers must not wait behind a crowd that it is answering.
  const probe = new pg.Pool({
    ...connection(),
    max: 1,
    application_name: 'bellhop health',
    connectionTimeoutMillis: 900,
    statement_timeout: 900,
    query_timeout: 900,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  probe.on('error', () => undefined);
  return {
    database,
    connection,
    answers: async () => {
      await probe.query('SELECT 1');
      return true;
    },
    queue: async () => {
      const { rows } = await probe.query<QueueFigures['rows'][number]>(QUEUE);
      return { rows };
    },
    close: async () => {
      await Promise.all([database.close(), probe.end()]);
      await embedded?.stop();
    },
  };
}

/** What is done for good isn't counted: it grows for ever, and the deliveries' own figures tell of it. */
const QUEUE = `
  SELECT 'delivery' AS queue, state::text, count(*)::int AS count, ${age('min("dueAt")')} AS "oldestSeconds"
  FROM delivery WHERE state IN ('pending', 'sending', 'dead') GROUP BY state
  UNION ALL
  SELECT 'mail', state::text, count(*)::int, ${age('min("dueAt")')}
  FROM mail WHERE state IN ('pending', 'sending', 'dead') GROUP BY state
  UNION ALL
  SELECT 'job', state::text, count(*)::int, ${age('min("dueAt")')}
  FROM job WHERE state IN ('pending', 'running', 'dead') GROUP BY state`;

function age(since: string): string {
  return `greatest(0, extract(epoch FROM now() - ${since}))::float8`;
}
