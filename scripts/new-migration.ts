// Writes a migration from what prisma/schema has and the migrations haven't: `npm run migration -- what_it_does`.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffOfMigrations, MIGRATIONS, stop } from './schema-diff.js';

const LOCK_FILE = '# Written by Prisma; it must stand in the repository.\nprovider = "postgresql"\n';

const [name = '', ...rest] = process.argv.slice(2);
if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name) || rest.length > 0) {
  console.error('Usage: npm run migration -- what_it_does\nSmall letters, digits and single underscores.');
  process.exit(2);
}

mkdirSync(MIGRATIONS, { recursive: true });
const sql = await diffOfMigrations().catch(stop);
const folder = join(MIGRATIONS, `${timestamp(new Date())}_${name}`);
mkdirSync(folder);
writeFileSync(join(folder, 'migration.sql'), sql ? `${sql}\n` : '-- Nothing differs: write the SQL here.\n');
if (!readdirSync(MIGRATIONS).includes('migration_lock.toml')) writeFileSync(join(MIGRATIONS, 'migration_lock.toml'), LOCK_FILE);
console.log(
  `${join(folder, 'migration.sql')}${sql ? '' : '\nThe schema has no change; the file is empty, for SQL that the schema cannot express.'}`,
);
console.log('Read it before it is applied: a column that was renamed is dropped and made anew, and rows may need a default.');

/** As Prisma names them: UTC, to the second. */
function timestamp(at: Date): string {
  return at.toISOString().replaceAll(/\D/g, '').slice(0, 14);
}
