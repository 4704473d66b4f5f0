import type { ChangeStatement } from '../core/evidence/change-evidence.ts';
import { entryKind, type Fact, parseFact } from '../core/evidence/fact.ts';
import { utf8Text } from '../core/evidence/utf8-text.ts';
import type { OpenedStatement, SealedEntry, VerificationFinding } from './ports.ts';
import { type SealedStatement, statementDigest } from './sealed-statements.ts';

export interface RecordCheck {
  /** Events log index → digest of that fact's data, for the facts whose payload is intact. */
  readonly facts: ReadonlyMap<number, Uint8Array>;
  readonly report: (finding: VerificationFinding) => void;
}

/** A sealed fact; undefined for other kinds of entry and for payloads that were erased. */
export function sealedFact({ entry, payload }: SealedEntry): Fact | undefined {
  return entry[1] === entryKind.fact && payload !== null ? parseFact(payload) : undefined;
}

/** A sealed evidence record's envelope; undefined for other kinds of entry and for payloads that were erased. */
export function sealedEnvelope({ entry, payload }: SealedEntry): Uint8Array | undefined {
  return entry[1] === entryKind.evidenceRecord && payload !== null ? payload : undefined;
}

/**
 * The statement of an evidence record whose signature is good; undefined for a forged one, which is reported. Also
 * reported: a source fact that reads differently, and factors that do not add up.
 */
export function checkRecord(
  evidenceSeq: number,
  opened: OpenedStatement,
  check: RecordCheck,
): SealedStatement | undefined {
  const report = (code: string, detail: string) =>
    check.report({ code, log: 'evidence', index: evidenceSeq, detail });
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
  return { evidenceSeq, statement, digest: statementDigest(opened.payload) };
}
