/** What the server asks of the world, beyond `ports.ts`. The shapes are those of the HTTP contract, so nothing is translated twice. */

import type { ParsedQuery } from '../contract/api.ts';
import type {
  ChangeFilter,
  ChangeList,
  ChangeListItem,
  Distribution,
  Facets,
  Timeline,
} from '../contract/changes.ts';
import type { Verification } from '../contract/evidence.ts';
import type { Overview } from '../contract/overview.ts';
import type { PullRequestItem, PullRequestList } from '../contract/pull-requests.ts';
import type { Job, RepositoryState } from '../contract/work.ts';
import type { Principal, Role, Scope } from '../core/access/permissions.ts';
import type { PersonAction as SealedAction } from '../core/evidence/person-action.ts';
import type { LogName, SealedEntry, StoredCheckpoint } from './ports.ts';

/** The changes as people look at them: indexed columns and roll-ups only, never the sealed JSON. */
export interface ChangeReader {
  list(query: ParsedQuery<'listChanges'>): Promise<ChangeList>;
  facets(filter: ChangeFilter): Promise<Facets>;
  timeline(filter: ChangeFilter, by: Timeline['by']): Promise<Timeline>;
  distribution(filter: ChangeFilter): Promise<Distribution>;
  /** The whole selection in order, in pages; memory stays flat, and a slow reader holds no transaction open. */
  export(query: ParsedQuery<'exportChanges'>): AsyncIterable<readonly ChangeListItem[]>;
  find(repoId: string, changeId: string): Promise<ChangeListItem | undefined>;
  /** Records of one change, newest first. */
  records(
    repoId: string,
    changeId: string,
  ): Promise<
    readonly {
      readonly evidenceSeq: number;
      readonly factSeq: number;
      readonly reason: string;
      readonly statementDigest: Uint8Array;
    }[]
  >;
  neighbours(
    repoId: string,
    changeId: string,
  ): Promise<{ readonly older: Neighbour | null; readonly newer: Neighbour | null }>;
  pullRequests(query: ParsedQuery<'listPullRequests'>): Promise<PullRequestList>;
  findPullRequest(repoId: string, changeId: string): Promise<PullRequestItem | undefined>;
  /** All counts of the Overview, from roll-ups. */
  overview(): Promise<OverviewCounts>;
}

export interface Neighbour {
  readonly changeId: string;
  readonly title: string;
}

export interface OverviewCounts {
  readonly changes: Overview['changes'];
  readonly pullRequests: Overview['pullRequests'];
  readonly timeline: Timeline;
  readonly distribution: Distribution;
  readonly agents: Overview['agents'];
  /** With the evidence index, so that the reason can be read from the sealed record. */
  readonly riskiest: readonly ChangeListItem[];
}

/** Reads one entry of a log with its payload; undefined beyond its end. */
export interface EntryReader {
  sealed(log: LogName, index: number): Promise<SealedEntry | undefined>;
  /** Checkpoints with a size below `before`, largest first. */
  checkpointsBefore(
    log: LogName,
    before: number | undefined,
    limit: number,
  ): Promise<readonly (StoredCheckpoint & { readonly previousSize: number })[]>;
  /** The smallest checkpoint that covers the entry. */
  firstCovering(log: LogName, index: number): Promise<StoredCheckpoint | undefined>;
}

/** Published files of one log (C2SP tlog-tiles), read from disk alone. */
export interface PublishedLog {
  readonly origin: string;
  readonly vkey: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The published checkpoint's note; undefined before the first. */
  checkpoint(): Promise<string | undefined>;
  /** When that note was put there. */
  publishedAt(): Promise<Date | undefined>;
  /** An entry's offline proof under the published checkpoint (c2sp.org/tlog-proof@v1); undefined where none covers it yet. */
  tlogProof(index: number): Promise<string | undefined>;
}

