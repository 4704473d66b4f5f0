import { z } from 'zod';

/** Where long work stands; kept in the database, so a reload or a restart of the server loses nothing of it. */
export const Job = z.object({
  id: z.string(),
  kind: z.enum(['import', 'verification']),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'stopped']),
  /** Repository id for imports; empty for verifications. */
  subject: z.string(),
  /** Why it was started: a person, `start`, or a new commit that was seen. */
  requestedBy: z.string(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  progress: z.object({ step: z.string(), done: z.number(), total: z.number() }).nullable(),
  /** One sentence on how it ended. */
  outcome: z.string().nullable(),
  error: z.object({ code: z.string(), detail: z.string(), action: z.string() }).nullable(),
});
export type Job = z.output<typeof Job>;
export const Jobs = z.object({ items: z.array(Job) });

export const RepositoryState = z.object({
  repoId: z.string(),
  name: z.string(),
  url: z.string().nullable(),
  /** Where the server reads it; null where only its evidence is here (it was imported elsewhere). */
  path: z.string().nullable(),
  targetBranch: z.string().nullable(),
  headSha: z.string().nullable(),
  changes: z.number(),
  byClass: z.object({ human: z.number(), ai: z.number(), mixed: z.number(), unknown: z.number() }),
  importedAt: z.string().nullable(),
  /** New commits are looked for and imported. */
  following: z.boolean(),
  lastLookedAt: z.string().nullable(),
  /** Why the last look or import failed; null while all is well. */
  problem: z.object({ code: z.string(), detail: z.string(), action: z.string() }).nullable(),
  job: Job.nullable(),
});
export type RepositoryState = z.output<typeof RepositoryState>;
export const Repositories = z.object({ items: z.array(RepositoryState) });

export const AddRepository = z.object({ path: z.string().min(1).max(4_096) });
export const RepositoryQuery = z.object({ repo: z.string().max(1_000) });
export const UpdateRepository = z.object({ following: z.boolean() });
