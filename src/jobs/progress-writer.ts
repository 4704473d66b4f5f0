import type { Progress, WorkStore } from '../app/work-ports.ts';

const everyMs = 300;

/** Stores how far a job is: the newest state, a few times a second, one write at a time. */
export class ProgressWriter {
  readonly #work: WorkStore;
  readonly #jobId: string;
  #newest: Progress | undefined;
  #writing: Promise<void> | undefined;
  #pause: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(work: WorkStore, jobId: string) {
    this.#work = work;
    this.#jobId = jobId;
  }

  readonly tell = (step: string, done: number, total: number): void => {
    this.#newest = { step, done, total };
    this.#next();
  };

  /** Nothing is written after this. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#pause);
    await this.#writing;
    await this.#work.setProgress(this.#jobId, null).catch(() => undefined);
  }

  #next(): void {
    if (this.#ended || this.#writing || this.#pause || !this.#newest) return;
    const progress = this.#newest;
    this.#newest = undefined;
    // A database that is lost is told by the work itself; its progress is no reason to fail.
    const writing = this.#work.setProgress(this.#jobId, progress).catch(() => undefined);
    this.#writing = writing.then(() => {
      this.#writing = undefined;
      if (this.#ended) return;
      this.#pause = setTimeout(() => {
        this.#pause = undefined;
        this.#next();
      }, everyMs);
    });
  }
}