/** Repositories that are followed, and long work on them. Everything is in the database: a restart goes on. */
export interface WorkBoard {
  repositories(): Promise<readonly RepositoryState[]>;
  /** Newest first: all that is running or waiting, and the last twenty that ended. */
  jobs(): Promise<readonly Job[]>;
  verifications(limit: number): Promise<readonly Verification[]>;
  /** Errors: NOT_A_REPOSITORY, REPOSITORY_UNREADABLE, GIT_NOT_FOUND. */
  addRepository(path: string, requestedBy: string): Promise<Job>;
  /** A second request while one waits or runs gives that one. Error: NOT_FOUND. */
  startImport(repoId: string, requestedBy: string): Promise<Job>;
  startVerification(requestedBy: string): Promise<Job>;
  /** Error: NOT_FOUND. */
  setFollowing(repoId: string, following: boolean): Promise<void>;
}

/** Somebody who may be let in: a person in a session, or a key. */
export interface Caller extends Principal {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly via: 'session' | 'api-key';
  /** The session's or key's id. */
  readonly credentialId: string;
}

/** What somebody did here, sealed in the events log before the answer. Never a secret, never a token. */
export type PersonAction = Omit<SealedAction, 'schema'>;

export interface ActionRecorder {
  /** Durable when it resolves. */
  record(action: PersonAction): Promise<void>;
}

export interface SessionRow {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly userEmail: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly address: string | null;
  readonly userAgent: string | null;
}

export interface ApiKeyRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly start: string;
  readonly scopes: readonly Scope[];
  readonly userName: string;
  readonly userEmail: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

export interface MemberRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly state: 'active' | 'invited';
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
}

/**
 * What the server knows of a request beyond its headers. It sets them on everything that it hands to the door, in place of what a
 * caller may have sent under these names.
 */
export const doorHeaders = {
  /** IP address of the caller. */
  address: 'x-reentry-address',
  /** `https` where the caller's connection is encrypted, a trusted proxy's word included. */
  protocol: 'x-reentry-protocol',
  requestId: 'x-reentry-request-id',
} as const;

/** Who gets in: sessions, keys, members. Secrets are stored as hashes only. */
export interface Door {
  /** Undefined where nobody is signed in, or the key is unknown, expired or revoked. */
  authenticate(request: { readonly headers: Headers }): Promise<Caller | undefined>;
  /** The library's own routes under `/api/auth` (sign-in, sign-out, session). */
  handle(request: Request): Promise<Response>;
  /** Somebody has ever signed in: until then the server listens on loopback only. */
  isClaimed(): Promise<boolean>;
  /** A new one-time link's secret that makes the first owner; undefined once there is one. Earlier ones end. */
  firstOwnerToken(): Promise<string | undefined>;
  /** Who a link's secret is for; undefined where it is unknown, used or expired. */
  invitation(token: string): Promise<{ readonly role: Role; readonly email: string | null } | undefined>;
  /** Uses up the link and signs in: the answer carries the session cookie. Errors: INVITATION_UNKNOWN, MEMBER_EXISTS. */
  join(
    welcome: {
      readonly token: string;
      readonly name: string;
      readonly email: string;
      readonly password: string;
    },
    request: { readonly headers: Headers },
  ): Promise<{ readonly caller: Caller; readonly setCookies: readonly string[] }>;
  members(): Promise<readonly MemberRow[]>;
  invite(
    email: string,
    role: Role,
    by: Caller,
  ): Promise<{ readonly token: string; readonly expiresAt: string }>;
  /** Errors: NOT_FOUND, LAST_OWNER. */
  setRole(memberId: string, role: Role): Promise<void>;
  /** Ends their sessions, keys and invitation too. Errors: NOT_FOUND, LAST_OWNER. */
  removeMember(memberId: string): Promise<void>;
  /** Of one person, or of everybody. */
  sessions(userId?: string): Promise<readonly SessionRow[]>;
  /** Error: NOT_FOUND, also for another person's session where `userId` is given. */
  revokeSession(sessionId: string, userId?: string): Promise<void>;
  keys(userId?: string): Promise<readonly ApiKeyRow[]>;
  createKey(
    key: { readonly name: string; readonly scopes: readonly Scope[]; readonly expiresInDays: number },
    by: Caller,
  ): Promise<{ readonly key: ApiKeyRow; readonly secret: string }>;
  revokeKey(keyId: string, userId?: string): Promise<void>;
}
