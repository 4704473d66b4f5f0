import type { LinkedCheckpoint, SealedEntry } from '../app/ports.ts';
import { GrowingTree, type HashTile, hashAt } from '../core/tlog/growing-tree.ts';
import { sha256 } from '../core/tlog/node-primitives.ts';
import { type Tile, tilePath, tileWidth, widthAt } from '../core/tlog/tile.ts';
import { hashBytes, treeHasher } from '../core/tlog/tree-hash.ts';
import type { Findings } from './log-findings.ts';
import { type LogReader, readBundle, readHashes, type Stored } from './log-tiles.ts';
import type { PageCursor } from './page-cursor.ts';
import { type Heads, openStored } from './verify-heads.ts';
import type { RowCheck } from './verify-rows.ts';

/** What the walk reads. */
export interface TreeSources {
  readonly files: LogReader;
  /** Rows and checkpoints of the database, in order; undefined without one. */
  readonly rows: PageCursor<SealedEntry> | undefined;
  readonly checkpoints: PageCursor<LinkedCheckpoint> | undefined;
}

/** One bundle's worth of entries, from every place that has them. */
interface Stretch {
  readonly start: number;
  readonly width: number;
  readonly entries: readonly Uint8Array[] | undefined;
  readonly hashes: Uint8Array | undefined;
  readonly rows: readonly (SealedEntry | undefined)[];
  /** Stored checkpoints that end within it. */
  readonly checkpoints: readonly LinkedCheckpoint[];
}

/** A leaf, and the entry that hashes to it where one is left. */
interface Leaf {
  readonly hash: Uint8Array;
  readonly entry: Uint8Array | undefined;
}

const hasher = treeHasher(sha256);

/** Computes the whole tree again from the entries, and holds every file, row and checkpoint against it on the way. */
export class TreeWalk {
  readonly #sources: TreeSources;
  readonly #heads: Heads;
  readonly #rowCheck: RowCheck;
  readonly #findings: Findings;
  readonly #tree = new GrowingTree(hasher);
  /** Size of the last stored checkpoint that was compared. */
  #lastStored = -1;

  constructor(sources: TreeSources, heads: Heads, rowCheck: RowCheck, findings: Findings) {
    this.#sources = sources;
    this.#heads = heads;
    this.#rowCheck = rowCheck;
    this.#findings = findings;
  }

  /** Entries whose leaf is known after the walk; all of `heads.size` unless the log is truncated. */
  get size(): number {
    return this.#tree.size;
  }

