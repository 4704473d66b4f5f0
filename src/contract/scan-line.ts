import type { Attribution } from '../core/attribution/attribution.ts';
import type { ObservedChange } from '../core/change/observed-change.ts';
import type { RiskAssessment } from '../core/risk/risk-assessment.ts';

/** One line of `reentry scan --json`; docs/command-line.md documents each field. Fields are added, never renamed. */
export interface ScanLine {
  readonly change: {
    readonly repo: string;
    readonly id: string;
    readonly kind: 'pull_request' | 'direct_push';
    readonly number: number | null;
    readonly landing: string;
    readonly title: string;
    readonly sourceBranch: string | null;
    readonly baseSha: string | null;
    readonly headSha: string;
    readonly mergeSha: string;
    readonly mergedAt: string;
    readonly author: { readonly name: string; readonly email: string };
    readonly commits: number;
  };
  readonly size: { readonly files: number; readonly additions: number; readonly deletions: number };
  readonly attribution: Attribution;
  readonly risk: RiskAssessment;
  readonly gaps: readonly { readonly code: string; readonly detail: string }[];
}

export function scanLine(change: ObservedChange, attribution: Attribution, risk: RiskAssessment): ScanLine {
  return {
    change: {
      repo: change.repo.id,
      id: change.id,
      kind: change.kind,
      number: change.number ?? null,
      landing: change.landing,
      title: change.title,
      sourceBranch: change.sourceBranch ?? null,
      baseSha: change.baseSha,
      headSha: change.headSha,
      mergeSha: change.mergeSha,
      mergedAt: change.mergedAt,
      author: change.author,
      commits: change.commits.length,
    },
    size: change.size,
    attribution,
    risk,
    gaps: change.gaps,
  };
}
