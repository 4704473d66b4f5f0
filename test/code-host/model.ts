/** What the code-host double remembers. Git objects and references are on disk; everything else is here, and is mutable. */
import type { KeyObject } from 'node:crypto';
import type { CodeScanningAlert, Deployment } from './deployment-model.ts';

export type Json = Readonly<Record<string, unknown>>;

export type AccountKind = 'User' | 'Bot' | 'Organization';

export interface Account {
  readonly id: number;
  login: string;
  readonly kind: AccountKind;
  name: string;
  email: string;
  siteAdmin: boolean;
  readonly createdAt: string;
  /** Of an organization. */
  readonly members: Map<number, 'admin' | 'member'>;
  readonly rulesets: Map<number, Ruleset>;
}

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

export interface Team {
  readonly id: number;
  readonly organizationId: number;
  name: string;
  slug: string;
  readonly members: Set<number>;
}

export interface Hook {
  readonly id: number;
  url: string;
  secret: string;
  active: boolean;
  /** Names of events, or `*`. */
  events: readonly string[];
  readonly of:
    | { readonly kind: 'app'; readonly appId: number }
    | { readonly kind: 'repository'; readonly repositoryId: number };
}

export interface App {
  readonly id: number;
  slug: string;
  name: string;
  readonly ownerId: number;
  /** The account that acts when the app does: `<slug>[bot]`. */
  readonly botId: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What signs for the app; GitHub hands it out once and keeps the public half only. */
  readonly privateKeyPem: string;
  readonly publicKey: KeyObject;
  permissions: Readonly<Record<string, string>>;
  readonly hook: Hook;
  readonly externalUrl: string;
  /** Where GitHub sends people after they installed the app. */
  readonly setupUrl: string | null;
  readonly createdAt: string;
}

export interface Installation {
  readonly id: number;
  readonly appId: number;
  readonly accountId: number;
  selection: 'all' | 'selected';
  readonly repositoryIds: Set<number>;
  permissions: Readonly<Record<string, string>>;
  suspendedAt: string | null;
  suspendedBy: number | null;
  readonly createdAt: string;
  updatedAt: string;
}

/** Who a request speaks for. */
export type Credential =
  | { readonly kind: 'user'; readonly accountId: number; readonly token: string }
  | {
      readonly kind: 'installation';
      readonly installationId: number;
      readonly token: string;
      /** By the machine's clock, as whoever uses it compares; the double's own may stand elsewhere. */
      expiresAtMs: number;
      readonly permissions: Readonly<Record<string, string>>;
      /** Null: all that the installation sees. */
      readonly repositoryIds: ReadonlySet<number> | null;
    };

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  readonly repositoryId: number;
  title: string;
  body: string | null;
  readonly authorId: number;
  state: 'open' | 'closed';
  draft: boolean;
  locked: boolean;
  readonly headRef: string;
  headSha: string;
  /** The account that the head belongs to, kept for when its repository is gone. */
  readonly headOwnerId: number;
  readonly headRepositoryId: number;
  baseRef: string;
  baseSha: string;
  readonly labels: Label[];
  readonly assigneeIds: number[];
  readonly requestedReviewerIds: number[];
  readonly requestedTeamIds: number[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  mergedAt: string | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
  mergeMethod: MergeMethod | null;
  autoMerge: { readonly enabledById: number; readonly method: MergeMethod } | null;
  readonly reviews: Review[];
  readonly comments: ReviewComment[];
  readonly threads: ReviewThread[];
  /** Requests that still do not see it: the host is eventually consistent. */
  hiddenReads: number;
}

