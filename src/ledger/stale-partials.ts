import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeBundle, parseTilePath, type Tile, tileWidth, widthAt } from '../core/tlog/tile.ts';
import type { Findings } from './log-findings.ts';
import { type LogReader, readBundle, readHashes } from './log-tiles.ts';

/**
 * Partial tiles of earlier sizes may still lie about, and are served to whoever holds an earlier checkpoint: each must be the
 * beginning of the tile that took its place, which was verified before. Files that are no tiles are nobody's evidence.
 */
export async function compareStalePartials(
  folder: string,
  files: LogReader,
  size: number,
  findings: Findings,
): Promise<void> {
  for await (const path of filesBelow(folder, 'tile')) {
    const partial = parseTilePath(path);
    if (!partial || partial.width === tileWidth) continue;
    const width = widthAt(BigInt(size), partial.level, partial.index);
    // Of the present size, which was compared; or beyond it, and so of a growth that was never signed.
    if (partial.width >= width) continue;
    if (await isBeginning(files, partial, width)) continue;
    const kind = partial.level === 'entries' ? 'bundle' : 'tile';
    findings.add(`${kind}-changed`, `${path} is not the beginning of the ${kind} that replaced it`, {
      tile: path,
    });
  }
}

/** Whether anything lies where a log's tiles belong. */
export async function hasTiles(folder: string): Promise<boolean> {
  for await (const path of filesBelow(folder, 'tile')) if (parseTilePath(path)) return true;
  return false;
}

async function isBeginning(files: LogReader, partial: Tile, width: number): Promise<boolean> {
  const [before, after] = await Promise.all([read(files, partial), read(files, { ...partial, width })]);
  // What is missing or damaged today was reported when it was walked.
  if (!after) return true;
  return before !== undefined && Buffer.compare(before, after.subarray(0, before.length)) === 0;
}

async function read(files: LogReader, tile: Tile): Promise<Uint8Array | undefined> {
  if (tile.level !== 'entries') {
    const hashes = await readHashes(files, tile);
    return hashes.state === 'present' ? hashes.content : undefined;
  }
  const bundle = await readBundle(files, { index: Number(tile.index), width: tile.width });
  return bundle.state === 'present' ? encodeBundle(bundle.content) : undefined;
}

async function* filesBelow(folder: string, path: string): AsyncGenerator<string, undefined> {
  const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(folder, inner);
    else if (entry.isFile()) yield inner;
  }
}
