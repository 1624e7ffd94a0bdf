import { OperatorError } from '../operator-error.js';

const OWN_SERVER = 'set DATABASE_URL to a PostgreSQL of your own';

/** What the programs say when they fail, and what to do about it. */
const REMEDIES: readonly (readonly [pattern: RegExp, code: string, remedy: (match: RegExpExecArray) => string])[] = [
  [
    /error while loading shared libraries: ([^:\s]+)|Library not loaded: (\S+)/,
    'shared_library',
    (match) => `This system lacks the library ${match[1] ?? match[2]}: install the package that has it, or ${OWN_SERVER}.`,
  ],
  [
    /spawn \S+ ENOENT|required file not found/,
    'not_runnable',
    () => `Its programs need a system with glibc (Debian, Ubuntu, Fedora and the like; not Alpine): use one, or ${OWN_SERVER}.`,
  ],
  [
    /could not look up effective user ID (\d+)/,
    'unknown_user',
    (match) => `User id ${match[1]} has no name on this system: run the bot as a user that stands in /etc/passwd, or ${OWN_SERVER}.`,
  ],
  [/No space left on device/, 'no_space', () => 'The disk (or /dev/shm) is full: make room, then start again.'],
  [
    /has invalid permissions|wrong ownership|could not change permissions|could not fsync|Operation not permitted/,
    'file_system',
    () => 'The file system of the data folder lacks what a database needs: set BELLHOP_DATA_DIR to a folder on a local disk.',
  ],
  [/EACCES|Permission denied|Read-only file system/, 'permission', () => 'Set BELLHOP_DATA_DIR to a folder that the bot may write to.'],
  [
    /pre-existing shared memory block/,
    'still_running',
    () => 'Processes of an earlier server are still at work on this data: end them (their name is postgres), then start again.',
  ],
  [
    /could not (bind|create).*socket|Address already in use/,
    'socket',
    () => `Set BELLHOP_DATA_DIR to a folder on a local disk with a shorter path, or ${OWN_SERVER}.`,
  ],
];

/** The data folder couldn't be made. */
export function initFailed(cluster: string, output: string, cause?: unknown): OperatorError {
  return explain(`The database in ${cluster} can't be set up.`, 'init', output, cause);
}

/** The server couldn't be started. */
export function startFailed(cluster: string, output: string, cause?: unknown): OperatorError {
  return explain(`The database server in ${cluster} can't be started.`, 'start', output, cause);
}

function explain(what: string, code: string, output: string, cause: unknown): OperatorError {
  const said = output.trim().split('\n').slice(-8).join('\n');
  for (const [pattern, known, remedy] of REMEDIES) {
    const match = pattern.exec(output);
    if (match) return new OperatorError(`embedded_postgres.${known}`, `${what} ${remedy(match)} It said:\n${said}`, { cause });
  }
  return new OperatorError(`embedded_postgres.${code}`, `${what} Mend what it says, or ${OWN_SERVER}. It said:\n${said}`, { cause });
}
