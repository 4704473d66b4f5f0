import { setTimeout as wait } from 'node:timers/promises';
import type { WorkStore } from '../app/work-ports.ts';

export interface VerificationScheduleOptions {
  readonly work: WorkStore;
  /** The age at which the last verification is too old. */
  readonly everyMs: number;
  readonly now: () => Date;
  readonly start: () => Promise<unknown>;
  readonly onProblem: (error: unknown, doing: string) => void;
}

/** How often is asked; at the start other work goes first. */
const longestPauseMs = 60_000;

/** Has the archive verified whenever the last verification that came to its end is too old. */
export class VerificationSchedule {
  readonly #options: VerificationScheduleOptions;
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;

  constructor(options: VerificationScheduleOptions) {
    this.#options = options;
    this.#loop = this.#repeat();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #repeat(): Promise<void> {
    const { signal } = this.#stopping;
    const pauseMs = Math.min(this.#options.everyMs, longestPauseMs);
    for (;;) {
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.#look().catch((error: unknown) =>
        this.#options.onProblem(error, 'scheduling a verification'),
      );
    }
  }

  async #look(): Promise<void> {
    const { work, everyMs, now, start } = this.#options;
    const ended = (await work.verifications(lookedThrough)).find(
      ({ state }) => state === 'passed' || state === 'failed',
    );
    if (ended?.finishedAt && now().getTime() - Date.parse(ended.finishedAt) < everyMs) return;
    await start();
  }
}

/** Those that were stopped do not count. */
const lookedThrough = 20;
