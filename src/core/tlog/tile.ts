import type { TreeNode } from './subtree.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256;
/** Levels of the tree that one tile spans. */
export const tileHeight = 8;
/** The entry bundle's length prefix is a u16. */
export const maxEntryBytes = 65_535;

/** One file of a log (C2SP tlog-tiles): a run of hashes of level `level`, or of entries. */
export interface Tile {
  /** 0 (leaf hashes) to 63, or `entries`. */
  readonly level: number | 'entries';
  readonly index: bigint;
  /** 1 to 255 for a partial tile, 256 for a full one. */
  readonly width: number;
}

/** What one level of a tree of some size consists of. */
export interface TileLevel {
  readonly level: number;
  readonly full: bigint;
  /** Width of the partial tile after them; 0 where there is none. */
  readonly partial: number;
}

export type DecodedBundle =
  | { readonly ok: true; readonly entries: readonly Uint8Array[] }
  | { readonly ok: false; readonly reason: 'truncated' | 'too-many-entries' };

/** `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits, all but the last after an `x`. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** The tile that a path names; undefined unless it is exactly what `tilePath` writes for it. */
export function parseTilePath(path: string): Tile | undefined {
  if (path.length > 100) return undefined;
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!parts) return undefined;
  const [, level = '', index = '', width] = parts;
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: BigInt(index.replaceAll(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  };
  const within =
    (tile.level === 'entries' || tile.level < 64) && tile.index < 2n ** 64n && tile.width <= tileWidth;
  // Writing it again refuses leading zeroes, `.p/0` and `.p/256` alike.
  return within && tile.width > 0 && tilePath(tile) === path ? tile : undefined;
}

/** The levels, lowest first, of a tree of that size. Level 0 also tells the entry bundles; the empty tree has none. */
export function tileLevels(size: bigint): readonly TileLevel[] {
  const levels: TileLevel[] = [];
  for (let hashes = size; hashes > 0n; hashes /= BigInt(tileWidth)) {
    levels.push({
      level: levels.length,
      full: hashes / BigInt(tileWidth),
      partial: Number(hashes % BigInt(tileWidth)),
    });
  }
  return levels;
}

/** Width that a tile has in a tree of that size: 256, less for the partial one, 0 beyond the edge. */
export function widthAt(size: bigint, level: number | 'entries', index: bigint): number {
  const hashes = level === 'entries' ? size : size >> BigInt(tileHeight * level);
  const left = hashes - index * BigInt(tileWidth);
  if (left <= 0n) return 0;
  return left < BigInt(tileWidth) ? Number(left) : tileWidth;
}

/**
 * Where the hash of a perfect subtree is found: `tile` is the tile (its width aside) and the hash is that of the subtree over
 * `count` of the tile's hashes from `from` on; `count` is a power of two up to 128.
 */
export function tileOfNode({ level, index }: TreeNode): {
  readonly tile: Pick<Tile, 'index'> & { readonly level: number };
  readonly from: number;
  readonly count: number;
} {
  const inner = level % tileHeight;
  const perTile = BigInt(tileHeight - inner);
  return {
    tile: { level: (level - inner) / tileHeight, index: index >> perTile },
    from: Number(index % (1n << perTile)) << inner,
    count: 1 << inner,
  };
}

/** An entry bundle: every entry after its length as big-endian u16. Throws RangeError beyond 65,535 bytes an entry. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((size, entry) => size + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > maxEntryBytes) throw new RangeError(`an entry of ${entry.length} bytes`);
    bytes[at] = entry.length >> 8;
    bytes[at + 1] = entry.length & 0xff;
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** The entries of a bundle, as views of the given bytes. */
export function decodeBundle(bytes: Uint8Array): DecodedBundle {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (entries.length === tileWidth) return { ok: false, reason: 'too-many-entries' };
    const [high, low] = [bytes[at], bytes[at + 1]];
    if (high === undefined || low === undefined) return { ok: false, reason: 'truncated' };
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) return { ok: false, reason: 'truncated' };
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return { ok: true, entries };
}
