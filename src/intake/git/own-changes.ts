import type { LineRange } from '../../core/attribution/attribution-record.ts';
import { intersectRanges, type LineRanges, normaliseRanges } from '../../core/attribution/line-ranges.ts';
import type { DiffEntry, DiffSink } from './diff-parser.ts';

/** Characters of lines that one side of a merge may hold; beyond them lines are counted without their text. */
const heldCharacters = 32 * 1024 * 1024;

/** What one file gained, and lost in front of it. */
interface SideHunk {
  /** Line of the merge that begins it; what was removed lay in front of that line. */
  readonly at: number;
  readonly lines: number;
  /** Undefined where there was no room for the text. */
  readonly removed: (string | undefined)[];
}

interface SideFile {
  readonly entry: DiffEntry;
  readonly binary: boolean;
  readonly hunks: SideHunk[];
  /** Lines that are new to every side, with their text; kept for the last side alone. */
  readonly texts: Map<number, string>;
}

/**
 * Takes the diff from one parent of a merge to the merge, as far as it can be the merge's own: of the second parent on only
 * files that differ from each parent before, so the smallest diff had better come first.
 */
export class SideDiff implements DiffSink {
  readonly files = new Map<string, SideFile>();
  readonly #before: readonly SideDiff[];
  readonly #isLast: boolean;
  #room = heldCharacters;
  #open: SideFile | undefined;
  /** Number of the next line of the merge. */
  #line = 0;
  /** Lines that are new to the sides before, from the first one on that does not end before `#line`. */
  #common: LineRanges = [];
  #at = 0;

  constructor(before: readonly SideDiff[], side: 'last' | 'further') {
    this.#before = before;
    this.#isLast = side === 'last';
  }

