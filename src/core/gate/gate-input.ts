import type { ActorClass, Level } from '../attribution/attribution.ts';
import type { GateConclusion, HostAccount, RepositoryPermission, ReviewState } from '../host/observation.ts';
import type { RiskBand } from '../risk/risk-assessment.ts';

/** Who acts, by signals and never by name alone (design rule 4). */
export type Actor = 'human' | 'agent' | 'bot' | 'unknown';

/**
 * Somebody who took part in a change, as one of the names that people have: an account, an e-mail of a commit. One for each
 * author, committer, co-author and pusher of the head; one session requester for each session, also where nobody knows who
 * that was. A part that nobody has counts as not known: independence is judged against all of them.
 */
export interface Participant {
  /** What made them one. */
  readonly part:
    | 'pull-request-author'
    | 'commit-author'
    | 'committer'
    | 'co-author'
    | 'session-requester'
    | 'last-pusher';
  /** As written: login or e-mail. */
  readonly name: string;
  /** The account that it resolves to; null where nobody could tell: then no approval is known to be independent. */
  readonly account: string | null;
  readonly actor: Actor;
}

/**
 * A review as it stands at the judgement, of a merged change as it stood at the merge. Where an earlier state of the same `hostId`
 * is given too, `dismissed` ends both.
 */
export interface GateReview {
  readonly hostId: string;
  readonly reviewer: HostAccount | null;
  /** Only `human` counts. */
  readonly actor: Actor;
  readonly state: ReviewState;
  readonly commitSha: string | null;
  /** Tree of that commit, null where it cannot be read any more. */
  readonly tree: string | null;
  readonly submittedAt: string;
  readonly permission: RepositoryPermission | null;
  /** Teams of the reviewer at that time; null = not known. */
  readonly teams: readonly string[] | null;
}

/** One run of a check as it stands at the judgement; of a report (SARIF) the tool's name, with its parts added up. */
export interface GateOutcome {
  readonly name: string;
  readonly kind: string;
  readonly headSha: string;
  /** Of a report: whether the tool itself came to its end. */
  readonly conclusion: GateConclusion;
  readonly source: { readonly app: string; readonly appId: string } | null;
  readonly completedAt: string | null;
  /** Where a report was read: findings by severity that the base does not have; a severity that is not named has none. */
  readonly newFindings?: Readonly<Record<string, number>>;
}

/** An exemption is a record with an owner, a reason, a second person and an end; never a name (design rule 4). Times in UTC. */
export interface Override {
  readonly id: string;
  readonly rule: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly reason: string;
  readonly approvedAt: string;
  readonly expiresAt: string;
}

/** All that a verdict follows from: the same input gives the same verdict. Null stands for what is not known. */
export interface GateInput {
  readonly repo: string;
  readonly number: number | null;
  readonly targetBranch: string;
  readonly headSha: string;
  readonly headTree: string | null;
  readonly labels: readonly string[] | null;
  /** As `ObservedFile.path` has them; of a renamed file both. */
  readonly paths: readonly string[];
  /** False where some paths were left out. */
  readonly pathsComplete: boolean;
  readonly class: ActorClass;
  /** Lowest of what makes the attribution: null where nothing claims it. */
  readonly attributionLevel: Level | null;
  readonly band: RiskBand | null;
  readonly score: number | null;
  readonly participants: readonly Participant[];
  /** Null where no source tells of reviews (a git history alone). */
  readonly reviews: readonly GateReview[] | null;
  /** Null where no source tells of gates. */
  readonly outcomes: readonly GateOutcome[] | null;
  readonly tickets: readonly string[] | null;
  readonly overrides: readonly Override[];
  /** RFC 3339 in UTC; null while it is open. Reviews and check results count only from before it. */
  readonly mergedAt: string | null;
  /** When it is judged, RFC 3339 in UTC. */
  readonly at: string;
}
