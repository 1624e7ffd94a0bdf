import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whom the server runs as where that isn't the bot's own user: PostgreSQL refuses to run as root. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** As in a file's mode. */
export const READ = 4;
export const PASS = 1;

/**
 * Whether `identity` may use a file or folder so, going by the modes of it and of all folders above it.
 * @param bits READ and PASS, added; of the folders above only PASS is asked
 */
export async function mayUse(path: string, identity: Identity, bits: number): Promise<boolean> {
  let current = await realpath(path);
  for (let wanted = bits; ; wanted = PASS) {
    const { uid, gid, mode } = await stat(current);
    const granted = uid === identity.uid ? mode >> 6 : gid === identity.gid ? mode >> 3 : mode;
    if ((granted & wanted) !== wanted) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}

/** The user ids that the system knows by name: initdb runs only as one of them. */
export async function knownUsers(): Promise<ReadonlyMap<string, Identity>> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  return new Map(lines.flatMap(([name, , uid, gid]) => (name && uid && gid ? [[name, { uid: Number(uid), gid: Number(gid) }]] : [])));
}
