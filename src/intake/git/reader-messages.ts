import type { ReadChangesOptions, RepositoryState } from '../../app/ports.ts';
import type { ObservedChange } from '../../core/change/observed-change.ts';
import { AppError, type ErrorCode } from '../../core/errors.ts';

/** What a thread that reads a repository is started with. */
export interface ReaderThreadData {
  readonly path: string;
  readonly searchPath?: string;
}

export type ToReaderThread =
  | { readonly type: 'describe' }
  | { readonly type: 'has-commit'; readonly shas: readonly string[] }
  | { readonly type: 'read'; readonly options: Omit<ReadChangesOptions, 'onProgress' | 'signal'> }
  /** One batch was used up: another one may be sent. */
  | { readonly type: 'more' }
  /** Ends the reading of changes, if there is one. */
  | { readonly type: 'stop' }
  | { readonly type: 'close' };

export type FromReaderThread =
  | { readonly type: 'opened' }
  | { readonly type: 'state'; readonly state: RepositoryState }
  | { readonly type: 'answer'; readonly holds: boolean }
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'batch'; readonly changes: readonly ObservedChange[] }
  | { readonly type: 'end' }
  /** Whatever was asked for last. */
  | { readonly type: 'failed'; readonly failure: Failure };

/** An error on its way between threads: a copied one would lose its class, its code and what can be done about it. */
export interface Failure {
  readonly code: ErrorCode | undefined;
  readonly details: Readonly<Record<string, string | number>>;
  readonly message: string;
  readonly stack: string | undefined;
}

export function failureOf(error: unknown): Failure {
  const known = error instanceof AppError ? error : undefined;
  return {
    code: known?.code,
    details: known?.details ?? {},
    message: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? error.stack : undefined,
  };
}

export function errorOf({ code, details, message, stack }: Failure): Error {
  const error = code === undefined ? new Error(message) : new AppError(code, details);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Batches that the thread may be ahead of whoever uses them. */
export const batchesAhead = 2;
