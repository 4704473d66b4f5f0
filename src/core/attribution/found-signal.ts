import type { Signal, SignalKind } from './attribution.ts';
import type { RecordedSession } from './attribution-record.ts';

/** A signal with what is needed to group it: where it comes from and what it hangs together with. */
export interface FoundSignal {
  readonly signal: Signal;
  /** The commit that it speaks of; null for a heuristic, which lends nothing to other signals. */
  readonly commit: string | null;
  /** Position of that commit in the change. */
  readonly order: number;
  /** Independent sources are compared with each other; lines of one message are one source. */
  readonly source: 'commit' | 'branch' | 'git-ai-note' | 'agent-trace' | 'entire-checkpoint';
  /** It says that an agent wrote a part of the commit; false for suggestions, reviewers, people and counters. */
  readonly authorship: boolean;
  /** Without another signal it says nothing about authorship. */
  readonly supporting?: true;
  /** The other agent that the display name claims to be. */
  readonly nameSays?: string;
  /** The model named beside a session line. */
  readonly besideModel?: string;
  /** The record's session, for its lines. */
  readonly session?: RecordedSession;
}

/** A record claims lines for its session, and the change adds none of them: work that was carried along or written over. */
export function landedNowhere({ session }: FoundSignal): boolean {
  return session !== undefined && session.claimedLines > 0 && session.coverage.length === 0;
}

const kindOrder: readonly SignalKind[] = [
  'git-ai-note',
  'agent-trace',
  'entire-checkpoint',
  'author-identity',
  'committer-identity',
  'session-trailer',
  'session-url',
  'co-author-trailer',
  'assisted-by-trailer',
  'generated-by-trailer',
  'made-with-trailer',
  'signed-off-trailer',
  'footer',
  'requester',
  'oversight-trailer',
  'branch-prefix',
  'subject-prefix',
];

/** A total order that does not depend on the order of arrival: records first, then by commit and line. */
export function compareFound(left: FoundSignal, right: FoundSignal): number {
  return (
    right.signal.level - left.signal.level ||
    left.order - right.order ||
    kindOrder.indexOf(left.signal.kind) - kindOrder.indexOf(right.signal.kind) ||
    compareText(left.signal.locator, right.signal.locator) ||
    compareText(left.signal.value, right.signal.value)
  );
}

/** By UTF-16 code units: the same on every machine. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
