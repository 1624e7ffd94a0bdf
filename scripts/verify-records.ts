// `npm run verify-records`: checks the chain of signatures of every organisation, and names the first broken link.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Verified, verifyChain } from '../src/features/handbook/index.js';
import type { Broken } from '../src/features/handbook/verify.js';
import { listOrganisationIds, loadOrganisation } from '../src/people/organisation.js';
import { readStorageConfig } from '../src/runtime/config.js';
import { createLog } from '../src/runtime/log.js';
import { OperatorError } from '../src/runtime/operator-error.js';
import { openStorage } from '../src/runtime/storage.js';

const WHY: Readonly<Record<Broken, string>> = {
  gap: 'it is missing, or out of order',
  previous_hash: 'it does not follow from the record before it',
  hash: 'it was changed after it was written',
  detail: 'the name, statement or identity kept with it was changed',
  version_missing: 'the version that was signed is gone',
  version_hash: 'it names another text than the version has',
  version_text: 'the text of the version that was signed was changed',
  head: 'the end of the chain is missing, or its head was changed',
};

/** A line of the report. */
function lineOf(name: string, { count, firstBroken }: Verified): string {
  if (firstBroken) return `BROKEN  ${name}: record number ${firstBroken.seq}: ${WHY[firstBroken.why]}. The ${count} before it hold.`;
  return `ok      ${name}: ${count === 0 ? 'nothing is signed yet' : `${count} records, one unbroken chain`}.`;
}

/** Checks every organisation. Returns the process's exit code. */
export async function main(): Promise<number> {
  const config = readStorageConfig();
  if (config.databaseUrl === undefined && !existsSync(config.dataDir)) {
    throw new OperatorError(
      'verify.no_data',
      `There is no data in ${config.dataDir}. Set BELLHOP_DATA_DIR or DATABASE_URL to what the bot uses.`,
    );
  }
  const storage = await openStorage(config, createLog({ level: 'warn' }));
  try {
    const db = storage.database.prisma;
    let broken = 0;
    for (const id of await listOrganisationIds(db)) {
      const { name } = await loadOrganisation(db, id);
      const shown = process.stdout.isTTY ? (count: number) => process.stdout.write(`\r        ${name}: ${count} ...`) : () => {};
      const result = await verifyChain(db, id, shown);
      console.log(`${process.stdout.isTTY ? '\r' : ''}${lineOf(name, result)}`);
      if (result.firstBroken) broken += 1;
    }
    return broken === 0 ? 0 : 1;
  } finally {
    await storage.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
