import type { AppendOutcome } from '../app/ports.ts';
import { type EncodedEntry, maxAppendEntries } from './log-entries.ts';

interface Waiting {
  readonly entries: readonly EncodedEntry[];
  readonly bytes: number;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Bounds the memory that one transaction takes; a single larger call still goes through alone. */
const maxGroupBytes = 16 * 1024 * 1024;

/**
 * Commits what waits together: the first call starts at once, calls that come meanwhile share the next transaction, since
 * a commit costs one wait for the disk whatever is in it. In order; a group fails as a whole, and the next one goes on.
 */
export class GroupCommit {
  readonly #commit: (entries: readonly EncodedEntry[]) => Promise<AppendOutcome>;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(commit: (entries: readonly EncodedEntry[]) => Promise<AppendOutcome>) {
    this.#commit = commit;
  }

  append(entries: readonly EncodedEntry[]): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      const bytes = entries.reduce((sum, { payload }) => sum + payload.length, 0);
      this.#waiting.push({ entries, bytes, resolve, reject });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#waiting.length > 0) await this.#commitNext();
    this.#isRunning = false;
  }

  async #commitNext(): Promise<void> {
    const group = this.#takeGroup();
    try {
      const { entries, size } = await this.#commit(group.flatMap((call) => call.entries));
      let at = 0;
      for (const call of group) {
        call.resolve({ entries: entries.slice(at, at + call.entries.length), size });
        at += call.entries.length;
      }
    } catch (error) {
      for (const call of group) call.reject(error);
    }
  }

  #takeGroup(): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    const end = this.#waiting.findIndex((call, index) => {
      count += call.entries.length;
      bytes += call.bytes;
      return index > 0 && (count > maxAppendEntries || bytes > maxGroupBytes);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }
}
