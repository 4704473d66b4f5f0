import type { TreeHasher } from './tree-hash.ts';

/** Called for each perfect subtree as it becomes complete, a leaf (level 0) included. */
export type OnSubtree = (level: number, hash: Uint8Array) => void;

/**
 * A tree that only grows, known by the roots of its perfect subtrees: one hash for each 1 bit of its size (the "compact
 * range" of the field). Appending costs one node hash on average; memory is at most 53 hashes.
 */
export class CompactRange {
  readonly #hasher: TreeHasher;
  readonly #edge: Uint8Array[];
  #size: number;

  /** Starts empty, or again from an edge that was saved; throws RangeError where edge and size do not belong together. */
  constructor(hasher: TreeHasher, size = 0, edge: readonly Uint8Array[] = []) {
    if (!Number.isSafeInteger(size) || size < 0 || edge.length !== ones(size)) {
      throw new RangeError(`a tree of size ${size} has no edge of ${edge.length} hashes`);
    }
    this.#hasher = hasher;
    this.#size = size;
    this.#edge = [...edge];
  }

  get size(): number {
    return this.#size;
  }

  /** Roots of the perfect subtrees, largest (leftmost) first. */
  get edge(): readonly Uint8Array[] {
    return [...this.#edge];
  }

  append(leafHash: Uint8Array, onSubtree?: OnSubtree): void {
    let hash = leafHash;
    let level = 0;
    onSubtree?.(level, hash);
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      // Every 1 bit of the size has its hash in the edge, so `pop` gives one here.
      hash = this.#hasher.node(this.#edge.pop() ?? hash, hash);
      level += 1;
      onSubtree?.(level, hash);
    }
    this.#edge.push(hash);
    this.#size += 1;
  }

  /** Merkle tree hash of all leaves so far (RFC 6962, section 2.1). */
  root(): Uint8Array {
    if (this.#size === 0) return this.#hasher.empty;
    return this.#edge.reduceRight((right, left) => this.#hasher.node(left, right));
  }
}

function ones(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
