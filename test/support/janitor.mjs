// Waits until the test run that started it has ended, however it ended, a kill included: `node janitor.mjs <folder>...`.
// Then it ends the database servers whose data lies below the folders, and removes them.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

const folders = process.argv.slice(2);

// The run holds the other end of this pipe.
process.stdin.resume().on('end', () => {
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder, { recursive: true })) if (basename(file) === 'postmaster.pid') end(join(folder, file));
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});

function end(file) {
  try {
    // SIGQUIT: at once. The data is thrown away anyhow.
    process.kill(Number.parseInt(readFileSync(file, 'utf8'), 10), 'SIGQUIT');
  } catch {
    // It ended by itself.
  }
}
