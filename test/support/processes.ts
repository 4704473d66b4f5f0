import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

/** Process ids of the PostgreSQL servers whose cluster lies below that folder. */
export async function serversBelow(folder: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-eo', 'pid=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(` -D ${folder}/`))
    .map((line) => Number.parseInt(line, 10));
}

/** That process and its children: of a PostgreSQL, the server and all its sessions. */
export async function withChildren(pid: number): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=']);
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return [pid, ...pairs.filter(([, parent]) => parent === pid).map(([child = 0]) => child)];
}

/** Those that are still there. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
