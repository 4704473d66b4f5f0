import type { RepositoryRef } from '../change/observed-change.ts';
import type { ReportSummary } from '../reports/report-summary.ts';

/**
 * A code host that we speak to; Gitea and the rest come in by git alone. `ci` stands for CI itself, which told of a repository
 * whose host is not connected.
 */
export type HostKind = 'github' | 'gitlab' | 'ci';

/**
 * An account as its host names it. `kind` is the host's own word and no proof of a person: an agent may work under a user's
 * token. Source: GitHub `user.type`, GitLab `bot`.
 */
export interface HostAccount {
  /** `<host name>#<numeric id>`, stable when the login changes: `github.com#583231`. */
  readonly id: string;
  readonly login: string;
  readonly kind: 'user' | 'bot' | 'organization' | 'unknown';
}

export interface HostRepository {
  /** `<host name>#<numeric id>`, stable through rename and transfer; `repo:<repository id>` where no host told it. */
  readonly hostId: string;
  /** Under its name at that time. */
  readonly ref: RepositoryRef;
  readonly defaultBranch: string | null;
}

/** Where an observation comes from, so that it can be fetched or compared again; the payload itself is not kept. */
export interface ObservationOrigin {
  readonly via: 'webhook' | 'api' | 'report';
  /** `pull_request_review.submitted`, or the route that was read. */
  readonly event: string;
  /** The host's id of the delivery, of a report what it is about as a digest; null for what was read. */
  readonly deliveryId: string | null;
  /** SHA-256, hex, of the raw body, and its size. */
  readonly digest: string;
  readonly bytes: number;
}

/**
 * What every observation says; the data of a `host.observed` fact. Times are the host's, RFC 3339 in UTC. What is told of an
 * organisation or of an installation has no repository.
 */
interface Observed<Schema extends string, Repository = HostRepository> {
  readonly schema: Schema;
  readonly host: HostKind;
  readonly repository: Repository;
  /** The account that the repository belongs to, or that it is about; null where the host does not say. */
  readonly owner: HostAccount | null;
  readonly origin: ObservationOrigin;
  readonly occurredAt: string;
  /** `receipt`: the host gives no time for this, and it is when we received it. */
  readonly occurredAtFrom: 'host' | 'receipt';
  /** Who made it happen, where the host says so; null for a deleted account. */
  readonly actor: HostAccount | null;
}

/** A pull request (GitLab: merge request) as it stood then. */
export interface ObservedPullRequest extends Observed<'reentry.pull-request/1'> {
  readonly action: string;
  readonly hostId: string;
  readonly number: number;
  readonly title: string;
  /** Length of the description in characters; the text stays at the host. */
  readonly descriptionLength: number;
  /** Tickets that title, branch and description name: `ABC-12`, `#34`, at most 20. */
  readonly tickets: readonly string[];
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly author: HostAccount | null;
  readonly base: { readonly branch: string; readonly sha: string };
  readonly head: { readonly branch: string; readonly sha: string; readonly repositoryHostId: string | null };
  readonly labels: readonly string[];
  readonly requestedReviewers: readonly HostAccount[];
  /** Teams that were asked for a review, by their slugs. */
  readonly requestedTeams: readonly string[];
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly mergedAt: string | null;
  /** Null until it is merged. */
  readonly mergeSha: string | null;
  readonly mergedBy: HostAccount | null;
}

export type ReviewState = 'approved' | 'changes-requested' | 'commented' | 'dismissed';

/** One review as it stands after the event; a dismissal is a later observation of the same `hostId`. */
export interface ObservedReview extends Observed<'reentry.review/1'> {
  readonly action: string;
  readonly hostId: string;
  readonly pullRequest: number;
  readonly reviewer: HostAccount | null;
  readonly state: ReviewState;
  /** The commit that the reviewer saw; null where the host does not say. */
  readonly commitSha: string | null;
  readonly submittedAt: string;
  /** What the reviewer might do in the repository then: `admin`, `maintain`, `write`, `triage`, `read`, `none`; null = not known. */
  readonly permission: RepositoryPermission | null;
  readonly bodyLength: number;
}

export type RepositoryPermission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

/** A comment on lines of a pull request. It decides nothing; how much there was to say shows how closely somebody looked. */
export interface ObservedReviewComment extends Observed<'reentry.review-comment/1'> {
  readonly action: string;
  readonly hostId: string;
  readonly pullRequest: number;
  /** The review that it belongs to, which is observed by itself. */
  readonly reviewHostId: string | null;
  readonly author: HostAccount | null;
  readonly commitSha: string | null;
  readonly bodyLength: number;
}

/** A conversation on lines of a pull request; some branches require that all of them are resolved. */
export interface ObservedReviewThread extends Observed<'reentry.review-thread/1'> {
  readonly action: string;
  readonly hostId: string;
  readonly pullRequest: number;
  readonly isResolved: boolean;
  readonly comments: number;
}

/** `success` and `failure` are results; the rest are none, and none of them passes a gate but `success`. */
export type GateConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed-out'
  | 'action-required'
  | 'stale'
  | 'pending';

/** The result of one automated check on a commit: a check run, a commit status, a pipeline job, or a report from CI. */
export interface ObservedGateOutcome extends Observed<'reentry.gate-outcome/1'> {
  readonly kind:
    | 'check-run'
    | 'status'
    | 'workflow-run'
    | 'workflow-job'
    | 'check-suite'
    | 'pipeline-job'
    | 'report';
  readonly hostId: string;
  /** Which run of the same `hostId`, from 1 on; null where the host does not count them. */
  readonly attempt: number | null;
  /** Name of the check, context of the status. */
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: GateConclusion;
  /** Who reported it. A status carries no app: anybody with the right to write statuses can make one. */
  readonly source: { readonly app: string; readonly appId: string } | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly url: string | null;
  readonly pullRequests: readonly number[];
  /** Of the kind `report`: what it says. */
  readonly report?: ObservedReport;
}

