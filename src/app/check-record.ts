import type { ChangeStatement } from '../core/evidence/change-evidence.ts';
import { entryKind, type Fact, parseFact } from '../core/evidence/fact.ts';
import { utf8Text } from '../core/evidence/utf8-text.ts';
import type { SealedEntry, StatementVerifier, VerificationFinding } from './ports.ts';
import { type SealedStatement, statementDigest } from './sealed-statements.ts';

export interface RecordCheck {
  readonly statements: StatementVerifier;
  /** Events log index → digest of that fact's data, for the facts whose payload is intact. */
  readonly facts: ReadonlyMap<number, Uint8Array>;
  readonly report: (finding: VerificationFinding) => void;
}

/** A sealed fact; undefined for other kinds of entry and for payloads that were erased. */
export function sealedFact({ entry, payload }: SealedEntry): Fact | undefined {
  return entry[1] === entryKind.fact && payload !== null ? parseFact(payload) : undefined;
}

/**
 * The statement of an evidence entry whose signature is good; undefined for other entries and for forged ones, which are
 * reported. Also reported: a source fact that reads differently, and factors that do not add up.
 */
export function checkRecord(sealed: SealedEntry, check: RecordCheck): SealedStatement | undefined {
  const { seq, entry, payload } = sealed;
  if (entry[1] !== entryKind.evidenceRecord || payload === null) return undefined;
  const report = (code: string, detail: string) =>
    check.report({ code, log: 'evidence', index: seq, detail });
  const opened = check.statements.open(payload);
  if ('reason' in opened) {
    report(
      'record-signature-invalid',
      `the evidence record is not signed by this archive's key: ${opened.reason}`,
    );
    return undefined;
  }
  const statement = JSON.parse(utf8Text(opened.payload)) as ChangeStatement;
  const { change, risk, derivedFrom } = statement.predicate;
  for (const { index, digest } of derivedFrom.entries) {
    const fact = check.facts.get(index);
    if (fact && Buffer.from(fact).toString('hex') !== digest) {
      report(
        'record-differs-from-fact',
        `the record of ${change.id} cites fact ${index}, which says something else`,
      );
    }
  }
  const sum = risk.factors.reduce((total, factor) => total + factor.contribution, risk.base);
  if (sum !== risk.logOdds) {
    report('risk-sum-wrong', `the factors of ${change.id} add up to ${sum}, the record says ${risk.logOdds}`);
  }
  return { evidenceSeq: seq, statement, digest: statementDigest(opened.payload) };
}
