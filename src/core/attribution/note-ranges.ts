import type { LineRange } from './attribution-record.ts';

/** No file that a person or an agent writes has more lines; a range beyond it is nonsense or an attack. */
export const maxLine = 10_000_000;

const dash = 45;
const zero = 48;
const nine = 57;

/**
 * Reads `1-4,9-10,12` in one pass. What is no range is left out and named in `problems`: `bad-range` (no number, zero,
 * reversed), `huge-range` (beyond `maxLine`; cut to it where it starts below).
 */
export function parseRanges(text: string, problems: Set<string>): readonly LineRange[] {
  const ranges: LineRange[] = [];
  let at = 0;
  while (at <= text.length) {
    const comma = text.indexOf(',', at);
    const stop = comma === -1 ? text.length : comma;
    addRange(ranges, parseRange(text, at, stop), problems);
    at = stop + 1;
  }
  return ranges;
}

function addRange(ranges: LineRange[], range: LineRange | undefined, problems: Set<string>): void {
  if (range === undefined || range[0] < 1 || range[1] < range[0]) {
    problems.add('bad-range');
    return;
  }
  if (range[1] > maxLine) problems.add('huge-range');
  if (range[0] <= maxLine) ranges.push([range[0], Math.min(range[1], maxLine)]);
}

/** `12` or `9-10` between two positions; undefined for anything else. */
function parseRange(text: string, from: number, to: number): LineRange | undefined {
  let start = 0;
  let end = -1;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === dash && end === -1 && at > from) end = 0;
    else if (code < zero || code > nine) return undefined;
    else if (end === -1) start = start * 10 + code - zero;
    else end = end * 10 + code - zero;
  }
  if (from === to || text.charCodeAt(to - 1) === dash) return undefined;
  return [start, end === -1 ? start : end];
}
