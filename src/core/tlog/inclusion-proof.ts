import { equalBytes } from './bytes.ts';
import { type LeafRange, splitPoint } from './subtree.ts';
import { hashBytes, type TreeHasher } from './tree-hash.ts';

export interface IndexOutOfRange {
  readonly ok: false;
  readonly reason: 'index-out-of-range';
}

/** On which side of the running hash the next proof hash stands. */
export type Side = 'left' | 'right';

export type InclusionResult =
  | { readonly ok: true }
  | IndexOutOfRange
  | { readonly ok: false; readonly reason: 'proof-length' | 'hash-length' | 'root-mismatch' };

/** What is claimed: the leaf with this hash stands at `index` in the tree of this size and root. */
export interface InclusionClaim {
  readonly index: bigint;
  readonly size: bigint;
  readonly root: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * The inclusion proof of a leaf, its sibling first (RFC 6962, section 2.1.1). `hashOf` gives the hash of a range of leaves,
 * or a promise of it: then the proof is an array of promises.
 */
export function inclusionProof<Hash>(
  index: bigint,
  size: bigint,
  hashOf: (range: LeafRange) => Hash,
): { readonly ok: true; readonly proof: readonly Hash[] } | IndexOutOfRange {
  if (index < 0n || index >= size) return { ok: false, reason: 'index-out-of-range' };
  const siblings: LeafRange[] = [];
  let start = 0n;
  let end = size;
  while (end - start > 1n) {
    const split = start + splitPoint(end - start);
    if (index < split) {
      siblings.unshift({ start: split, end });
      end = split;
    } else {
      siblings.unshift({ start, end: split });
      start = split;
    }
  }
  return { ok: true, proof: siblings.map(hashOf) };
}

/**
 * The sides of an inclusion proof's hashes, in order: fold them over the leaf hash and compare with the root. For callers
 * whose hash function is asynchronous (Web Crypto); others call `verifyInclusion`.
 */
export function inclusionSteps(
  index: bigint,
  size: bigint,
): { readonly ok: true; readonly sides: readonly Side[] } | IndexOutOfRange {
  if (index < 0n || index >= size) return { ok: false, reason: 'index-out-of-range' };
  const sides: Side[] = [];
  let node = index;
  let last = size - 1n;
  while (last > 0n) {
    if (node % 2n === 1n) sides.push('left');
    // A rightmost node without a right sibling is carried up unhashed.
    else if (node < last) sides.push('right');
    node >>= 1n;
    last >>= 1n;
  }
  return { ok: true, sides };
}

/** Checks an inclusion proof (RFC 9162, section 2.1.3.2). */
export function verifyInclusion(hasher: TreeHasher, claim: InclusionClaim): InclusionResult {
  const steps = inclusionSteps(claim.index, claim.size);
  if (!steps.ok) return steps;
  if (claim.proof.length !== steps.sides.length) return { ok: false, reason: 'proof-length' };
  let hash = claim.leafHash;
  if (hash.length !== hashBytes) return { ok: false, reason: 'hash-length' };
  for (const [step, sibling] of claim.proof.entries()) {
    if (sibling.length !== hashBytes) return { ok: false, reason: 'hash-length' };
    hash = steps.sides[step] === 'left' ? hasher.node(sibling, hash) : hasher.node(hash, sibling);
  }
  return equalBytes(hash, claim.root) ? { ok: true } : { ok: false, reason: 'root-mismatch' };
}
