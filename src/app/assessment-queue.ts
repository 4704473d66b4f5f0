import { AppError } from '../core/errors.ts';
import { checkName } from '../core/gate/check-summary.ts';
import type { HostObservation } from '../core/host/observation.ts';
import {
  type AssessmentParts,
  type AssessOptions,
  assessPullRequest,
  type PullRequestAssessed,
} from './assess-pull-request.ts';
import type { PullRequestKey } from './host-row-ports.ts';
import { OneByOne } from './one-by-one.ts';

export interface AssessmentQueueOptions extends Omit<AssessmentParts, 'publishing'> {
  readonly onAssessed?: (assessed: PullRequestAssessed) => void;
  readonly onProblem: (error: unknown, doing: string) => void;
  /** Pull requests that are assessed side by side; most of the time the host is waited for. */
  readonly atOnce?: number;
  /** The first pause before a host that was not well is asked again; each further one is twice as long, up to an hour. */
  readonly retryMs?: number;
}

interface Waiting extends AssessOptions {
  readonly key: PullRequestKey;
  readonly tries: number;
}

const defaultAtOnce = 4;
const defaultRetryMs = 2_000;
const maxPauseMs = 3_600_000;
/** After so many it is a problem that somebody is told of; asked again it is all the same, for about three days. */
const toldAfter = 8;
const maxTries = 84;

/**
 * Assesses pull requests as events come, each by one at a time. Events that come while one is waiting are one assessment; what was
 * not assessed when the process ended is found again by `takeUp`.
 */
export class AssessmentQueue {
  readonly #options: AssessmentQueueOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #publishing = new OneByOne();
  #stopped = false;

  constructor(options: AssessmentQueueOptions) {
    this.#options = options;
  }

  /** What was told may change the verdict of these pull requests. Never waits and never throws. */
  told(observations: readonly HostObservation[]): void {
    for (const observation of observations) {
      const repositoryHostId = observation.repository?.hostId;
      if (repositoryHostId === undefined) continue;
      this.#affected(repositoryHostId, observation).catch((error: unknown) =>
        this.#options.onProblem(error, 'looking for what an event is about'),
      );
    }
  }

  add(key: PullRequestKey, options: AssessOptions = {}): void {
    this.#put({ key, tries: 0, ...options });
  }

  /**
   * Everything that was told and not assessed, after a crash, or a host that could not be asked; and whatever is open, since the result
   * of a check may have been told last.
   */
  async takeUp(): Promise<void> {
    const { projections } = this.#options.archive;
    for (const key of await projections.unassessed()) this.add(key);
    for (const { hostId } of await projections.hostRepositories())
      for (const number of await projections.openPullRequests(hostId))
        this.add({ repositoryHostId: hostId, number });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#running.values());
  }

  async #affected(repositoryHostId: string, observation: HostObservation): Promise<void> {
    for (const number of await this.#numbersOf(repositoryHostId, observation))
      this.add({ repositoryHostId, number });
  }

  async #numbersOf(repositoryHostId: string, observation: HostObservation): Promise<readonly number[]> {
    const { projections } = this.#options.archive;
    switch (observation.schema) {
      case 'reentry.pull-request/1':
        return [observation.number];
      case 'reentry.review/1':
        return [observation.pullRequest];
      case 'reentry.gate-outcome/1': {
        if (observation.name === checkName) return [];
        // Whoever is being assessed just now has no row of this head yet.
        await Promise.all(this.#running.values());
        const named = observation.pullRequests;
        return [
          ...new Set([
            ...named,
            ...(await projections.pullRequestsAt(repositoryHostId, [observation.headSha])),
          ]),
        ];
      }
      case 'reentry.deployment/1':
        return projections.pullRequestsAt(repositoryHostId, [observation.sha]);
      case 'reentry.push/1':
        // The policy stands on the branch that everything goes into.
        return observation.branch !== null && observation.branch === observation.repository.defaultBranch
          ? projections.openPullRequests(repositoryHostId)
          : projections.pullRequestsAt(repositoryHostId, [observation.after]);
      case 'reentry.protection/1':
        return projections.openPullRequests(repositoryHostId);
      default:
        return [];
    }
  }

  #put(waiting: Waiting): void {
    if (this.#stopped) return;
    const name = nameOf(waiting.key);
    const before = this.#waiting.get(name);
    this.#waiting.set(name, {
      ...waiting,
      refresh: (waiting.refresh ?? false) || (before?.refresh ?? false),
    });
    this.#begin();
  }

  #begin(): void {
    for (const [name, waiting] of this.#waiting) {
      if (this.#running.size >= (this.#options.atOnce ?? defaultAtOnce)) return;
      if (this.#running.has(name)) continue;
      this.#waiting.delete(name);
      const run = this.#run(waiting).finally(() => {
        this.#running.delete(name);
        this.#begin();
      });
      this.#running.set(name, run);
    }
  }

  async #run(waiting: Waiting): Promise<void> {
    try {
      const assessed = await assessPullRequest(
        { ...this.#options, publishing: this.#publishing },
        waiting.key,
        waiting,
      );
      if (assessed === undefined) return;
      this.#options.onAssessed?.(assessed);
      if (assessed.sealed === null) return;
      // Their check run is the same one: whichever is assessed last says what stands for all of them.
      for (const number of assessed.beside) this.add({ ...waiting.key, number });
    } catch (error) {
      // Whoever stops ends what is under way; it is taken up by the next start.
      if (this.#stopped) return;
      const isLater = isPassing(error) && waiting.tries + 1 < maxTries;
      if (isLater) this.#later(waiting);
      if (!isLater || waiting.tries + 1 === toldAfter)
        this.#options.onProblem(error, `assessing pull request ${waiting.key.number}`);
    }
  }

  #later(waiting: Waiting): void {
    const pauseMs = Math.min(maxPauseMs, (this.#options.retryMs ?? defaultRetryMs) * 2 ** waiting.tries);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#put({ ...waiting, tries: waiting.tries + 1 });
    }, pauseMs);
    this.#timers.add(timer);
  }
}

/**
 * The host, or the line to it, may be well again in a moment; a commit may be told before it can be fetched; what is refused or not
 * understood today may be mended by somebody there.
 */
function isPassing(error: unknown): boolean {
  return error instanceof AppError && passing.has(error.code);
}

const passing: ReadonlySet<string> = new Set([
  'HOST_BUSY',
  'HOST_MISSING',
  'HOST_REFUSED',
  'HOST_ANSWER',
  'GIT_FAILED',
  'GIT_TIMEOUT',
  'REVISION_UNKNOWN',
]);

function nameOf({ repositoryHostId, number }: PullRequestKey): string {
  return `${repositoryHostId}/${number}`;
}
