import type { ObservedChange, ObservedCommit } from '../../change/observed-change.ts';
import type { AttributionRecord, LineRange, RecordedSession } from '../attribution-record.ts';
import { countLines } from '../line-ranges.ts';

export const human = { name: 'Jane Doe', email: 'jane@example.com' };

/** A 40-digit id that tells tests apart. */
export function sha(number: number): string {
  return number.toString(16).padStart(40, '0');
}

export function commit(number: number, message: string, more: Partial<ObservedCommit> = {}): ObservedCommit {
  return {
    sha: sha(number),
    tree: sha(number + 4_096),
    parents: [sha(number - 1)],
    author: human,
    committer: human,
    authoredAt: '2026-01-02T03:04:05Z',
    committedAt: '2026-01-02T03:04:05Z',
    message,
    ...more,
  };
}

/** A change of `src/a.ts` (10 added lines) unless told otherwise. */
export function change(
  commits: readonly ObservedCommit[],
  more: Partial<ObservedChange> = {},
): ObservedChange {
  const last = commits.at(-1) ?? commit(1, 'nothing');
  const files = more.files ?? [
    { path: 'src/a.ts', status: 'modified', role: 'source', additions: 10, deletions: 0 },
  ];
  return {
    schema: 'reentry.observed-change/1',
    repo: { id: 'local/x', name: 'x' },
    id: `push/${last.sha}`,
    kind: 'direct_push',
    landing: commits.length > 1 ? 'merge' : 'push',
    title: 'a change',
    targetBranch: 'main',
    baseSha: sha(0),
    headSha: last.sha,
    mergeSha: last.sha,
    mergeTree: last.tree,
    mergedAt: last.committedAt,
    author: human,
    size: {
      files: files.length,
      additions: files.reduce((sum, { additions }) => sum + additions, 0),
      deletions: 0,
    },
    commits,
    files,
    records: [],
    features: {},
    featureSpec: 'features@1',
    gaps: [],
    ...more,
  };
}

/** One session of a note whose lines all landed in `src/a.ts`. */
export function session(
  key: string,
  ranges: readonly LineRange[],
  more: Partial<RecordedSession> = {},
): RecordedSession {
  const lines = countLines(ranges);
  return {
    key,
    contributor: 'ai',
    resolved: true,
    tool: 'claude',
    model: 'claude-opus-4-6',
    sessionId: `28791176-487b-4b4b-b764-${key.padStart(12, '0')}`,
    claimedLines: lines,
    coverage: lines === 0 ? [] : [{ path: 'src/a.ts', ranges, lines }],
    ...more,
  };
}

export function personSession(key: string, ranges: readonly LineRange[]): RecordedSession {
  const lines = countLines(ranges);
  return {
    key,
    contributor: 'human',
    resolved: true,
    human: 'Jane Doe <jane@example.com>',
    claimedLines: lines,
    coverage: [{ path: 'src/a.ts', ranges, lines }],
  };
}

export function note(commitNumber: number, sessions: readonly RecordedSession[]): AttributionRecord {
  return {
    source: 'git-ai-note',
    locator: `refs/notes/ai@${sha(9)}:${sha(commitNumber)}`,
    commit: sha(commitNumber),
    blob: sha(commitNumber + 77),
    sizeBytes: 100,
    schemaVersion: 'authorship/3.0.0',
    hasLines: sessions.some(({ claimedLines }) => claimedLines > 0),
    sessions,
    problems: [],
  };
}

/** One session of an Entire checkpoint: no lines, at most counts. */
export function checkpoint(commitNumber: number, session: RecordedSession): AttributionRecord {
  return {
    ...note(commitNumber, [session]),
    source: 'entire-checkpoint',
    locator: `entire/checkpoints/v1:ab/c/${session.key}/metadata.json`,
    schemaVersion: 'entire/0.4.0',
  };
}
