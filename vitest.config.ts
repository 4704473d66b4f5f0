import { defineConfig } from 'vitest/config';

const globalSetup = './test/global-setup.ts';

/** Many runs of git each: too slow for `npm run check`. */
const wholeRepositories = 'src/intake/git/open-repository.*.test.ts';

export default defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/core/**/*.test.ts',
            'src/cli/**/*.test.ts',
            'src/server/**/*.test.ts',
            'src/intake/**/*.test.ts',
            'src/config.test.ts',
            'web/src/**/*.test.ts',
          ],
          exclude: [wholeRepositories],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [
            'src/store/**/*.test.ts',
            'src/ledger/**/*.test.ts',
            'src/app/**/*.test.ts',
            'src/door/**/*.test.ts',
            'src/jobs/**/*.test.ts',
            wholeRepositories,
          ],
          globalSetup,
        },
      },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/*.test.ts', 'test/code-host/*.test.ts'], globalSetup },
      },
      {
        extends: true,
        // A page under test waits for real servers and a real browser.
        test: { name: 'browser', include: ['test/browser/*.test.ts'] },
      },
    ],
  },
});
