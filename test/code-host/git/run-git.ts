import { spawn } from 'node:child_process';
import process from 'node:process';

/** Nothing of the machine's own settings reaches the double's repositories. */
export const gitEnvironment = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

export interface GitRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface GitOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What git said; throws where it failed. */
export async function git(path: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await tryGit(path, args, options);
  if (status !== 0)
    throw new Error(`git ${args.slice(0, 3).join(' ')} failed (${status}): ${stderr || stdout}`);
  return stdout;
}

/** For commands whose status is an answer. */
export function tryGit(path: string, args: readonly string[], options: GitOptions = {}): Promise<GitRun> {
  return new Promise((done, fail) => {
    const child = spawn('git', ['--git-dir', path, ...args], { env: { ...gitEnvironment, ...options.env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', fail);
    child.on('close', (status) =>
      done({
        status: status ?? -1,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      }),
    );
    // A command that does not read its input closes it early.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}
