import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '../../core/errors.ts';

/** Under which git runs: see `private-view.ts` for why each variable is there. */
export interface GitContext {
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  readonly signal?: AbortSignal | undefined;
  /** How long git may say nothing while we wait for it. Default: five minutes. */
  readonly silenceLimitMs?: number;
}

export interface GitChildOptions {
  readonly args: readonly string[];
  /** Completes "git stopped unexpectedly while …". */
  readonly doing: string;
}

export interface GitExit {
  readonly status: number | null;
  /** The last 4 kB of what git complained of. */
  readonly complaint: string;
}

const defaultSilenceLimitMs = 300_000;
/** Characters of input that are worth a system call. */
const inputBlock = 4_096;
const complaintBytes = 4_096;
/** Git may run this far ahead of us; then its pipe is left to fill, which makes it wait. */
const highWaterBytes = 1024 * 1024;

/**
 * One running git. Output is pulled in chunks, so that a slow reader slows git down and memory stays flat; input is
 * written without waiting, so callers bound what they have outstanding. Silent for too long: GIT_TIMEOUT.
 */
export class GitChild {
  readonly #doing: string;
  readonly #context: GitContext;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #chunks: Buffer[] = [];
  readonly #closed: Promise<void>;
  #bufferedBytes = 0;
  #ended = false;
  #failure: unknown;
  #complaint = '';
  #input = '';
  #wake: (() => void) | undefined;

  constructor(context: GitContext, options: GitChildOptions) {
    context.signal?.throwIfAborted();
    this.#doing = options.doing;
    this.#context = context;
    this.#process = spawn('git', options.args, {
      cwd: context.workingFolder,
      env: { ...context.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...(context.signal === undefined ? {} : { signal: context.signal, killSignal: 'SIGKILL' as const }),
    });
    this.#closed = new Promise((resolve) => this.#process.once('close', () => resolve()));
    this.#process.once('error', (error) => this.#end(spawnFailure(error)));
    // A child that dies leaves its input unread; that it died is told by its exit, not by EPIPE.
    this.#process.stdin.on('error', () => undefined);
    this.#process.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString('latin1')).slice(-complaintBytes);
    });
    this.#process.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#process.stdout.once('end', () => this.#end());
    this.#process.stdout.once('error', () => this.#end());
  }

  /** Reaches git when enough has gathered, or at the latest when its output is waited for. */
  write(text: string): void {
    this.#input += text;
    if (this.#input.length >= inputBlock) this.#flush();
  }

  /** No more input. */
  endInput(): void {
    this.#flush();
    this.#process.stdin.end();
  }

  /** The next piece of output; undefined once git has closed it. */
  async next(): Promise<Buffer | undefined> {
    if (this.#chunks.length === 0 && !this.#ended) await this.#output();
    const chunk = this.#chunks.shift();
    if (chunk === undefined) {
      this.#context.signal?.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure;
      return undefined;
    }
    this.#bufferedBytes -= chunk.length;
    if (this.#bufferedBytes < highWaterBytes / 2) this.#process.stdout.resume();
    return chunk;
  }

  /** Waits for git to end. */
  async exit(): Promise<GitExit> {
    await this.#closed;
    this.#context.signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    return { status: this.#process.exitCode, complaint: lastComplaint(this.#complaint) };
  }

  /** Ends git at once; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    this.#process.stdout.resume();
    await this.#closed;
  }

  #flush(): void {
    if (this.#input !== '') this.#process.stdin.write(this.#input);
    this.#input = '';
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
    if (this.#bufferedBytes >= highWaterBytes) this.#process.stdout.pause();
    this.#wake?.();
  }

  #end(failure?: unknown): void {
    this.#ended = true;
    this.#failure ??= failure;
    this.#wake?.();
  }

  async #output(): Promise<void> {
    this.#flush();
    const limitMs = this.#context.silenceLimitMs ?? defaultSilenceLimitMs;
    const timer = setTimeout(() => {
      this.#end(new AppError('GIT_TIMEOUT', { seconds: limitMs / 1_000, doing: this.#doing }));
      this.#process.kill('SIGKILL');
    }, limitMs);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    clearTimeout(timer);
  }
}

export interface GitOutput {
  readonly status: number | null;
  readonly output: Buffer;
  readonly complaint: string;
}

const outputLimitBytes = 256 * 1024 * 1024;

/** Runs git to its end and gives what it wrote; any exit status is a result. For outputs that fit in memory. */
export async function runGit(
  context: GitContext,
  options: GitChildOptions & { readonly input?: string },
): Promise<GitOutput> {
  const child = new GitChild(context, options);
  try {
    if (options.input !== undefined) child.write(options.input);
    child.endInput();
    const chunks: Buffer[] = [];
    let size = 0;
    for (let chunk = await child.next(); chunk !== undefined; chunk = await child.next()) {
      size += chunk.length;
      if (size > outputLimitBytes) {
        throw new AppError('INPUT_TOO_LARGE', {
          what: `What git wrote while ${options.doing}`,
          size: `over ${outputLimitBytes} bytes`,
          limit: `${outputLimitBytes} bytes`,
        });
      }
      chunks.push(chunk);
    }
    return { ...(await child.exit()), output: Buffer.concat(chunks) };
  } finally {
    await child.kill();
  }
}

function spawnFailure(error: Error): unknown {
  if (error.name === 'AbortError') return error;
  if ('code' in error && error.code === 'ENOENT') return new AppError('GIT_NOT_FOUND', {}, { cause: error });
  return new AppError('GIT_FAILED', { doing: 'starting', detail: error.message }, { cause: error });
}

/** The line that says why git died, without control characters. */
function lastComplaint(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const fatal = lines.findLast((line) => line.startsWith('fatal:')) ?? lines.at(-1) ?? 'no reason given';
  return fatal.replace(/[\p{Cc}]/gu, ' ').slice(0, 500);
}
