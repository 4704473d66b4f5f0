import type { Archive } from '../app/ports.ts';
import { requireSameHistory } from '../app/same-history.ts';
import type { WorkBoard } from '../app/serving-ports.ts';
import type { Problem, QueueDatabase, RepositoryLook, WorkStore } from '../app/work-ports.ts';
import type { Job, RepositoryState } from '../contract/work.ts';
import { AppError } from '../core/errors.ts';
import { RepositoryFollowing } from './follow-repositories.ts';
import { JobQueue } from './job-queue.ts';
import { listRepositories } from './list-repositories.ts';
import { ProgressWriter } from './progress-writer.ts';
import { LogPublishing } from './publish-logs.ts';
import { type ImportWork, runImport } from './run-import.ts';
import { runVerification, type VerificationWork } from './run-verification.ts';
import { VerificationSchedule } from './schedule-verification.ts';

export interface WorkBoardOptions extends Omit<ImportWork, 'archive'>, Pick<VerificationWork, 'verify'> {
  readonly archive: Archive;
  readonly work: WorkStore;
  /** Where `installQueue` has been. */
  readonly queue: QueueDatabase;
  readonly lookAt: (path: string, options?: { readonly signal?: AbortSignal }) => Promise<RepositoryLook>;
  /** What goes wrong where nobody waits for an answer. */
  readonly onProblem?: (error: unknown, doing: string) => void;
  readonly pollSeconds?: number;
  readonly followEveryMs?: number;
  readonly publishEveryMs?: { readonly events: number; readonly evidence: number };
  /** The age at which the last verification is too old. */
  readonly verifyEveryMs?: number;
}

