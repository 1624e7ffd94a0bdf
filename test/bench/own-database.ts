import { fileURLToPath } from 'node:url';
import type { Db } from '../../src/people/db.js';
import { openDatabase } from '../../src/runtime/database.js';
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { migrate } from '../../src/runtime/migrate.js';
import { silentLog } from '../support/builders.js';
import { withDataDir } from './bot.js';

/** A migrated database of its own for what is measured in this process, at the store; gone afterwards. */
export async function withDatabase<T>(act: (db: Db) => Promise<T>): Promise<T> {
  return await withDataDir(async (dataDir) => {
    const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
    const database = openDatabase({ connection: { ...server.connection() }, poolSize: 10, log: silentLog });
    try {
      await migrate({ ...server.connection() }, fileURLToPath(new URL('../../prisma/migrations', import.meta.url)));
      return await act(database.prisma);
    } finally {
      await database.close();
      await server.stop();
    }
  });
}
