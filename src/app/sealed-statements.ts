import { hash } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import type { ChangeStatement } from '../core/evidence/change-evidence.ts';
import { entryKind } from '../core/evidence/fact.ts';
import { utf8Text } from '../core/evidence/utf8-text.ts';
import { commitmentOffset, commitmentTo } from '../core/tlog/entry.ts';
import { hmacSha256 } from '../core/tlog/node-primitives.ts';
import type { LedgerStore, LogName, SealedEntry } from './ports.ts';

export interface SealedStatement {
  readonly evidenceSeq: number;
  readonly statement: ChangeStatement;
  /** SHA-256 of the statement's bytes. */
  readonly digest: Uint8Array;
}

/** The evidence log's statements from that index on, in order; erased ones and other kinds of entry are passed over. */
export async function* sealedStatements(
  ledger: LedgerStore,
  from: number,
): AsyncGenerator<SealedStatement, undefined> {
  const size = await ledger.size('evidence');
  for await (const page of ledger.readSealed('evidence', from, size)) {
    for (const sealed of page) {
      if (sealed.entry[1] !== entryKind.evidenceRecord || sealed.payload === null) continue;
      yield readStatement(sealed.seq, intactPayload('evidence', sealed));
    }
  }
}

/** The payload, after checking that it is what the entry commits to; LOG_DIVERGED where it is not: nothing may be derived from it. */
export function intactPayload(log: LogName, { seq, entry, salt, payload }: SealedEntry): Uint8Array {
  if (salt === null || payload === null)
    throw new AppError('LOG_DIVERGED', { log, detail: `the payload of entry ${seq} is missing` });
  const made = commitmentTo(hmacSha256, salt, payload);
  if (Buffer.compare(made, entry.subarray(commitmentOffset)) === 0) return payload;
  throw new AppError('LOG_DIVERGED', {
    log,
    detail: `the payload of entry ${seq} is not the one that was sealed`,
  });
}

/** Reads an envelope back without checking its signature: the caller has checked the commitment, or will. */
export function readStatement(evidenceSeq: number, envelope: Uint8Array): SealedStatement {
  try {
    const { payload } = JSON.parse(utf8Text(envelope)) as { payload: string };
    const bytes = Buffer.from(payload, 'base64');
    const statement = JSON.parse(bytes.toString('utf8')) as ChangeStatement;
    return { evidenceSeq, statement, digest: statementDigest(bytes) };
  } catch (cause) {
    throw new AppError(
      'LOG_DIVERGED',
      { log: 'evidence', detail: `entry ${evidenceSeq} is not an envelope` },
      { cause },
    );
  }
}

export function statementDigest(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}
