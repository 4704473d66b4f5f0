import { AppError } from '../core/errors.ts';
import { parseCheckpoint } from '../core/tlog/checkpoint.ts';
import { CompactRange } from '../core/tlog/compact-range.ts';
import { consistencyProof } from '../core/tlog/consistency-proof.ts';
import { hashAt } from '../core/tlog/growing-tree.ts';
import { inclusionProof, verifyInclusion } from '../core/tlog/inclusion-proof.ts';
import { sha256 } from '../core/tlog/node-primitives.ts';
import { parseNote } from '../core/tlog/note.ts';
import { joinSubtrees, type LeafRange, perfectSubtrees, type TreeNode } from '../core/tlog/subtree.ts';
import { tileOfNode, tilePath, tileWidth, widthAt } from '../core/tlog/tile.ts';
import { formatTlogProof } from '../core/tlog/tlog-proof.ts';
import { treeHasher } from '../core/tlog/tree-hash.ts';
import { type LogReader, readBundle, readHashes, readText, type Stored } from './log-tiles.ts';

/** Reads a published log from its files alone. A file that is missing or damaged is LOG_FORMAT, a bad index a RangeError. */
export interface TileReader {
  /** Entry `index` of a log that has at least `size` entries. */
  entry(index: number, size: number): Promise<Uint8Array>;
  /** The leaf's sibling first. */
  inclusionProof(index: number, size: number): Promise<readonly Uint8Array[]>;
  consistencyProof(oldSize: number, newSize: number): Promise<readonly Uint8Array[]>;
  /** The entry's offline proof (c2sp.org/tlog-proof@v1) under the published checkpoint, after checking that it holds. */
  tlogProof(index: number): Promise<string>;
}

const hasher = treeHasher(sha256);

export function tileReader(files: LogReader): TileReader {
  return {
    entry: (index, size) => readEntry(files, index, size),
    inclusionProof: (index, size) => {
      const read = new SubtreeReader(files, size);
      return collect(inclusionProof(BigInt(index), BigInt(size), (range) => read.hashOf(range)));
    },
    consistencyProof: (oldSize, newSize) => {
      const read = new SubtreeReader(files, newSize);
      return collect(consistencyProof(BigInt(oldSize), BigInt(newSize), (range) => read.hashOf(range)));
    },
    tlogProof: (index) => makeTlogProof(files, index),
  };
}

async function makeTlogProof(files: LogReader, index: number): Promise<string> {
  const bytes = await readText(files, 'checkpoint');
  if (!bytes) throw malformed('checkpoint', 'it is missing');
  const note = parseNote(bytes);
  if (!note.ok) throw malformed('checkpoint', note.reason);
  const parsed = parseCheckpoint(note.note.text);
  if (!parsed.ok) throw malformed('checkpoint', parsed.reason);
  const { size, root } = parsed.checkpoint;
  const reader = tileReader(files);
  const entry = await reader.entry(index, Number(size));
  const proof = await reader.inclusionProof(index, Number(size));
  const leafHash = hasher.leaf(entry);
  const included = verifyInclusion(hasher, { index: BigInt(index), size, root, leafHash, proof });
  if (!included.ok) throw malformed('log', `entry ${index} does not lie under the checkpoint`);
  const checkpoint = Buffer.from(bytes).toString('utf8');
  return formatTlogProof({ index: BigInt(index), proof, checkpoint });
}

async function readEntry(files: LogReader, index: number, size: number): Promise<Uint8Array> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new RangeError(`entry ${index} of ${size}`);
  const bundle = Math.floor(index / tileWidth);
  const width = widthAt(BigInt(size), 'entries', BigInt(bundle));
  const entries = present(
    tilePath({ level: 'entries', index: BigInt(bundle), width }),
    await readBundle(files, { index: bundle, width }),
  );
  return entries[index % tileWidth] ?? new Uint8Array(0);
}

async function collect(
  built:
    | { readonly ok: true; readonly proof: readonly Promise<Uint8Array>[] }
    | { readonly ok: false; readonly reason: string },
): Promise<readonly Uint8Array[]> {
  if (!built.ok) throw new RangeError(built.reason);
  return Promise.all(built.proof);
}

/** Hashes of ranges of leaves in a tree of one size; each tile is read once. */
class SubtreeReader {
  readonly #files: LogReader;
  readonly #size: bigint;
  readonly #tiles = new Map<string, Promise<Uint8Array>>();

  constructor(files: LogReader, size: number) {
    this.#files = files;
    this.#size = BigInt(size);
  }

  async hashOf(range: LeafRange): Promise<Uint8Array> {
    return joinSubtrees(
      hasher,
      await Promise.all(perfectSubtrees(range).map((node) => this.#nodeHash(node))),
    );
  }

  async #nodeHash(node: TreeNode): Promise<Uint8Array> {
    const { tile, from, count } = tileOfNode(node);
    const hashes = await this.#tile(tile.level, tile.index);
    const subtree = new CompactRange(hasher);
    for (let at = from; at < from + count; at += 1) subtree.append(hashAt(hashes, at));
    return subtree.root();
  }

  #tile(level: number, index: bigint): Promise<Uint8Array> {
    const tile = { level, index, width: widthAt(this.#size, level, index) };
    const path = tilePath(tile);
    const reading =
      this.#tiles.get(path) ?? readHashes(this.#files, tile).then((stored) => present(path, stored));
    this.#tiles.set(path, reading);
    return reading;
  }
}

function present<Content>(path: string, stored: Stored<Content>): Content {
  if (stored.state === 'present') return stored.content;
  throw malformed('log', `${path} is ${stored.state}`);
}

function malformed(what: string, detail: string): AppError {
  return new AppError('LOG_FORMAT', { what, detail });
}