/** The file itself is not kept: `origin` has its digest and size. */
export interface ObservedReport {
  /** Which of the files that make up one gate's report, such as its path; null where nobody said. */
  readonly part: string | null;
  readonly summary: ReportSummary;
}

/** A reference that moved. All zeros stand for no commit. */
export interface ObservedPush extends Observed<'reentry.push/1'> {
  /** In full: `refs/heads/main`. */
  readonly ref: string;
  /** Null where it is no branch: a tag. */
  readonly branch: string | null;
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  /** Oldest first; the host tells 2,048 at most. */
  readonly commits: readonly string[];
}

export interface ObservedMergeGroup extends Observed<'reentry.merge-group/1'> {
  readonly action: string;
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseBranch: string;
  readonly headBranch: string;
  /** The pull request that the group was made for, the last one in it; null where the branch names none. */
  readonly pullRequest: number | null;
  /** Why it ended: `merged`, `invalidated`, `dequeued`. */
  readonly reason: string | null;
}

export interface ObservedDeployment extends Observed<'reentry.deployment/1'> {
  readonly hostId: string;
  readonly sha: string;
  readonly environment: string;
  readonly state: string;
  readonly creator: HostAccount | null;
}

export interface RequiredGate {
  readonly name: string;
  /** The app that alone may report it; null = anybody may, or it is not told. */
  readonly appId: string | null;
}

export interface BypassActor {
  readonly kind: string;
  readonly id: string | null;
  readonly mode: string;
}

/** One ruleset or branch protection rule by itself. */
export interface ProtectionSource {
  readonly id: string;
  readonly name: string;
  readonly level: 'repository' | 'organization' | 'enterprise';
  /** Branch names or patterns as the host writes them: `refs/heads/release/*`, `~DEFAULT_BRANCH`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * What the host enforces: on one branch, as the union of rulesets and branch protection that was read; or of one source by
 * itself, as a webhook tells, beside which others may apply. A null in `rules` could not be read.
 */
export interface ObservedProtection extends Observed<'reentry.protection/1', HostRepository | null> {
  readonly action: string;
  /** Null where one source is told by itself. */
  readonly branch: string | null;
  /** Null where a branch is told with all that applies to it. */
  readonly source: ProtectionSource | null;
  readonly rules: {
    readonly requiresPullRequest: boolean | null;
    readonly approvals: number | null;
    readonly dismissesStale: boolean | null;
    readonly lastPushApproval: boolean | null;
    readonly codeOwners: boolean | null;
    readonly requiredGates: readonly RequiredGate[] | null;
    readonly blocksForcePush: boolean | null;
    readonly blocksDeletion: boolean | null;
    readonly appliesToAdmins: boolean | null;
  };
  /** `active`, `evaluate`, `disabled`: the weakest of what applies; null where there is nothing. */
  readonly enforcement: 'active' | 'evaluate' | 'disabled' | null;
  /** Null where the host does not tell it to us. */
  readonly bypass: readonly BypassActor[] | null;
  /** Ids of the rulesets that it was made from, `branch-protection` among them. */
  readonly sources: readonly string[];
}

/** An alert of a scanner that the host keeps. Never the secret itself. */
export interface ObservedAlert extends Observed<'reentry.alert/1'> {
  readonly action: string;
  readonly kind: 'code-scanning' | 'secret-scanning' | 'dependency';
  readonly number: number;
  readonly state: string;
  readonly severity: string | null;
  readonly rule: string | null;
  readonly tool: string | null;
  readonly commitSha: string | null;
}

/** A change of who may do what, of the installation, or of the repository's own name. */
export interface ObservedAccessChange extends Observed<'reentry.access-change/1', HostRepository | null> {
  /** `member.added`, `repository.renamed`, `installation.deleted`, … */
  readonly action: string;
  /** Whose access or what: the id of an account or repository, `<host>#team/<id>`, `<host>#installation/<id>`; null for a deleted account. */
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * The commits of a pull request as the host resolves their authors: an e-mail to an account. Oldest first; the host tells 250 at
 * most, then `complete` is false.
 */
export interface ObservedCommitAccounts extends Observed<'reentry.commit-accounts/1'> {
  readonly pullRequest: number;
  readonly headSha: string;
  readonly complete: boolean;
  readonly commits: readonly {
    readonly sha: string;
    readonly tree: string | null;
    /** Null where the host knows no account of that address. */
    readonly author: HostAccount | null;
    readonly committer: HostAccount | null;
    /** Signed, and the host says by whom it names; null where it says nothing. */
    readonly verified: boolean | null;
  }[];
}

/** What an account may do in the repository, and its teams, at that time. */
export interface ObservedAccess extends Observed<'reentry.access/1'> {
  readonly account: HostAccount;
  readonly permission: RepositoryPermission | null;
  /** Slugs; null where they may not be read. */
  readonly teams: readonly string[] | null;
}

export type HostObservation =
  | ObservedPullRequest
  | ObservedCommitAccounts
  | ObservedAccess
  | ObservedReview
  | ObservedReviewComment
  | ObservedReviewThread
  | ObservedGateOutcome
  | ObservedPush
  | ObservedMergeGroup
  | ObservedDeployment
  | ObservedProtection
  | ObservedAlert
  | ObservedAccessChange;
