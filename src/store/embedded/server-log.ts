import { open, rename, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** Over this size the log is set aside at the next start; one older log is kept. */
const rotateBytes = 16 * 1024 * 1024;
const tailBytes = 64 * 1024;

export async function rotateLog(path: string): Promise<void> {
  if ((await logSize(path)) > rotateBytes) await rename(path, `${path}.1`);
}

/** What is read from here on was written by what is started next. */
export async function logSize(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The log's text from that byte on, at most the last 64 kB of it. */
export async function readLog(path: string, from: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - start)), {
      position: start,
    });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The one line of what PostgreSQL said that tells why it gave up: the first grave one, of which the others follow. */
function failureLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const worst =
    lines.find((line) => /\b(PANIC|FATAL):/.test(line)) ??
    lines.find((line) => /\berror\b/i.test(line)) ??
    lines.at(-1);
  return (worst ?? 'it said nothing').replace(/^.*?\b(?=PANIC:|FATAL:)/, '').slice(0, 500);
}

/** On a full disk the log itself, which lies there, may have nothing to say. */
export async function isDiskFull(said: string, log: string): Promise<boolean> {
  if (
    /No space left on device|Disk quota exceeded|Check free disk space|wrote only \d+ of \d+ bytes/i.test(
      said,
    )
  )
    return true;
  const { bavail, bsize } = await statfs(dirname(log));
  return bavail * bsize < fullBelowBytes;
}

const fullBelowBytes = 1024 * 1024;

/** Another server, or what is left of one that was just killed, still holds the cluster. */
export function saysStillHeld(text: string): boolean {
  return /lock file "postmaster\.pid" already exists|pre-existing shared memory block/.test(text);
}

/** DISK_FULL where that is what PostgreSQL complained of, else POSTGRES_NOT_STARTING with its own words. */
export async function startFailure(said: string, log: string): Promise<AppError> {
  if (await isDiskFull(said, log)) return new AppError('DISK_FULL', { path: dirname(log) });
  return new AppError('POSTGRES_NOT_STARTING', { detail: failureLine(said), log });
}
