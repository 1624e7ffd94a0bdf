import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../people/ports.js';
import { type Attachment, attach, type Connection, ensureDatabase, isAway } from './embedded-postgres/attachment.js';
import { findBinaries } from './embedded-postgres/binaries.js';
import { ensureCluster, ROLE, readPassword, type Transport } from './embedded-postgres/cluster.js';
import { type Endpoint, endpointOf, isServer } from './embedded-postgres/pid-file.js';
import { findPlaces } from './embedded-postgres/places.js';
import { type Server, startServer, stopServer } from './embedded-postgres/server.js';
import { OperatorError } from './operator-error.js';

export type { Connection } from './embedded-postgres/attachment.js';

export interface EmbeddedPostgres {
  /** Where the server's data lies. */
  readonly cluster: string;
  /** How `pg` connects to a database of the server; the bot's own one by default, which exists. */
  connection(database?: string): Connection;
  /** The same as a URL. */
  url(database?: string): string;
  /** Lets go of the server, and stops it unless another bot uses it. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The bot's data folder; made when it isn't there. */
  readonly dataDir: string;
  readonly log: Log;
  /** For tests: where root's data goes that only root could reach. */
  readonly shelter?: string;
  /** For tests: as on Windows. */
  readonly transport?: Transport;
}

const DATABASE = 'bellhop';
const PATIENCE_MS = 180_000;
/** A server that says it is ready, but has no socket any more, is started anew after this time. */
const SOCKET_GRACE_MS = 3_000;
/** What a server that crashed leaves running ends by itself, mostly at once. */
const ORPHANS_MS = 10_000;

/**
 * Starts the PostgreSQL server that comes with the bot, or attaches to it where it runs already: after a kill, or
 * for another bot on the same data. Its data lies in `postgres` below the data folder. A server that dies while
 * the bot runs is started again.
 * @throws OperatorError saying which setting to mend
 */
export async function startEmbeddedPostgres({
  dataDir,
  log,
  shelter,
  transport = defaultTransport(),
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const places = await findPlaces(dataDir, log, shelter);
  const binaries = await findBinaries(places.home, places.identity);
  await ensureCluster(places, binaries, transport);
  const password = await readPassword(places.cluster, transport);
  const server: Server = { places, binaries, transport };
  const connectionTo = ({ host, port }: Endpoint, database: string): Connection => ({ host, port, user: ROLE, password, database });

  let { endpoint, attachment } = await attachOrStart(server, connectionTo, undefined);
  await ensureDatabase(attachment.client, DATABASE);
  const ending = new AbortController();
  let reattaching: Promise<void> = Promise.resolve();

  const watch = () => {
    void attachment.lost.then(() => {
      if (!ending.signal.aborted) reattaching = reattach();
    });
  };
  const reattach = async () => {
    log.warn({ cluster: places.cluster }, 'The database server is gone; starting it again.');
    for (let pause = 1_000; !ending.signal.aborted; pause = Math.min(pause * 2, 30_000)) {
      try {
        ({ endpoint, attachment } = await attachOrStart(server, connectionTo, endpoint));
        log.info({ cluster: places.cluster }, 'The database server runs again.');
        return watch();
      } catch (error) {
        log.error({ err: error }, 'The database server could not be started again.');
        await sleep(pause, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }
  };
  watch();

  const connection = (database = DATABASE) => connectionTo(endpoint, database);
  const stop = async () => {
    if (ending.signal.aborted) return;
    ending.abort();
    await reattaching;
    const alone = await attachment.release().catch(() => false);
    if (alone) await stopServer(server);
    await attachment.end();
  };
  return { cluster: places.cluster, connection, url: (database) => urlOf(connection(database)), stop };
}

function defaultTransport(): Transport {
  return process.platform === 'win32' ? 'tcp' : 'socket';
}

interface Attached {
  readonly endpoint: Endpoint;
  readonly attachment: Attachment;
}

/**
 * Nothing is locked on the way: PostgreSQL lets only one server have the data, so whoever isn't the first to
 * start it finds it running at the next turn.
 */
async function attachOrStart(
  server: Server,
  connectionTo: (endpoint: Endpoint, database: string) => Connection,
  before: Endpoint | undefined,
): Promise<Attached> {
  const { cluster } = server.places;
  const began = Date.now();
  for (let failure: unknown; ; ) {
    const running = await endpointOf(cluster);
    if (running) {
      try {
        return { endpoint: running, attachment: await attach(connectionTo(running, 'postgres')) };
      } catch (error) {
        if (!isAway(error)) throw error;
        failure = error;
      }
    }
    if (Date.now() - began > PATIENCE_MS) throw doesNotAnswer(cluster, failure);
    if (!running || !(await isServer(running.pid, cluster))) {
      await startServer(server, before).catch(async (error: OperatorError) => {
        if (error.code !== 'embedded_postgres.still_running' || Date.now() - began > ORPHANS_MS) throw error;
        await sleep(100);
      });
    } else {
      // It is starting or stopping; or somebody has cleared its socket away, and nobody will ever reach it there.
      const hasNoSocket = ['ENOENT', 'ECONNREFUSED'].includes((failure as NodeJS.ErrnoException).code ?? '');
      if (hasNoSocket && running.isReady && Date.now() - began > SOCKET_GRACE_MS) await stopServer(server);
      await sleep(20);
    }
  }
}

function doesNotAnswer(cluster: string, cause: unknown): OperatorError {
  return new OperatorError(
    'embedded_postgres.no_answer',
    `The database server in ${cluster} runs, but doesn't answer (${(cause as Error | undefined)?.message}). Look at server.log in that folder; stop the process whose number stands in the first line of postmaster.pid, then start the bot again.`,
    { cause },
  );
}

function urlOf({ host, port, user, password, database }: Connection): string {
  const credentials = password ? `${user}:${encodeURIComponent(password)}` : user;
  if (!host.startsWith('/')) return `postgresql://${credentials}@${host}:${port}/${encodeURIComponent(database)}`;
  return `postgresql://${credentials}@localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}`;
}
