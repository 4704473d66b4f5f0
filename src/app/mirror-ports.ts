/** What assessing a pull request asks of git: a copy of the host's repository that is fetched as events come. */

import type { ObservedChange } from '../core/change/observed-change.ts';
import type { GitAccess } from './host-ports.ts';

/** One commit of a first-parent line. */
export interface LineCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly authoredAt: number;
  readonly authorEmail: string;
  readonly subject: string;
}

export interface Mirror {
  readonly path: string;
  /** Fetches branches, notes and the named references; resolves once they are here. Errors: GIT_FAILED, GIT_TIMEOUT. */
  fetch(access: GitAccess, references: readonly string[]): Promise<void>;
  /** Which branch lists begin with. */
  setDefaultBranch(branch: string): Promise<void>;
  /** The commit that a reference or a commit id names; null where it is not here. */
  commitOf(revision: string): Promise<string | null>;
  /** Trees of those that are here. */
  treesOf(shas: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** A file of a commit; null where there is none, or it is larger. */
  file(commit: string, path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Newest first, at most `count`. */
  firstParents(sha: string, count: number): Promise<readonly LineCommit[]>;
  /** The tree that merging the two gives by itself; null where they conflict, or this git is too old to tell. */
  mergeTree(base: string, head: string): Promise<string | null>;
  /**
   * What git says of the commits from the merge base to the head, as one change; null where there are none. Asked again while no
   * record of them changed, it costs nothing: of the events of a pull request most leave its commits as they are.
   */
  readRange(base: string, head: string): Promise<ObservedChange | null>;
}

export interface Mirrors {
  /** Made where there is none; `key` is the repository's id at its host. */
  of(key: string, origin: string): Promise<Mirror>;
}
