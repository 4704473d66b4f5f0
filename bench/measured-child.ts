import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import process from 'node:process';

export interface Measured {
  readonly ms: number;
  /** Peak resident memory of the process itself, without its children. */
  readonly peakMb: number;
}

const sampleMs = 5;
/** Where the launcher lets Node keep what it made of our sources; git does not look at it. */
const compiled = new URL('../node_modules/.cache/compiled', import.meta.url).pathname;

/** Runs a program to its end with its output thrown away. */
export async function measure(command: string, args: readonly string[], cwd?: string): Promise<Measured> {
  const started = performance.now();
  const sink = openSync(devNull, 'w');
  const child = spawn(command, [...args], {
    stdio: ['ignore', sink, 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let peakMb = 0;
  // The kernel's own high-water mark, read until the process is gone.
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, highWaterMb(child.pid ?? 0));
  }, sampleMs);
  const status = await new Promise<number>((done, failed) => {
    child.on('error', failed);
    child.on('exit', (code) => done(code ?? 1));
  });
  clearInterval(sampler);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
  return { ms: performance.now() - started, peakMb };
}

/** `node src/main.ts …` as `scripts/launch.mjs` starts it, under the Node that runs the bench. */
export function measureReentry(args: readonly string[]): Promise<Measured> {
  return measure(process.execPath, [
    '--max-semi-space-size=16',
    new URL('../src/main.ts', import.meta.url).pathname,
    ...args,
  ]);
}

function highWaterMb(pid: number): number {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
