import { hash } from 'node:crypto';
import { type CountedPlace, RollUpCounter } from '../core/change/roll-ups.ts';
import { type Fact, factTypes, type HostObserved } from '../core/evidence/fact.ts';
import { storedText } from '../core/evidence/stored-text.ts';
import { canonical, differingColumns } from './canonical-row.ts';
import { compareHostRows, SealedHostRows } from './compare-host-rows.ts';
import { compareRollUps } from './compare-roll-ups.ts';
import type {
  ChangeRow,
  ClaimRow,
  EvidenceRecordRow,
  LedgerStore,
  ProjectionStore,
  RepositoryRow,
  VerificationFinding,
} from './ports.ts';
import {
  hasLanded,
  projectChange,
  projectClaims,
  projectRecord,
  projectRepository,
} from './project-evidence.ts';
import { readStatement, type SealedStatement } from './sealed-statements.ts';

interface ExpectedChange {
  /** Events log index of the first fact of this change. */
  readonly ordinal: number;
  readonly evidenceSeq: number;
  readonly row: string;
  readonly claims: string;
  readonly place: CountedPlace;
  /** Repository and commit, as `SealedHostRows.covered` names them. */
  readonly landed: string;
}

/** Digests of the rows that the sealed records call for, collected while the evidence log is walked. */
export class SealedProjections {
  readonly changes = new Map<string, ExpectedChange>();
  readonly records = new Map<number, string>();
  readonly repositories = new Map<string, { readonly factSeq: number; readonly row: string }>();
  readonly hosts = new SealedHostRows();
  /** Change → events log index of its first fact, whether or not it has landed. */
  readonly #ordinals = new Map<string, number>();
  /** Counts each change as its last record says. */
  readonly counter = new RollUpCounter();
  readonly #cursor: number;

  /** Facts from `cursor` on have no rows yet: normal after a crash. */
  constructor(cursor: number) {
    this.#cursor = cursor;
  }

