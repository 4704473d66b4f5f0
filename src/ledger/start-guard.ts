import type { LedgerStore, LogName, StoredCheckpoint } from '../app/ports.ts';
import { AppError } from '../core/errors.ts';
import { type Checkpoint, openCheckpoint } from '../core/tlog/checkpoint.ts';
import { GrowingTree, hashAt } from '../core/tlog/growing-tree.ts';
import type { NoteVerifier } from '../core/tlog/note.ts';
import { tileLevels, tilePath, tileWidth, widthAt } from '../core/tlog/tile.ts';
import type { TreeHasher } from '../core/tlog/tree-hash.ts';
import type { DurableFiles } from './durable-folder.ts';
import { readBundle, readHashes, readText, type Stored } from './log-tiles.ts';

/** What belongs to one log. */
export interface LogParts {
  readonly log: LogName;
  readonly files: DurableFiles;
  readonly store: LedgerStore;
  readonly hasher: TreeHasher;
  readonly verifier: NoteVerifier;
}

/** A log as it was last published. */
export interface PublishedLog {
  readonly tree: GrowingTree;
  /** Undefined where nothing was ever signed. */
  readonly checkpoint: StoredCheckpoint | undefined;
  /** Entries of the partial bundle that it ends in. */
  readonly openBundle: readonly Uint8Array[];
}

/**
 * The published state, once database, tiles and checkpoint file tell the same story. Whatever is behind or differs is
 * LOG_DIVERGED: signing over it would fork the log. Two things are normal after a crash and are accepted: entries that are
 * sequenced and not integrated yet, and a checkpoint file older than the database, which is then written again.
 */
export async function recoverLog(parts: LogParts): Promise<PublishedLog> {
  const [stored, note] = await Promise.all([
    parts.store.latestCheckpoint(parts.log),
    readText(parts.files, 'checkpoint'),
  ]);
  const published = note && openOwn(parts, note, 'the checkpoint file');
  if (!stored) {
    if (published)
      throw behind(parts, 'database', `it knows no checkpoint, but ${published.size} entries are signed`);
    return { tree: new GrowingTree(parts.hasher), checkpoint: undefined, openBundle: [] };
  }
  checkRow(parts, stored);
  await checkFile(parts, stored, published);
  const held = await parts.store.size(parts.log);
  if (held < stored.size) {
    throw behind(parts, 'database', `it holds ${held} entries, but ${stored.size} are signed`);
  }
  const tree = await readEdge(parts, stored);
  const openBundle = await readLastBundle(parts, stored.size);
  if (published?.size !== BigInt(stored.size)) {
    await parts.files.replace('checkpoint', Buffer.from(stored.note, 'utf8'));
  }
  return { tree, checkpoint: stored, openBundle };
}

function openOwn(parts: LogParts, note: string | Uint8Array, where: string): Checkpoint {
  const opened = openCheckpoint(note, parts.verifier.name, [parts.verifier]);
  if (opened.ok) return opened.checkpoint;
  throw diverged(parts, `${where} is not one that this log's key signed (${opened.reason})`);
}

function checkRow(parts: LogParts, stored: StoredCheckpoint): void {
  const { size, root } = openOwn(parts, stored.note, 'the newest checkpoint of the database');
  if (size !== BigInt(stored.size) || Buffer.compare(root, stored.root) !== 0) {
    throw diverged(parts, 'the newest checkpoint of the database differs from its own signed note');
  }
}

async function checkFile(
  parts: LogParts,
  stored: StoredCheckpoint,
  published: Checkpoint | undefined,
): Promise<void> {
  if (!published) return;
  if (published.size > stored.size) {
    const detail = `its newest checkpoint has ${stored.size} entries, the checkpoint file ${published.size}`;
    throw behind(parts, 'database', detail);
  }
  const same = published.size === BigInt(stored.size) ? stored : await findCheckpoint(parts, published.size);
  if (!same || Buffer.compare(same.root, published.root) !== 0) {
    throw diverged(
      parts,
      `two trees of ${published.size} entries: the checkpoint file is not of this database`,
    );
  }
}

async function findCheckpoint(parts: LogParts, size: bigint): Promise<StoredCheckpoint | undefined> {
  for await (const page of parts.store.checkpoints(parts.log)) {
    const found = page.find((checkpoint) => BigInt(checkpoint.size) === size);
    if (found) return found;
  }
  return undefined;
}

/** The tree as its rightmost tiles tell it; they must hash to the signed root. */
async function readEdge(parts: LogParts, { size, root }: StoredCheckpoint): Promise<GrowingTree> {
  const partials: Uint8Array[] = [];
  for (const { level, full, partial } of tileLevels(BigInt(size))) {
    const tile = { level, index: full, width: partial };
    partials.push(
      partial === 0 ? new Uint8Array(0) : whole(parts, tilePath(tile), await readHashes(parts.files, tile)),
    );
  }
  const tree = GrowingTree.restore(parts.hasher, size, partials);
  if (Buffer.compare(tree.root(), root) !== 0) {
    throw diverged(parts, `the tile files do not hash to the root that is signed for ${size} entries`);
  }
  return tree;
}

/** The last bundle must be the leaves of its tile, and the database must hold the same entries. */
async function readLastBundle(parts: LogParts, size: number): Promise<readonly Uint8Array[]> {
  if (size === 0) return [];
  const index = Math.floor((size - 1) / tileWidth);
  const width = widthAt(BigInt(size), 'entries', BigInt(index));
  const bundle = { level: 'entries', index: BigInt(index), width } as const;
  const tile = { level: 0, index: BigInt(index), width };
  const entries = whole(parts, tilePath(bundle), await readBundle(parts.files, { index, width }));
  const hashes = whole(parts, tilePath(tile), await readHashes(parts.files, tile));
  const wrong = entries.findIndex(
    (entry, at) => Buffer.compare(parts.hasher.leaf(entry), hashAt(hashes, at)) !== 0,
  );
  if (wrong !== -1) throw diverged(parts, `${tilePath(bundle)} does not belong to ${tilePath(tile)}`);
  await compareRows(parts, index * tileWidth, entries);
  return width === tileWidth ? [] : entries;
}

async function compareRows(parts: LogParts, from: number, entries: readonly Uint8Array[]): Promise<void> {
  let next = 0;
  for await (const page of parts.store.readEntries(parts.log, from, from + entries.length)) {
    for (const { seq, entry } of page) {
      const signed = entries[next];
      if (seq !== from + next || !signed || Buffer.compare(signed, entry) !== 0) {
        throw diverged(parts, `entry ${from + next} of the database is not the one that is signed`);
      }
      next += 1;
    }
  }
  if (next < entries.length)
    throw behind(parts, 'database', `entry ${from + next} is missing, and it is signed`);
}

function whole<Content>(parts: LogParts, path: string, stored: Stored<Content>): Content {
  if (stored.state === 'present') return stored.content;
  throw stored.state === 'missing'
    ? behind(parts, 'folder of tiles', `${path} is missing, and it is signed`)
    : diverged(parts, `${path} is damaged`);
}

function behind(parts: LogParts, side: string, detail: string): AppError {
  return diverged(parts, `the ${side} is behind: ${detail}`);
}

function diverged({ log }: LogParts, detail: string): AppError {
  return new AppError('LOG_DIVERGED', { log, detail });
}
