import { setTimeout as wait } from 'node:timers/promises';
import type { LogName, LogPublisher } from '../app/ports.ts';

export interface PublishLogsOptions {
  readonly logs: Readonly<Record<LogName, Pick<LogPublisher, 'publish'>>>;
  readonly everyMs: Readonly<Record<LogName, number>>;
  readonly onProblem: (error: unknown, doing: string) => void;
}

/** Longest pause while publishing fails. */
const maxPauseMs = 60_000;

/**
 * Publishes what has been sequenced, whoever added it: people's actions reach the published events log within seconds. One
 * publication of a log at a time; while there is nothing new it is one small query.
 */
export class LogPublishing {
  readonly #options: PublishLogsOptions;
  readonly #stopping = new AbortController();
  readonly #loops: readonly Promise<void>[];

  constructor(options: PublishLogsOptions) {
    this.#options = options;
    this.#loops = [this.#repeat('events'), this.#repeat('evidence')];
  }

  /** Resolves when nothing is being published any more; a last time, so that what is sequenced is published. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #repeat(log: LogName): Promise<void> {
    let pauseMs = this.#options.everyMs[log];
    while (await this.#pause(pauseMs)) pauseMs = await this.#publish(log, pauseMs);
    await this.#publish(log, pauseMs);
  }

  /** The pause until the next time. */
  async #publish(log: LogName, pauseMs: number): Promise<number> {
    try {
      await this.#options.logs[log].publish();
      return this.#options.everyMs[log];
    } catch (error) {
      this.#options.onProblem(error, `publishing the ${log} log`);
      return Math.min(pauseMs * 2, maxPauseMs);
    }
  }

  async #pause(ms: number): Promise<boolean> {
    await wait(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    return !this.#stopping.signal.aborted;
  }
}
