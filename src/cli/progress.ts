import { count } from '../core/sentence-parts.ts';
import type { Terminal } from './terminal.ts';

/** Reports long work: a bar on a terminal, a line every ten seconds elsewhere. */
export interface Progress {
  update(done: number, total: number): void;
  /** Clears the bar, so that what follows starts on a clean line. */
  end(): void;
}

const barWidth = 30;
const redrawMs = 100;
const lineMs = 10_000;
const clearLine = '\r\u001b[2K';

/** @param now Milliseconds of a steady clock. */
export function startProgress(terminal: Terminal, label: string, now: () => number): Progress {
  const started = now();
  let last = terminal.errIsTerminal ? Number.NEGATIVE_INFINITY : started;
  let drawn = false;
  return {
    update(done, total) {
      const time = now();
      if (time - last < (terminal.errIsTerminal ? redrawMs : lineMs)) return;
      last = time;
      const line = describe(label, done, total, time - started);
      if (terminal.errIsTerminal) terminal.err(`${clearLine}${bar(done, total)} ${line}`);
      else terminal.err(`${line}\n`);
      drawn = true;
    },
    end() {
      if (drawn && terminal.errIsTerminal) terminal.err(clearLine);
      drawn = false;
    },
  };
}

/** Says on a terminal what is under way for as long as it takes, since the first start of a database takes seconds. */
export async function announce<Result>(
  terminal: Terminal,
  text: string,
  work: Promise<Result>,
): Promise<Result> {
  if (!terminal.errIsTerminal) return work;
  terminal.err(text);
  try {
    return await work;
  } finally {
    terminal.err(clearLine);
  }
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.min(barWidth, Math.floor((done / total) * barWidth));
  return `[${'█'.repeat(filled)}${'·'.repeat(barWidth - filled)}]`;
}

function describe(label: string, done: number, total: number, elapsedMs: number): string {
  const share = total === 0 ? 0 : done / total;
  const left = share > 0.02 ? `, about ${duration((elapsedMs / share) * (1 - share))} left` : '';
  return `${label}: ${count(done)} of ${count(total)} (${Math.floor(share * 100)} %)${left}`;
}

/** `8 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
