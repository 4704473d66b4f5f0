import { z } from 'zod';

/** Words that the whole product shares; the pages draw each with icon, word and colour. */
export const ActorClassName = z.enum(['human', 'ai', 'mixed', 'unknown']);
export const BandName = z.enum(['low', 'medium', 'high', 'critical']);
const ChangeKind = z.enum(['pull_request', 'direct_push']);
/** Length of any text in a query; ids of ours are shorter. */
export const text = z.string().max(1_000);
/** A query parameter that may be given once or several times. */
export function several<Item extends z.ZodType<string>>(item: Item) {
  return z
    .union([item, z.array(item).max(50)])
    .transform((value): readonly z.output<Item>[] =>
      Array.isArray(value) ? value : [value as z.output<Item>],
    )
    .optional();
}
const Flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional();
const Day = z.iso.date();

/** Filters that lists, facets, charts and exports share. Several values of one filter: any of them; several filters: all. */
export const ChangeFilter = z.object({
  /** Words in the title, the number (`#123`), a commit id's beginning, or the author's name. */
  q: text.optional(),
  repo: several(text),
  class: several(ActorClassName),
  band: several(BandName),
  kind: several(ChangeKind),
  agent: several(text),
  model: several(text),
  /** Attribution level 0 to 5; `none` where nothing was claimed. */
  level: several(z.enum(['none', '0', '1', '2', '3', '4', '5'])),
  /** Merged on or after, and on or before this day (UTC). */
  from: Day.optional(),
  to: Day.optional(),
  gaps: Flag,
  contradictions: Flag,
});
export type ChangeFilter = z.output<typeof ChangeFilter>;

export const ChangeListQuery = ChangeFilter.extend({
  sort: z.enum(['merged', 'risk', 'size']).default('merged'),
  order: z.enum(['desc', 'asc']).default('desc'),
  /** From `next` or `previous` of an earlier answer with the same filters and sort. */
  cursor: text.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const ChangeListItem = z.object({
  repoId: z.string(),
  changeId: z.string(),
  kind: ChangeKind,
  number: z.number().nullable(),
  title: z.string(),
  authorName: z.string(),
  mergedAt: z.string(),
  mergeSha: z.string(),
  class: ActorClassName,
  aiShare: z.number().nullable(),
  attributionLevel: z.number().nullable(),
  agents: z.array(z.string()),
  models: z.array(z.string()),
  riskScore: z.number(),
  riskBand: BandName,
  files: z.number(),
  additions: z.number(),
  deletions: z.number(),
  gaps: z.number(),
  contradictions: z.number(),
  capture: z.enum(['live', 'backfilled']),
  evidenceSeq: z.number(),
});
export type ChangeListItem = z.output<typeof ChangeListItem>;

export const ChangeList = z.object({
  items: z.array(ChangeListItem),
  /** Changes that the filters leave. */
  total: z.number(),
  /** How many stand before the first item, in this order. */
  offset: z.number(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
});
export type ChangeList = z.output<typeof ChangeList>;

const Facet = z.array(z.object({ value: z.string(), changes: z.number() }));
/** Per filter the counts of its values under all other filters, most first, at most 100 each. */
export const Facets = z.object({
  total: z.number(),
  repo: Facet,
  class: Facet,
  band: Facet,
  kind: Facet,
  agent: Facet,
  model: Facet,
  level: Facet,
});
export type Facets = z.output<typeof Facets>;

const ByClass = { human: z.number(), ai: z.number(), mixed: z.number(), unknown: z.number() };
export const TimelineQuery = ChangeFilter.extend({ by: z.enum(['day', 'week', 'month']).default('week') });
/** Without empty buckets; `start` is the first day (weeks begin on Monday). */
export const Timeline = z.object({
  by: z.enum(['day', 'week', 'month']),
  buckets: z.array(z.object({ start: Day, ...ByClass })),
});
export type Timeline = z.output<typeof Timeline>;
/** Twenty buckets of five points of score each. */
export const Distribution = z.object({
  buckets: z.array(z.object({ from: z.number(), to: z.number(), ...ByClass })),
});
export type Distribution = z.output<typeof Distribution>;

export const ChangeQuery = z.object({ repo: text, id: text });
/** One log entry under a published checkpoint. */
const Sealed = z.object({
  log: z.enum(['events', 'evidence']),
  index: z.number(),
  /** When the entry was accepted, RFC 3339 with milliseconds. */
  at: z.string(),
  /** Size of the first published checkpoint that covers it; null while none does. */
  checkpointSize: z.number().nullable(),
});
/**
 * A change as its page shows it. One that has not landed stands in no list of changes: it has no merge yet, and what only its record
 * knows is null where that is erased or damaged.
 */
export const ShownChange = ChangeListItem.extend({
  /** As the code host told last; what git alone tells of has landed. */
  state: z.enum(['open', 'closed', 'merged']),
  draft: z.boolean(),
  mergedAt: z.string().nullable(),
  mergeSha: z.string().nullable(),
  /** When it was judged last; null where no code host told of it. */
  assessedAt: z.string().nullable(),
  files: z.number().nullable(),
  additions: z.number().nullable(),
  deletions: z.number().nullable(),
  gaps: z.number().nullable(),
  contradictions: z.number().nullable(),
  capture: ChangeListItem.shape.capture.nullable(),
});
export type ShownChange = z.output<typeof ShownChange>;

export const ChangeDetail = z.object({
  item: ShownChange,
  /** The sealed in-toto statement as it is; `core/evidence/change-evidence.ts` types it. */
  statement: z.unknown(),
  sealed: Sealed,
  /** Lower-case hex SHA-256 of the statement. */
  statementDigest: z.string(),
  /** Messages and people of the commits, from the sealed fact; oldest first. */
  commits: z.array(
    z.object({
      sha: z.string(),
      subject: z.string(),
      message: z.string(),
      authorName: z.string(),
      authorEmail: z.string(),
      committerName: z.string(),
      authoredAt: z.string(),
      committedAt: z.string(),
      signature: z.string().nullable(),
    }),
  ),
  files: z.array(
    z.object({
      path: z.string(),
      oldPath: z.string().nullable(),
      status: z.string(),
      role: z.string(),
      additions: z.number(),
      deletions: z.number(),
      binary: z.boolean(),
      unreadable: z.boolean(),
    }),
  ),
  /** Every record of this change, newest first; the first one is shown. */
  records: z.array(
    z.object({
      evidenceSeq: z.number(),
      factSeq: z.number(),
      reason: z.string(),
      statementDigest: z.string(),
      at: z.string(),
    }),
  ),
  /** Its neighbours on the first-parent line; none before it has landed. */
  older: z.object({ changeId: z.string(), title: z.string() }).nullable(),
  newer: z.object({ changeId: z.string(), title: z.string() }).nullable(),
});
export type ChangeDetail = z.output<typeof ChangeDetail>;
