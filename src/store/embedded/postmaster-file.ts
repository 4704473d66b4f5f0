import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AppError } from '../../core/errors.ts';

/** What a running server writes into `postmaster.pid` in its cluster. */
export interface PostmasterFile {
  readonly pid: number;
  readonly socketFolder: string;
  readonly ready: boolean;
}

export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return { pid, socketFolder: lines[4] ?? '', ready: (lines[7] ?? '').trim() === 'ready' };
}

/**
 * Stops the server that an earlier process left behind when it was killed, so that ours is always our own child, with our
 * settings. Only for the holder of the data folder: nobody else may be using that server.
 * Returns the folder of its socket, which nobody else will remove.
 */
export async function stopLeftover(cluster: string): Promise<string | undefined> {
  const left = await readPostmasterFile(cluster);
  if (left === undefined) return undefined;
  // The signals of a fast and of an immediate shutdown: both lose nothing that was committed.
  for (const [signal, limitMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 15_000],
  ] as const) {
    if (!(await isServerOf(left.pid, cluster))) break;
    process.kill(left.pid, signal);
    await until(async () => !(await isServerOf(left.pid, cluster)), limitMs);
  }
  if (await isServerOf(left.pid, cluster)) {
    throw new AppError('POSTGRES_NOT_STARTING', {
      detail: `an earlier server (pid ${left.pid}) does not stop`,
      log: join(cluster, '../postgres.log'),
    });
  }
  // A killed server leaves the file, and its pid may be a zombie or may have gone to another process, both of which the
  // server would take for a running one. It has a second guard of its own: shared memory that its backends still hold.
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  return left.socketFolder;
}

/** Asks again and again, less and less often; false where the time is over. */
export async function until(isTrue: () => Promise<boolean> | boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 1.3, 100)) {
    if (await isTrue()) return true;
    if (performance.now() > end) return false;
    await wait(pauseMs);
  }
}

/** A zombie has no command line any more, so it counts as gone. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  return process.platform === 'linux'
    ? (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(`\0-D\0${cluster}\0`)
    : (await processCommand(pid)).includes(` -D ${cluster} `);
}

async function processCommand(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
    timeout: 5_000,
  }).catch(() => ({ stdout: '' }));
  return stdout;
}
