/** What a diff's reader tells of one file before its hunks. Paths as in `ObservedFile`. */
export interface DiffFile {
  readonly path: string;
  readonly oldPath?: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'copied' | 'type-changed';
  readonly binary: boolean;
  readonly submodule: boolean;
  /** The blob could not be read; no hunks follow. */
  readonly unreadable: boolean;
  /** `.gitattributes` of the tree says linguist-generated or linguist-vendored. */
  readonly declaredGenerated: boolean;
}

/** What is known of the unit (one change on the first-parent line) before its diff is read. */
export interface UnitStart {
  readonly sha: string;
  /** Unix seconds of the merge commit's committer date. */
  readonly committedAt: number;
  /** Unix seconds of the earliest author date among the unit's own commits. */
  readonly firstAuthoredAt: number;
  readonly parents: number;
  /** Lower-cased e-mail, else the name, of who authored most of the unit's commits. */
  readonly author: string;
  /** The pull request's title (or the subject). */
  readonly title: string;
  /** Body of the landing commit, then subjects and bodies of the inner commits, one per line break. */
  readonly body: string;
  readonly innerCommits: number;
  readonly innerAuthors: number;
  readonly innerAiCommits: number;
  /** Any signal of an agent in the unit's messages or identities. */
  readonly ai: boolean;
}

/**
 * Walks a history unit by unit, oldest first, and gives each unit's features as known *before* it.
 * Call order per unit: `begin`, then for each file `file`, then for each hunk `hunk` followed by its removed and
 * added lines in diff order, then `finish`. State is the replayed origin of every line and the history per path.
 */
export interface ChangeReplay {
  begin(unit: UnitStart): void;
  /** Returns whether the lines' text is wanted: `removed`/`added` may be given empty text otherwise. */
  file(file: DiffFile): boolean;
  /** Lines as a diff without context (`-U0`) counts them: 1-based, and the line before where `oldLines` is 0. */
  hunk(oldStart: number, oldLines: number, newStart: number, newLines: number): void;
  /** Text without the sign and the line end, bytes decoded as latin1 or UTF-8. */
  removed(text: string): void;
  added(text: string): void;
  /** The unit's features (`features@1`, risk-model section 7) as known before it; then the state takes the unit in. */
  finish(): { readonly features: Readonly<Record<string, number>> };
  /** Forgets the running unit (its diff could not be read); the state stays as it was. */
  abandon(): void;
}
