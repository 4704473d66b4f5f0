import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { interruptedStatus, reportError } from './report-error.ts';
import { recordingTerminal } from './testing/recording-terminal.ts';

const running = new AbortController().signal;

test('a known failure is one line with what to do, and its exit status', () => {
  const terminal = recordingTerminal();

  const status = reportError(new AppError('NOT_A_REPOSITORY', { path: '/tmp/x' }), terminal, running);

  expect(status).toBe(3);
  expect(terminal.written.err).toBe(
    'NOT_A_REPOSITORY /tmp/x is not a git repository.\nGive the path of a git repository (a working tree, a bare repository or a worktree).\n',
  );
});

test('a full disk is named even where no adapter expected it', () => {
  const terminal = recordingTerminal();
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', path: '/data' });

  expect(reportError(full, terminal, running)).toBe(4);
  expect(terminal.written.err).toContain('DISK_FULL The disk under /data is full.');
});

test('an unexpected failure shows where it happened without folders of this machine', () => {
  const terminal = recordingTerminal();

  expect(reportError(new TypeError('x is not a function'), terminal, running)).toBe(4);
  expect(terminal.written.err).toMatch(/^INTERNAL .*x is not a function\n/);
  expect(terminal.written.err).toContain('src/cli/report-error.test.ts');
  expect(terminal.written.err).not.toMatch(/[( ]\/\w+\/.*src\/cli/);
});

test('after Ctrl-C the failure it caused is not reported as one', () => {
  const stopped = new AbortController();
  stopped.abort();
  const terminal = recordingTerminal();

  expect(reportError(new Error('aborted'), terminal, stopped.signal)).toBe(interruptedStatus);
  expect(terminal.written.err).not.toContain('INTERNAL');
});

test('text from outside cannot drive the terminal through an error message', () => {
  const terminal = recordingTerminal();

  reportError(new AppError('REVISION_UNKNOWN', { revision: '\u001b[2Jx', path: '/r' }), terminal, running);

  expect(terminal.written.err).not.toContain('\u001b');
});
