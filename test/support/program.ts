import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What `npm run build` makes dist/ of. */
const SOURCES = ['manifest.json', 'src', 'adapters', 'scripts', 'prisma/migrations'];
/** What its last steps write, each time. */
const BUILT = ['dist/src/main.js', 'dist/manifest.json'];

/**
 * What Node is given to run a program of ours: the build, as `npm start` does, when it is newer than every source, as
 * after `npm ci`; else the source, which takes over a second longer to start.
 * @param path from the root, for instance `src/main.ts`
 */
export function programArguments(path: string): string[] {
  return isBuilt() ? [join(root, 'dist', path.replace(/\.ts$/, '.js'))] : ['--import', 'tsx', join(root, path)];
}

function isBuilt(): boolean {
  const built = BUILT.map((path) => changedAt(join(root, path)) ?? 0);
  const sources = SOURCES.flatMap((path) => [path, ...below(path)]).map((path) => changedAt(join(root, path)) ?? Number.POSITIVE_INFINITY);
  return Math.min(...built) > Math.max(...sources);
}

function below(folder: string): string[] {
  if (!statSync(join(root, folder)).isDirectory()) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

/** Milliseconds since 1970; undefined where there is nothing. */
const changedAt = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
