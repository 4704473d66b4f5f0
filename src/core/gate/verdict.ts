import type { Outcome } from './outcome.ts';

/** One requirement of one rule, judged. */
export interface RequirementResult {
  readonly rule: string;
  /** `humanApprovals`, `approvalsFrom`, `gates`, `attributionLevel`, … as in the policy file. */
  readonly requirement: string;
  /** The gate or team that it is about, where the requirement lists several. */
  readonly subject?: string;
  readonly outcome: Outcome;
  /** True where waiting may still change it (a check that runs, an approval that may come); a merged change waits for nothing. */
  readonly pending: boolean;
  /** Sentences: why, with the commits and names that decide it. */
  readonly because: readonly string[];
  /** What somebody can do about it; empty where nothing is missing. */
  readonly todo: readonly string[];
  /** Id of the override that lifts it. */
  readonly override?: string;
}

/**
 * What the policy says of a head. `satisfied` only where every requirement is satisfied, not applicable, or lifted by a
 * valid override; one `violated` makes it violated; else it is `indeterminate`, which does not pass (design rule 3).
 */
export interface Verdict {
  readonly outcome: Exclude<Outcome, 'not_applicable'>;
  readonly pending: boolean;
  /** SHA-256, hex, of the policy's canonical form; null where there is no policy that could be read. */
  readonly policyDigest: string | null;
  /** Ids of the rules that matched, in the policy's order. */
  readonly matched: readonly string[];
  readonly results: readonly RequirementResult[];
}