  async run(onProgress: (done: number, total: number) => void): Promise<void> {
    const { size } = this.#heads;
    let next = this.#load(0);
    while (this.#tree.size < size) {
      const stretch = await next;
      // Files and rows of the next stretch are read while this one is hashed.
      next = this.#load(stretch.start + tileWidth);
      next.catch(() => undefined);
      if (!(await this.#hash(stretch))) break;
      for (const tile of this.#tree.takeFilled()) await this.#compareTile(tile);
      onProgress(this.#tree.size, size);
    }
    for (const checkpoint of (await next).checkpoints) this.compareCheckpoint(checkpoint);
    if (this.#tree.size < size) return;
    for (const tile of this.#tree.partials()) await this.#compareTile(tile);
    this.#compareRoot();
  }

  async #load(start: number): Promise<Stretch> {
    const { files, checkpoints } = this.#sources;
    const width = Math.max(0, Math.min(tileWidth, this.#heads.size - start));
    if (width === 0) return { start, width, entries: [], hashes: undefined, rows: [], checkpoints: [] };
    const index = start / tileWidth;
    const tile: Tile = { level: 0, index: BigInt(index), width };
    const [bundle, hashes] = await Promise.all([
      readBundle(files, { index, width }),
      readHashes(files, tile),
    ]);
    return {
      start,
      width,
      entries: this.#contentOf({ ...tile, level: 'entries' }, bundle),
      hashes: this.#contentOf(tile, hashes),
      rows: await this.#rows(start, width),
      checkpoints: (await checkpoints?.takeWhile((checkpoint) => checkpoint.size <= start + width)) ?? [],
    };
  }

  #contentOf<Content>(tile: Tile, stored: Stored<Content>): Content | undefined {
    if (stored.state === 'present') return stored.content;
    const path = tilePath(tile);
    const kind = tile.level === 'entries' ? 'bundle' : 'tile';
    if (stored.state === 'missing')
      this.#findings.add(`${kind}-missing`, `${path} is missing`, { tile: path });
    else this.#findings.add(`${kind}-changed`, `${path} is not a whole ${kind}`, { tile: path });
    return undefined;
  }

  async #rows(start: number, width: number): Promise<readonly (SealedEntry | undefined)[]> {
    const rows: (SealedEntry | undefined)[] = Array(width).fill(undefined);
    const taken = (await this.#sources.rows?.takeWhile(({ seq }) => seq < start + width)) ?? [];
    for (const row of taken) if (row.seq >= start) rows[row.seq - start] = row;
    return rows;
  }

  /** Adds the stretch to the tree; false where an entry is gone from everywhere, after which nothing can be computed. */
  async #hash(stretch: Stretch): Promise<boolean> {
    let checkpoint = this.#compareCheckpoints(stretch.checkpoints, 0);
    for (let at = 0; at < stretch.width; at += 1) {
      const leaf = this.#leafAt(stretch, at);
      if (!leaf) {
        const gone = this.#heads.size - this.#tree.size;
        this.#findings.add('log-truncated', `the last ${gone} entries are gone`, { index: this.#tree.size });
        for (const unreached of stretch.checkpoints.slice(checkpoint)) this.compareCheckpoint(unreached);
        return false;
      }
      this.#tree.append(leaf.hash);
      this.#compareRow(stretch.start + at, stretch.rows[at], leaf.entry);
      await this.#rowCheck.ready;
      checkpoint = this.#compareCheckpoints(stretch.checkpoints, checkpoint);
    }
    return true;
  }

  #leafAt({ start, entries, hashes, rows }: Stretch, at: number): Leaf | undefined {
    const entry = entries?.[at];
    const sealed = hashes && hashAt(hashes, at);
    if (!entry) return this.#leafWithoutBundle(sealed, rows[at]);
    const hash = hasher.leaf(entry);
    if (!sealed || Buffer.compare(hash, sealed) === 0) return { hash, entry };
    // Bundle and tile disagree: the database, if it has the entry, tells which of them was changed.
    const row = rows[at];
    const rowHash = row && hasher.leaf(row.entry);
    const index = start + at;
    if (rowHash && Buffer.compare(rowHash, hash) === 0) {
      this.#findings.add('tile-changed', 'its hash is not that of the entry', {
        index,
        tile: this.#tileOf(index),
      });
      return { hash, entry };
    }
    this.#findings.add('bundle-changed', 'the entry does not hash to its leaf', { index });
    return this.#leafWithoutBundle(sealed, row);
  }

  #leafWithoutBundle(sealed: Uint8Array | undefined, row: SealedEntry | undefined): Leaf | undefined {
    const hash = row && hasher.leaf(row.entry);
    if (!sealed) return hash && { hash, entry: row.entry };
    return { hash: sealed, entry: hash && Buffer.compare(hash, sealed) === 0 ? row?.entry : undefined };
  }

  #compareRow(index: number, row: SealedEntry | undefined, entry: Uint8Array | undefined): void {
    if (row) this.#rowCheck.published(row, entry);
    else if (index < this.#heads.held) this.#rowCheck.missing(index);
  }

  /** Compares the checkpoints from `from` on that end at the present size; gives the first that ends later. */
  #compareCheckpoints(checkpoints: readonly LinkedCheckpoint[], from: number): number {
    const { file, newest } = this.#heads;
    const { size } = this.#tree;
    if (file && size === file.size && file !== newest && !this.#hasRoot(file.root)) {
      this.#findings.add('checkpoint-fork', `the log of ${size} entries is not the one that the file signs`);
    }
    let at = from;
    for (; (checkpoints[at]?.size ?? Number.POSITIVE_INFINITY) <= size; at += 1) {
      const checkpoint = checkpoints[at];
      if (checkpoint) this.compareCheckpoint(checkpoint);
    }
    return at;
  }

  /** Also for those that the walk did not come to. */
  compareCheckpoint(checkpoint: LinkedCheckpoint): void {
    const { verifier, newest } = this.#heads;
    if (checkpoint.previousSize !== this.#lastStored) {
      const between = `between ${Math.max(0, this.#lastStored)} and ${checkpoint.size} entries`;
      this.#findings.add('stored-checkpoint-missing', `the database lacks a checkpoint ${between}`);
    }
    this.#lastStored = checkpoint.size;
    if (!verifier) return;
    const opened = openStored(checkpoint, verifier);
    if (!opened.ok) {
      this.#findings.add('stored-checkpoint-forged', opened.problem);
      return;
    }
    const { size, root } = opened.head;
    if (size > this.#tree.size || size === newest?.size) return;
    if (size < this.#tree.size || !this.#hasRoot(root)) {
      this.#findings.add('stored-checkpoint-inconsistent', `the log of ${size} entries had another root`);
    }
  }

  async #compareTile({ level, index, hashes }: HashTile): Promise<void> {
    // Level 0 was compared leaf by leaf.
    if (level === 0) return;
    const tile: Tile = { level, index: BigInt(index), width: hashes.length / hashBytes };
    const stored = this.#contentOf(tile, await readHashes(this.#sources.files, tile));
    if (!stored || Buffer.compare(stored, hashes) === 0) return;
    const path = tilePath(tile);
    this.#findings.add('tile-changed', `${path} does not follow from the entries`, { tile: path });
  }

  #compareRoot(): void {
    const { newest } = this.#heads;
    if (newest && !this.#hasRoot(newest.root)) {
      this.#findings.add('root-mismatch', `${newest.size} entries hash to another root than the signed one`);
    }
  }

  #hasRoot(root: Uint8Array): boolean {
    return Buffer.compare(this.#tree.root(), root) === 0;
  }

  #tileOf(index: number): string {
    const tile = BigInt(Math.floor(index / tileWidth));
    return tilePath({ level: 0, index: tile, width: widthAt(BigInt(this.#heads.size), 0, tile) });
  }
}
