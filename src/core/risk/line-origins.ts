/**
 * Which unit wrote each line of one file, as runs: pairs of (line number after the run, unit index). A file of a million
 * lines by one author takes eight bytes.
 */
export type LineOrigins = Int32Array;

const unknownOrigin = -1;
/** Lines of one file; git itself counts them in a signed 32-bit number. */
const maxLines = 2 ** 30 - 1;
/** A file without lines, and (as `features@1` has it) one that came from where origins are not kept. */
export const noOrigins: LineOrigins = new Int32Array(0);
/** A file whose content could not be read: however long it is, no line of it is known. */
export const unknownOrigins: LineOrigins = Int32Array.of(maxLines, unknownOrigin);

/** Lines of the file, up to the last one whose origin is known. */
export function lineCount(origins: LineOrigins): number {
  return origins.at(origins.at(-1) === unknownOrigin ? -4 : -2) ?? 0;
}

/**
 * Rewrites the origins of one file at a time from the hunks of its diff, in one walk and without touching the original.
 * Hunks out of order make the whole file unknown. Lines added past the end of what is recorded are put at that end, as
 * the reference miner does: it happens only to files that came from a generated or vendored path.
 */
export class OriginEdit {
  #old: LineOrigins = noOrigins;
  /** Run of the old file that holds line `#line`, the first one that was neither copied nor removed. */
  #run = 0;
  #line = 0;
  #out = new Int32Array(256);
  #outSize = 0;
  #outLine = 0;
  #removedRun = 0;
  #removedLine = 0;
  #removedEnd = 0;
  #edited = false;
  #disordered = false;

  /** Starts on a file as it was before the unit. */
  start(old: LineOrigins): void {
    this.#old = old;
    this.#run = 0;
    this.#line = 0;
    this.#outSize = 0;
    this.#outLine = 0;
    this.#removedEnd = 0;
    this.#removedLine = 0;
    this.#edited = false;
    this.#disordered = false;
  }

  /** One hunk of a diff without context: `oldLines` lines from `oldStart` (1-based) give way to `newLines` of `unit`. */
  hunk(oldStart: number, oldLines: number, newLines: number, unit: number): void {
    const first = oldLines > 0 ? oldStart - 1 : oldStart;
    this.#edited = true;
    this.#removedEnd = 0;
    this.#removedLine = 0;
    // Written so that NaN fails it too.
    const fits = first >= this.#line && first + oldLines <= maxLines && newLines <= maxLines - this.#outLine;
    if (!fits) this.#disordered = true;
    if (this.#disordered) return;
    this.#copyTo(first);
    this.#removedRun = this.#run;
    this.#removedLine = first;
    this.#removedEnd = first + oldLines;
    this.#line = this.#removedEnd;
    while (this.#run < this.#old.length && (this.#old[this.#run] ?? 0) <= this.#line) this.#run += 2;
    this.#append(newLines, unit);
  }

  /** Origin of the running hunk's next removed line. */
  nextRemoved(): number {
    if (this.#removedLine >= this.#removedEnd) return unknownOrigin;
    while (this.#removedRun < this.#old.length && (this.#old[this.#removedRun] ?? 0) <= this.#removedLine) {
      this.#removedRun += 2;
    }
    this.#removedLine += 1;
    return this.#old[this.#removedRun + 1] ?? unknownOrigin;
  }

  /** The origins after the unit. */
  finish(): LineOrigins {
    if (this.#disordered) return unknownOrigins;
    if (!this.#edited) return this.#old;
    this.#copyTo(maxLines);
    return this.#out.slice(0, this.#outSize);
  }

  #copyTo(line: number): void {
    while (this.#line < line && this.#run < this.#old.length) {
      const runEnd = this.#old[this.#run] ?? 0;
      const end = Math.min(line, runEnd);
      this.#append(end - this.#line, this.#old[this.#run + 1] ?? unknownOrigin);
      this.#line = end;
      if (end === runEnd) this.#run += 2;
    }
  }

  #append(lines: number, unit: number): void {
    if (lines <= 0) return;
    this.#outLine += lines;
    if (this.#outSize > 0 && this.#out[this.#outSize - 1] === unit) {
      this.#out[this.#outSize - 2] = this.#outLine;
      return;
    }
    if (this.#outSize + 2 > this.#out.length) {
      const larger = new Int32Array(this.#out.length * 2);
      larger.set(this.#out);
      this.#out = larger;
    }
    this.#out[this.#outSize] = this.#outLine;
    this.#out[this.#outSize + 1] = unit;
    this.#outSize += 2;
  }
}
