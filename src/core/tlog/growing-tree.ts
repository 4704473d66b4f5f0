import { CompactRange, type OnSubtree } from './compact-range.ts';
import { tileHeight, tileWidth } from './tile.ts';
import { hashBytes, type TreeHasher } from './tree-hash.ts';

/** A run of hashes of one level, as it is stored. */
export interface HashTile {
  readonly level: number;
  readonly index: number;
  /** 1 to 256 hashes of 32 bytes. */
  readonly hashes: Uint8Array;
}

/** The rightmost tile of a level while it fills. */
interface OpenTile {
  index: number;
  width: number;
  hashes: Uint8Array;
}

/**
 * A growing log's tree together with its rightmost tiles: give it leaf hashes, take the tiles that they fill. Sizes are safe
 * integers. It holds at most 8 KB a level besides the full tiles that were not taken yet.
 */
export class GrowingTree {
  readonly #hasher: TreeHasher;
  #range: CompactRange;
  #open: OpenTile[] = [];
  #filled: HashTile[] = [];
  readonly #onSubtree: OnSubtree = (level, hash) => {
    if (level % tileHeight === 0) this.#place(level / tileHeight, hash);
  };

  constructor(hasher: TreeHasher) {
    this.#hasher = hasher;
    this.#range = new CompactRange(hasher);
  }

  /**
   * The tree of that size again, from the partial tiles that it ends in: per level, lowest first, the tile's bytes, empty where
   * its width is 0. Throws RangeError where the widths do not belong to the size.
   */
  static restore(hasher: TreeHasher, size: number, partials: readonly Uint8Array[]): GrowingTree {
    const tree = new GrowingTree(hasher);
    let hashes = size;
    const edges: (readonly Uint8Array[])[] = [];
    for (const bytes of partials) {
      const width = hashes % tileWidth;
      if (bytes.length !== width * hashBytes) throw new RangeError(`a partial tile of ${bytes.length} bytes`);
      hashes = Math.floor(hashes / tileWidth);
      const open = { index: hashes, width, hashes: new Uint8Array(tileWidth * hashBytes) };
      open.hashes.set(bytes);
      tree.#open.push(open);
      edges.unshift(edgeOf(hasher, bytes));
    }
    tree.#range = new CompactRange(hasher, size, edges.flat());
    return tree;
  }

  get size(): number {
    return this.#range.size;
  }

  root(): Uint8Array {
    return this.#range.root();
  }

  append(leafHash: Uint8Array): void {
    this.#range.append(leafHash, this.#onSubtree);
  }

  /** The tiles that became full since the last call. */
  takeFilled(): readonly HashTile[] {
    const filled = this.#filled;
    this.#filled = [];
    return filled;
  }

  /** The partial tiles that a log of the present size ends in. */
  partials(): readonly HashTile[] {
    return this.#open
      .map(({ index, width, hashes }, level) => ({
        level,
        index,
        hashes: hashes.slice(0, width * hashBytes),
      }))
      .filter(({ hashes }) => hashes.length > 0);
  }

  /** An independent copy, so that a growth that cannot be published leaves the original as it was. */
  fork(): GrowingTree {
    const copy = new GrowingTree(this.#hasher);
    copy.#range = new CompactRange(this.#hasher, this.#range.size, this.#range.edge);
    copy.#open = this.#open.map((open) => ({ ...open, hashes: open.hashes.slice() }));
    copy.#filled = [...this.#filled];
    return copy;
  }

  #place(level: number, hash: Uint8Array): void {
    const open = this.#openTile(level);
    open.hashes.set(hash, open.width * hashBytes);
    open.width += 1;
    if (open.width < tileWidth) return;
    this.#filled.push({ level, index: open.index, hashes: open.hashes });
    open.hashes = new Uint8Array(tileWidth * hashBytes);
    open.index += 1;
    open.width = 0;
  }

  #openTile(level: number): OpenTile {
    const open = this.#open[level];
    if (open) return open;
    const first = { index: 0, width: 0, hashes: new Uint8Array(tileWidth * hashBytes) };
    this.#open.push(first);
    return first;
  }
}

/** Hash number `at` of a tile's bytes, as a view. */
export function hashAt(hashes: Uint8Array, at: number): Uint8Array {
  return hashes.subarray(at * hashBytes, (at + 1) * hashBytes);
}

function edgeOf(hasher: TreeHasher, hashes: Uint8Array): readonly Uint8Array[] {
  const range = new CompactRange(hasher);
  for (let at = 0; at < hashes.length / hashBytes; at += 1) range.append(hashAt(hashes, at).slice());
  return range.edge;
}
