import { z } from 'zod';
import { Distribution, Timeline } from './changes.ts';
import { Logs } from './evidence.ts';
import { Job } from './work.ts';

const OutcomeName = z.enum(['satisfied', 'violated', 'indeterminate', 'not_applicable']);

/** Something that wants a person: what, how many, and where the rows behind it are. */
const AttentionItem = z.object({
  code: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  title: z.string(),
  detail: z.string(),
  count: z.number().nullable(),
  /** What to do, as the words of a link, and the page with the rows. */
  action: z.object({ label: z.string(), href: z.string() }),
});

const Count = z.object({ changes: z.number() });
export const Overview = z.object({
  /** The four auditors' questions, each answered from what is in the logs now; never `satisfied` on missing data. */
  readiness: z.object({
    summary: z.string(),
    checks: z.array(
      z.object({
        id: z.string(),
        question: z.string(),
        result: OutcomeName,
        because: z.string(),
        href: z.string(),
      }),
    ),
  }),
  attention: z.array(AttentionItem),
  changes: z.object({
    total: z.number(),
    oldest: z.string().nullable(),
    newest: z.string().nullable(),
    byClass: z.object({ human: z.number(), ai: z.number(), mixed: z.number(), unknown: z.number() }),
    byBand: z.object({ low: z.number(), medium: z.number(), high: z.number(), critical: z.number() }),
    byLevel: z.array(Count.extend({ level: z.number().nullable() })),
    withSession: z.number(),
    withModel: z.number(),
    withGaps: z.number(),
    withContradictions: z.number(),
  }),
  /** Those that code hosts told of; a merged one is also a change. */
  pullRequests: z.object({
    total: z.number(),
    open: z.number(),
    /** Merged although the policy was violated. */
    mergedViolated: z.number(),
    /** Merged while the verdict was pending, or nobody could tell. */
    mergedUndecided: z.number(),
  }),
  timeline: Timeline,
  distribution: Distribution,
  agents: z.array(Count.extend({ agent: z.string(), models: z.array(Count.extend({ model: z.string() })) })),
  /** The riskiest agent-made changes of the newest ninety days that hold any. */
  riskiest: z.array(
    z.object({
      repoId: z.string(),
      changeId: z.string(),
      number: z.number().nullable(),
      title: z.string(),
      mergedAt: z.string(),
      class: z.string(),
      agents: z.array(z.string()),
      riskScore: z.number(),
      riskBand: z.string(),
      /** The factor that raises the score most, in words. */
      because: z.string().nullable(),
    }),
  ),
  repositories: z.array(
    z.object({
      repoId: z.string(),
      name: z.string(),
      changes: z.number(),
      importedAt: z.string().nullable(),
    }),
  ),
  logs: Logs,
  jobs: z.array(Job),
});
export type Overview = z.output<typeof Overview>;
