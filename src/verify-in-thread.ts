import { Worker } from 'node:worker_threads';
import type { Verification, VerifyArchiveOptions } from './app/verify-archive.ts';
import { AppError } from './core/errors.ts';
import type { FromVerificationThread, VerificationThreadData } from './verification-thread.ts';

/** How long a thread may take to close its connections; after that it is ended from outside. */
const stoppingMs = 5_000;

/**
 * As `verifyArchive`, of the archive that this process has open, in a thread with database connections of its own. Whoever
 * calls sees to it that nothing is imported meanwhile. Errors: the abort's reason; INTERNAL where the thread fails.
 */
export async function verifyInThread(
  data: VerificationThreadData,
  { onProgress, signal }: VerifyArchiveOptions,
): Promise<Verification> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL('./verification-thread.ts', import.meta.url), {
    workerData: data,
    name: 'verification',
  });
  let impatience: NodeJS.Timeout | undefined;
  const stop = () => {
    worker.postMessage('stop');
    impatience = setTimeout(() => void worker.terminate(), stoppingMs);
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await outcome(worker, onProgress, signal);
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(impatience);
  }
}

/** Settles when the thread is gone. */
function outcome(
  worker: Worker,
  onProgress: VerifyArchiveOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<Verification> {
  return new Promise((resolve, reject) => {
    let verification: Verification | undefined;
    let failure: unknown;
    worker.on('message', (message: FromVerificationThread) => {
      if (message.type === 'progress') onProgress?.(message.log, message.done, message.total);
      else verification = message.verification;
    });
    worker.on('error', (error) => {
      failure = error;
    });
    worker.once('exit', () => {
      if (signal?.aborted) reject(signal.reason);
      else if (verification) resolve(verification);
      else reject(asAppError(failure));
    });
  });
}

function asAppError(cause: unknown): AppError {
  const detail = `the verification ended early: ${cause instanceof Error ? cause.message : 'nobody knows why'}`;
  return new AppError('INTERNAL', { detail }, { cause });
}
