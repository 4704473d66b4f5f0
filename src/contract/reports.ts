import { z } from 'zod';

/** `host/owner/name`, deeper at hosts that nest groups; `local/<folder>` is a repository without a remote. */
const repositoryId = /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?:\/[^/\s\p{Cc}?#]{1,255}){1,20}$/u;

export const ReportQuery = z.object({
  /** Where the host is a name of the network, upper and lower case are the same. */
  repo: z
    .string()
    .max(1_000)
    .regex(repositoryId, 'must be host/owner/name')
    .transform((id) => (id.startsWith('local/') ? id : id.toLowerCase())),
  /** The commit that the tool looked at: the head of the pull request, not a merge made to try it. */
  sha: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a commit id in full'),
  /** Of the gate; the tool's own name where it is not given. */
  name: z.string().trim().min(1).max(200).optional(),
  /** Which of the files that make up one gate's report: its path. */
  part: z.string().min(1).max(500).optional(),
  attempt: z.coerce.number().int().min(1).max(1_000_000).optional(),
  pullRequest: z.coerce.number().int().min(1).max(2_000_000_000).optional(),
  /** Of the run, for people. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .optional(),
});

const Counts = z.object({
  critical: z.number(),
  high: z.number(),
  medium: z.number(),
  low: z.number(),
  unrated: z.number(),
  none: z.number(),
});

/** What was understood, in numbers; the fact of this index in the events log says it in full. */
export const ReportReceipt = z.object({
  index: z.number(),
  /** SHA-256 of the file, hex. */
  digest: z.string(),
  duplicate: z.boolean(),
  name: z.string(),
  conclusion: z.string(),
  summary: z.object({
    format: z.enum(['sarif', 'junit', 'cobertura', 'lcov', 'cyclonedx']),
    formatVersion: z.string().nullable(),
    tools: z.array(z.object({ name: z.string(), version: z.string().nullable() })),
    remarks: z.array(z.string()),
    findings: z
      .object({
        bySeverity: Counts,
        newBySeverity: Counts.nullable(),
        suppressed: z.number(),
        absent: z.number(),
      })
      .nullable(),
    tests: z
      .object({
        total: z.number(),
        passed: z.number(),
        failed: z.number(),
        errors: z.number(),
        skipped: z.number(),
      })
      .nullable(),
    coverage: z.object({ covered: z.number(), coverable: z.number(), files: z.number() }).nullable(),
    components: z.object({ total: z.number() }).nullable(),
  }),
});
export type ReportReceipt = z.output<typeof ReportReceipt>;
