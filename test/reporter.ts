import type { Reporter, TestModule } from 'vitest/node';

/** Prints the one plain closing line that CI reads: `N passed, N failed, N skipped`, and names each skipped test. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else {
          skipped += 1;
          console.log(`skipped: ${test.fullName}: ${skipReason(test.result())}`);
        }
      }
    }
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}

function skipReason(result: unknown): string {
  const note = (result as { note?: string }).note;
  return note ?? 'no reason given';
}
