import type { LedgerStore, LogName, LogPublisher, StoredCheckpoint } from '../app/ports.ts';
import { AppError } from '../core/errors.ts';
import { formatCheckpoint } from '../core/tlog/checkpoint.ts';
import type { GrowingTree, HashTile } from '../core/tlog/growing-tree.ts';
import { ed25519Verifier, sha256 } from '../core/tlog/node-primitives.ts';
import { signNote } from '../core/tlog/note.ts';
import { encodeBundle, tilePath, tileWidth } from '../core/tlog/tile.ts';
import { hashBytes, treeHasher } from '../core/tlog/tree-hash.ts';
import { type DurableFiles, DurableFolder, type NewFile } from './durable-folder.ts';
import type { LogKey } from './keys.ts';
import { type LogParts, type PublishedLog, recoverLog } from './start-guard.ts';

export interface OpenLogOptions {
  /** Where `checkpoint`, `vkey` and `tile/` lie. */
  readonly folder: string;
  readonly log: LogName;
  readonly key: LogKey;
  readonly store: LedgerStore;
  /** In place of the folder on the local disk. */
  readonly files?: DurableFiles;
}

/**
 * Opens a log for publishing. Its files are those of C2SP tlog-tiles: whoever copies the folder to a web server has a log that
 * outsiders' tools read. Only one publisher at a time may hold it; the compare-and-swap in the database stops a second one
 * from signing. Errors: LOG_DIVERGED, DISK_FULL, DATA_FOLDER_NOT_WRITABLE, DISK_FAILED.
 */
export async function openLog(options: OpenLogOptions): Promise<LogPublisher> {
  const { folder, log, key, store } = options;
  const files = options.files ?? new DurableFolder(folder, { log });
  const verifier = { name: key.name, keyId: key.keyId, verify: ed25519Verifier(key.publicKey) };
  const parts: LogParts = { log, files, store, hasher: treeHasher(sha256), verifier };
  const published = await recoverLog(parts);
  await files.create([{ path: 'vkey', bytes: Buffer.from(`${key.vkey}\n`, 'utf8') }]);
  return new Publisher(parts, key, published);
}

/** Full tiles that are written at once; bounds what a first publish of a long log holds in memory. */
const filesAtOnce = 64;

class Publisher implements LogPublisher {
  readonly origin: string;
  readonly #parts: LogParts;
  readonly #key: LogKey;
  /** Undefined after a failure: what is on disk and in the database is then found out anew. */
  #published: PublishedLog | undefined;
  #stopped: AppError | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: LogParts, key: LogKey, published: PublishedLog) {
    this.origin = key.name;
    this.#parts = parts;
    this.#key = key;
    this.#published = published;
  }

  publish(): Promise<StoredCheckpoint> {
    const publishing = this.#turn.then(() => this.#publish());
    // The next caller waits for this one and does not inherit its failure.
    this.#turn = publishing.catch(() => undefined);
    return publishing;
  }

  async #publish(): Promise<StoredCheckpoint> {
    if (this.#stopped) throw this.#stopped;
    const before = this.#published;
    this.#published = undefined;
    try {
      const after = await this.#grow(before ?? (await recoverLog(this.#parts)));
      this.#published = after;
      return after.checkpoint;
    } catch (error) {
      // After a failed fsync the page cache may show what the disk does not have: only a new start may look again.
      if (error instanceof AppError && error.code === 'DISK_FAILED') this.#stopped = error;
      throw error;
    }
  }

  async #grow(before: PublishedLog): Promise<PublishedLog & { readonly checkpoint: StoredCheckpoint }> {
    const { log, files, store } = this.#parts;
    const size = await store.size(log);
    if (before.checkpoint && size === before.checkpoint.size)
      return { ...before, checkpoint: before.checkpoint };
    if (size < before.tree.size) {
      throw this.#diverged(
        `the database is behind: it holds ${size} entries, but ${before.tree.size} are signed`,
      );
    }
    const growth = new Growth(files, before);
    for await (const page of store.readEntries(log, before.tree.size, size)) {
      for (const { seq, entry } of page) {
        if (seq !== growth.tree.size)
          throw this.#diverged(`entry ${growth.tree.size} is missing in the database`);
        growth.append(this.#parts.hasher.leaf(entry), entry);
      }
      await growth.writeFilled(filesAtOnce);
    }
    if (growth.tree.size !== size)
      throw this.#diverged(`entry ${growth.tree.size} is missing in the database`);
    await growth.writeAll();
    const checkpoint = this.#sign(size, growth.tree.root());
    // Once this is durable the checkpoint is the log's history, whether or not anybody sees the file.
    if (!(await store.insertCheckpoint(log, checkpoint, before.checkpoint?.size ?? -1))) {
      throw this.#diverged('another process signed a checkpoint at the same time');
    }
    await files.replace('checkpoint', Buffer.from(checkpoint.note, 'utf8'));
    // What stays behind of them does no harm: the full tile holds the same.
    await files.remove(growth.outgrown).catch(() => undefined);
    return { tree: growth.tree, checkpoint, openBundle: growth.openBundle };
  }

  #sign(size: number, root: Uint8Array): StoredCheckpoint {
    const text = formatCheckpoint({ origin: this.origin, size: BigInt(size), root, extensions: [] });
    return { size, root, note: signNote(text, [this.#key]) };
  }

  #diverged(detail: string): AppError {
    return new AppError('LOG_DIVERGED', { log: this.#parts.log, detail });
  }
}

/** One growth on its way to disk; the published state stays as it was until the checkpoint is swapped. */
class Growth {
  readonly tree: GrowingTree;
  /** Folders of partial tiles that became full. */
  readonly outgrown: string[] = [];
  readonly #files: DurableFiles;
  #bundle: Uint8Array[];
  #filled: NewFile[] = [];

  constructor(files: DurableFiles, before: PublishedLog) {
    this.#files = files;
    this.tree = before.tree.fork();
    this.#bundle = [...before.openBundle];
  }

  get openBundle(): readonly Uint8Array[] {
    return this.#bundle;
  }

  append(leafHash: Uint8Array, entry: Uint8Array): void {
    this.tree.append(leafHash);
    // A copy: the row may be a view of a whole page from the database, which would then stay in memory.
    this.#bundle.push(new Uint8Array(entry));
    if (this.#bundle.length < tileWidth) return;
    const filled = [this.#bundleFile(), ...this.tree.takeFilled().map(tileFile)];
    this.#filled.push(...filled);
    this.outgrown.push(...filled.map(({ path }) => `${path}.p`));
    this.#bundle = [];
  }

  async writeFilled(atLeast: number): Promise<void> {
    if (this.#filled.length < atLeast) return;
    await this.#files.create(this.#filled);
    this.#filled = [];
  }

  /** The rest of the full tiles, and the partial ones that the present size ends in. */
  async writeAll(): Promise<void> {
    const partials = this.tree.partials().map(tileFile);
    const bundle = this.#bundle.length > 0 ? [this.#bundleFile()] : [];
    await this.#files.create([...this.#filled, ...bundle, ...partials]);
    this.#filled = [];
  }

  #bundleFile(): NewFile {
    const index = BigInt(Math.floor((this.tree.size - 1) / tileWidth));
    return {
      path: tilePath({ level: 'entries', index, width: this.#bundle.length }),
      bytes: encodeBundle(this.#bundle),
    };
  }
}

function tileFile({ level, index, hashes }: HashTile): NewFile {
  return {
    path: tilePath({ level, index: BigInt(index), width: hashes.length / hashBytes }),
    bytes: hashes,
  };
}
