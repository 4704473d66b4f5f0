import { hash } from 'node:crypto';
import type { ChangeStatement } from '../core/evidence/change-evidence.ts';
import type { HostObserved } from '../core/evidence/fact.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import { canonical } from './canonical-row.ts';
import type { HostRepositoryRow } from './host-row-ports.ts';
import type { ProjectionStore, VerificationFinding } from './ports.ts';
import {
  hostPlaceKey,
  isLaterTold,
  projectHostItem,
  projectHostRepositories,
  projectPullRequest,
  type SealedAt,
} from './project-evidence.ts';

interface ExpectedItem {
  readonly occurredAt: string;
  readonly factSeq: number;
  readonly row: string;
}

interface Covered {
  readonly repoId: string;
  readonly changeId: string;
  readonly landed: readonly string[];
}

/** Digests of the rows that sealed facts and records call for, of what code hosts told. */
export class SealedHostRows {
  readonly items = new Map<string, ExpectedItem>();
  readonly pullRequests = new Map<
    string,
    { readonly evidenceSeq: number; readonly row: string; readonly covers: Covered }
  >();
  readonly repositories = new Map<string, HostRepositoryRow>();

  addFact(fact: HostObserved, seq: number): void {
    for (const row of projectHostRepositories([{ seq, fact }])) {
      const before = this.repositories.get(row.hostId);
      const defaultBranch = row.defaultBranch ?? before?.defaultBranch ?? null;
      this.repositories.set(row.hostId, { ...row, repoId: before?.repoId ?? row.repoId, defaultBranch });
    }
    const row = projectHostItem(fact, seq);
    if (row === undefined) return;
    const key = hostPlaceKey(row);
    const before = this.items.get(key);
    if (before !== undefined && !isLaterTold(row, { ...row, ...before })) return;
    this.items.set(key, { occurredAt: row.occurredAt, factSeq: seq, row: digest(row) });
  }

  addRecord(statement: ChangeStatement, at: SealedAt): void {
    const row = projectPullRequest(statement, at);
    if (row === undefined) return;
    const key = pullRequestKey(row.repoId, row.number);
    const covers = { repoId: storedText(row.repoId), changeId: storedText(row.changeId), landed: row.landed };
    this.pullRequests.set(key, { evidenceSeq: at.evidenceSeq, row: digest(row), covers });
  }

  /** Commits that pull requests brought → the change that speaks of them, whatever git alone told. */
  covered(): ReadonlyMap<string, string> {
    const covered = new Map<string, string>();
    for (const { covers } of this.pullRequests.values())
      for (const sha of covers.landed) covered.set(`${covers.repoId}\0${sha}`, covers.changeId);
    return covered;
  }
}

/** Compares in both directions; returns how many rows were looked at. */
export async function compareHostRows(
  sealed: SealedHostRows,
  projections: ProjectionStore,
  report: (finding: VerificationFinding) => void,
): Promise<number> {
  return (
    (await comparePullRequests(sealed, projections, report)) +
    (await compareItems(sealed, projections, report)) +
    (await compareRepositories(sealed, projections, report))
  );
}

type Report = (finding: VerificationFinding) => void;

async function comparePullRequests(
  { pullRequests }: SealedHostRows,
  projections: ProjectionStore,
  report: Report,
): Promise<number> {
  const missing = new Map(pullRequests);
  let rows = 0;
  for await (const page of projections.allPullRequests()) {
    rows += page.length;
    for (const row of page) {
      const key = pullRequestKey(row.repoId, row.number);
      const expected = pullRequests.get(key);
      missing.delete(key);
      if (expected?.row === digest(row)) continue;
      const what = expected ? 'differs from its sealed record' : 'has no intact sealed record';
      const index = expected?.evidenceSeq ?? row.evidenceSeq;
      const detail = `the row of pull request ${row.number} of ${row.repoId} ${what}`;
      report({ code: 'pull-request-row-edited', log: 'evidence', index, detail });
    }
  }
  for (const [key, { evidenceSeq: index }] of missing) {
    const detail = `pull request ${key.replace('\0', ' ')} is sealed but has no row`;
    report({ code: 'pull-request-row-missing', log: 'evidence', index, detail });
  }
  return rows;
}

async function compareItems(
  { items }: SealedHostRows,
  projections: ProjectionStore,
  report: Report,
): Promise<number> {
  const missing = new Map(items);
  let rows = 0;
  for await (const page of projections.allHostItems()) {
    rows += page.length;
    for (const row of page) {
      const key = hostPlaceKey(row);
      const expected = items.get(key);
      missing.delete(key);
      if (expected?.row === digest(row)) continue;
      const what = expected ? 'is not what the host told last' : 'comes from no intact sealed fact';
      const index = expected?.factSeq ?? row.factSeq;
      const detail = `the row of ${row.subject} in ${row.repositoryHostId} (${row.schema}) ${what}`;
      report({ code: 'host-row-edited', log: 'events', index, detail });
    }
  }
  for (const [key, { factSeq: index }] of missing) {
    const detail = `${key.replaceAll('\0', ' ')} was told but has no row`;
    report({ code: 'host-row-missing', log: 'events', index, detail });
  }
  return rows;
}

async function compareRepositories(
  { repositories }: SealedHostRows,
  projections: ProjectionStore,
  report: Report,
): Promise<number> {
  const missing = new Map(repositories);
  const rows = await projections.hostRepositories();
  for (const row of rows) {
    const expected = repositories.get(row.hostId);
    missing.delete(row.hostId);
    if (expected !== undefined && digest(expected) === digest(row)) continue;
    const index = expected?.factSeq ?? row.factSeq;
    const detail = `the row of the host's repository ${row.hostId} is not what the host told last`;
    report({ code: 'host-repository-row-edited', log: 'events', index, detail });
  }
  for (const { hostId, factSeq: index } of missing.values()) {
    const detail = `the host's repository ${hostId} was told but has no row`;
    report({ code: 'host-repository-row-missing', log: 'events', index, detail });
  }
  return rows.length;
}

function pullRequestKey(repoId: string, number: number): string {
  return `${storedText(repoId)}\0${number}`;
}

function digest(row: object): string {
  return hash('sha256', canonical(row), 'base64');
}
