import { equalBytes } from './bytes.ts';
import { type LeafRange, splitPoint } from './subtree.ts';
import { hashBytes, type TreeHasher } from './tree-hash.ts';

/** Every tree continues the empty one, so there is nothing to prove; witnesses have a rule of their own for it. */
export interface SizesUnusable {
  readonly ok: false;
  readonly reason: 'old-size-zero' | 'sizes-reversed';
}

export type ConsistencyResult =
  | { readonly ok: true }
  | SizesUnusable
  | {
      readonly ok: false;
      readonly reason: 'proof-length' | 'hash-length' | 'old-root-mismatch' | 'new-root-mismatch';
    };

/** What is claimed: the new tree holds the old one's leaves, unchanged, as its first ones. */
export interface ConsistencyClaim {
  readonly oldSize: bigint;
  readonly oldRoot: Uint8Array;
  readonly newSize: bigint;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** The consistency proof between two sizes of one tree (RFC 6962, section 2.1.2); `hashOf` as for `inclusionProof`. */
export function consistencyProof<Hash>(
  oldSize: bigint,
  newSize: bigint,
  hashOf: (range: LeafRange) => Hash,
): { readonly ok: true; readonly proof: readonly Hash[] } | SizesUnusable {
  const unusable = checkSizes(oldSize, newSize);
  if (unusable) return unusable;
  const ranges: LeafRange[] = [];
  let start = 0n;
  let end = newSize;
  while (end !== oldSize) {
    const split = start + splitPoint(end - start);
    if (oldSize <= split) {
      ranges.unshift({ start: split, end });
      end = split;
    } else {
      ranges.unshift({ start, end: split });
      start = split;
    }
  }
  // From 0 on it is the old tree itself, whose root the verifier has.
  if (start > 0n) ranges.unshift({ start, end });
  return { ok: true, proof: ranges.map(hashOf) };
}

/** Checks a consistency proof (RFC 9162, section 2.1.4.2); equal sizes want equal roots and an empty proof. */
export function verifyConsistency(hasher: TreeHasher, claim: ConsistencyClaim): ConsistencyResult {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  const unusable = checkSizes(oldSize, newSize);
  if (unusable) return unusable;
  if (oldSize === newSize) {
    if (proof.length > 0) return { ok: false, reason: 'proof-length' };
    return equalBytes(oldRoot, newRoot) ? { ok: true } : { ok: false, reason: 'new-root-mismatch' };
  }
  if ([oldRoot, newRoot, ...proof].some((hash) => hash.length !== hashBytes)) {
    return { ok: false, reason: 'hash-length' };
  }
  const folded = fold(hasher, claim);
  if (!folded) return { ok: false, reason: 'proof-length' };
  if (!equalBytes(folded.old, oldRoot)) return { ok: false, reason: 'old-root-mismatch' };
  return equalBytes(folded.new, newRoot) ? { ok: true } : { ok: false, reason: 'new-root-mismatch' };
}

function checkSizes(oldSize: bigint, newSize: bigint): SizesUnusable | undefined {
  if (oldSize <= 0n) return { ok: false, reason: 'old-size-zero' };
  if (oldSize > newSize) return { ok: false, reason: 'sizes-reversed' };
  return undefined;
}

/** Both roots as the proof makes them, or undefined where it has too few or too many hashes. */
function fold(
  hasher: TreeHasher,
  { oldSize, newSize, oldRoot, proof }: ConsistencyClaim,
): { readonly old: Uint8Array; readonly new: Uint8Array } | undefined {
  let node = oldSize - 1n;
  let last = newSize - 1n;
  while (node % 2n === 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  // An old tree of a power of two is one node of the new one: its root is the start and is left out of the proof.
  const [first, ...rest] = node === 0n ? [oldRoot, ...proof] : proof;
  if (first === undefined) return undefined;
  let old = first;
  let grown = first;
  for (const hash of rest) {
    if (last === 0n) return undefined;
    if (node % 2n === 1n || node === last) {
      old = hasher.node(hash, old);
      grown = hasher.node(hash, grown);
      while (node % 2n === 0n && node > 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      grown = hasher.node(grown, hash);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? { old, new: grown } : undefined;
}
