import type { ChangeRow, ClaimRow } from '../../app/ports.ts';
import { cellOf, claimedPairs, dayOf, searchText } from '../../core/change/change-columns.ts';
import { storedText } from '../../core/evidence/stored-text.ts';

/** A change's row and claims, as deriving writes them. */
export interface ChangeRows {
  readonly row: ChangeRow;
  readonly claims: readonly ClaimRow[];
}

type Given = Partial<Omit<ChangeRow, DerivedField>>;
type DerivedField = 'mergedDay' | 'agents' | 'models' | 'sessions' | 'lines' | 'search' | 'cell';
type GivenClaim = Partial<Omit<ClaimRow, 'repoId' | 'changeId' | 'ordinal'>>;

/** What is not given is always the same; the columns that lists and filters need agree with the rest. */
export function changeRows(given: Given, claimsGiven: readonly GivenClaim[] = []): ChangeRows {
  const base = { ...plainRow, ...given };
  const { repoId, changeId } = base;
  const claims = claimsGiven.map((claim, ordinal) => ({
    ...plainClaim,
    ...claim,
    repoId,
    changeId,
    ordinal,
  }));
  const pairs = claimedPairs(claims);
  const sessions = new Set(claims.flatMap(({ sessionId }) => sessionId ?? [])).size;
  const stored = (text: string) => storedText(text);
  const cell = cellOf({
    repoId: stored(repoId),
    class: stored(base.class),
    riskBand: stored(base.riskBand),
    kind: stored(base.kind),
    attributionLevel: base.attributionLevel,
    hasGaps: base.gaps > 0,
    hasContradictions: base.contradictions > 0,
    hasSession: sessions > 0,
    ...pairs,
  });
  const lines = base.additions + base.deletions;
  const search = searchText(base.title, base.authorName);
  return {
    row: { ...base, mergedDay: dayOf(base.mergedAt), ...pairs, sessions, lines, search, cell },
    claims,
  };
}

const plainRow: Omit<ChangeRow, DerivedField> = {
  repoId: 'github.com/o/r',
  changeId: 'pr/1',
  ordinal: 0,
  kind: 'pull_request',
  number: 1,
  landing: 'squash',
  title: 'Add a thing',
  authorName: 'Ada',
  authorEmail: 'ada@example.org',
  baseSha: 'b'.repeat(40),
  headSha: 'c'.repeat(40),
  mergeSha: 'd'.repeat(40),
  mergedAt: '2026-01-02T03:04:05Z',
  files: 3,
  additions: 10,
  deletions: 2,
  class: 'unknown',
  aiShare: null,
  attributionLevel: null,
  riskScore: 50,
  riskProbability: 0.25,
  riskBand: 'medium',
  riskLogOdds: -1.5,
  modelVersion: 'risk@1',
  capture: 'backfilled',
  gaps: 0,
  contradictions: 0,
  observedDigest: Buffer.alloc(32, 1),
  factSeq: 7,
  evidenceSeq: 8,
  statementDigest: Buffer.alloc(32, 2),
};

const plainClaim: Omit<ClaimRow, 'repoId' | 'changeId' | 'ordinal'> = {
  agent: 'claude-code',
  model: 'opus',
  sessionId: 'claude-code:session_1',
  userName: 'ada',
  role: 'author',
  level: 2,
};
