import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { bareEnvironment, mainFile } from './checkout.ts';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to a bare environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** As root only. */
  readonly uid?: number;
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningReentry {
  readonly child: ChildProcess;
  /** Resolves once `text` has stood on either stream, rejects if the process ends before. */
  seen(text: string): Promise<void>;
  /** As `seen`; resolves to what matched. */
  matched(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Run>;
}

/** Runs `reentry <args>` to its end. */
export function runReentry(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return startReentry(args, options).ended;
}

/** Starts `reentry <args>` under the Node that runs the tests, in a process group of its own. */
export function startReentry(args: readonly string[], options: RunOptions = {}): RunningReentry {
  return startCommand([process.execPath, mainFile, ...args], options);
}

/** Starts a program in a process group of its own. */
export function startCommand(
  [program = '', ...args]: readonly string[],
  options: RunOptions,
  input: 'ignore' | 'pipe' = 'ignore',
): RunningReentry {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...bareEnvironment, ...options.env },
    stdio: [input, 'pipe', 'pipe'],
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const written = { out: '', err: '' };
  const waiting = new Set<() => void>();
  const note = (stream: 'out' | 'err') => (chunk: string) => {
    written[stream] += chunk;
    for (const wake of waiting) wake();
  };
  child.stdout?.setEncoding('utf8').on('data', note('out'));
  child.stderr?.setEncoding('utf8').on('data', note('err'));
  const ended = new Promise<Run>((done, failed) => {
    child.on('error', failed);
    child.on('close', (status) => done({ status, stdout: written.out, stderr: written.err }));
  });
  const matched = (pattern: RegExp) =>
    new Promise<string>((done, failed) => {
      const look = () => {
        const [found] = pattern.exec(written.out) ?? pattern.exec(written.err) ?? [];
        if (found === undefined) return;
        waiting.delete(look);
        done(found);
      };
      waiting.add(look);
      look();
      ended.then(() => failed(new Error(`it ended without saying ${pattern}: ${written.err}`)), failed);
    });
  const seen = async (text: string) => {
    await matched(new RegExp(RegExp.escape(text)));
  };
  return { child, seen, matched, ended };
}
