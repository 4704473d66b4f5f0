import { Worker } from 'node:worker_threads';
import type { ReadReport, ReportReader } from '../../app/report-ports.ts';
import { AppError } from '../../core/errors.ts';
import { readReport } from './read-report.ts';
import { reportInvalid } from './report-invalid.ts';
import type { FromReportThread } from './report-thread.ts';

export interface ReportReaderOptions {
  /** Larger files are read in a thread of their own. */
  readonly inlineBytes?: number;
  /** A file that takes longer is refused. */
  readonly timeoutMs?: number;
  /** Threads at the same time; what comes meanwhile waits. */
  readonly maxThreads?: number;
}

/** A fraction of what a thread's start costs. */
const usualInlineBytes = 64 * 1024;
const usualTimeoutMs = 20_000;
/** Never to be reached: the number of values is limited before, since V8 ends the whole process where a parse runs out of memory. */
const maxHeapMb = 4_096;
const usualThreads = 2;

/** Reads reports so that no file, however large or strange, holds up this thread or takes its memory. */
export function reportReader(options: ReportReaderOptions = {}): ReportReader {
  const { inlineBytes = usualInlineBytes, maxThreads = usualThreads } = options;
  const turns = new Turns(maxThreads);
  return {
    read: async (file) =>
      file.length <= inlineBytes ? readReport(file) : turns.take(() => readInThread(file, options)),
  };
}

function readInThread(
  file: Uint8Array,
  { timeoutMs = usualTimeoutMs }: ReportReaderOptions,
): Promise<ReadReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./report-thread.ts', import.meta.url), {
      workerData: file,
      name: 'report',
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    let failure: unknown;
    const late = setTimeout(() => {
      failure ??= reportInvalid(`it takes longer than ${timeoutMs / 1_000} seconds to read`);
      void worker.terminate();
    }, timeoutMs);
    worker.once('message', (message: FromReportThread) => {
      if (message.type === 'read') resolve(message.report);
      else failure = new AppError(message.code, message.details);
    });
    worker.once('error', (error) => {
      failure ??= lostThread(error);
    });
    worker.once('exit', () => {
      clearTimeout(late);
      reject(failure ?? lostThread(undefined));
    });
  });
}

function lostThread(cause: unknown): AppError {
  const detail = `the thread that reads a report ended: ${cause instanceof Error ? cause.message : 'nobody knows why'}`;
  return new AppError('INTERNAL', { detail }, { cause });
}

/** So many at once; the others wait in their order. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((begin) => this.#waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
