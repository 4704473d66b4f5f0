import { lstat, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Temporary folders are shared, sometimes between containers, in which a process id means something else. */
const ownMachine = `reentry-git-${hostname().replace(/[^\w.-]/g, '')}-`;

/** For `mkdtemp`: the name tells whose the folder is. */
export const viewPrefix = `${ownMachine}${process.pid}-`;

/**
 * Removes what processes that were killed left behind: folders of our own user whose process is gone. What cannot be removed
 * stays, for whoever looks next.
 */
export async function removeStaleViews(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = name.startsWith(ownMachine)
      ? /^(\d+)-\w{6}$/.exec(name.slice(ownMachine.length))?.[1]
      : undefined;
    if (pid === undefined) continue;
    const path = join(folder, name);
    if (await isStale(path, Number(pid)))
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isStale(path: string, pid: number): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid))
    return false;
  // In a container that is started anew we have the number of the process before us.
  if (pid === process.pid) return found.mtimeMs < Date.now() - process.uptime() * 1_000 - clockToleranceMs;
  return !isAlive(pid);
}

/** File systems keep times of less precision than the clock. */
const clockToleranceMs = 2_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
