/** Entry of a worker thread, and a place that joins adapters as `main.ts` is: verifies an archive beside the server. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type pg from 'pg';
import type { LogName } from './app/ports.ts';
import { type Verification, verifyArchive } from './app/verify-archive.ts';
import { evidenceOf } from './evidence.ts';
import { openStoreReader } from './store/open-reader.ts';

export interface VerificationThreadData {
  readonly dataFolder: string;
  readonly connection: pg.ClientConfig;
}

/** Anything said to the thread means that it should stop. */
export type FromVerificationThread =
  | { readonly type: 'progress'; readonly log: LogName; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly verification: Verification };

const progressMs = 100;

async function serve(port: MessagePort, { dataFolder, connection }: VerificationThreadData): Promise<void> {
  const stopping = new AbortController();
  port.once('message', () => stopping.abort());
  const send = (message: FromVerificationThread) => port.postMessage(message);
  const store = openStoreReader(connection);
  let toldAt = 0;
  try {
    const verification = await verifyArchive(await evidenceOf(dataFolder, store), {
      signal: stopping.signal,
      onProgress: (log, done, total) => {
        if (performance.now() - toldAt < progressMs) return;
        toldAt = performance.now();
        send({ type: 'progress', log, done, total });
      },
    });
    send({ type: 'done', verification });
  } finally {
    await store.close();
    port.close();
  }
}

if (parentPort) await serve(parentPort, workerData as VerificationThreadData);
