import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

/** A folder that is gone after the test. Its parents let everybody pass, whatever TMPDIR says. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join('/tmp', 'reentry-store-'));
  await chmod(path, 0o755);
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

export const isRoot = process.getuid?.() === 0;

/** A file system of that many bytes, gone after the test; skips the test where it cannot be had. */
export async function smallDisk(skip: TestContext['skip'], bytes: number): Promise<string> {
  if (!isRoot) skip('needs root, to mount a small file system');
  const path = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', path], {
      stdio: 'ignore',
    });
  } catch {
    skip('this machine does not let root mount');
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', path]);
  });
  return path;
}

export function resizeDisk(path: string, bytes: number): void {
  execFileSync('mount', ['-o', `remount,size=${bytes}`, path]);
}
