import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends a run with `N passed, N failed` alone on the last line, for scripts that read only that.
 * A file that can't be loaded, an error outside every test and a run that never began count as failed.
 */
export default class PlainReporter implements Reporter {
  private line: string | undefined;

  onInit(): void {
    // At the very end of the process, so that nothing of other reporters or of the teardown comes after it.
    process.once('exit', (code) => writeSync(process.stdout.fd, `${this.line ?? `0 passed, ${code === 0 ? 0 : 1} failed`}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const failedTests = tests.filter((test) => test.result().state === 'failed').length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    this.line = `${passed} passed, ${failedTests + brokenFiles + unhandled.length} failed`;
  }
}
