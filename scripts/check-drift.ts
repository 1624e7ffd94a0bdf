// Fails with the SQL that is missing when prisma/migrations don't make what prisma/schema says: `npm run check:drift`.
import { diffOfMigrations, stop } from './schema-diff.js';

const sql = await diffOfMigrations().catch(stop);
if (sql) {
  console.error(`${sql}\n\nprisma/schema and prisma/migrations differ by this. Write a migration: npm run migration -- what_it_does`);
  process.exitCode = 1;
} else {
  console.log('The migrations make exactly what prisma/schema says.');
}
