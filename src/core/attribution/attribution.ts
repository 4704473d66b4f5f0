import type { LineRange } from './attribution-record.ts';

/**
 * Confidence of one claim: 0 heuristic, 1 declared, 2 structured record, 3 telemetry correlated,
 * 4 server-side correlated, 5 attested (attribution-signals section 10).
 */
export type Level = 0 | 1 | 2 | 3 | 4 | 5;
export type ActorClass = 'human' | 'ai' | 'mixed' | 'unknown';

export type SignalKind =
  | 'author-identity'
  | 'committer-identity'
  | 'co-author-trailer'
  | 'assisted-by-trailer'
  | 'generated-by-trailer'
  | 'made-with-trailer'
  | 'signed-off-trailer'
  | 'session-trailer'
  | 'footer'
  | 'session-url'
  | 'requester'
  | 'oversight-trailer'
  | 'branch-prefix'
  | 'subject-prefix'
  | 'git-ai-note'
  | 'agent-trace'
  | 'entire-checkpoint';

/** What part an identity plays: an accepted review suggestion (`assist`) or a reviewer bot is not authorship. */
export type SignalRole = 'author' | 'co-author' | 'assist' | 'reviewer' | 'requester';

/** One observation that supports an attribution, kept raw. */
export interface Signal {
  readonly kind: SignalKind;
  readonly role: SignalRole;
  /** Where it stands: `commit <sha> trailer line 7`, `commit <sha> author`, a record's locator plus key. */
  readonly locator: string;
  /** As written, cut at 500 characters. */
  readonly value: string;
  readonly level: Level;
  readonly agent?: string;
  /** As written. */
  readonly model?: string;
  /** Namespaced: `claude-code:session_…`, `amp:T-…`. */
  readonly sessionId?: string;
  readonly user?: string;
}

/** One agent, model, session and user that the signals name together; each part has its own level. */
export interface Claim {
  /** Canonical agent id (`claude-code`), or `unknown` where a record names none. */
  readonly agent: string;
  readonly model: string | null;
  /** True for `default`, `unknown`, `auto`, `<synthetic>` and the empty string: a model that nobody named. */
  readonly modelIsPlaceholder: boolean;
  readonly sessionId: string | null;
  /**
   * The human who asked for it, as far as a signal says. The git author is that only for agents that commit under their
   * user's own identity, and then declared (level 1): the signal with role `requester` says where it was read.
   */
  readonly user: string | null;
  readonly role: SignalRole;
  /** How sure it is that this agent took part: `levels.agent`. */
  readonly level: Level;
  /** Per part, after contradictions; null where nobody named that part (a placeholder names no model). */
  readonly levels: {
    readonly agent: Level;
    readonly model: Level | null;
    readonly session: Level | null;
    readonly user: Level | null;
  };
  /** Added lines of the change that this claim covers; null where no signal says lines. */
  readonly lines: number | null;
  /** Highest level first, then in order of commits and lines. */
  readonly signals: readonly Signal[];
  /** How many more there are than are listed; absent where all of them are. */
  readonly signalsOmitted?: number;
}

/**
 * Two signals that cannot both be right. Both are kept; the part of the claim that they are about loses one level, once
 * however many contradictions there are (`lines` are about the agent's part).
 */
export interface Contradiction {
  readonly about: 'agent' | 'model' | 'session' | 'user' | 'lines';
  readonly locators: readonly string[];
  readonly values: readonly string[];
  readonly because: string;
}

export interface FileAttribution {
  readonly path: string;
  readonly class: ActorClass;
  /** AI-attributed added lines / added lines, 0 to 1; null where no signal says lines. */
  readonly aiShare: number | null;
  readonly additions: number;
  readonly ranges: readonly {
    readonly ranges: readonly LineRange[];
    readonly class: ActorClass;
    /** Index into `claims`, null for human lines. */
    readonly claim: number | null;
  }[];
}

export interface Attribution {
  readonly class: ActorClass;
  /** AI-attributed added lines / added lines, 0 to 1; null where it cannot be known. */
  readonly aiShare: number | null;
  /** What the share rests on. */
  readonly aiShareBasis: 'lines' | 'commits' | 'none';
  /** Most lines first, then highest level; at most 250. */
  readonly claims: readonly Claim[];
  readonly claimsOmitted?: number;
  /**
   * Signals that are no authorship, kept and shown: accepted suggestions, reviewers, oversight counters, people whom a
   * record names, sessions that a record lists without a line or with lines that are not in the change. At most 200.
   */
  readonly otherSignals: readonly Signal[];
  /** How many signals are in no list, because there were too many; absent where none. */
  readonly signalsOmitted?: number;
  readonly contradictions: readonly Contradiction[];
  /** Only files for which a record gives lines; the others have the change's class. */
  readonly files: readonly FileAttribution[];
  /** Rule set and registry, for example `attribution@1`. */
  readonly version: string;
}
