/** What the use cases ask of a code host that they are connected to. Implemented in intake/, one connection a host. */

import type {
  HostAccount,
  HostKind,
  HostObservation,
  HostRepository,
  ObservedGateOutcome,
} from '../core/host/observation.ts';
import type { RawDelivery } from './delivery-ports.ts';

/** How a verdict stands on the page of a pull request. */
export interface PublishedCheck {
  readonly headSha: string;
  /** `pending` while it is undecided. */
  readonly conclusion: 'pending' | 'success' | 'failure' | 'action-required';
  readonly title: string;
  /** Markdown; what came from outside is escaped already. */
  readonly summary: string;
  readonly detailsUrl: string | null;
  /** The check run that was made for this head before; null where there is none. */
  readonly checkId: string | null;
}

/** Where a repository is fetched from, and what to send along; the header never stands in an address or an argument. */
export interface GitAccess {
  readonly url: string;
  /** `Authorization: basic …` */
  readonly header: string;
}

export interface ConnectedRepository extends HostRepository {
  readonly owner: HostAccount | null;
  readonly isArchived: boolean;
}

/** One page of a backfill; the next call goes on after `cursor`. */
export interface HostPage {
  readonly observations: readonly HostObservation[];
  readonly cursor: string;
  /** Pull requests that it tells of. */
  readonly pullRequests: readonly number[];
}

/** What a credential may do, as the host says, against what we ask for. */
export interface HostPermission {
  readonly name: string;
  readonly wanted: 'read' | 'write';
  readonly given: 'none' | 'read' | 'write' | 'unknown';
  readonly because: string;
}

export interface HostHealth {
  readonly host: HostKind;
  /** `github.com` */
  readonly name: string;
  /** Whose credential it is: the app's name, the account's login. */
  readonly actingAs: string;
  readonly kind: 'app' | 'token';
  readonly permissions: readonly HostPermission[];
  /** Requests that the host still takes before `resetsAt`; null where it does not say. */
  readonly remaining: number | null;
  readonly resetsAt: string | null;
}

/**
 * A code host under one credential. Everything that is read comes as observations with `origin.via: 'api'`, so that it can be
 * sealed as it is. What is read again unchanged comes with the same origin digest. Errors: HOST_REFUSED (401, 403),
 * HOST_MISSING (404, 410), HOST_BUSY (429, 5xx, time out, after the client's own retries), HOST_ANSWER (what nobody understands).
 */
export interface HostConnection {
  readonly host: HostKind;
  readonly name: string;
  /** Everything that this credential may read. */
  repositories(): AsyncIterable<ConnectedRepository>;
  /**
   * A pull request with its reviews (each with what the reviewer may do in the repository), the accounts of its commits, who
   * pushed its head, and the check runs and statuses of its head.
   */
  readPullRequest(repository: HostRepository, number: number): Promise<readonly HostObservation[]>;
  /** Check runs and statuses of a commit, all pages. */
  readGates(repository: HostRepository, sha: string): Promise<readonly ObservedGateOutcome[]>;
  /** The rules of a branch: the union of rulesets and branch protection. */
  readProtection(repository: HostRepository, branch: string): Promise<HostObservation>;
  /** What somebody may do in a repository, and which teams of its organisation they are in. */
  readAccess(repository: HostRepository, login: string): Promise<HostObservation>;
  /** Pull requests by the time of their last update, oldest first, from `after` (a cursor) on. */
  pullRequests(repository: HostRepository, after: string | null): AsyncIterable<HostPage>;
  /** Numbers of the pull requests that brought a commit. */
  pullRequestsOf(repository: HostRepository, sha: string): Promise<readonly number[]>;
  /** Makes or updates the check run; resolves to its id. Under a token, which may make none: a commit status. */
  publish(repository: HostRepository, check: PublishedCheck): Promise<string>;
  gitAccess(repository: HostRepository): Promise<GitAccess>;
  /** Deliveries since then that did not arrive, fetched and asked to be sent again. */
  missedDeliveries(since: Date): AsyncIterable<Pick<RawDelivery, 'headers'> & { readonly id: string }>;
  redeliver(id: string): Promise<void>;
  health(): Promise<HostHealth>;
}

/** Which check run stands for which head; kept by the database, so that a restart updates it. */
export interface PublishedChecks {
  find(repositoryHostId: string, headSha: string): Promise<KeptCheck | undefined>;
  put(repositoryHostId: string, headSha: string, check: KeptCheck): Promise<void>;
}

export interface KeptCheck {
  readonly checkId: string;
  /** Of what was published: the same is not said twice. */
  readonly digest: string;
}

/** How far the pull requests of a repository were read. */
export interface HostProgress {
  /** Null before the first page. */
  cursor(repositoryHostId: string): Promise<string | null>;
  setCursor(repositoryHostId: string, cursor: string): Promise<void>;
}
