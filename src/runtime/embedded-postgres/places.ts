import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, realpath, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Log } from '../../people/ports.js';
import { OperatorError } from '../operator-error.js';
import { type Identity, knownUsers, mayUse, PASS } from './identity.js';

/** Where the server's things lie. */
export interface Places {
  /** A folder that the server's user can pass through. */
  readonly home: string;
  /** PostgreSQL's data folder, mode 0700; may not exist yet. */
  readonly cluster: string;
  /** Undefined: the bot's own user. */
  readonly identity: Identity | undefined;
}

/** Where root's data goes that lies where no other user can reach it. */
const SHELTER = '/var/lib/bellhop';

/** The longest socket path that Linux (107 bytes) and macOS (103) both take, less the file's own name. */
const MAX_SOCKET_FOLDER = 103 - '/.s.PGSQL.5432'.length;

/**
 * Decides where the data lies and who the server runs as; makes the folders above the data.
 * @param dataDir the bot's data folder; the server's data goes into `postgres` below it
 * @param shelter used instead when the bot is root and the server's user can't reach `dataDir`
 * @throws OperatorError when the data can't be reached or belongs to somebody else
 */
export async function findPlaces(dataDir: string, log: Log, shelter: string = SHELTER): Promise<Places> {
  const isRoot = process.getuid?.() === 0;
  await make(dataDir, isRoot ? 0o711 : 0o700);
  const home = await realpath(dataDir);
  const cluster = join(home, 'postgres');
  const kept = await stat(cluster).catch(() => undefined);
  if (!isRoot) {
    const own = process.getuid?.();
    if (own !== undefined && kept && kept.uid !== own) throw belongsToAnother(cluster, kept.uid, own);
    return { home, cluster, identity: undefined };
  }

  const folder = await stat(home);
  const identity = kept && kept.uid !== 0 ? { uid: kept.uid, gid: kept.gid } : await chooseIdentity(folder);
  // The bot's own folder may be passed through (not read), so that the server gets to its data inside.
  if (folder.uid === 0 && (folder.mode & PASS) === 0) await chmod(home, (folder.mode & 0o7777) | PASS);
  if (await mayUse(home, identity, PASS)) return { home, cluster, identity };
  if ((await lstat(cluster).catch(() => undefined))?.isDirectory())
    throw unreachable(home, identity, 'there is a database in it that must not be left behind');
  return await takeShelter(home, identity, shelter, log);
}

/** The folder's owner, else the system user `bellhop`, else nobody. */
async function chooseIdentity(folder: Identity): Promise<Identity> {
  const users = await knownUsers();
  const owner = folder.uid === 0 ? undefined : [...users.values()].find((user) => user.uid === folder.uid);
  return owner ?? users.get('bellhop') ?? users.get('nobody') ?? { uid: 65534, gid: 65534 };
}

/** The same folder at every start, found through a link in the data folder too. */
async function takeShelter(home: string, identity: Identity, shelter: string, log: Log): Promise<Places> {
  // A mounted folder was chosen to keep the data (a container's volume, for instance): don't put it elsewhere unasked.
  if ((await stat(home)).dev !== (await stat('/')).dev)
    throw unreachable(home, identity, 'it is mounted, so the database is meant to be kept there');
  await make(shelter, 0o711);
  const { uid, mode } = await stat(shelter);
  const refuge = join(shelter, `${basename(home).replace(/^\.+/, '')}-${shortHash(home)}`);
  if (uid !== 0 || (mode & 0o022) !== 0 || !(await mayUse(shelter, identity, PASS))) {
    throw unreachable(
      home,
      identity,
      `${shelter} can't be used instead, because it must belong to root, be writable for root only and open to pass through`,
    );
  }
  await make(refuge, 0o711);
  const cluster = join(refuge, 'postgres');
  await symlink(cluster, join(home, 'postgres')).catch(() => undefined);
  log.warn(
    { dataDir: home, database: cluster },
    `The database lies in ${cluster}: it doesn't run as root, and its user can't reach ${home}.`,
  );
  return { home: refuge, cluster, identity };
}

/**
 * The folder of the server's Unix socket: the data folder itself, or where that path is too long a short one of
 * the same user's, the same at every start.
 */
export async function socketFolder({ cluster, identity }: Places): Promise<string> {
  if (Buffer.byteLength(cluster) <= MAX_SOCKET_FOLDER) return cluster;
  const owner = identity?.uid ?? process.getuid?.() ?? -1;
  const base = [tmpdir(), '/tmp'].find((folder) => Buffer.byteLength(folder) <= MAX_SOCKET_FOLDER - 30) ?? '/tmp';
  const folder = join(base, `bellhop-${shortHash(cluster)}-${owner}`);
  const isNew = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    () => false,
  );
  if (isNew && identity) await chown(folder, identity.uid, identity.gid);
  const found = await lstat(folder).catch(() => undefined);
  // Anybody may make folders there: only one that is ours alone will do.
  if (!found?.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0) {
    throw new OperatorError(
      'embedded_postgres.socket_folder',
      `The path of the data folder is too long for a Unix socket, and ${folder} can't be used instead: it must be a folder of mode 0700 that belongs to user id ${owner}. Remove it, or set BELLHOP_DATA_DIR to a shorter path.`,
    );
  }
  return folder;
}

async function make(folder: string, mode: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode }).catch((cause: NodeJS.ErrnoException) => {
    throw new OperatorError(
      'embedded_postgres.data_dir',
      `The data folder ${folder} can't be made (${cause.code ?? cause.message}). Set BELLHOP_DATA_DIR to a folder that the bot may write to.`,
      { cause },
    );
  });
}

function shortHash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

function belongsToAnother(cluster: string, owner: number, own: number): OperatorError {
  return new OperatorError(
    'embedded_postgres.owner',
    `The database in ${cluster} belongs to user id ${owner}, and the bot runs as ${own}. Run the bot as that user, give the folder to the bot's (chown -R ${own} ${cluster}), or set BELLHOP_DATA_DIR to another one.`,
  );
}

function unreachable(home: string, { uid }: Identity, why: string): OperatorError {
  return new OperatorError(
    'embedded_postgres.unreachable',
    `The bot runs as root, and PostgreSQL doesn't: as user id ${uid} it can't reach ${home}, and ${why}. Set BELLHOP_DATA_DIR to a folder whose parent folders all may be passed through (o+x), run the bot as another user than root, or set DATABASE_URL.`,
  );
}
