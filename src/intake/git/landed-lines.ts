import type { Coverage, LineRange } from '../../core/attribution/attribution-record.ts';
import { countLines, intersectRanges } from '../../core/attribution/line-ranges.ts';
import { followRanges, type SharedBlock, sharedBlocks } from '../../core/change/follow-lines.ts';
import type { DiffEntry } from './diff-parser.ts';
import type { FileLister } from './diff-reader.ts';
import type { ObjectReader } from './object-reader.ts';

/** Which of the given lines of a file the change really adds, as lines of the file after the change. */
export type LandedLines = (path: string, ranges: readonly LineRange[]) => Coverage | undefined;

export type AddedLines = ReadonlyMap<string, readonly LineRange[]>;

/** For a record whose lines are those of the file after the change already. */
export function landedDirectly(added: AddedLines): LandedLines {
  return (path, ranges) => {
    const landed = intersectRanges(ranges, added.get(path) ?? []);
    return landed.length === 0 ? undefined : { path, ranges: landed, lines: countLines(landed) };
  };
}

/** What happened to the files of one commit until the change's last one: path then → where it went. */
export type Moves = ReadonlyMap<string, FileMove>;

interface FileMove {
  readonly path: string;
  /** Undefined where every line is as it was. */
  readonly blocks: readonly SharedBlock[] | undefined;
}

/** For a record on a commit inside of the change: its lines are followed to the end, then cut to what the change adds. */
export function landedThrough(moves: Moves, added: AddedLines): LandedLines {
  const direct = landedDirectly(added);
  return (path, ranges) => {
    const move = moves.get(path);
    if (move === undefined) return direct(path, ranges);
    return direct(move.path, move.blocks === undefined ? ranges : followRanges(ranges, move.blocks));
  };
}

/** A commit inside of the change, and the files of it whose lines are to be followed. */
export interface Followed {
  readonly from: string;
  readonly paths: ReadonlySet<string>;
}

export interface FollowOptions {
  readonly reader: ObjectReader;
  readonly lister: FileLister;
}

const contentLimitBytes = 4 * 1024 * 1024;

/**
 * Follows files from each commit to the change's last one, renames included; a commit whose way cannot be followed is left
 * out. Only the files asked for are compared: a branch that was merged into differs from its end in much else.
 */
export async function followFiles(
  { reader, lister }: FollowOptions,
  followed: readonly Followed[],
  to: string,
): Promise<ReadonlyMap<string, Moves>> {
  const texts = new Texts(reader);
  const ways = new Map<string, Moves>();
  const listed = followed.map(({ from }) => lister.list({ newId: to, oldId: from }));
  for (const [index, { from, paths }] of followed.entries()) {
    const files = await listed[index];
    const changed = files?.filter((entry) => paths.has(entry.oldPath ?? entry.path));
    // One commit after the other: each holds the texts of its files in memory.
    if (changed !== undefined) ways.set(from, await movesOf(texts, changed));
  }
  return ways;
}

async function movesOf(texts: Texts, changed: readonly DiffEntry[]): Promise<Moves> {
  const moves = await Promise.all(
    changed.map(async (entry) => {
      const { path, oldPath = path } = entry;
      const blocks = entry.oldId === entry.newId ? undefined : await blocksOf(texts, entry);
      return [oldPath, { path, blocks }] as const;
    }),
  );
  return new Map(moves);
}

/** None where there is no text to follow: the file is gone, is no file any more, is too large or cannot be read. */
function blocksOf(texts: Texts, entry: DiffEntry): Promise<readonly SharedBlock[]> {
  const lost = entry.submodule || entry.status === 'deleted' || entry.status === 'type-changed';
  return lost ? Promise.resolve([]) : texts.shared(entry.oldId, entry.newId);
}

/** The texts that one change's records speak of: each last version is read, and each pair compared, once. */
class Texts {
  readonly #reader: ObjectReader;
  readonly #last = new Map<string, Promise<readonly string[]>>();
  readonly #shared = new Map<string, Promise<readonly SharedBlock[]>>();

  constructor(reader: ObjectReader) {
    this.#reader = reader;
  }

  shared(before: string, after: string): Promise<readonly SharedBlock[]> {
    const key = `${before} ${after}`;
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const blocks = this.#compare(before, after);
    this.#shared.set(key, blocks);
    return blocks;
  }

  async #compare(before: string, after: string): Promise<readonly SharedBlock[]> {
    const old = this.#linesOf(before);
    const last = this.#last.get(after) ?? this.#linesOf(after);
    this.#last.set(after, last);
    return sharedBlocks(await old, await last);
  }

  async #linesOf(blob: string): Promise<readonly string[]> {
    const object = await this.#reader.read(blob, contentLimitBytes);
    if (!object.found || object.sizeBytes > contentLimitBytes) return [];
    return object.bytes.toString('latin1').split('\n');
  }
}
