import { defineConfig } from 'prisma/config';

// For Prisma's own command line only. The bot reads its settings in src/runtime/config.ts and applies its migrations itself.
const url = process.env.DATABASE_URL;

export default defineConfig({
  schema: 'schema',
  migrations: { path: 'migrations' },
  ...(url ? { datasource: { url } } : {}),
});
