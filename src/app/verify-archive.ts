import { dataDigest } from '../core/evidence/fact.ts';
import { checkRecord, sealedEnvelope, sealedFact } from './check-record.ts';
import { compareProjections, SealedProjections } from './compare-projections.ts';
import { OrderedChecks } from './ordered-checks.ts';
import type {
  LedgerStore,
  LogName,
  LogVerification,
  LogVerifier,
  ProjectionStore,
  SealedEntry,
  StatementVerifier,
  VerificationFinding,
} from './ports.ts';
import { RecordOrigins } from './record-origins.ts';

/** A data folder opened for looking only. */
export interface ArchiveEvidence {
  readonly path: string;
  readonly logs: LogVerifier;
  readonly statements: StatementVerifier;
  /** Undefined where only the folder of one log was given. */
  readonly database: { readonly ledger: LedgerStore; readonly projections: ProjectionStore } | undefined;
  /** Both logs of a data folder, or the one whose folder was given. */
  readonly present: readonly LogName[];
}

export interface Verification {
  readonly logs: readonly LogVerification[];
  /** Evidence records whose signature, risk sum and source fact were checked. */
  readonly records: number;
  /** Projection rows compared with what the sealed records say. */
  readonly rows: number;
  /** The first ones; `findingCount` counts all. */
  readonly findings: readonly VerificationFinding[];
  readonly findingCount: number;
}

export interface VerifyArchiveOptions {
  readonly onProgress?: (log: LogName, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Checks a whole archive: both logs byte by byte, each evidence record's signature and its tie to the sealed fact, and
 * every projection row against the sealed records, in both directions. Damaged data is reported, never thrown.
 */
export async function verifyArchive(
  evidence: ArchiveEvidence,
  { onProgress = () => undefined, signal }: VerifyArchiveOptions = {},
): Promise<Verification> {
  const found = new FindingList();
  const facts = new Map<number, Uint8Array>();
  const cursor = await evidence.database?.projections.cursor();
  const sealed = new SealedProjections(cursor ?? 0);
  const origins = new RecordOrigins();
  const logs: LogVerification[] = [];
  let records = 0;
  const onFact = (entry: SealedEntry): undefined => {
    const fact = sealedFact(entry);
    if (fact === undefined) return;
    facts.set(entry.seq, dataDigest(fact.event.data));
    sealed.addFact(fact, entry.seq);
  };
  const signatures = new OrderedChecks(signaturesAhead);
  const onRecord = (entry: SealedEntry) => {
    const envelope = sealedEnvelope(entry);
    if (envelope === undefined) return undefined;
    const { seq } = entry;
    return signatures.add(evidence.statements.open(envelope), (opened) => {
      const record = checkRecord(seq, opened, { facts, report: found.add });
      if (record === undefined) return;
      records += 1;
      sealed.addRecord(record);
      origins.add(record);
    });
  };
  for (const log of evidence.present) {
    const verification = await evidence.logs.verify(log, {
      onProgress: (done, total) => {
        signal?.throwIfAborted();
        onProgress(log, done, total);
      },
      onEntry: log === 'events' ? onFact : onRecord,
    });
    await signatures.end();
    logs.push(verification);
    for (const finding of verification.findings) found.add(finding);
    found.count += total(verification.counts) - verification.findings.length;
  }
  if (evidence.database) await origins.compare(evidence.database, found.add);
  const rows = evidence.database ? await compareProjections(sealed, evidence.database, found.add) : 0;
  return {
    logs,
    records,
    rows,
    findings: found.kept,
    findingCount: found.count,
  };
}

/** Enough that no thread runs out of signatures while the next entries are read. */
const signaturesAhead = 64;

/** More than anybody reads; `count` goes on counting. */
const maxKept = 1_000;

class FindingList {
  readonly kept: VerificationFinding[] = [];
  count = 0;

  readonly add = (finding: VerificationFinding): void => {
    this.count += 1;
    if (this.kept.length < maxKept) this.kept.push(finding);
  };
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
