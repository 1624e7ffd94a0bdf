// Generates the Prisma client from prisma/schema into src/generated/prisma, without a network.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const prisma = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build', 'index.js');

const { status, error } = spawnSync(process.execPath, [prisma, 'generate', '--config', join('prisma', 'prisma.config.ts'), '--no-hints'], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    // Prisma downloads its migration engine before any command, `generate` included, which never runs it.
    // Naming a file that exists stops the download; what the file is doesn't matter.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
});
if (error) throw error;
process.exitCode = status ?? 1;
