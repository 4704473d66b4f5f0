import { decodeBase64, encodeBase64, parseDecimal } from './bytes.ts';
import { type Checkpoint, type OpenedCheckpoint, openCheckpoint } from './checkpoint.ts';
import { type InclusionResult, verifyInclusion } from './inclusion-proof.ts';
import type { NoteVerifier } from './note.ts';
import { hashBytes, type TreeHasher } from './tree-hash.ts';

/** An offline proof that an entry is in a log (c2sp.org/tlog-proof@v1). */
export interface TlogProof {
  readonly index: bigint;
  /** Inclusion proof, the leaf's sibling first. */
  readonly proof: readonly Uint8Array[];
  /** The signed note, byte for byte, with all its signatures. */
  readonly checkpoint: string;
  /** Of the application; nothing authenticates it. */
  readonly extra?: Uint8Array;
}

export type ParsedTlogProof =
  | { readonly ok: true; readonly tlogProof: TlogProof }
  | { readonly ok: false; readonly reason: 'header' | 'extra' | 'index' | 'hash' | 'checkpoint' };

export type VerifiedTlogProof =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly index: bigint }
  | Extract<ParsedTlogProof | OpenedCheckpoint | InclusionResult, { readonly ok: false }>;

const header = 'c2sp.org/tlog-proof@v1';
/** A proof in a tree of 2^64 leaves. */
const maxHashes = 64;

export function formatTlogProof({ index, proof, checkpoint, extra }: TlogProof): string {
  return [
    header,
    ...(extra ? [`extra ${encodeBase64(extra)}`] : []),
    `index ${index}`,
    ...proof.map(encodeBase64),
    '',
    checkpoint,
  ].join('\n');
}

/** Reads a proof; its checkpoint is cut out, not opened. */
export function parseTlogProof(text: string): ParsedTlogProof {
  const split = text.indexOf('\n\n');
  const checkpoint = text.slice(split + 2);
  const [first, ...lines] = text.slice(0, Math.max(split, 0)).split('\n');
  if (first !== header) return { ok: false, reason: 'header' };
  if (checkpoint === '') return { ok: false, reason: 'checkpoint' };
  const extra = lines[0]?.startsWith('extra ') ? decodeBase64(lines.shift()?.slice(6) ?? '') : null;
  if (extra === undefined) return { ok: false, reason: 'extra' };
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice(6)) : undefined;
  if (index === undefined) return { ok: false, reason: 'index' };
  const proof = lines.length > maxHashes ? [] : lines.map(decodeBase64).filter((hash) => hash !== undefined);
  if (proof.length < lines.length || proof.some((hash) => hash.length !== hashBytes)) {
    return { ok: false, reason: 'hash' };
  }
  return { ok: true, tlogProof: { index, proof, checkpoint, ...(extra === null ? {} : { extra }) } };
}

/** Checks a proof whole: checkpoint of that origin, signed by a known key, and the entry's inclusion under its root. */
export function verifyTlogProof(
  hasher: TreeHasher,
  text: string,
  expected: {
    readonly entry: Uint8Array;
    readonly origin: string;
    readonly known: readonly NoteVerifier[];
  },
): VerifiedTlogProof {
  const parsed = parseTlogProof(text);
  if (!parsed.ok) return parsed;
  const { index, proof, checkpoint: note } = parsed.tlogProof;
  const opened = openCheckpoint(note, expected.origin, expected.known);
  if (!opened.ok) return opened;
  const { checkpoint } = opened;
  const leafHash = hasher.leaf(expected.entry);
  const included = verifyInclusion(hasher, { ...checkpoint, index, proof, leafHash });
  return included.ok ? { ok: true, checkpoint, index } : included;
}