export interface RunningWorkBoard extends WorkBoard {
  /** Interrupts what runs, to go on at the next start. When it resolves the archive may be closed. May be called twice. */
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
const endedJobsShown = 20;

/**
 * Starts all work beside serving: the queue of imports and verifications (one job at a time: both take a core, and a
 * verification compares rows that an import is changing), the following of repositories, and the publishing of both logs.
 */
export async function openWorkBoard(options: WorkBoardOptions): Promise<RunningWorkBoard> {
  const board = new Board(options);
  await board.start();
  return board;
}

class Board implements RunningWorkBoard {
  readonly #options: WorkBoardOptions;
  readonly #queue: JobQueue;
  #following: RepositoryFollowing | undefined;
  #publishing: LogPublishing | undefined;
  #schedule: VerificationSchedule | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: WorkBoardOptions) {
    this.#options = options;
    this.#queue = new JobQueue({
      database: options.queue,
      work: options.work,
      pollSeconds: options.pollSeconds ?? 2,
      run: (job, signal) => this.#run(job, signal),
      onFailed: (job, problem) => this.#failed(job, problem),
      onCrashed: async (job, problem) => {
        await this.#failed(job, problem);
        // Else the next look would begin it again, and end this process too.
        if (job.kind === 'import') await options.work.setFollowing(job.subject, false);
      },
      onProblem: (error) => this.#tell(error, 'asking the job queue'),
    });
  }

  async start(): Promise<void> {
    const { archive, work, verifyEveryMs = dayMs, followEveryMs = 5_000 } = this.#options;
    const onProblem = (error: unknown, doing: string) => this.#tell(error, doing);
    // Nothing is accepted before: entries of a log that never had a checkpoint look like those of one that lost it.
    await Promise.all([archive.events.publish(), archive.evidence.publish()]);
    await this.#queue.start();
    this.#publishing = new LogPublishing({
      logs: archive,
      everyMs: this.#options.publishEveryMs ?? { events: 2_000, evidence: 1_000 },
      onProblem,
    });
    this.#following = new RepositoryFollowing({
      work,
      everyMs: followEveryMs,
      now: () => archive.surroundings.now(),
      lookAt: this.#options.lookAt,
      importedDigest: async (repoId) => (await archive.projections.repository(repoId))?.refsDigest,
      startImport: (repoId) => this.#add({ kind: 'import', subject: repoId, requestedBy: 'new commits' }),
      onProblem,
    });
    this.#schedule = new VerificationSchedule({
      everyMs: verifyEveryMs,
      work,
      now: () => archive.surroundings.now(),
      start: () => this.startVerification('schedule'),
      onProblem,
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await Promise.all([this.#following?.stop(), this.#schedule?.stop()]);
    await this.#queue.stop();
    await this.#publishing?.stop();
  }

  async repositories(): Promise<readonly RepositoryState[]> {
    const { archive, work } = this.#options;
    return listRepositories(archive.projections, work);
  }

  jobs(): Promise<readonly Job[]> {
    return this.#options.work.jobs(endedJobsShown);
  }

  verifications(limit: number): ReturnType<WorkBoard['verifications']> {
    return this.#options.work.verifications(limit);
  }

  async addRepository(path: string, requestedBy: string): Promise<Job> {
    const look = await this.#options.lookAt(path);
    await this.#requireFreeName(look);
    await this.#options.work.putSource({
      repoId: look.ref.id,
      name: look.ref.name,
      path: look.path,
      addedBy: requestedBy,
    });
    return this.startImport(look.ref.id, requestedBy);
  }

  /** Before its path takes the place of the known one's. Error: REPOSITORY_NAME_TAKEN. */
  async #requireFreeName({ ref, path }: RepositoryLook): Promise<void> {
    const { work, archive, openRepository, lookAt } = this.#options;
    const known = await work.source(ref.id);
    if (known === undefined || known.path === path) return;
    const landmarks = [...(await archive.projections.landmarks(ref.id))];
    if (landmarks.length === 0) {
      // Its import has not begun. Where there is nothing any more, nothing is taken from it.
      const there = await lookAt(known.path).catch(() => undefined);
      if (there?.ref.id === ref.id && there.headSha !== null) landmarks.push(there.headSha);
    }
    const reader = await openRepository(path);
    try {
      await requireSameHistory(reader, ref, landmarks);
    } finally {
      await reader.close();
    }
  }

  async startImport(repoId: string, requestedBy: string): Promise<Job> {
    const source = await this.#options.work.source(repoId);
    if (!source)
      throw new AppError('NOT_FOUND', { what: `repository ${repoId} that could be imported here` });
    this.#following?.forgive(source.repoId);
    return this.#add({ kind: 'import', subject: source.repoId, requestedBy });
  }

  startVerification(requestedBy: string): Promise<Job> {
    return this.#add({ kind: 'verification', subject: '', requestedBy });
  }

  async setFollowing(repoId: string, following: boolean): Promise<void> {
    if (await this.#options.work.setFollowing(repoId, following)) return;
    throw new AppError('NOT_FOUND', { what: `repository ${repoId} that could be followed here` });
  }

  /** The job, or the one for the same that waits or runs; which may end between the two questions. */
  async #add(order: Pick<Job, 'kind' | 'subject' | 'requestedBy'>): Promise<Job> {
    for (;;) {
      const id = await this.#queue.add(order);
      const job =
        id === undefined
          ? (await this.#options.work.jobs(0)).find(
              ({ kind, subject }) => kind === order.kind && subject === order.subject,
            )
          : await this.#options.work.job(id);
      if (job) return job;
    }
  }

  async #run(
    job: Pick<Job, 'id' | 'kind' | 'subject' | 'requestedBy'>,
    signal: AbortSignal,
  ): Promise<string> {
    const { work, archive, verify } = this.#options;
    const progress = new ProgressWriter(work, job.id);
    const { tell } = progress;
    try {
      if (job.kind === 'import') return await this.#import(job.subject, { tell, signal });
      const { surroundings } = archive;
      return await runVerification({ work, surroundings, verify }, { ...job, tell, signal });
    } finally {
      await progress.end();
    }
  }

  async #import(
    repoId: string,
    run: { readonly tell: ProgressWriter['tell']; readonly signal: AbortSignal },
  ): Promise<string> {
    const { work } = this.#options;
    const source = await work.source(repoId);
    if (!source)
      throw new AppError('NOT_FOUND', { what: `repository ${repoId} that could be imported here` });
    const outcome = await runImport(this.#options, { source, ...run });
    this.#following?.forgive(repoId);
    await work.setProblem(repoId, null);
    return outcome;
  }

  async #failed({ kind, subject }: Pick<Job, 'kind' | 'subject'>, problem: Problem): Promise<void> {
    if (kind !== 'import') return;
    this.#following?.failed(subject);
    await this.#options.work.setProblem(subject, problem);
  }

  #tell(error: unknown, doing: string): void {
    this.#options.onProblem?.(error, doing);
  }
}
