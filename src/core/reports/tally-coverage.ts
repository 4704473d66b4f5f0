import { AppError } from '../errors.ts';
import { keptText, type LineRange, type ReportCoverage, reportLimits } from './report-summary.ts';

/** Files and lines together; what holds more is no report of somebody's tests, and would not fit into memory. */
const maxPlaces = 3_000_000;

/** Collects which lines ran, file by file; a line that is told several times ran if it ran once. Error: INPUT_TOO_LARGE. */
export class CoverageTally {
  readonly #files = new Map<string, Map<number, boolean>>();
  readonly #roots = new Set<string>();
  #places = 0;

  add(path: string, line: number, ran: boolean): void {
    const lines = this.file(path);
    if (!lines.has(line)) this.#count();
    lines.set(line, (lines.get(line) ?? false) || ran);
  }

  /** Also one without lines is a file of the report. */
  file(path: string): Map<number, boolean> {
    let lines = this.#files.get(path);
    if (lines === undefined) {
      this.#count();
      lines = new Map();
      this.#files.set(path, lines);
    }
    return lines;
  }

  addRoot(folder: string): void {
    if (this.#roots.size < reportLimits.roots) this.#roots.add(keptText(folder));
  }

  #count(): void {
    this.#places += 1;
    if (this.#places > maxPlaces)
      throw new AppError('INPUT_TOO_LARGE', {
        what: 'The report',
        size: 'more files and lines',
        limit: `${maxPlaces} of both`,
      });
  }

  get coverage(): ReportCoverage {
    const counted = [...this.#files].map(([path, lines]) => countedFile(path, lines));
    counted.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    const kept = counted.slice(0, reportLimits.files);
    let ranges = 0;
    for (const { covered, missed } of kept) ranges += covered.ranges.length + missed.ranges.length;
    return {
      covered: sum(counted.map(({ covered }) => covered.lines)),
      coverable: sum(counted.map(({ covered, missed }) => covered.lines + missed.lines)),
      roots: [...this.#roots],
      files: kept.map(({ path, covered, missed }) => ({
        path: keptText(path),
        covered: covered.lines,
        coverable: covered.lines + missed.lines,
        ranges: ranges > reportLimits.ranges ? null : { covered: covered.ranges, missed: missed.ranges },
      })),
      leftOut: counted.length - kept.length,
    };
  }
}

interface Counted {
  readonly lines: number;
  readonly ranges: readonly LineRange[];
}

function countedFile(path: string, lines: ReadonlyMap<number, boolean>) {
  const sorted = [...lines].sort(([a], [b]) => a - b);
  return { path, covered: rangesOf(sorted, true), missed: rangesOf(sorted, false) };
}

function rangesOf(sorted: readonly (readonly [number, boolean])[], wanted: boolean): Counted {
  const ranges: [number, number][] = [];
  let lines = 0;
  let open: [number, number] | undefined;
  for (const [line, ran] of sorted) {
    // Lines in between that cannot run end no range: what matters is that none of the other kind lies in it.
    if (ran !== wanted) open = undefined;
    else {
      lines += 1;
      if (open === undefined) {
        open = [line, line];
        ranges.push(open);
      } else open[1] = line;
    }
  }
  return { lines, ranges };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
