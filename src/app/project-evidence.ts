import { cellOf, claimedPairs, dayOf, searchText } from '../core/change/change-columns.ts';
import type { ChangeStatement } from '../core/evidence/change-evidence.ts';
import type { CompletedImport, HostObserved } from '../core/evidence/fact.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import { type HostItemRow, type HostPlace, placeOf } from '../core/host/host-item.ts';
import type { HostRepositoryRow, PullRequestRow } from './host-row-ports.ts';
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
  const { attribution, risk, capture, derivedFrom } = statement.predicate;
  const change = landed(statement);
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

/** Undefined where no code host told of it. */
export function projectPullRequest(statement: ChangeStatement, at: SealedAt): PullRequestRow | undefined {
  const { change, attribution, risk, pullRequest, reviews, verdict, derivedFrom } = statement.predicate;
  if (pullRequest === undefined) return undefined;
  return {
    repoId: change.repo,
    number: pullRequest.number,
    changeId: change.id,
    ordinal: at.ordinal,
    repositoryHostId: pullRequest.repositoryHostId,
    title: pullRequest.title,
    authorLogin: pullRequest.author?.login ?? null,
    state: pullRequest.state,
    draft: pullRequest.draft,
    targetBranch: change.targetBranch,
    headSha: change.headSha,
    class: attribution.class,
    attributionLevel: highestLevel(attribution.claims),
    riskScore: risk.score,
    riskBand: risk.band,
    verdict: verdict.result,
    pending: 'pending' in verdict && verdict.pending,
    because: verdict.because,
    policyDigest: verdict.policyDigest,
    stateDigest: pullRequest.stateDigest,
    approvals: reviews.items.filter(({ weight }) => weight === 'counted').length,
    assessedAt: pullRequest.assessedAt,
    createdAt: pullRequest.createdAt,
    mergedAt: change.mergedAt,
    mergeSha: change.mergeSha,
    landed: pullRequest.merged?.landed ?? [],
    factSeq: derivedFrom.entries[0]?.index ?? -1,
    evidenceSeq: at.evidenceSeq,
    statementDigest: at.digest,
  };
}

/** Whether a record is of a change that reached its branch: only those are changes in lists and counts. */
export function hasLanded({ predicate }: ChangeStatement): boolean {
  return predicate.change.mergedAt !== null;
}

function landed({ predicate: { change } }: ChangeStatement) {
  const { mergeSha, mergedAt } = change;
  if (mergeSha === null || mergedAt === null) throw new Error(`${change.id} has not landed`);
  return { ...change, mergeSha, mergedAt };
}

/** One row a place: of several tellings the one that happened last. */
export function projectHostItems(facts: readonly NumberedHostFact[]): readonly HostItemRow[] {
  const rows = new Map<string, HostItemRow>();
  for (const { seq, fact } of facts) {
    const row = projectHostItem(fact, seq);
    if (row === undefined) continue;
    const key = hostPlaceKey(row);
    const before = rows.get(key);
    if (before === undefined || isLaterTold(row, before)) rows.set(key, row);
  }
  return [...rows.values()];
}

export interface NumberedHostFact {
  readonly seq: number;
  readonly fact: HostObserved;
}

export function projectHostItem(
  { event, receivedAt, capture }: HostObserved,
  seq: number,
): HostItemRow | undefined {
  const place = placeOf(event.data);
  if (place === undefined) return undefined;
  return {
    ...place,
    occurredAt: event.data.occurredAt,
    factSeq: seq,
    receivedAt,
    capture,
    data: JSON.stringify(event.data),
  };
}

export function hostPlaceKey({ repositoryHostId, schema, subject, item }: HostPlace): string {
  return [repositoryHostId, schema, subject, item].map(storedText).join('\0');
}

/** By the host's clock as text, as the database compares it. */
export function isLaterTold(row: HostItemRow, before: HostItemRow): boolean {
  if (row.occurredAt !== before.occurredAt) return row.occurredAt > before.occurredAt;
  return row.factSeq >= before.factSeq;
}

/** The last name of each repository, under the first one as its id. */
export function projectHostRepositories(facts: readonly NumberedHostFact[]): readonly HostRepositoryRow[] {
  const rows = new Map<string, HostRepositoryRow>();
  for (const { seq, fact } of facts) {
    const { host, repository } = fact.event.data;
    if (repository === null) continue;
    const { hostId, ref, defaultBranch } = repository;
    const before = rows.get(hostId);
    rows.set(hostId, {
      hostId,
      host,
      repoId: before?.repoId ?? ref.id,
      name: ref.name,
      url: ref.url ?? null,
      defaultBranch: defaultBranch ?? before?.defaultBranch ?? null,
      factSeq: seq,
    });
  }
  return [...rows.values()];
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
