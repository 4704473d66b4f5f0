import { setTimeout as wait } from 'node:timers/promises';
import type { RepositoryLook, RepositorySource, WorkStore } from '../app/work-ports.ts';
import { goneFrom, requireSame } from './expected-source.ts';
import { problemOf } from './problem.ts';

export interface FollowOptions {
  readonly work: WorkStore;
  readonly everyMs: number;
  readonly now: () => Date;
  readonly lookAt: (path: string, options: { readonly signal: AbortSignal }) => Promise<RepositoryLook>;
  /** What the last import saw; undefined before the first. */
  readonly importedDigest: (repoId: string) => Promise<string | undefined>;
  readonly startImport: (repoId: string) => Promise<unknown>;
  readonly onProblem: (error: unknown, doing: string) => void;
}

interface Patience {
  readonly failures: number;
  readonly notBefore: number;
}

const maxPauseMs = 300_000;

/**
 * Looks at the references of every followed repository and has it imported when there is something new. A repository that
 * fails, when it is looked at or imported, is looked at less and less often until it is well again.
 */
export class RepositoryFollowing {
  readonly #options: FollowOptions;
  readonly #stopping = new AbortController();
  readonly #patience = new Map<string, Patience>();
  readonly #loop: Promise<void>;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#loop = this.#repeat();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  /** Somebody asked for it, or mended it: look again at once. */
  forgive(repoId: string): void {
    this.#patience.delete(repoId);
  }

  /** An import of it failed. */
  failed(repoId: string): void {
    const failures = (this.#patience.get(repoId)?.failures ?? 0) + 1;
    const pauseMs = Math.min(this.#options.everyMs * 2 ** failures, maxPauseMs);
    this.#patience.set(repoId, { failures, notBefore: performance.now() + pauseMs });
  }

  async #repeat(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#lookAtAll().catch((error: unknown) => {
        if (!signal.aborted) this.#options.onProblem(error, 'looking for new commits');
      });
      await wait(this.#options.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One after the other: looking is cheap, and there is no hurry. */
  async #lookAtAll(): Promise<void> {
    for (const source of await this.#options.work.sources()) {
      if (this.#stopping.signal.aborted) return;
      const patience = this.#patience.get(source.repoId);
      if (!source.following || (patience && performance.now() < patience.notBefore)) continue;
      await this.#look(source);
    }
  }

  async #look(source: RepositorySource): Promise<void> {
    const { work, now, lookAt, importedDigest, startImport } = this.#options;
    const { signal } = this.#stopping;
    const { repoId } = source;
    let look: RepositoryLook;
    try {
      look = await lookAt(source.path, { signal }).catch(goneFrom(source));
      requireSame(source, look.ref);
    } catch (error) {
      if (signal.aborted) return;
      this.failed(repoId);
      await work.setLookedAt(repoId, now().toISOString());
      await work.setProblem(repoId, problemOf(error));
      return;
    }
    await work.setLookedAt(repoId, now().toISOString());
    if (look.headSha !== null && look.refsDigest !== (await importedDigest(repoId))) {
      await startImport(repoId);
      return;
    }
    this.forgive(repoId);
    if (source.problem !== null) await work.setProblem(repoId, null);
  }
}
