import type { GateInput, GateReview } from '../gate/gate-input.ts';
import type { Outcome } from '../gate/outcome.ts';
import type { RequirementResult, Verdict } from '../gate/verdict.ts';
import { type ReviewWeight, weighEach } from '../gate/weigh-reviews.ts';
import type { HostAccount, RepositoryPermission, ReviewState } from '../host/observation.ts';
import type { AssessedHead } from './assessed-head.ts';

/** A part of an evidence record that something was decided about. */
export interface Decided<Item> {
  readonly result: Outcome;
  readonly because: string;
  readonly items: readonly Item[];
}

export interface EvidenceReview {
  readonly hostId: string;
  readonly reviewer: HostAccount | null;
  readonly actor: GateReview['actor'];
  readonly state: ReviewState;
  readonly commitSha: string | null;
  /** Null where the commit could not be read. */
  readonly tree: string | null;
  readonly submittedAt: string;
  /** What the reviewer might do in the repository, as far as the host told. */
  readonly permission: RepositoryPermission | null;
  /** Whether it counts as an approval of this head by somebody who took no part in it; `none` for what is no approval. */
  readonly weight: ReviewWeight['weight'];
  readonly because: string | null;
}

export interface EvidenceGate {
  readonly name: string;
  readonly kind: string;
  /** Whether the host demanded it for the branch then; null where the host did not tell its rules. */
  readonly required: boolean | null;
  readonly source: { readonly app: string; readonly appId: string } | null;
  readonly headSha: string;
  readonly conclusion: string;
  readonly completedAt: string | null;
  /** The host demands another app for this name: whoever may write statuses can forge one. */
  readonly isFromAnotherSource: boolean;
}

const approvalRequirements: ReadonlySet<string> = new Set(['humanApprovals', 'approvalsFrom']);

export function decidedReviews(input: GateInput, verdict: Verdict): Decided<EvidenceReview> {
  const reviews = input.reviews ?? [];
  const about = verdict.results.filter(({ requirement }) => approvalRequirements.has(requirement));
  return {
    ...decided(about, 'No rule asks for approvals of this change.'),
    items: weighEach(input, reviews).map(({ review, weight, because }) => ({
      hostId: review.hostId,
      reviewer: review.reviewer,
      actor: review.actor,
      state: review.state,
      commitSha: review.commitSha,
      tree: review.tree,
      submittedAt: review.submittedAt,
      permission: review.permission,
      weight,
      because,
    })),
  };
}

export function decidedGates(
  input: GateInput,
  verdict: Verdict,
  protection: AssessedHead['protection'],
): Decided<EvidenceGate> {
  const about = verdict.results.filter(({ requirement }) => requirement === 'gates');
  const required = protection?.rules.requiredGates ?? null;
  return {
    ...decided(about, 'No rule asks for a gate of this change.'),
    items: (input.outcomes ?? []).map(({ name, kind, source, headSha, conclusion, completedAt }) => {
      const wanted = required?.filter((gate) => gate.name === name) ?? [];
      return {
        name,
        kind,
        required: required === null ? null : wanted.length > 0,
        source,
        headSha,
        conclusion,
        completedAt,
        isFromAnotherSource:
          wanted.length > 0 && wanted.every(({ appId }) => appId !== null && appId !== source?.appId),
      };
    }),
  };
}

/** The gravest of the results about one thing; what nothing asks for is not applicable. */
function decided(results: readonly RequirementResult[], none: string): Omit<Decided<never>, 'items'> {
  const standing = results.filter(({ override }) => override === undefined);
  const worst = gravity.find((one) => standing.some(({ outcome }) => outcome === one));
  if (results.length === 0) return { result: 'not_applicable', because: none };
  const speaking = worst === undefined ? results : standing.filter(({ outcome }) => outcome === worst);
  return {
    result: worst ?? 'satisfied',
    because: [...new Set(speaking.flatMap(({ because }) => because.slice(0, 2)))].slice(0, 4).join(' '),
  };
}

const gravity = ['violated', 'indeterminate', 'satisfied', 'not_applicable'] as const;