  file(entry: DiffEntry, binary: boolean): boolean {
    const before = this.#before.map(({ files }) => files.get(entry.path));
    const isOwn = before.every((file) => file !== undefined);
    this.#open = isOwn ? { entry, binary, hunks: [], texts: new Map() } : undefined;
    if (this.#open === undefined) return false;
    this.files.set(entry.path, this.#open);
    this.#common = commonLines(before.filter((file) => file !== undefined));
    this.#at = 0;
    return true;
  }

  hunk(_oldStart: number, _oldLines: number, newStart: number, newLines: number): void {
    // A side without lines is numbered by the line before it.
    this.#line = newLines > 0 ? newStart : newStart + 1;
    this.#open?.hunks.push({ at: this.#line, lines: newLines, removed: [] });
  }

  removed(text: string): void {
    this.#open?.hunks.at(-1)?.removed.push(this.#hasRoom(text) ? text : undefined);
  }

  added(text: string): void {
    while ((this.#common[this.#at]?.[1] ?? Number.POSITIVE_INFINITY) < this.#line) this.#at += 1;
    const [from] = this.#common[this.#at] ?? [Number.POSITIVE_INFINITY];
    if (this.#isLast && from <= this.#line && this.#hasRoom(text)) this.#open?.texts.set(this.#line, text);
    this.#line += 1;
  }

  #hasRoom(text: string): boolean {
    this.#room -= text.length;
    return this.#room >= 0;
  }
}

/**
 * Tells what a merge has in no parent of its own: files that differ from each of them, of these the lines that are new to
 * each parent, and those that each parent had and the merge has not, in coordinates of the merged file without its own lines.
 * A file that is made of nothing but its parents' lines is not told.
 *
 * Git's own combined diffs (`--cc`) would say the same, but compare what the parents had in time and memory that grow with
 * the product of its lines (a file of 30,000 took 7 GB), and without context they do not say where lines are.
 */
export function tellOwnChanges(sides: readonly SideDiff[], sink: DiffSink): void {
  for (const [path, last] of sides.at(-1)?.files ?? []) {
    const files = sides.flatMap((side) => side.files.get(path) ?? []);
    const readable = files.filter(({ binary }) => !binary);
    const hunks = readable.length === 0 ? [] : ownHunks(commonLines(readable), commonRemovals(readable));
    if (hunks.length === 0 && !files.every(differsWithoutLines)) continue;
    const entry = ownEntry(
      last.entry,
      files.map((file) => file.entry),
    );
    const wantsText = sink.file(entry, readable.length === 0);
    tellHunks(hunks, (line) => (wantsText ? (last.texts.get(line) ?? '') : ''), sink);
  }
}

function tellHunks(hunks: readonly OwnHunk[], textOf: (line: number) => string, sink: DiffSink): void {
  let grown = 0;
  for (const { at, lines, removed } of hunks) {
    // A side without lines is numbered by the line before it.
    const oldStart = at - grown - (removed.length > 0 ? 0 : 1);
    sink.hunk(oldStart, removed.length, lines > 0 ? at : at - 1, lines);
    for (const text of removed) sink.removed(text);
    for (let line = at; line < at + lines; line += 1) sink.added(textOf(line));
    grown += lines - removed.length;
  }
}

/** Whether the file is another one than this parent's even if all of its lines came from some parent. */
function differsWithoutLines({ entry, binary }: SideFile): boolean {
  return binary || entry.status !== 'modified' || entry.submodule || entry.modeChanged === true;
}

/** `sides`: what became of the file from each parent on; `first`: from the first one on. */
function ownEntry(first: DiffEntry, sides: readonly DiffEntry[]): DiffEntry {
  const moved = sides.findLast(({ oldPath }) => oldPath !== undefined);
  const isNowhere = sides.every(({ status, oldPath }) => status === 'added' || oldPath !== undefined);
  const isSame = sides.every(({ status }) => status === first.status);
  return {
    path: first.path,
    // Where one parent has it under another name and no other parent has it at all, the merge moved it.
    ...(isNowhere && moved?.oldPath !== undefined
      ? { status: moved.status, oldPath: moved.oldPath }
      : { status: isSame ? first.status : 'modified' }),
    submodule: sides.some(({ submodule }) => submodule),
    oldId: first.oldId,
    newId: first.newId,
    otherIds: sides.slice(0, -1).map(({ oldId }) => oldId),
  };
}

/** Everything where nothing could be compared by lines. */
function commonLines(files: readonly SideFile[]): LineRanges {
  const added = files
    .filter(({ binary }) => !binary)
    .map(({ hunks }) => normaliseRanges(hunks.map(({ at, lines }): LineRange => [at, at + lines - 1])));
  return added.reduce(intersectRanges, [[1, Number.MAX_SAFE_INTEGER]]);
}

interface Removal {
  readonly at: number;
  readonly text: string;
}

/**
 * Lines that each parent had in the same place, as the last side has them. Where parents differ from each other a line may
 * hang at either end of what else is new there, so a place is all hunks that touch.
 */
function commonRemovals(files: readonly SideFile[]): readonly Removal[] {
  const hunks = files
    .flatMap((file, side) => file.hunks.map((hunk) => ({ ...hunk, side })))
    .toSorted((left, right) => left.at - right.at);
  const removals: Removal[] = [];
  let place: typeof hunks = [];
  let end = 0;
  const close = () => {
    const sides = files.map((_, side) => place.filter((hunk) => hunk.side === side).flatMap(removalsOf));
    for (const removal of inEach(sides)) removals.push(removal);
    place = [];
  };
  for (const hunk of hunks) {
    if (hunk.at > end) close();
    place.push(hunk);
    end = Math.max(end, hunk.at + hunk.lines);
  }
  close();
  return removals;
}

function removalsOf({ at, removed }: SideHunk): readonly Removal[] {
  return removed.flatMap((text) => (text === undefined ? [] : [{ at, text }]));
}

/** Those of the last side whose text is in every side, as often as it is there. */
function inEach([first = [], ...others]: readonly (readonly Removal[])[]): readonly Removal[] {
  return others.reduce((common, side) => {
    const left = new Map<string, number>();
    for (const { text } of common) left.set(text, (left.get(text) ?? 0) + 1);
    return side.filter(({ text }) => {
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count > 0;
    });
  }, first);
}

interface OwnHunk {
  readonly at: number;
  readonly lines: number;
  readonly removed: readonly string[];
}

/** In rising order; a removal in the middle of new lines parts them. */
function ownHunks(added: LineRanges, removals: readonly Removal[]): readonly OwnHunk[] {
  const removed = Map.groupBy(removals, ({ at }) => at);
  const places = [...removed.keys()].toSorted((left, right) => left - right);
  const lines = new Map<number, number>();
  let next = 0;
  for (const [start, end] of added) {
    while ((places[next] ?? Number.POSITIVE_INFINITY) <= start) next += 1;
    let from = start;
    for (; (places[next] ?? Number.POSITIVE_INFINITY) <= end; next += 1) {
      const to = places[next] ?? end;
      lines.set(from, to - from);
      from = to;
    }
    lines.set(from, end - from + 1);
  }
  return [...new Set([...places, ...lines.keys()])]
    .toSorted((left, right) => left - right)
    .map((at) => ({
      at,
      lines: lines.get(at) ?? 0,
      removed: removed.get(at)?.map(({ text }) => text) ?? [],
    }));
}
