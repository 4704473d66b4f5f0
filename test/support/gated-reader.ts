import type { RepositoryReader } from '../../src/app/ports.ts';

export interface Gate {
  readonly openRepository: (path: string) => Promise<RepositoryReader>;
  /** Resolves when a reader has given that many changes and waits. */
  readonly reached: Promise<void>;
  /** Lets it, and every later one, go on. */
  open(): void;
}

/** Readers that pause after some changes; an abort ends the pause. */
export function pausedAfter(open: (path: string) => Promise<RepositoryReader>, changes: number): Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    open: () => opened.resolve(),
    openRepository: async (path) => {
      const reader = await open(path);
      return {
        describe: () => reader.describe(),
        hasCommit: (shas) => reader.hasCommit(shas),
        close: () => reader.close(),
        async *changes(options) {
          let given = 0;
          for await (const change of reader.changes(options)) {
            if (given === changes) {
              reached.resolve();
              await Promise.race([opened.promise, aborted(options.signal)]);
            }
            given += 1;
            yield change;
          }
        },
      };
    },
  };
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
