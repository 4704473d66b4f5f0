/** Inclusive 1-indexed line range of the file as it stands after the change. */
export type LineRange = readonly [start: number, end: number];

/** Which lines of one file a session made, cut to the lines that the change really adds. */
export interface Coverage {
  readonly path: string;
  readonly ranges: readonly LineRange[];
  readonly lines: number;
}

/** One session (or human) that a record names, with what the record claims and what the diff confirms. */
export interface RecordedSession {
  /** The key inside the record (`s_…`, `h_…`, 16 hex, conversation url, checkpoint session number). */
  readonly key: string;
  readonly contributor: 'ai' | 'human' | 'mixed' | 'unknown';
  /** False where the record uses a key that it does not define (a dangling key). */
  readonly resolved: boolean;
  /** As written, free text: `claude`, `cursor`. */
  readonly tool?: string;
  /** As written, quotes and all. */
  readonly model?: string;
  readonly sessionId?: string;
  /** The human whom the record names for this session, as written. */
  readonly human?: string;
  /** Lines that the record claims in the commit, before the diff was asked. */
  readonly claimedLines: number;
  /** Counts that the record's tool estimated itself, where it gives no ranges (Entire's `initial_attribution`). */
  readonly reportedLines?: { readonly agent: number; readonly total: number };
  /** Claimed lines that the change really adds, per path. Empty where the record has no line ranges. */
  readonly coverage: readonly Coverage[];
}

/** One unsigned, mutable record tied to a commit: a Git AI note, an Agent Trace record, an Entire checkpoint. */
export interface AttributionRecord {
  readonly source: 'git-ai-note' | 'agent-trace' | 'entire-checkpoint';
  /** Where it was read: `refs/notes/ai:<commit>`, `<sha>:.agent-trace/traces.jsonl#12`, `entire/checkpoints/v1:<path>`; `blob` pins the content. */
  readonly locator: string;
  /** The commit that the record speaks of. */
  readonly commit: string;
  /** git object id of the record's bytes: pins what was seen without keeping prompts. */
  readonly blob: string;
  readonly sizeBytes: number;
  readonly schemaVersion?: string;
  /** True where the record says which lines, so that untracked lines can be told from tracked ones. */
  readonly hasLines: boolean;
  readonly sessions: readonly RecordedSession[];
  /** What was wrong with it: `dangling-key`, `unparseable-metadata`, `placeholder-tool`, … */
  readonly problems: readonly string[];
}
