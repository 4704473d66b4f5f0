import type { LineRange } from './attribution-record.ts';

/** Sorted by start, disjoint, not touching; reversed and non-positive ranges are dropped. */
export type LineRanges = readonly LineRange[];

/** The same lines as sorted, disjoint, non-touching ranges. Ranges that are reversed or start below 1 are left out. */
export function normaliseRanges(ranges: readonly LineRange[]): LineRanges {
  const sorted = ranges
    .filter(
      ([start, end]) =>
        Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 1 && end >= start,
    )
    .toSorted(([a], [b]) => a - b);
  const merged: LineRange[] = [];
  for (const [start, end] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1] + 1)
      merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
    else merged.push([start, end]);
  }
  return merged;
}

/** Lines that are in both; both sides normalised. Linear in their lengths. */
export function intersectRanges(left: LineRanges, right: LineRanges): LineRanges {
  const common: LineRange[] = [];
  let at = 0;
  for (const [start, end] of left) {
    // A range of `right` that ends before this one starts cannot meet any later one of `left` either.
    while ((right[at]?.[1] ?? Number.POSITIVE_INFINITY) < start) at += 1;
    for (let next = at; next < right.length; next += 1) {
      const [from, to] = right[next] ?? [Number.POSITIVE_INFINITY, 0];
      if (from > end) break;
      common.push([Math.max(start, from), Math.min(end, to)]);
    }
  }
  return common;
}

/** Lines of `left` that are not in `right`; both sides normalised. Linear in their lengths. */
export function subtractRanges(left: LineRanges, right: LineRanges): LineRanges {
  const rest: LineRange[] = [];
  let at = 0;
  for (const [start, end] of left) {
    while ((right[at]?.[1] ?? Number.POSITIVE_INFINITY) < start) at += 1;
    let from = start;
    for (let next = at; next < right.length; next += 1) {
      const [cutFrom, cutTo] = right[next] ?? [Number.POSITIVE_INFINITY, 0];
      if (cutFrom > end) break;
      if (cutFrom > from) rest.push([from, cutFrom - 1]);
      from = cutTo + 1;
    }
    if (from <= end) rest.push([from, end]);
  }
  return rest;
}

/** Lines that are in either, normalised. */
export function uniteRanges(...sets: readonly (readonly LineRange[])[]): LineRanges {
  return normaliseRanges(sets.flat());
}

/** How many lines normalised ranges hold. */
export function countLines(ranges: LineRanges): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start + 1, 0);
}
