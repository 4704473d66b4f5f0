/** Entry of a worker thread: reads one repository for `openRepositoryInThread`. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { RepositoryReader } from '../../app/ports.ts';
import { mentionsAgent } from '../../core/attribution/agent-mention.ts';
import type { ObservedChange } from '../../core/change/observed-change.ts';
import { createChangeReplay } from '../../core/risk/replay.ts';
import { openRepository } from './open-repository.ts';
import {
  batchesAhead,
  type FromReaderThread,
  failureOf,
  type ReaderThreadData,
  type ToReaderThread,
} from './reader-messages.ts';

/** Changes of a batch; they differ in size by four orders of magnitude, so their lines of text count too. */
const batchChanges = 64;
const batchFiles = 1_000;
/** A batch is sent after this time however small it is, so that progress is seen. */
const batchMs = 100;
const progressMs = 100;

class ReaderThread {
  readonly #port: MessagePort;
  readonly #reader: RepositoryReader;
  #credit = batchesAhead;
  #wake: () => void = () => undefined;
  #stop = new AbortController();
  #reading: Promise<void> = Promise.resolve();

  constructor(port: MessagePort, reader: RepositoryReader) {
    this.#port = port;
    this.#reader = reader;
    port.on('message', (message: ToReaderThread) => this.#receive(message));
    this.#send({ type: 'opened' });
  }

  #receive(message: ToReaderThread): void {
    switch (message.type) {
      case 'describe':
        void this.#answer(async () => this.#send({ type: 'state', state: await this.#reader.describe() }));
        return;
      case 'has-commit':
        void this.#answer(async () =>
          this.#send({ type: 'answer', holds: await this.#reader.hasCommit(message.shas) }),
        );
        return;
      case 'read':
        this.#reading = this.#answer(() => this.#read(message.options));
        return;
      case 'more':
        this.#credit += 1;
        this.#wake();
        return;
      case 'stop':
        this.#stop.abort();
        this.#wake();
        return;
      case 'close':
        void this.#close();
    }
  }

  async #answer(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#send({ type: 'failed', failure: failureOf(error) });
    }
  }

  async #read(options: Extract<ToReaderThread, { type: 'read' }>['options']): Promise<void> {
    const { signal } = this.#stop;
    let batch: ObservedChange[] = [];
    let files = 0;
    let sentAt = performance.now();
    let toldAt = 0;
    const onProgress = (done: number, total: number) => {
      if (performance.now() - toldAt < progressMs) return;
      toldAt = performance.now();
      this.#send({ type: 'progress', done, total });
    };
    for await (const change of this.#reader.changes({ ...options, onProgress, signal })) {
      batch.push(change);
      files += change.files.length;
      if (batch.length < batchChanges && files < batchFiles && performance.now() - sentAt < batchMs) continue;
      await this.#sendBatch(batch);
      batch = [];
      files = 0;
      sentAt = performance.now();
    }
    if (batch.length > 0) await this.#sendBatch(batch);
    this.#send({ type: 'end' });
  }

  async #sendBatch(changes: readonly ObservedChange[]): Promise<void> {
    while (this.#credit === 0 && !this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#stop.signal.throwIfAborted();
    this.#credit -= 1;
    this.#send({ type: 'batch', changes });
  }

  /** Without its port nothing keeps the thread alive. */
  async #close(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#reader.close();
    await this.#reading;
    this.#port.close();
  }

  #send(message: FromReaderThread): void {
    this.#port.postMessage(message);
  }
}

async function serve(port: MessagePort, { path, searchPath }: ReaderThreadData): Promise<void> {
  try {
    const reader = await openRepository(path, {
      replay: createChangeReplay(),
      mentionsAgent,
      ...(searchPath === undefined ? {} : { searchPath }),
    });
    new ReaderThread(port, reader);
  } catch (error) {
    port.postMessage({ type: 'failed', failure: failureOf(error) } satisfies FromReaderThread);
    port.close();
  }
}

if (parentPort) await serve(parentPort, workerData as ReaderThreadData);
