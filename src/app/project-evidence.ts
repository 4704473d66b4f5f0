import { cellOf, claimedPairs, dayOf, searchText } from '../core/change/change-columns.ts';
import type { ChangeStatement } from '../core/evidence/change-evidence.ts';
import type { CompletedImport } from '../core/evidence/fact.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import type { ChangeRow, ClaimRow, EvidenceRecordRow, RepositoryRow } from './ports.ts';

/** Where a statement lies and what it hashes to. */
export interface SealedAt {
  /** Events log index of the first fact ever sealed for this change: its place in every list. */
  readonly ordinal: number;
  readonly evidenceSeq: number;
  readonly digest: Uint8Array;
}

/** The rows that pages and reports read, as a pure function of the sealed statement; the verifier derives them again. */
export function projectChange(statement: ChangeStatement, at: SealedAt): ChangeRow {
  const { change, attribution, risk, capture, derivedFrom } = statement.predicate;
  const fact = derivedFrom.entries[0] ?? { index: -1, digest: '' };
  const pairs = claimedPairs(attribution.claims);
  const sessions = new Set(attribution.claims.flatMap(({ sessionId }) => sessionId ?? [])).size;
  const attributionLevel = highestLevel(attribution.claims);
  return {
    repoId: change.repo,
    changeId: change.id,
    ordinal: at.ordinal,
    kind: change.kind,
    number: change.number,
    landing: change.landing,
    title: change.title,
    authorName: change.author.name,
    authorEmail: change.author.email,
    baseSha: change.baseSha,
    headSha: change.headSha,
    mergeSha: change.mergeSha,
    mergedAt: change.mergedAt,
    mergedDay: dayOf(change.mergedAt),
    files: change.size.files,
    additions: change.size.additions,
    deletions: change.size.deletions,
    class: attribution.class,
    aiShare: attribution.aiShare,
    attributionLevel,
    riskScore: risk.score,
    riskProbability: risk.probability,
    riskBand: risk.band,
    riskLogOdds: risk.logOdds,
    modelVersion: risk.modelVersion,
    capture: capture.change.capture,
    gaps: change.gaps.length,
    contradictions: attribution.contradictions.length,
    ...pairs,
    sessions,
    lines: change.size.additions + change.size.deletions,
    search: searchText(change.title, change.author.name),
    cell: cellOf({
      repoId: storedText(change.repo),
      class: attribution.class,
      riskBand: risk.band,
      kind: change.kind,
      attributionLevel,
      hasGaps: change.gaps.length > 0,
      hasContradictions: attribution.contradictions.length > 0,
      hasSession: sessions > 0,
      ...pairs,
    }),
    observedDigest: Buffer.from(fact.digest, 'hex'),
    factSeq: fact.index,
    evidenceSeq: at.evidenceSeq,
    statementDigest: at.digest,
  };
}

export function projectClaims(statement: ChangeStatement): readonly ClaimRow[] {
  const { change, attribution } = statement.predicate;
  return attribution.claims.map((claim, ordinal) => ({
    repoId: change.repo,
    changeId: change.id,
    ordinal,
    agent: claim.agent,
    model: claim.model,
    sessionId: claim.sessionId,
    userName: claim.user,
    role: claim.role,
    level: claim.level,
  }));
}

export function projectRecord(statement: ChangeStatement, at: Omit<SealedAt, 'ordinal'>): EvidenceRecordRow {
  const { change, derivedFrom, reason } = statement.predicate;
  return {
    evidenceSeq: at.evidenceSeq,
    repoId: change.repo,
    changeId: change.id,
    factSeq: derivedFrom.entries[0]?.index ?? -1,
    reason,
    statementDigest: at.digest,
  };
}

export function projectRepository(done: CompletedImport, factSeq: number, receivedAt: string): RepositoryRow {
  return {
    repoId: done.repo.id,
    name: done.repo.name,
    url: done.repo.url ?? null,
    targetBranch: done.targetBranch,
    headSha: done.headSha,
    refsDigest: done.refsDigest,
    changes: done.changes,
    factSeq,
    importedAt: receivedAt,
  };
}

function highestLevel(claims: readonly { readonly level: number }[]): number | null {
  return claims.length === 0 ? null : Math.max(...claims.map((claim) => claim.level));
}
