import type { AssessedChange } from '../app/assess-change.ts';
import type { RepositoryReader } from '../app/ports.ts';
import { scanRepository } from '../app/scan-repository.ts';
import { scanLine } from '../contract/scan-line.ts';
import type { Gap } from '../core/change/observed-change.ts';
import { AppError } from '../core/errors.ts';
import { plural } from '../core/sentence-parts.ts';
import { changeDetail, changeLine, changeLineHead } from './print-change.ts';
import { type Progress, startProgress } from './progress.ts';
import { printable, type Terminal } from './terminal.ts';
import type { World } from './world.ts';

export interface ScanOptions {
  readonly repository: string;
  readonly base?: string;
  readonly head?: string;
  readonly since?: Date;
  readonly json?: true;
}

/** Characters gathered before they are handed to the stream: one system call for many changes. */
const flushCharacters = 64 * 1024;

export async function scan(world: World, options: ScanOptions): Promise<number> {
  if (options.base !== undefined && options.head === undefined) {
    throw new AppError('USAGE', { detail: '--base needs --head: the two ends of the change.' });
  }
  const { terminal } = world;
  const reader = await world.openRepository(options.repository);
  const progress = startProgress(terminal, 'Reading', world.steadyMs);
  try {
    const { headSha, gaps } = await reader.describe();
    if (headSha === null) terminal.err('This repository has no commits yet.\n');
    printGaps(gaps, terminal);
    const count = await printChanges(world, reader, options, progress);
    progress.end();
    if (!options.json && !terminal.outClosed()) terminal.err(`${plural(count, 'change')}\n`);
  } finally {
    progress.end();
    await reader.close();
  }
  return 0;
}

/** Says on the error stream what the repository cannot give, before anybody relies on the result. */
export function printGaps(gaps: readonly Gap[], terminal: Terminal): void {
  for (const gap of gaps) terminal.err(`Note (${gap.code}): ${printable(gap.detail)}\n`);
}

async function printChanges(
  world: World,
  reader: RepositoryReader,
  options: ScanOptions,
  progress: Progress,
): Promise<number> {
  const { terminal, model, signal } = world;
  const detailed = options.base !== undefined;
  // A bar that is being drawn would stand in the middle of the first line.
  const output = new BufferedOutput(terminal, () => progress.end());
  if (!options.json && !detailed) await output.write(changeLineHead(terminal));
  let count = 0;
  const changes = scanRepository(reader, model, {
    ...(options.base === undefined ? {} : { base: options.base }),
    ...(options.head === undefined ? {} : { head: options.head }),
    ...(options.since === undefined ? {} : { since: options.since }),
    signal,
    onProgress: (done, total) => progress.update(done, total),
  });
  for await (const assessed of changes) {
    count += 1;
    await output.write(lineOf(assessed, options.json === true, detailed, terminal));
    if (terminal.outClosed()) break;
  }
  await output.flush();
  return count;
}

function lineOf(
  { change, attribution, risk }: AssessedChange,
  json: boolean,
  detailed: boolean,
  terminal: Terminal,
): string {
  if (json) return `${JSON.stringify(scanLine(change, attribution, risk))}\n`;
  if (detailed) return changeDetail(change, attribution, risk, terminal);
  return changeLine(change, attribution, risk, terminal);
}

class BufferedOutput {
  readonly #terminal: Terminal;
  readonly #beforeFlush: () => void;
  #text = '';

  constructor(terminal: Terminal, beforeFlush: () => void) {
    this.#terminal = terminal;
    this.#beforeFlush = beforeFlush;
  }

  async write(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= flushCharacters) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text === '') return;
    this.#beforeFlush();
    await this.#terminal.out(text);
  }
}
