import { setTimeout as wait } from 'node:timers/promises';
import type { Scorecard } from '../core/risk/scorecard.ts';
import type { AssessmentQueue } from './assessment-queue.ts';
import { deriveEvidence } from './derive-evidence.ts';
import { factOfReading } from './gather-told.ts';
import type { ConnectedRepository, HostConnection, HostProgress } from './host-ports.ts';
import type { Mirrors } from './mirror-ports.ts';
import type { Archive } from './ports.ts';
import { recordFacts } from './record-facts.ts';

export interface FollowHostOptions {
  readonly archive: Archive;
  readonly model: Scorecard;
  readonly connection: HostConnection;
  readonly mirrors: Mirrors;
  readonly queue: AssessmentQueue;
  readonly progress: HostProgress;
  /** Has the history of a mirror imported, and new commits of its branch followed. */
  readonly followMirror: (path: string, addedBy: string, signal: AbortSignal) => Promise<unknown>;
  readonly onProblem: (error: unknown, doing: string) => void;
  /** How often everything is looked at again: repositories that came, deliveries that did not. */
  readonly everyMs?: number;
}

const defaultEveryMs = 10 * 60_000;
/** GitHub keeps deliveries for three days. */
const deliveriesKeptMs = 3 * 86_400_000;

/**
 * Keeps up with a code host beside its events: its repositories are copied and their history imported, pull requests from before we
 * were told of any are read page by page, going on where the last look stopped, and deliveries that did not arrive are asked for again.
 */
export class HostFollowing {
  readonly #options: FollowHostOptions;
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;

  constructor(options: FollowHostOptions) {
    this.#options = options;
    this.#loop = this.#repeat();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #repeat(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#look().catch((error: unknown) => this.#tell(error, 'looking at the code host'));
      await wait(this.#options.everyMs ?? defaultEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { connection } = this.#options;
    for await (const repository of connection.repositories()) {
      if (this.#stopping.signal.aborted) return;
      // One that cannot be read holds up no other one.
      await this.#lookAt(repository).catch((error: unknown) =>
        this.#tell(error, `reading ${repository.ref.id} from its host`),
      );
    }
    await this.#askAgain();
  }

  async #lookAt(repository: ConnectedRepository): Promise<void> {
    const { connection, mirrors, followMirror } = this.#options;
    const mirror = await mirrors.of(repository.hostId, repository.ref.url ?? '');
    await mirror.fetch(await connection.gitAccess(repository), []);
    if (repository.defaultBranch !== null) await mirror.setDefaultBranch(repository.defaultBranch);
    await followMirror(mirror.path, connection.name, this.#stopping.signal);
    await this.#backfill(repository);
  }

  /** A page is sealed before its cursor is kept: whatever interrupts it, nothing is left out. */
  async #backfill(repository: ConnectedRepository): Promise<void> {
    const { archive, model, connection, progress, queue } = this.#options;
    const { hostId } = repository;
    for await (const page of connection.pullRequests(repository, await progress.cursor(hostId))) {
      if (this.#stopping.signal.aborted) return;
      const at = archive.surroundings.now().toISOString();
      await recordFacts(
        archive,
        page.observations.map((observation, index) => factOfReading(observation, at, index)),
      );
      await deriveEvidence(archive, model);
      await progress.setCursor(hostId, page.cursor);
      for (const number of page.pullRequests) queue.add({ repositoryHostId: hostId, number });
    }
  }

  async #askAgain(): Promise<void> {
    const { archive, connection } = this.#options;
    const since = new Date(archive.surroundings.now().getTime() - deliveriesKeptMs);
    for await (const { id } of connection.missedDeliveries(since)) {
      if (this.#stopping.signal.aborted) return;
      await connection.redeliver(id);
    }
  }

  #tell(error: unknown, doing: string): void {
    if (!this.#stopping.signal.aborted) this.#options.onProblem(error, doing);
  }
}
