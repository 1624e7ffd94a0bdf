import pg from 'pg';
import { isDatabaseAway } from '../../people/db.js';

/** How a `pg` client or pool connects. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
}

/** "bellhop", read as a number: the lock that every attached bot shares. */
const LOCK = 0x62656c6c;

/** A bot's hold on the server, kept by the server itself: it ends with the bot's connection, however the bot ends. */
export interface Attachment {
  /** The connection that holds it. */
  readonly client: pg.Client;
  /** Settles when the connection is gone. */
  readonly lost: Promise<void>;
  /** Lets go. @returns whether nobody else is attached: then nobody can be until `end`, and the server may be stopped */
  release(): Promise<boolean>;
  end(): Promise<void>;
}

/**
 * Connects and takes the lock together with all other bots. Waits while somebody is about to stop the server,
 * and fails then as if it had been stopped already.
 * @throws what `pg` throws
 */
export async function attach(connection: Connection): Promise<Attachment> {
  const client = new pg.Client({ ...connection, application_name: 'bellhop attachment', connectionTimeoutMillis: 10_000, keepAlive: true });
  const lost = new Promise<void>((resolve) => client.once('end', () => resolve()));
  // Every error is told by `lost` or by the query that it hits.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [LOCK]);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  const release = async () => {
    await client.query('SELECT pg_advisory_unlock_shared($1)', [LOCK]);
    const { rows } = await client.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [LOCK]);
    return rows[0]?.alone === true;
  };
  return { client, lost, release, end: async () => await client.end().catch(() => undefined) };
}

/** Makes a database unless it is there. */
export async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount) return;
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    // Another bot was quicker: duplicate_database, or its unique key in the middle of it.
    if (!['42P04', '23505'].includes((error as pg.DatabaseError).code ?? '')) throw error;
  }
}

/** Whether a failed `attach` means that the server isn't there (yet, or any more). */
export const isAway = isDatabaseAway;