/** An issue has only what makes it take a number. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly authorId: number;
  readonly createdAt: string;
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly authorId: number;
  state: ReviewState;
  readonly body: string;
  readonly commitSha: string;
  readonly submittedAt: string;
}

export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number;
  readonly threadId: number;
  readonly authorId: number;
  readonly path: string;
  readonly line: number;
  readonly commitSha: string;
  body: string;
  readonly inReplyToId: number | null;
  readonly createdAt: string;
  updatedAt: string;
}

export interface ReviewThread {
  readonly id: number;
  isResolved: boolean;
  resolvedById: number | null;
}

export type CheckStatus = 'queued' | 'in_progress' | 'completed';
export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required';

export interface CheckSuite {
  readonly id: number;
  readonly appId: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly before: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

export interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly appId: number;
  readonly headSha: string;
  name: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: string | null;
  completedAt: string | null;
  externalId: string;
  detailsUrl: string | null;
  output: {
    readonly title: string | null;
    readonly summary: string | null;
    readonly text: string | null;
    readonly annotations: readonly Json[];
  };
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: 'success' | 'failure' | 'error' | 'pending';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creatorId: number;
  readonly createdAt: string;
}

export interface WorkflowRun {
  readonly id: number;
  readonly workflowId: number;
  readonly suiteId: number;
  readonly name: string;
  readonly path: string;
  readonly runNumber: number;
  attempt: number;
  readonly event: string;
  readonly headBranch: string;
  readonly headSha: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  readonly actorId: number;
  readonly createdAt: string;
  startedAt: string;
  updatedAt: string;
}

export type Enforcement = 'active' | 'evaluate' | 'disabled';

export interface BypassActor {
  readonly actor_id: number | null;
  readonly actor_type: 'RepositoryRole' | 'Team' | 'Integration' | 'OrganizationAdmin' | 'DeployKey' | 'User';
  readonly bypass_mode: 'always' | 'pull_request';
}

export interface Rule {
  readonly type: string;
  readonly parameters?: Json;
}

/** The part of a ruleset that somebody edits. */
export interface RulesetContent {
  readonly name: string;
  readonly enforcement: Enforcement;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Of an organization's ruleset: patterns of repository names. */
  readonly repositories: readonly string[];
  readonly bypassActors: readonly BypassActor[];
  readonly rules: readonly Rule[];
}

export interface Ruleset {
  readonly id: number;
  content: RulesetContent;
  readonly source:
    | { readonly kind: 'repository'; readonly repositoryId: number }
    | { readonly kind: 'organization'; readonly accountId: number };
  readonly createdAt: string;
  updatedAt: string;
  readonly versions: RulesetVersion[];
}

export interface RulesetVersion {
  readonly versionId: number;
  readonly actorId: number;
  readonly updatedAt: string;
  readonly content: RulesetContent;
}

/** The older branch protection, of one branch. */
export interface BranchProtection {
  readonly id: number;
  readonly branch: string;
  readonly requiredChecks: readonly { readonly context: string; readonly appId: number | null }[];
  readonly isStrict: boolean;
  /** Null: no pull request is required. */
  readonly reviews: {
    readonly approvals: number;
    readonly dismissesStale: boolean;
    readonly codeOwners: boolean;
    readonly lastPushApproval: boolean;
  } | null;
  readonly appliesToAdmins: boolean;
  readonly allowsForcePushes: boolean;
  readonly allowsDeletions: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One evaluation of rules, as GitHub keeps it: also what somebody was let past. */
export interface RuleSuite {
  readonly id: number;
  readonly actorId: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly pushedAt: string;
  readonly result: 'pass' | 'fail' | 'bypass';
  readonly failures: readonly RuleFailure[];
}

export interface RuleFailure {
  readonly source: {
    readonly type: 'ruleset' | 'protected_branch';
    readonly id: number | null;
    readonly name: string;
  };
  readonly rule: string;
  readonly details: string;
}

export interface MergeGroup {
  readonly headRef: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly baseSha: string;
  readonly number: number;
  readonly method: MergeMethod;
  readonly enqueuedById: number;
}

/** One move of a reference, as the repository's activity tells it. */
export interface Activity {
  readonly id: number;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly at: string;
  readonly kind: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion';
  readonly actorId: number;
}

export interface Repository {
  readonly id: number;
  name: string;
  ownerId: number;
  private: boolean;
  archived: boolean;
  description: string | null;
  defaultBranch: string;
  /** Bare, named by the id: it stays where it is through renames and transfers. */
  readonly gitPath: string;
  readonly forkOfId: number | null;
  readonly createdAt: string;
  updatedAt: string;
  pushedAt: string;
  deletesHeadOnMerge: boolean;
  readonly collaborators: Map<number, Permission>;
  readonly teams: Map<number, Permission>;
  lastNumber: number;
  readonly labels: Map<string, Label>;
  readonly pulls: Map<number, PullRequest>;
  readonly issues: Map<number, Issue>;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly statuses: CommitStatus[];
  readonly workflowRuns: Map<number, WorkflowRun>;
  readonly rulesets: Map<number, Ruleset>;
  readonly protections: Map<string, BranchProtection>;
  readonly ruleSuites: RuleSuite[];
  readonly activity: Activity[];
  readonly deployments: Map<number, Deployment>;
  readonly alerts: Map<number, CodeScanningAlert>;
  readonly mergeGroups: MergeGroup[];
}
