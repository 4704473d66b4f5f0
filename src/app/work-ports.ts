/** What long work asks of the world, beyond `ports.ts`: kept by the database, so that a restart goes on. */

import type { Verification } from '../contract/evidence.ts';
import type { Job } from '../contract/work.ts';
import type { RepositoryRef } from '../core/change/observed-change.ts';

/** A repository at one glance, without its history. */
export interface RepositoryLook {
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly ref: RepositoryRef;
  readonly targetBranch: string;
  /** Null for an empty repository. */
  readonly headSha: string | null;
  /** As of `RepositoryReader.describe`. */
  readonly refsDigest: string;
}

export type Problem = NonNullable<Job['error']>;
export type Progress = NonNullable<Job['progress']>;

/** Where the server reads a repository, and how that goes. */
export interface RepositorySource {
  readonly repoId: string;
  readonly name: string;
  readonly path: string;
  readonly following: boolean;
  /** Who added it: a person, or `start`. */
  readonly addedBy: string;
  readonly lookedAt: string | null;
  readonly problem: Problem | null;
}

export interface RepositoryClassCount {
  readonly repoId: string;
  readonly class: string;
  readonly changes: number;
}

/** Texts come back in their stored form (`storedText`). */
export interface WorkStore {
  sources(): Promise<readonly RepositorySource[]>;
  source(repoId: string): Promise<RepositorySource | undefined>;
  /** Adds the repository, or moves a known one to this path; it is followed then, and has no problem. */
  putSource(source: Pick<RepositorySource, 'repoId' | 'name' | 'path' | 'addedBy'>): Promise<void>;
  /** False where there is no such repository. */
  setFollowing(repoId: string, following: boolean): Promise<boolean>;
  setLookedAt(repoId: string, at: string): Promise<void>;
  setProblem(repoId: string, problem: Problem | null): Promise<void>;
  /** Changes of every repository by class, from roll-ups. */
  changesByClass(): Promise<readonly RepositoryClassCount[]>;

  /** All that wait or run, and the last `ended` that ended; newest first. */
  jobs(ended: number): Promise<readonly Job[]>;
  job(jobId: string): Promise<Job | undefined>;
  /** The newest of each subject and kind. */
  newestJobs(kind: Job['kind']): Promise<readonly Job[]>;
  /** Null once there is nothing more to tell. */
  setProgress(jobId: string, progress: Progress | null): Promise<void>;

  /** Newest first. */
  verifications(limit: number): Promise<readonly Verification[]>;
  putVerification(verification: Verification): Promise<void>;
}

/** Schema of the job queue's library, which makes and upgrades its tables itself; ours are joined with them. */
export const queueSchema = 'reentry_jobs';

/** The database as the job queue's library asks for it: statements of its own, on the rights of the server. */
export interface QueueDatabase {
  /** One statement with values, or several without; then one result each. */
  // biome-ignore lint/suspicious/noExplicitAny: the library reads columns of its own
  executeSql(text: string, values?: unknown[]): Promise<{ rows: any[] }>;
}

/** A connection of the database's owner, for what must be created before the server works. */
export interface OwnerConnection extends QueueDatabase {
  /** Who needs rights on it; undefined where the server works as the owner. */
  readonly serverRole: string | undefined;
}
