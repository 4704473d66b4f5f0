import type { Capture } from '../evidence/capture.ts';
import type {
  HostObservation,
  ObservedAccess,
  ObservedCommitAccounts,
  ObservedDeployment,
  ObservedGateOutcome,
  ObservedProtection,
  ObservedPullRequest,
  ObservedPush,
  ObservedReview,
} from './observation.ts';

/** What a code host told, with the fact that holds it. */
export interface Told<Observation extends HostObservation = HostObservation> {
  /** Events log index. */
  readonly index: number;
  readonly receivedAt: string;
  readonly capture: Capture;
  readonly data: Observation;
}

/** Everything that is known of one pull request, each item as it was told last. */
export interface ToldPullRequest {
  readonly pullRequest: Told<ObservedPullRequest>;
  readonly commits: Told<ObservedCommitAccounts> | null;
  readonly reviews: readonly Told<ObservedReview>[];
  /** Of whoever reviewed it. */
  readonly access: readonly Told<ObservedAccess>[];
  /** Those that brought the head. */
  readonly pushes: readonly Told<ObservedPush>[];
  /** Runs on the head. */
  readonly gates: readonly Told<ObservedGateOutcome>[];
  /** Of the branch that it goes into; null where the host was not asked. */
  readonly protection: Told<ObservedProtection> | null;
  /** Of the merged commit. */
  readonly deployments: readonly Told<ObservedDeployment>[];
}

/** The facts that an assessment rests on, in the order of the log. */
export function toldItems(told: ToldPullRequest): readonly Told[] {
  const { pullRequest, commits, reviews, access, pushes, gates, protection, deployments } = told;
  return [
    pullRequest,
    ...(commits ? [commits] : []),
    ...reviews,
    ...access,
    ...pushes,
    ...gates,
    ...(protection ? [protection] : []),
    ...deployments,
  ].toSorted((a, b) => a.index - b.index);
}
