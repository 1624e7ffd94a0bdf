import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take half a minute and more, those that take longest first. */
const LONG = ['/test/adapters/contract.test.ts', '/test/e2e/', '/test/browser/', '/test/main.test.ts', '/test/runtime/'];

const rank = ({ moduleId }: TestSpecification): number => {
  const found = LONG.findIndex((part) => moduleId.includes(part));
  return found === -1 ? LONG.length : found;
};

/** Begins with the longest files, so that none runs on alone at the end; a clean checkout knows no durations to order by. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {
    alias: {
      // Node loads this build of it by itself; its modules would go through Vite one by one.
      adaptivecards: fileURLToPath(new URL('node_modules/adaptivecards/dist/adaptivecards.min.js', import.meta.url)),
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // One more than the cores of a small machine: stories wait for the database, and the program's own for its processes.
    maxWorkers: 3,
    // A worker loads the program once for all its files, which costs a second of both cores otherwise, and runs it warm. So a
    // file has to leave the process as it found it: a database, servers and a folder of its own, spies and timers put back.
    isolate: false,
    // What this machine has of its own must not stand in for the fonts that are brought along.
    env: { DISABLE_SYSTEM_FONTS_LOAD: '1' },
    // What stories leave behind at every step is collected less often; what a worker keeps grows with its files to 300 MB.
    execArgv: ['--max-semi-space-size=32', '--max-old-space-size=1024'],
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/plain-reporter.ts'],
  },
});
