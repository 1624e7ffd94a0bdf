// `npm run verify-records`: checks every organisation's chain of signatures, naming the first broken link, and its ledger of points.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Verified, verifyChain } from '../src/features/handbook/index.js';
import type { Broken } from '../src/features/handbook/verify.js';
import { auditLedger } from '../src/features/recognition/index.js';
import { listOrganisationIds, loadOrganisation } from '../src/people/organisation.js';
import { readStorageConfig } from '../src/runtime/config.js';
import { createLog } from '../src/runtime/log.js';
import { OperatorError } from '../src/runtime/operator-error.js';
import { openStorage } from '../src/runtime/storage.js';

/** Problems of one ledger that are named. */
const MOST_PROBLEMS = 10;

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

/** The lines about an organisation's points. */
function linesOf(name: string, problems: readonly string[]): readonly string[] {
  if (problems.length === 0)
    return [`ok      ${name}: the points of every account are the sum of its movements, and every movement balances.`];
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => `BROKEN  ${name}: ${problem}.`);
  return problems.length > MOST_PROBLEMS ? [...shown, `        ${name}: and ${problems.length - MOST_PROBLEMS} more.`] : shown;
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
      const problems = await auditLedger(db, id);
      for (const line of linesOf(name, problems)) console.log(line);
      if (result.firstBroken || problems.length > 0) broken += 1;
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
