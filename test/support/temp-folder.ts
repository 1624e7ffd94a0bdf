import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';

/** A new folder that the database server's user can pass through. It goes with the run's own folder, if not before. */
export async function tempFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(inject('folder'), `${name}-`));
  await chmod(folder, 0o711);
  return folder;
}
