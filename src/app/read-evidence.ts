import type { EvidenceBundle } from '../contract/evidence.ts';
import { AppError } from '../core/errors.ts';
import { entryKind } from '../core/evidence/fact.ts';
import { encodeBase64 } from '../core/tlog/bytes.ts';
import { parseTlogProof } from '../core/tlog/tlog-proof.ts';
import type { LogName, SealedEntry } from './ports.ts';
import type { EntryReader, PublishedLog } from './serving-ports.ts';

export interface EvidenceSources {
  readonly entries: Pick<EntryReader, 'sealed'>;
  readonly logs: Readonly<Record<LogName, PublishedLog>>;
  readonly statementKey: { readonly keyId: string; readonly publicKey: Uint8Array };
}

/**
 * One entry with all that verifies it. Nothing is checked here: whoever receives it checks, and must be able to see what is
 * wrong. Errors: NOT_FOUND beyond the log's end and beyond its checkpoint, LOG_FORMAT where files of the log are unreadable.
 */
export async function readEvidence(
  sources: EvidenceSources,
  log: LogName,
  index: number,
): Promise<EvidenceBundle> {
  const { entry, salt, payload } = await sealedEntry(sources, log, index);
  const { origin, vkey } = sources.logs[log];
  const parsed = parseTlogProof(await readProof(sources, log, index));
  if (!parsed.ok) throw new AppError('LOG_FORMAT', { what: 'tlog-proof', detail: parsed.reason });
  const { proof, checkpoint } = parsed.tlogProof;
  const { keyId, publicKey } = sources.statementKey;
  return {
    schema: 'reentry.evidence-bundle/1',
    log,
    origin,
    index,
    entry: encodeBase64(entry),
    salt: salt && encodeBase64(salt),
    payload: payload && encodeBase64(payload),
    proof: proof.map(encodeBase64),
    checkpoint,
    vkey,
    statementKey: isStatement(entry) ? { keyId, publicKey: encodeBase64(publicKey) } : null,
  };
}

/** The signed statement alone, byte for byte. Error: NOT_FOUND where the entry is none, or is erased. */
export async function readEnvelope(
  sources: EvidenceSources,
  log: LogName,
  index: number,
): Promise<Uint8Array> {
  const { entry, payload } = await sealedEntry(sources, log, index);
  if (payload === null || !isStatement(entry))
    throw new AppError('NOT_FOUND', { what: `signed statement at index ${index} of the ${log} log` });
  return payload;
}

/** The entry's offline proof (c2sp.org/tlog-proof@v1). */
export async function readProof(
  { logs }: Pick<EvidenceSources, 'logs'>,
  log: LogName,
  index: number,
): Promise<string> {
  const proof = await logs[log].tlogProof(index);
  if (proof !== undefined) return proof;
  throw new AppError('NOT_FOUND', { what: `published checkpoint yet over entry ${index} of the ${log} log` });
}

async function sealedEntry(sources: EvidenceSources, log: LogName, index: number): Promise<SealedEntry> {
  const sealed = await sources.entries.sealed(log, index);
  if (sealed) return sealed;
  throw new AppError('NOT_FOUND', { what: `entry ${index} in the ${log} log` });
}

function isStatement(entry: Uint8Array): boolean {
  return entry[1] === entryKind.evidenceRecord;
}
