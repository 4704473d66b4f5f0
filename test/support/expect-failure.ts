import { expect } from 'vitest';
import { AppError, type ErrorCode } from '../../src/core/errors.ts';
import type { Run } from './run-reentry.ts';

/** One line that says what failed, one that says what to do, the status of the table, and nothing else. */
export function expectFailure(
  run: Run,
  code: ErrorCode,
  details: Readonly<Record<string, string | number>>,
): void {
  const error = new AppError(code, details);
  expect(run).toEqual({
    status: error.entry.exitStatus,
    stdout: '',
    stderr: `${code} ${error.message}\n${error.action}\n`,
  });
}