  /** The last import of a repository is what its row says. */
  addFact(fact: Fact, seq: number): void {
    if (seq >= this.#cursor) return;
    if (fact.event.type === factTypes.hostObserved) this.hosts.addFact(fact as HostObserved, seq);
    if (fact.event.type !== factTypes.importCompleted) return;
    const row = projectRepository(fact.event.data, seq, fact.receivedAt);
    this.repositories.set(storedText(row.repoId), { factSeq: seq, row: rowDigest(row) });
  }

  addRecord(sealed: SealedStatement): void {
    const { statement, evidenceSeq, digest } = sealed;
    const { change, derivedFrom } = statement.predicate;
    const key = changeKey(change.repo, change.id);
    const earlier = this.changes.get(key);
    const ordinal = this.#ordinals.get(key) ?? derivedFrom.entries[0]?.index ?? -1;
    this.#ordinals.set(key, ordinal);
    const at = { ordinal, evidenceSeq, digest };
    this.hosts.addRecord(statement, at);
    this.records.set(evidenceSeq, rowDigest(projectRecord(statement, at)));
    if (!hasLanded(statement)) return;
    const row = projectChange(statement, at);
    const place = this.counter.place(row);
    if (earlier) this.counter.count(earlier.place, -1);
    this.counter.count(place);
    // The last record of a change supersedes the ones before.
    this.changes.set(key, {
      ordinal,
      evidenceSeq,
      row: rowDigest(row),
      claims: claimsDigest(projectClaims(statement)),
      place,
      landed: `${storedText(change.repo)}\0${change.mergeSha}`,
    });
  }
}

/** What git alone told of commits that a pull request brought has no row, whichever of the two came first. */
function withoutCovered(sealed: SealedProjections): void {
  const covered = sealed.hosts.covered();
  for (const [key, { landed, place }] of sealed.changes) {
    const by = covered.get(landed);
    if (by === undefined || key.endsWith(`\0${by}`)) continue;
    sealed.changes.delete(key);
    sealed.counter.count(place, -1);
  }
}

type Report = (finding: VerificationFinding) => void;

interface Database {
  readonly ledger: LedgerStore;
  readonly projections: ProjectionStore;
}

/** Compares every row with the sealed records in both directions; returns how many rows were looked at. */
export async function compareProjections(
  sealed: SealedProjections,
  database: Database,
  report: Report,
): Promise<number> {
  const { projections } = database;
  withoutCovered(sealed);
  const unsealed: UnsealedRows = { keys: new Set(), counter: new RollUpCounter() };
  const counts = [
    await compareChanges(sealed, database, unsealed, report),
    await compareClaims(sealed, projections, unsealed.keys, report),
    await compareRecords(sealed, projections, report),
    await compareRepositories(sealed, projections, report),
    await compareHostRows(sealed.hosts, projections, report),
    compareRollUps(
      { sealed: sealed.counter.rollUps, unsealed: unsealed.counter.rollUps },
      await projections.rollUps(),
      report,
    ),
  ];
  return counts.reduce((total, count) => total + count, 0);
}

/** Changes that have a row but no record: told once, whatever else speaks of them. */
interface UnsealedRows {
  readonly keys: Set<string>;
  readonly counter: RollUpCounter;
}

/** Puts what it finds without a record into `unsealed`. */
async function compareChanges(
  sealed: SealedProjections,
  database: Database,
  unsealed: UnsealedRows,
  report: Report,
): Promise<number> {
  const missing = new Set(sealed.changes.keys());
  let rows = 0;
  for await (const page of database.projections.allChanges()) {
    rows += page.length;
    for (const row of page) {
      const key = changeKey(row.repoId, row.changeId);
      const expected = sealed.changes.get(key);
      missing.delete(key);
      if (!expected) {
        unsealed.keys.add(key);
        unsealed.counter.count(unsealed.counter.place(row));
        report(
          finding(
            'row-without-record',
            row.evidenceSeq,
            `change ${row.changeId} has a row but no intact sealed record`,
          ),
        );
      } else if (rowDigest(row) !== expected.row) {
        const fields = await differingFields(row, expected, database.ledger);
        report(
          finding(
            'row-edited',
            expected.evidenceSeq,
            `the row of change ${row.changeId} differs from its record in ${fields}`,
          ),
        );
      }
    }
  }
  for (const key of missing) {
    const { evidenceSeq } = sealed.changes.get(key) ?? { evidenceSeq: -1 };
    report(finding('row-missing', evidenceSeq, `change ${changeIdOf(key)} is sealed but has no row`));
  }
  return rows;
}

async function compareClaims(
  sealed: SealedProjections,
  projections: ProjectionStore,
  unsealed: ReadonlySet<string>,
  report: Report,
): Promise<number> {
  const empty = claimsDigest([]);
  const missing = new Set(
    [...sealed.changes].filter(([, { claims }]) => claims !== empty).map(([key]) => key),
  );
  let rows = 0;
  let current: ClaimRow[] = [];
  const check = () => {
    const first = current[0];
    if (!first) return;
    const key = changeKey(first.repoId, first.changeId);
    missing.delete(key);
    const expected = sealed.changes.get(key);
    const found = claimsDigest(current);
    current = [];
    // A change's own row without a record was reported already.
    if (unsealed.has(key) || expected?.claims === found) return;
    const what = expected ? 'differ from its record' : 'have no intact sealed record';
    const detail = `the claims of change ${first.changeId} ${what}`;
    const place = expected ? { index: expected.evidenceSeq } : {};
    report({ code: 'claims-edited', log: 'evidence', ...place, detail });
  };
  for await (const page of projections.allClaims()) {
    rows += page.length;
    for (const claim of page) {
      const open = current[0];
      if (open && (open.repoId !== claim.repoId || open.changeId !== claim.changeId)) check();
      current.push(claim);
    }
  }
  check();
  for (const key of missing) {
    const { evidenceSeq } = sealed.changes.get(key) ?? { evidenceSeq: -1 };
    report(
      finding(
        'claims-missing',
        evidenceSeq,
        `the claims of change ${changeIdOf(key)} are sealed but have no rows`,
      ),
    );
  }
  return rows;
}

async function compareRecords(
  sealed: SealedProjections,
  projections: ProjectionStore,
  report: Report,
): Promise<number> {
  const missing = new Set(sealed.records.keys());
  let rows = 0;
  for await (const page of projections.allEvidenceRecords()) {
    rows += page.length;
    for (const row of page) {
      missing.delete(row.evidenceSeq);
      const expected = sealed.records.get(row.evidenceSeq);
      if (expected !== rowDigest(row)) {
        const what =
          expected === undefined ? 'has no intact sealed record' : 'differs from the sealed record';
        report(
          finding(
            'record-row-edited',
            row.evidenceSeq,
            `the index row of evidence record ${row.evidenceSeq} ${what}`,
          ),
        );
      }
    }
  }
  for (const seq of missing) {
    report(finding('record-row-missing', seq, `evidence record ${seq} is sealed but missing from the index`));
  }
  return rows;
}

async function compareRepositories(
  sealed: SealedProjections,
  projections: ProjectionStore,
  report: Report,
): Promise<number> {
  const missing = new Set(sealed.repositories.keys());
  const rows = await projections.repositories();
  for (const row of rows) {
    const expected = sealed.repositories.get(row.repoId);
    missing.delete(row.repoId);
    if (expected?.row === rowDigest(row)) continue;
    const known = expected !== undefined && expected.factSeq >= row.factSeq;
    const what = known ? 'differs from its last sealed import' : 'comes from no intact sealed import';
    report({
      code: 'repository-row-edited',
      log: 'events',
      index: known ? expected.factSeq : row.factSeq,
      detail: `the row of repository ${row.repoId} ${what}`,
    });
  }
  for (const repoId of missing) {
    const index = sealed.repositories.get(repoId)?.factSeq ?? -1;
    report({
      code: 'repository-row-missing',
      log: 'events',
      index,
      detail: `repository ${repoId} has no row`,
    });
  }
  return rows.length;
}

/** Names the columns that were changed; the record is read again, which happens for damaged rows only. */
async function differingFields(
  row: ChangeRow,
  expected: ExpectedChange,
  ledger: LedgerStore,
): Promise<string> {
  for await (const page of ledger.readSealed('evidence', expected.evidenceSeq, expected.evidenceSeq + 1)) {
    const payload = page[0]?.payload;
    if (!payload) continue;
    const { statement, digest } = readStatement(expected.evidenceSeq, payload);
    const right = projectChange(statement, { ...expected, digest });
    return differingColumns(right, row) || 'its bytes';
  }
  return 'a column that can no longer be told (the record itself is gone)';
}

function finding(code: string, index: number, detail: string): VerificationFinding {
  return { code, log: 'evidence', index, detail };
}

function changeKey(repoId: string, changeId: string): string {
  return `${storedText(repoId)}\0${storedText(changeId)}`;
}

function changeIdOf(key: string): string {
  return key.replace('\0', ' ');
}

function claimsDigest(claims: readonly ClaimRow[]): string {
  return sha256(claims.map((claim) => canonical(claim)).join('\n'));
}

function rowDigest(row: ChangeRow | EvidenceRecordRow | RepositoryRow): string {
  return sha256(canonical(row));
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64');
}
