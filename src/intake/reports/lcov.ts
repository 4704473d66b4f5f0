import type { ReadReport } from '../../app/report-ports.ts';
import { CoverageTally } from '../../core/reports/tally-coverage.ts';
import { coverageReport } from './coverage-report.ts';
import { reportInvalid } from './report-invalid.ts';

/** Records of geninfo(1) that hold no lines: functions, branches, conditions, sums, test names, versions. */
const others = /^(?:TN|VER|FN|FNDA|FNF|FNH|FNL|FNA|BRDA|BRF|BRH|MCDC|MCF|MCH|LF|LH):/;

/** An LCOV tracefile, geninfo(1). Sections of one file, one a test, are added up. Error: REPORT_INVALID. */
export function readLcov(text: string): ReadReport {
  const tally = new CoverageTally();
  let file: string | undefined;
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    const next = step(line, file, tally);
    if (next === misplaced) throw reportInvalid(`line ${number} has no place in an LCOV tracefile`);
    file = next;
  }
  if (file !== undefined) throw reportInvalid('it ends within a record: was it cut off?');
  return coverageReport('lcov', tally.coverage);
}

const misplaced = Symbol('misplaced');

/** The file that is open after the line. */
function step(
  line: string,
  file: string | undefined,
  tally: CoverageTally,
): string | undefined | typeof misplaced {
  if (line.startsWith('SF:')) {
    if (file !== undefined || line.length === 3) return misplaced;
    tally.file(line.slice(3));
    return line.slice(3);
  }
  if (line === 'end_of_record') return file === undefined ? misplaced : undefined;
  if (line.startsWith('DA:')) {
    const [, at, hits] = /^DA:(\d{1,9}),([^,]{1,30})/.exec(line) ?? [];
    if (file === undefined || at === undefined) return misplaced;
    // `-1` and `=====`, which some tools write, are lines that did not run.
    tally.add(file, Number(at), Number(hits) > 0);
    return file;
  }
  return line === '' || line.startsWith('#') || others.test(line) ? file : misplaced;
}

/** One at a time: a list of all would be as large as the file again. */
function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    yield text.slice(from, to).trimEnd();
    from = to + 1;
  }
}
