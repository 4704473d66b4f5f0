import type { LineRange } from '../attribution/attribution-record.ts';
import { intersectRanges, normaliseRanges } from '../attribution/line-ranges.ts';

/** A stretch of lines that two versions of a file share: old lines [start, end], found `shift` lines further down. */
export interface SharedBlock {
  readonly start: number;
  readonly end: number;
  readonly shift: number;
}

/** Lines looked at before it gives up on what is not matched yet: texts made for that would take the square of their length. */
const workLimit = 50_000_000;

/**
 * The lines that a later version of a file still has, as blocks in rising order (1-based). Patience diff: what both begin or
 * end with, then lines that occur once on each side, and the same again between these. Lines that could be matched in
 * several ways and touch no certain match are left out: of lines that are followed, none is guessed.
 */
export function sharedBlocks(before: readonly string[], after: readonly string[]): readonly SharedBlock[] {
  const partner = new Int32Array(before.length).fill(-1);
  const open: Region[] = [{ from: 0, to: before.length, otherFrom: 0, otherTo: after.length }];
  let work = 0;
  for (let region = open.pop(); region !== undefined && work < workLimit; region = open.pop()) {
    work += region.to - region.from + region.otherTo - region.otherFrom;
    const rest = matchEnds(region, { before, after, partner });
    if (rest.from === rest.to || rest.otherFrom === rest.otherTo) continue;
    const anchors = longestRising(uniquePairs(rest, before, after));
    // The stretches between anchors; each begins with its anchor, which `matchEnds` takes and goes on from.
    let at = { from: rest.from, otherFrom: rest.otherFrom };
    for (const [line, other] of anchors) {
      open.push({ ...at, to: line, otherTo: other });
      at = { from: line, otherFrom: other };
    }
    if (anchors.length > 0) open.push({ ...at, to: rest.to, otherTo: rest.otherTo });
  }
  return blocksOf(partner);
}

/** Old lines → the same lines in the later version; `ranges` normalised, and so is the result. */
export function followRanges(
  ranges: readonly LineRange[],
  blocks: readonly SharedBlock[],
): readonly LineRange[] {
  const pieces = intersectRanges(
    ranges,
    blocks.map(({ start, end }) => [start, end]),
  );
  let at = 0;
  return normaliseRanges(
    pieces.map(([start, end]) => {
      while ((blocks[at]?.end ?? end) < start) at += 1;
      const shift = blocks[at]?.shift ?? 0;
      return [start + shift, end + shift];
    }),
  );
}

/** Half-open, 0-based, of both versions. */
interface Region {
  readonly from: number;
  readonly to: number;
  readonly otherFrom: number;
  readonly otherTo: number;
}

interface Versions {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Old line → new line, -1 where there is none. */
  readonly partner: Int32Array;
}

/** Matches what both sides of the region begin and end with; gives what is left between. */
function matchEnds(region: Region, { before, after, partner }: Versions): Region {
  let { from, to, otherFrom, otherTo } = region;
  while (from < to && otherFrom < otherTo && before[from] === after[otherFrom]) {
    partner[from] = otherFrom;
    from += 1;
    otherFrom += 1;
  }
  while (from < to && otherFrom < otherTo && before[to - 1] === after[otherTo - 1]) {
    to -= 1;
    otherTo -= 1;
    partner[to] = otherTo;
  }
  return { from, to, otherFrom, otherTo };
}

type Pair = readonly [line: number, other: number];

/** Lines that occur exactly once on each side of the region, in the order of the old side. */
function uniquePairs(region: Region, before: readonly string[], after: readonly string[]): readonly Pair[] {
  const places = new Map<string, number>();
  for (let other = region.otherFrom; other < region.otherTo; other += 1) {
    const text = after[other] ?? '';
    places.set(text, places.has(text) ? -1 : other);
  }
  const own = new Map<string, number>();
  for (let line = region.from; line < region.to; line += 1) {
    const text = before[line] ?? '';
    own.set(text, own.has(text) ? -1 : line);
  }
  const pairs: Pair[] = [];
  for (const [text, line] of own) {
    const other = places.get(text) ?? -1;
    if (line >= 0 && other >= 0) pairs.push([line, other]);
  }
  return pairs.toSorted(([left], [right]) => left - right);
}

/** The longest selection in which the other side rises too (patience sorting). */
function longestRising(pairs: readonly Pair[]): readonly Pair[] {
  /** Index of the pair that ends the best selection of each length, by its other side. */
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  const otherOf = (index: number | undefined) => pairs[index ?? 0]?.[1] ?? 0;
  for (const [index, [, other]] of pairs.entries()) {
    const length = firstNotBelow(tails, other, otherOf);
    if (length > 0) previous[index] = tails[length - 1] ?? -1;
    tails[length] = index;
  }
  const rising: Pair[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) rising.push(pairs[at] ?? [0, 0]);
  return rising.reverse();
}

function firstNotBelow(
  sorted: readonly number[],
  limit: number,
  otherOf: (index: number | undefined) => number,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (otherOf(sorted[middle]) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function blocksOf(partner: Int32Array): readonly SharedBlock[] {
  const blocks: { start: number; end: number; shift: number }[] = [];
  for (let line = 0; line < partner.length; line += 1) {
    const other = partner[line] ?? -1;
    if (other < 0) continue;
    const last = blocks.at(-1);
    if (last !== undefined && last.end === line && last.shift === other - line) last.end = line + 1;
    else blocks.push({ start: line + 1, end: line + 1, shift: other - line });
  }
  return blocks;
}
