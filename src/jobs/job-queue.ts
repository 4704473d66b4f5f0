import { type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss';
import { type Problem, type QueueDatabase, queueSchema, type WorkStore } from '../app/work-ports.ts';
import type { Job } from '../contract/work.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import { isTransient, problemOf } from './problem.ts';

/** What a job is about; the queue keeps no more of it. */
export type JobOrder = Pick<Job, 'kind' | 'subject' | 'requestedBy'>;

export interface JobQueueOptions {
  readonly database: QueueDatabase;
  readonly work: WorkStore;
  /** How often the database is asked for jobs that another process added; those of this one begin at once. */
  readonly pollSeconds: number;
  /** Does the work and tells in one sentence how it ended. One job at a time. */
  readonly run: (job: JobOrder & { readonly id: string }, signal: AbortSignal) => Promise<string>;
  /** A job failed, whether or not it will be tried again. */
  readonly onFailed: (job: JobOrder, problem: Problem) => Promise<void>;
  /** A job ended with its process too often and is given up. */
  readonly onCrashed: (job: JobOrder, problem: Problem) => Promise<void>;
  /** The queue's own troubles, with the database say. */
  readonly onProblem: (error: unknown) => void;
}

const queueName = 'work';
/** A job that ended with its process this often is not begun again: it may well be what ends it. */
const maxCrashes = 5;
const maxTries = 5;
const hour = 3_600;

/**
 * Jobs in the database, done one after the other by this process. A job that is waiting or running is not added a second
 * time. One that a stop interrupts is begun anew by the next start, and so is one whose process was killed: the data folder
 * is held by one process, so whatever is marked as running when this opens was left behind.
 */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #boss: PgBoss;
  readonly #stopping = new AbortController();
  #worker = '';
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: JobQueueOptions) {
    this.#options = options;
    this.#boss = new PgBoss({
      db: options.database,
      schema: queueSchema,
      // Anything that would change definitions, which the server has no right to.
      migrate: false,
      reindex: false,
      schedule: false,
      registerInstance: false,
      monitorVacuum: false,
      openTelemetry: { enabled: false },
    });
    this.#boss.on('error', options.onProblem);
  }

  async start(): Promise<void> {
    await this.#boss.start();
    await this.#boss.createQueue(queueName, {
      policy: 'exclusive',
      // Who gives up, and when, is decided below.
      retryLimit: 1_000,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: 24 * hour,
      retentionSeconds: 14 * 24 * hour,
      deleteAfterSeconds: 7 * 24 * hour,
    });
    await this.#takeUp();
    const options = {
      pollingIntervalSeconds: this.#options.pollSeconds,
      includeMetadata: true,
      perJobResults: true,
    } as const;
    this.#worker = await this.#boss.work<JobOrder, unknown, typeof options>(queueName, options, (jobs) => {
      const settling = Promise.all(jobs.map((job) => this.#settle(job)));
      this.#running = settling;
      return settling;
    });
  }

  /** The new job's id; undefined where one for the same is waiting or running. */
  async add({ kind, subject, requestedBy }: JobOrder): Promise<string | undefined> {
    const order = { kind, subject: storedText(subject), requestedBy: storedText(requestedBy) };
    const id = await this.#boss.send(queueName, order, {
      singletonKey: `${order.kind} ${order.subject}`,
      // Somebody waits for an import.
      priority: order.kind === 'import' ? 1 : 0,
    });
    // Without this it would begin with the next look at the database.
    this.#boss.notifyWorker(this.#worker);
    return id ?? undefined;
  }

  /** Interrupts what is running and resolves once it has ended; the database may be closed then. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running.catch(() => undefined);
    await this.#boss.stop({ close: false, timeout: 10_000 });
  }

  async #takeUp(): Promise<void> {
    for (const { id } of await this.#options.work.jobs(0)) {
      const [job] = await this.#boss.findJobs<JobOrder>(queueName, { id });
      if (job?.state === 'active') await this.#takeUpCrashed(job);
      if (job?.state === 'retry') await this.#beginNow(id);
    }
  }

  async #takeUpCrashed({ id, data, retryCount }: JobWithMetadata<JobOrder>): Promise<void> {
    await this.#boss.fail(queueName, id, { error: endedWithProcess });
    if (retryCount + 1 < maxCrashes) return this.#beginNow(id);
    await this.#boss.cancel(queueName, id);
    await this.#options.onCrashed(data, endedWithProcess);
  }

  async #beginNow(id: string): Promise<void> {
    await this.#boss.update(queueName, undefined, { id, startAfter: new Date(0) });
  }

  async #settle(job: JobWithMetadata<JobOrder>): Promise<JobResult> {
    const signal = AbortSignal.any([this.#stopping.signal, job.signal]);
    try {
      const outcome = await this.#options.run({ id: job.id, ...job.data }, signal);
      return { id: job.id, status: 'completed', output: { outcome: storedText(outcome) } };
    } catch (error) {
      // Not its fault: it goes back into the queue as it was.
      if (signal.aborted) return { id: job.id, status: 'failed', output: {} };
      const output = { error: problemOf(error) };
      await this.#options.onFailed(job.data, output.error).catch(this.#options.onProblem);
      const again = isTransient(error) && job.retryCount + 1 < maxTries;
      return { id: job.id, status: again ? 'failed' : 'deadletter', output };
    }
  }
}

const endedWithProcess: Problem = problemOf(new Error('the process ended while this was running'));
