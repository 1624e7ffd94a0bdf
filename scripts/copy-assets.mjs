// Copies what is read at run time but is no TypeScript to the same places below dist, where the compiled code looks for it.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What goes along; paths are written with "/" on every system. */
const ASSETS = [
  /^manifest\.json$/,
  /^src\/.*\/locales\/[^/]+\.json$/,
  /^src\/features\/[^/]+\/starter\/.*\.md$/,
  /^prisma\/migrations\/.*\.(sql|toml)$/,
  /^adapters\/teams\/package\/.*$/,
  /^adapters\/web\/assets\/.*$/,
];

const candidates = ['manifest.json'];
for (const folder of ['src', 'prisma/migrations', 'adapters/teams/package', 'adapters/web/assets']) {
  if (!existsSync(join(root, folder))) continue;
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) candidates.push(join(entry.parentPath, entry.name).slice(root.length).split(sep).join('/'));
  }
}

// What an earlier build left behind goes first: a migration that is gone must not be applied.
rmSync(join(root, 'dist', 'prisma'), { recursive: true, force: true });
const assets = candidates.filter((path) => ASSETS.some((pattern) => pattern.test(path)));
for (const path of assets) cpSync(join(root, path), join(root, 'dist', path));
console.log(`${assets.length} assets copied to dist.`);
