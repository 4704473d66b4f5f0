import { constants } from 'node:fs';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { AppError } from '../core/errors.ts';

export interface NewFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files that are there for good once a call resolves. After a rejection any of the call's files may or may not be there. */
export interface DurableFiles {
  /**
   * Creates the files, never overwriting: one that exists with the same bytes is a success, one with other bytes is
   * LOG_DIVERGED. No file is ever seen half written.
   */
  create(files: readonly NewFile[]): Promise<void>;
  /** Puts the bytes in the place of the file's former ones, all at once. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** The file's bytes; undefined where there is no such file. Reads one byte beyond `maxBytes` at most. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Removes files or folders that nobody needs any more; not durable, and it does not matter. */
  remove(paths: readonly string[]): Promise<void>;
}

/**
 * A folder on the local disk. Errors: DISK_FULL, DATA_FOLDER_NOT_WRITABLE, EVIDENCE_INVALID (not readable), and DISK_FAILED
 * where an fsync fails: after that the page cache may show what the disk does not have, so the caller must stop.
 */
export class DurableFolder implements DurableFiles {
  readonly #root: string;
  readonly #log: string;
  readonly #mode: number;
  /** Folders that this process has made durable up to the root, so that their parents need no further sync. */
  readonly #anchored = new Set<string>();

  constructor(root: string, options: { readonly log: string; readonly mode?: number }) {
    this.#root = root;
    this.#log = options.log;
    this.#mode = options.mode ?? 0o644;
  }

  async create(files: readonly NewFile[]): Promise<void> {
    const folders = new Set(files.map(({ path }) => dirname(join(this.#root, path))));
    const unsynced = new Set([...folders].flatMap((folder) => this.#toAnchor(folder)));
    await this.#attempt(async () => {
      await settle([...folders].map((folder) => mkdir(folder, { recursive: true })));
      await settle(files.map((file) => this.#createOne(file)));
      await settle([...new Set([...folders, ...unsynced])].map((folder) => syncFolder(folder)));
    });
    for (const folder of unsynced) this.#anchored.add(folder);
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.#root, path);
    const temporary = `${target}.tmp`;
    await this.#attempt(async () => {
      await mkdir(dirname(target), { recursive: true });
      await writeSynced(temporary, bytes, this.#mode);
      await rename(temporary, target);
      await syncFolder(dirname(target));
    });
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const target = join(this.#root, path);
    try {
      return await readBounded(target, maxBytes);
    } catch (error) {
      if (absent.has(codeOf(error))) return undefined;
      throw new AppError('EVIDENCE_INVALID', { path: target, detail: String(error) }, { cause: error });
    }
  }

  async remove(paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map((path) => rm(join(this.#root, path), { recursive: true, force: true })));
  }

  async #createOne({ path, bytes }: NewFile): Promise<void> {
    const target = join(this.#root, path);
    const temporary = `${target}.tmp`;
    await writeSynced(temporary, bytes, this.#mode);
    try {
      await link(temporary, target);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const existing = await this.read(path, bytes.length);
      if (!existing || Buffer.compare(existing, bytes) !== 0) {
        throw new AppError('LOG_DIVERGED', { log: this.#log, detail: `${path} exists with other content` });
      }
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** The folder and its parents, up to the one that holds the root, as far as they are not anchored yet. */
  #toAnchor(folder: string): readonly string[] {
    const chain: string[] = [];
    for (let at = folder; !this.#anchored.has(at); at = dirname(at)) {
      chain.push(at);
      if (relative(this.#root, at).startsWith('..')) break;
    }
    return chain;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw writeError(this.#root, error);
    }
  }
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO', 'ENAMETOOLONG']);
const full = new Set(['ENOSPC', 'EDQUOT']);
const refused = new Set(['EACCES', 'EPERM', 'EROFS']);

/** All of them, to their end, so that nothing is still being written when the caller hears of a failure. */
async function settle(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

async function writeSynced(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = await openNew(path, mode);
  try {
    await file.writeFile(bytes);
    await sync(path, () => file.datasync());
  } catch (error) {
    // On a full disk what was written of it is space that is missing elsewhere.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Never opens what a crash left under that name: it may be a second name of a file that is in place, and is unlinked. */
async function openNew(path: string, mode: number) {
  try {
    return await open(path, 'wx', mode);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    await rm(path);
    return open(path, 'wx', mode);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await sync(path, () => folder.sync());
  } finally {
    await folder.close();
  }
}

async function sync(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (full.has(codeOf(error))) throw error;
    throw new AppError('DISK_FAILED', { path, detail: String(error) }, { cause: error });
  }
}

/** Regular files only, and without waiting for a writer: the folder may have been tampered with. */
async function readBounded(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    if (!status.isFile()) return undefined;
    const bytes = Buffer.allocUnsafe(Math.min(status.size, maxBytes + 1));
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await file.read(bytes, read, bytes.length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } finally {
    await file.close();
  }
}

function writeError(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (full.has(code)) return new AppError('DISK_FULL', { path }, { cause: error });
  if (refused.has(code)) {
    return new AppError('DATA_FOLDER_NOT_WRITABLE', { path, detail: String(error) }, { cause: error });
  }
  return error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
