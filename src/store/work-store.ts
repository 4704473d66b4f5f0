import type { WorkStore } from '../app/work-ports.ts';
import type { Database } from './database.ts';
import { findJob, newestJobs, openAndEndedJobs, setProgress } from './jobs.ts';
import {
  allSources,
  changesByClass,
  findSource,
  putSource,
  setFollowing,
  setLookedAt,
  setProblem,
} from './sources.ts';
import { newestVerifications, putVerification } from './verifications.ts';

/** Sources, jobs and verifications in PostgreSQL. Jobs can be listed once the queue's schema is there. */
export function workStore(database: Database): WorkStore {
  return {
    sources: () => allSources(database),
    source: (repoId) => findSource(database, repoId),
    putSource: (source) => putSource(database, source),
    setFollowing: (repoId, following) => setFollowing(database, repoId, following),
    setLookedAt: (repoId, at) => setLookedAt(database, repoId, at),
    setProblem: (repoId, problem) => setProblem(database, repoId, problem),
    changesByClass: () => changesByClass(database),
    jobs: (ended) => openAndEndedJobs(database, ended),
    job: (jobId) => findJob(database, jobId),
    newestJobs: (kind) => newestJobs(database, kind),
    setProgress: (jobId, progress) => setProgress(database, jobId, progress),
    verifications: (limit) => newestVerifications(database, limit),
    putVerification: (verification) => putVerification(database, verification),
  };
}
