// Run by npm after `npm ci`: builds when the development dependencies are there, so that a clone is ready to start.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const isInstalled = (name) => existsSync(new URL(`node_modules/${name}/package.json`, root));

if (isInstalled('typescript') && isInstalled('prisma')) {
  // One string for the shell: npm is a .cmd file on Windows, which can't be started without one.
  const { status, error } = spawnSync('npm run build', { cwd: fileURLToPath(root), stdio: 'inherit', shell: true });
  if (error) throw error;
  process.exitCode = status ?? 1;
} else {
  console.log('Nothing is built: the development dependencies are not installed. Bring dist/ from a build, or run `npm ci`.');
}
