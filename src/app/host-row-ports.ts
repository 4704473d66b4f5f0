/** The projections of what code hosts told, and what keeps them. */

import type { HostItemRow } from '../core/host/host-item.ts';
import type { HostKind, HostObservation } from '../core/host/observation.ts';
import type { Told } from '../core/host/told.ts';

/** A repository at a code host, known by its number there. */
export interface HostRepositoryRow {
  readonly hostId: string;
  readonly host: HostKind;
  /** Under the name that it was first told with: evidence keeps naming it so when it is renamed. */
  readonly repoId: string;
  /** As it is called now. */
  readonly name: string;
  readonly url: string | null;
  readonly defaultBranch: string | null;
  /** Of the fact that told it last. */
  readonly factSeq: number;
}

/** A pull request as its last evidence record has it. */
export interface PullRequestRow {
  readonly repoId: string;
  readonly number: number;
  readonly changeId: string;
  readonly ordinal: number;
  readonly repositoryHostId: string;
  readonly title: string;
  readonly authorLogin: string | null;
  readonly state: string;
  readonly draft: boolean;
  readonly targetBranch: string;
  readonly headSha: string;
  readonly class: string;
  readonly attributionLevel: number | null;
  readonly riskScore: number;
  readonly riskBand: string;
  readonly verdict: string;
  readonly pending: boolean;
  readonly because: string;
  readonly policyDigest: string | null;
  /** See `AssessedHead.state`. */
  readonly stateDigest: string;
  /** Approvals that count. */
  readonly approvals: number;
  /** RFC 3339 in UTC, like every time here: when it was judged. */
  readonly assessedAt: string;
  readonly createdAt: string;
  readonly mergedAt: string | null;
  readonly mergeSha: string | null;
  /** Commits that it brought to the branch; empty until it is merged. */
  readonly landed: readonly string[];
  readonly factSeq: number;
  readonly evidenceSeq: number;
  readonly statementDigest: Uint8Array;
}

export interface PullRequestKey {
  readonly repositoryHostId: string;
  readonly number: number;
}

export interface HostTransaction {
  /** Keeps of each place what happened last. At most one row a place. */
  upsertHostItems(rows: readonly HostItemRow[]): Promise<void>;
  /** The name of a known one moves on, its `repoId` stays. */
  upsertHostRepositories(rows: readonly HostRepositoryRow[]): Promise<void>;
  upsertPullRequests(rows: readonly PullRequestRow[]): Promise<void>;
  /** What git alone told of commits that a pull request brought: its own record says more. */
  removeCoveredChanges(pullRequest: Pick<PullRequestRow, 'repoId' | 'changeId' | 'landed'>): Promise<void>;
}

export interface HostProjections {
  /** What stands at these subjects, in the order of the log. */
  hostItems<Schema extends HostObservation['schema']>(
    repositoryHostId: string,
    schema: Schema,
    subjects: readonly string[],
  ): Promise<readonly Told<Extract<HostObservation, { readonly schema: Schema }>>[]>;
  hostRepository(hostId: string): Promise<HostRepositoryRow | undefined>;
  hostRepositories(): Promise<readonly HostRepositoryRow[]>;
  pullRequests(repoId: string, numbers: readonly number[]): Promise<readonly PullRequestRow[]>;
  /** Numbers of those whose head or merge one of these commits is. */
  pullRequestsAt(repositoryHostId: string, shas: readonly string[]): Promise<readonly number[]>;
  openPullRequests(repositoryHostId: string): Promise<readonly number[]>;
  /** Those of which something was told after they were assessed last, in the order of the log. */
  unassessed(): Promise<readonly PullRequestKey[]>;
  /** Of these commits those that an assessed pull request brought, with its change's id. */
  landedBy(repoId: string, shas: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Commits that merged pull requests brought, as assessed. */
  landedCommits(repoId: string): Promise<ReadonlySet<string>>;
  allHostItems(): AsyncIterable<readonly HostItemRow[]>;
  allPullRequests(): AsyncIterable<readonly PullRequestRow[]>;
}
