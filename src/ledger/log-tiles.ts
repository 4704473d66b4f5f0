import { decodeBundle, maxEntryBytes, type Tile, tilePath, tileWidth } from '../core/tlog/tile.ts';
import { hashBytes } from '../core/tlog/tree-hash.ts';
import type { DurableFiles } from './durable-folder.ts';

/** Where the files of a log can be read. */
export type LogReader = Pick<DurableFiles, 'read'>;

const maxNoteBytes = 1_000_000;

/** A run of whole hashes or entries that a file holds; `damaged` where the file is there but is no such run. */
export type Stored<Content> =
  | { readonly state: 'present'; readonly content: Content }
  | { readonly state: 'missing' | 'damaged' };

/** A tile's hashes, cut to `width` of them; the full tile stands in for a partial one that was removed. */
export async function readHashes(files: LogReader, tile: Tile): Promise<Stored<Uint8Array>> {
  return readEither(files, tile, tileWidth * hashBytes, (bytes, width) =>
    bytes.length === width * hashBytes ? bytes.subarray(0, tile.width * hashBytes) : undefined,
  );
}

/** A bundle's entries, cut to `width` of them; the full bundle stands in for a partial one that was removed. */
export async function readBundle(
  files: LogReader,
  bundle: { readonly index: number; readonly width: number },
): Promise<Stored<readonly Uint8Array[]>> {
  const tile: Tile = { level: 'entries', index: BigInt(bundle.index), width: bundle.width };
  return readEither(files, tile, tileWidth * (2 + maxEntryBytes), (bytes, width) => {
    const decoded = decodeBundle(bytes);
    return decoded.ok && decoded.entries.length === width ? decoded.entries.slice(0, tile.width) : undefined;
  });
}

/** A small text file of the log's folder (`checkpoint`, `vkey`), as bytes. */
export function readText(files: LogReader, path: string): Promise<Uint8Array | undefined> {
  return files.read(path, maxNoteBytes);
}

async function readEither<Content>(
  files: LogReader,
  tile: Tile,
  maxBytes: number,
  parse: (bytes: Uint8Array, width: number) => Content | undefined,
): Promise<Stored<Content>> {
  let width = tile.width;
  let bytes = await files.read(tilePath(tile), maxBytes);
  if (!bytes && width < tileWidth) {
    width = tileWidth;
    bytes = await files.read(tilePath({ ...tile, width }), maxBytes);
  }
  if (!bytes) return { state: 'missing' };
  const content = parse(bytes, width);
  return content === undefined ? { state: 'damaged' } : { state: 'present', content };
}
