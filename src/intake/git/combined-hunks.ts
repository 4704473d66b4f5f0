/** Is told what a merge has in no parent of its own: as `DiffSink`, in coordinates of the merged file without it. */
export interface OwnLinesSink {
  hunk(oldStart: number, oldLines: number, newStart: number, newLines: number): void;
  removed(text: string): void;
  added(text: string): void;
}

const space = 0x20;
const plus = 0x2b;
const minus = 0x2d;
const backslash = 0x5c;
/** Lines that are held until it is known how many there are. */
const heldLines = 1_000;

/**
 * Reads the hunks of one file as `git diff-tree --cc` shows them, where each line begins with one sign per parent. Lines
 * that are new to every parent, and lines that every parent had, are the merge's own; the others came from some side.
 */
export class CombinedHunks {
  readonly #parents: number;
  readonly #sink: OwnLinesSink;
  readonly #textLimit: number;
  #removed: string[] = [];
  #added: string[] = [];
  /** Number of the next line of the merge. */
  #line = 0;
  /** By how much the merge's own lines have made the file longer so far. */
  #grown = 0;

  constructor(parents: number, textLimit: number, sink: OwnLinesSink) {
    this.#parents = parents;
    this.#textLimit = textLimit;
    this.#sink = sink;
  }

  /** Whether a line outside of headings belongs to a hunk: content always begins with a sign. */
  static isContent(firstByte: number | undefined): boolean {
    return firstByte === space || firstByte === plus || firstByte === minus || firstByte === backslash;
  }

  /** `@@@ -1,2 -1,3 +1,4 @@@`; false where it is something else. */
  start(heading: string): boolean {
    this.end();
    const line = /^@{3,}(?: -\d+(?:,\d+)?)+ \+(\d+)/.exec(heading)?.[1];
    this.#line = Number(line);
    return line !== undefined;
  }

  line(content: string): void {
    const signs = content.slice(0, this.#parents);
    const text = content.slice(this.#parents, this.#parents + this.#textLimit);
    if (signs.startsWith('\\')) return;
    if (signs === '-'.repeat(this.#parents)) {
      this.#removed.push(text);
    } else if (signs === '+'.repeat(this.#parents)) {
      this.#added.push(text);
      this.#line += 1;
    } else {
      this.end();
      if (!signs.includes('-')) this.#line += 1;
    }
    if (this.#removed.length + this.#added.length >= heldLines) this.end();
  }

  /** No more lines follow the last one directly. */
  end(): void {
    const [removed, added] = [this.#removed, this.#added];
    if (removed.length === 0 && added.length === 0) return;
    const newStart = this.#line - added.length;
    const oldStart = newStart - this.#grown;
    // A side without lines is numbered by the line before it.
    this.#sink.hunk(
      removed.length > 0 ? oldStart : oldStart - 1,
      removed.length,
      added.length > 0 ? newStart : newStart - 1,
      added.length,
    );
    for (const text of removed) this.#sink.removed(text);
    for (const text of added) this.#sink.added(text);
    this.#grown += added.length - removed.length;
    this.#removed = [];
    this.#added = [];
  }
}
