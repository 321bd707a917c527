import type { FullResult, Reporter, Suite } from '@playwright/test/reporter';

// One plain last line: "N passed, N failed". What did not run, without having been marked so, counts as failed.
export default class ClosingLine implements Reporter {
  private suite?: Suite;

  onBegin(_config: unknown, suite: Suite) {
    this.suite = suite;
  }

  onExit = async () => {
    if (this.line) process.stdout.write(`${this.line}\n`);
  };

  onEnd(result: FullResult) {
    const tests = this.suite?.allTests() ?? [];
    // `--list` runs nothing.
    if (result.status === 'passed' && tests.every((test) => test.results.length === 0)) return;
    const passed = tests.filter((test) => ['expected', 'flaky'].includes(test.outcome())).length;
    const skipped = tests.filter((test) => test.expectedStatus === 'skipped').length;
    let failed = tests.length - passed - skipped;
    // An error outside of any test, as in a file that does not compile.
    if (failed === 0 && result.status !== 'passed') failed = 1;
    this.line = `${passed} passed, ${failed} failed`;
  }

  private line = '';

  printsToStdio() {
    return false;
  }
}
