import type { TreeHasher } from './tree-hash.ts';

/** The leaves [start, end) of a tree. */
export interface LeafRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** A perfect subtree: the leaves [index · 2^level, (index + 1) · 2^level). */
export interface TreeNode {
  readonly level: number;
  readonly index: bigint;
}

/** Largest power of two below `size` (RFC 6962, section 2.1: where a tree of that size splits); `size` is at least 2. */
export function splitPoint(size: bigint): bigint {
  return 1n << BigInt((size - 1n).toString(2).length - 1);
}

/**
 * The perfect subtrees, left to right, that a range of a proof is made of. Such a range starts at a multiple of the smallest
 * power of two that is at least its length, so every part is aligned.
 */
export function perfectSubtrees({ start, end }: LeafRange): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = start; at < end; ) {
    const level = (end - at).toString(2).length - 1;
    nodes.push({ level, index: at >> BigInt(level) });
    at += 1n << BigInt(level);
  }
  return nodes;
}

/** Hash of the range that consists of these perfect subtrees, left to right; at least one. */
export function joinSubtrees(hasher: TreeHasher, hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.reduceRight((right, left) => hasher.node(left, right));
}
