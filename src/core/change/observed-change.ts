import type { AttributionRecord } from '../attribution/attribution-record.ts';

/** A name and an e-mail as git or a record carries them: free text, never proof of who it was. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface RepositoryRef {
  /** `host/owner/name` of the origin remote in lower case, else `local/<folder name>`. */
  readonly id: string;
  readonly name: string;
  /** The origin's address without credentials. */
  readonly url?: string;
}

/** How the change reached the default branch, as its commit message tells. */
export type Landing = 'merge' | 'squash' | 'rebase' | 'push';
export type Forge = 'github' | 'gitlab' | 'gitea' | 'bitbucket' | 'azure-devops';
export type FileStatus = 'added' | 'modified' | 'deleted' | 'renamed' | 'copied' | 'type-changed';
/** What a path is for; exclusions first (risk-model, `features@1`). */
export type FileRole = 'source' | 'test' | 'docs' | 'generated' | 'other';

export interface ObservedCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  /** RFC 3339 in UTC, whole seconds. */
  readonly authoredAt: string;
  readonly committedAt: string;
  /**
   * The whole message; of one longer than `maxMessageBytes` the beginning and the end, which has the trailers, with a paragraph
   * between them that says how much was left out. Then `messageCut` is true.
   */
  readonly message: string;
  readonly messageCut?: true;
  /** A signature header is present; git alone cannot say whose key it is. */
  readonly signature?: 'gpg' | 'ssh' | 'x509' | 'other';
}

export interface ObservedFile {
  /** UTF-8 as it is; other bytes in git's own quoted form ("dir/\377name"). */
  readonly path: string;
  readonly oldPath?: string;
  readonly status: FileStatus;
  readonly role: FileRole;
  /** Lines; 0 for binary, submodule and unreadable files. */
  readonly additions: number;
  readonly deletions: number;
  readonly binary?: true;
  readonly submodule?: true;
  /** The content could not be read (partial clone, damage): its lines are unknown, not zero. */
  readonly unreadable?: true;
}

/** Something that should be there and is not; a change with gaps is reported with them, never silently. */
export interface Gap {
  readonly code:
    | 'shallow-boundary'
    | 'missing-blob'
    | 'unreadable-object'
    | 'files-omitted'
    | 'commits-omitted'
    | 'note-too-large'
    | 'note-unreadable'
    | 'notes-dangling'
    | 'replaced-objects-ignored'
    | 'grafts-ignored';
  readonly detail: string;
}

/** Everything that git alone says of one change: the data of a `git.change.observed` fact. */
export interface ObservedChange {
  readonly schema: 'reentry.observed-change/1';
  readonly repo: RepositoryRef;
  /**
   * Unique in its repository, and kept when history grows: `pr/123`, `push/<merge sha>`; `pr/123@<its first landed sha>`
   * where a number comes again; `range/<head sha>` for a branch that has not landed.
   */
  readonly id: string;
  readonly kind: 'pull_request' | 'direct_push';
  readonly number?: number;
  readonly landing: Landing;
  readonly forge?: Forge;
  readonly title: string;
  readonly sourceBranch?: string;
  readonly targetBranch: string;
  /** Null for a root commit. */
  readonly baseSha: string | null;
  /** Last commit of the pull request: the second parent of a merge that brought it, else the commit itself. */
  readonly headSha: string;
  /** The commit that landed: on the first-parent line, or on one that an opened merge brought. */
  readonly mergeSha: string;
  readonly mergeTree: string;
  /** Committer date of `mergeSha`, RFC 3339 in UTC. */
  readonly mergedAt: string;
  /** Who most of the commits name as author; forgeable. */
  readonly author: Person;
  readonly size: { readonly files: number; readonly additions: number; readonly deletions: number };
  /** Oldest first; the merge commit itself is last. At most `maxCommits`, then a gap says how many were left out. */
  readonly commits: readonly ObservedCommit[];
  readonly files: readonly ObservedFile[];
  /** Notes, traces and checkpoints that speak of these commits. */
  readonly records: readonly AttributionRecord[];
  /** `features@1`, risk-model section 7; every number is finite. Empty where the change's files could not be compared. */
  readonly features: Readonly<Record<string, number>>;
  readonly featureSpec: string;
  readonly gaps: readonly Gap[];
}

export const maxFiles = 2_000;
export const maxCommits = 500;
export const maxMessageBytes = 32 * 1024;
