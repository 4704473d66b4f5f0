import { z } from 'zod';
import { ActorClassName, BandName, several, text } from './changes.ts';

const StateName = z.enum(['open', 'closed', 'merged']);
const VerdictName = z.enum(['satisfied', 'violated', 'indeterminate']);

export const PullRequestQuery = z.object({
  repo: several(text),
  /** `closed`: without a merge. */
  state: several(StateName),
  /** `pending`: something that it waits for is still running; the others are verdicts that stand. */
  verdict: several(z.enum([...VerdictName.options, 'pending'])),
  /** From `next` or `previous` of an earlier answer with the same filters. */
  cursor: text.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A pull request as its last evidence record has it. */
export const PullRequestItem = z.object({
  repoId: z.string(),
  changeId: z.string(),
  number: z.number(),
  title: z.string(),
  /** Null for a deleted account. */
  authorLogin: z.string().nullable(),
  state: StateName,
  draft: z.boolean(),
  targetBranch: z.string(),
  headSha: z.string(),
  class: ActorClassName,
  attributionLevel: z.number().nullable(),
  riskScore: z.number(),
  riskBand: BandName,
  /** Of the policy on this head. */
  verdict: VerdictName,
  /** Something that the verdict waits for is still running. */
  pending: z.boolean(),
  /** What is missing first, in words. */
  because: z.string(),
  /** Those that count. */
  approvals: z.number(),
  assessedAt: z.string(),
  createdAt: z.string(),
  mergedAt: z.string().nullable(),
  evidenceSeq: z.number(),
});
export type PullRequestItem = z.output<typeof PullRequestItem>;

export const PullRequestList = z.object({
  /** Assessed last first. */
  items: z.array(PullRequestItem),
  /** Pull requests that the filters leave. */
  total: z.number(),
  /** How many stand before the first item. */
  offset: z.number(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
});
export type PullRequestList = z.output<typeof PullRequestList>;
