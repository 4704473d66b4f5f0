import { Worker } from 'node:worker_threads';
import type { ReadChangesOptions, RepositoryReader, RepositoryState } from '../../app/ports.ts';
import type { ObservedChange } from '../../core/change/observed-change.ts';
import { AppError } from '../../core/errors.ts';
import {
  errorOf,
  type FromReaderThread,
  type ReaderThreadData,
  type ToReaderThread,
} from './reader-messages.ts';

/**
 * As `openRepository`, in a thread of its own, so that reading git and replaying lines leave this thread free. Serves one
 * reading of the changes. Errors are those of the reader; INTERNAL where the thread itself dies. `close` ends the thread.
 */
export async function openRepositoryInThread(
  path: string,
  options: { readonly searchPath?: string } = {},
): Promise<RepositoryReader> {
  const data: ReaderThreadData = { path, ...options };
  const thread = new ThreadReader(
    new Worker(new URL('./reader-thread.ts', import.meta.url), { workerData: data, name: 'git reader' }),
  );
  try {
    await thread.opened();
    return thread;
  } catch (error) {
    await thread.close();
    throw error;
  }
}

/** How long a thread may take to end its gits and remove its folders; after that it is ended from outside. */
const closingMs = 10_000;

class ThreadReader implements RepositoryReader {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  /** What came and was not asked for yet. */
  readonly #inbox: FromReaderThread[] = [];
  #lost: Error | undefined;
  #wake: () => void = () => undefined;
  #onProgress: (done: number, total: number) => void = () => undefined;
  #state: Promise<RepositoryState> | undefined;
  #readingBegun = false;
  #closing: Promise<void> | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: FromReaderThread) => {
      if (message.type === 'progress') this.#onProgress(message.done, message.total);
      else this.#inbox.push(message);
      this.#wake();
    });
    worker.on('error', (cause: Error) => this.#lose(cause));
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#lose(undefined);
        resolve();
      });
    });
  }

  async opened(): Promise<void> {
    await this.#next('opened');
  }

  /** Asked for once: references are those of the opening. */
  describe(): Promise<RepositoryState> {
    this.#state ??= this.#describe();
    return this.#state;
  }

  async #describe(): Promise<RepositoryState> {
    this.#send({ type: 'describe' });
    return (await this.#next('state')).state;
  }

  async hasCommit(shas: readonly string[]): Promise<boolean> {
    // One thing is asked for at a time.
    await this.describe();
    this.#send({ type: 'has-commit', shas });
    return (await this.#next('answer')).holds;
  }

  async *changes({
    onProgress,
    signal,
    ...options
  }: ReadChangesOptions): AsyncGenerator<ObservedChange, void, undefined> {
    if (this.#readingBegun)
      throw new AppError('INTERNAL', { detail: 'the history was read twice with one reader' });
    this.#readingBegun = true;
    signal?.throwIfAborted();
    // One thing is asked for at a time, and from here on the state is known.
    await this.describe();
    if (onProgress) this.#onProgress = onProgress;
    const stop = () => this.#wake();
    signal?.addEventListener('abort', stop, { once: true });
    this.#send({ type: 'read', options });
    try {
      yield* this.#batches(signal);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#onProgress = () => undefined;
      this.#send({ type: 'stop' });
    }
  }

  async *#batches(signal: AbortSignal | undefined): AsyncGenerator<ObservedChange, void, undefined> {
    for (;;) {
      const message = await this.#receive(signal);
      if (message.type === 'end') return;
      if (message.type !== 'batch') throw unexpected(message);
      yield* message.changes;
      this.#send({ type: 'more' });
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#send({ type: 'close' });
    const impatience = setTimeout(() => void this.#worker.terminate(), closingMs);
    await this.#ended;
    clearTimeout(impatience);
  }

  async #next<Type extends FromReaderThread['type']>(
    type: Type,
  ): Promise<Extract<FromReaderThread, { type: Type }>> {
    const message = await this.#receive(undefined);
    if (message.type !== type) throw unexpected(message);
    return message as Extract<FromReaderThread, { type: Type }>;
  }

  async #receive(signal: AbortSignal | undefined): Promise<FromReaderThread> {
    for (;;) {
      signal?.throwIfAborted();
      const message = this.#inbox.shift();
      if (message?.type === 'failed') throw errorOf(message.failure);
      if (message) return message;
      if (this.#lost) throw this.#lost;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #lose(cause: Error | undefined): void {
    const detail = `the thread that reads git ended: ${cause?.message ?? 'nobody knows why'}`;
    this.#lost ??= new AppError('INTERNAL', { detail }, { cause });
    this.#wake();
  }

  #send(message: ToReaderThread): void {
    this.#worker.postMessage(message);
  }
}

function unexpected(message: FromReaderThread): AppError {
  return new AppError('INTERNAL', {
    detail: `the thread that reads git said "${message.type}" out of turn`,
  });
}
