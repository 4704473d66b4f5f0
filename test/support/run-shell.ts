import { execFile } from 'node:child_process';
import process from 'node:process';
import { bareEnvironment, mainFile } from './checkout.ts';
import type { Run } from './run-reentry.ts';

/** Runs a line of shell in which `reentry` is the command of this checkout. */
export function runShell(line: string, cwd: string): Promise<Run> {
  return new Promise((done) => {
    execFile(
      '/bin/sh',
      ['-c', `reentry() { "$NODE" "$MAIN" "$@"; }\n${line}`],
      {
        cwd,
        env: { ...bareEnvironment, NODE: process.execPath, MAIN: mainFile },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        done({ status, stdout, stderr });
      },
    );
  });
}
