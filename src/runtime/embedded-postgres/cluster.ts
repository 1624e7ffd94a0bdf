import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../operator-error.js';
import type { Binaries } from './binaries.js';
import { initFailed } from './failures.js';
import type { Places } from './places.js';
import { run } from './run.js';

/** How the server is reached: by a Unix socket that only its user can open; where there is none (Windows), on loopback by password. */
export type Transport = 'socket' | 'tcp';

/** The database role of the bot. */
export const ROLE = 'bellhop';

const PASSWORD_FILE = 'bellhop-password';
const ABANDONED_MS = 10 * 60_000;

/**
 * Makes the data folder unless it is there. It gets its name when it is complete and on disk, so that a crash
 * leaves none that is half done, and of two bots that start at once the quicker one wins.
 * @throws OperatorError when it can't be made, or was made by another version
 */
export async function ensureCluster(places: Places, binaries: Binaries, transport: Transport): Promise<void> {
  const { cluster, identity } = places;
  if (existsSync(join(cluster, 'PG_VERSION'))) return await checkVersion(cluster, binaries.major);
  await removeAbandoned(cluster);
  const unfinished = `${cluster}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${unfinished}.password`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
    if (identity) await chown(unfinished, identity.uid, identity.gid);
    const access = transport === 'tcp' ? ['--auth=scram-sha-256', `--pwfile=${passwordFile}`] : ['--auth=trust'];
    if (transport === 'tcp') {
      await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
      if (identity) await chown(passwordFile, identity.uid, identity.gid);
    }
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const args = [`--pgdata=${unfinished}`, `--username=${ROLE}`, ...access, ...locale, '--no-instructions'];
    const { code, output } = await run(binaries.initdb, args, places.home, identity).catch((cause) => {
      throw initFailed(cluster, String(cause.message), cause);
    });
    if (code !== 0) throw initFailed(cluster, output);
    if (transport === 'tcp') await rename(passwordFile, join(unfinished, PASSWORD_FILE));
    await rename(unfinished, cluster).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(join(cluster, 'PG_VERSION'))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

/** The password of the role; undefined where the socket's folder is the guard. */
export async function readPassword(cluster: string, transport: Transport): Promise<string | undefined> {
  return transport === 'tcp' ? (await readFile(join(cluster, PASSWORD_FILE), 'utf8')).trim() : undefined;
}

async function checkVersion(cluster: string, major: string): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (found !== major) {
    throw new OperatorError(
      'embedded_postgres.version',
      `The database in ${cluster} was made by PostgreSQL ${found}, and this release brings ${major}. Move it over with pg_dumpall of version ${found}, or run the release of Bellhop that made it.`,
    );
  }
  // Copying a data folder often opens it up, and PostgreSQL refuses it then.
  if (process.platform !== 'win32' && ((await stat(cluster)).mode & 0o077) !== 0) await chmod(cluster, 0o700);
}

/** What killed starts have left behind. */
async function removeAbandoned(cluster: string): Promise<void> {
  const folder = dirname(cluster);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(cluster)}.new-`)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}
